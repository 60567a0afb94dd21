//! The key of the installation, which signs the end of the audit list.

use std::{fmt, fs, io, path::Path};

use base64::{Engine, prelude::BASE64_STANDARD};
use model::audit::SignedHead;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer, pem::PemObject};
use sha2::{Digest, Sha256};
use store::AuditKey;
use time::OffsetDateTime;

/// What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410).
const SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("cannot read {path}: {source}")]
    Read { path: String, source: io::Error },
    #[error("{0} is no Ed25519 key in PKCS#8; make one with: openssl genpkey -algorithm ed25519")]
    NotPrivate(String),
    #[error("that is no public Ed25519 key in PEM, as holdfast audit key prints it")]
    NotPublic,
}

/// The secret half. Never shown: `Debug` has the id alone.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

/// The public half: whoever has it can tell what was signed.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.id())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

impl SigningKey {
    /// Reads a file: PKCS#8, in PEM or DER.
    ///
    /// # Errors
    /// Where it cannot be read, or is no such key. The content is never told.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let shown = path.display().to_string();
        let bytes = fs::read(path).map_err(|source| KeyError::Read { path: shown.clone(), source })?;
        let pem = PrivatePkcs8KeyDer::from_pem_slice(&bytes).ok();
        let der = pem.as_ref().map_or(bytes.as_slice(), |key| key.secret_pkcs8_der());
        // What OpenSSL makes holds no public half that the other could be checked against.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der);
        pair.ok().and_then(Self::of).ok_or(KeyError::NotPrivate(shown))
    }

    /// The key that follows from 32 random bytes; `None` where there are not as many.
    pub(crate) fn from_seed(seed: &[u8]) -> Option<Self> {
        Self::of(Ed25519KeyPair::from_seed_unchecked(seed).ok()?)
    }

    fn of(pair: Ed25519KeyPair) -> Option<Self> {
        let public = PublicKey(pair.public_key().as_ref().try_into().ok()?);
        Some(Self { pair, public })
    }

    /// The half that may be known.
    #[must_use]
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs the newest event: its number and hash.
    pub(crate) fn sign(&self, seq: i64, hash: &[u8], at: OffsetDateTime) -> SignedHead {
        // The database keeps microseconds.
        let at = at.replace_nanosecond(at.nanosecond() / 1000 * 1000).unwrap_or(at);
        let mut head =
            SignedHead { seq, hash: hex::encode(hash), at, key: self.public.id(), signature: String::new() };
        head.signature = BASE64_STANDARD.encode(self.pair.sign(head.text().as_bytes()));
        head
    }
}

impl PublicKey {
    /// By which heads name it.
    #[must_use]
    pub fn id(&self) -> String {
        hex::encode(&Sha256::digest(self.0)[..8])
    }

    /// As OpenSSL reads it.
    #[must_use]
    pub fn to_pem(&self) -> String {
        let der = [&SPKI[..], &self.0].concat();
        let body = BASE64_STANDARD.encode(der);
        format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
    }

    /// From what [`Self::to_pem`] and OpenSSL write.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let der =
            SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyError::NotPublic)?;
        let key = der.strip_prefix(&SPKI[..]).ok_or(KeyError::NotPublic)?;
        Self::from_bytes(key).ok_or(KeyError::NotPublic)
    }

    /// From its 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) fn stored(&self) -> AuditKey {
        AuditKey { key_id: self.id(), public_key: self.0.to_vec() }
    }

    /// Whether a head was signed with this key.
    #[must_use]
    pub fn signed(&self, head: &SignedHead) -> bool {
        let Ok(signature) = BASE64_STANDARD.decode(&head.signature) else { return false };
        let key = UnparsedPublicKey::new(&ED25519, self.0);
        head.key == self.id() && key.verify(head.text().as_bytes(), &signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const AT: OffsetDateTime = datetime!(2026-11-20 08:00:00.123456789 UTC);

    #[test]
    fn a_head_is_good_for_its_key_as_it_was_signed_and_not_otherwise() {
        let key = SigningKey::from_seed(&[7; 32]).unwrap();
        let other = SigningKey::from_seed(&[8; 32]).unwrap();
        let head = key.sign(12, &[1; 32], AT);
        assert!(key.public().signed(&head));
        assert!(!other.public().signed(&head) && SigningKey::from_seed(&[7; 31]).is_none());
        let moved = time::Duration::microseconds(1);
        for forged in [
            SignedHead { seq: 13, ..head.clone() },
            SignedHead { hash: hex::encode([2; 32]), ..head.clone() },
            SignedHead { at: head.at + moved, ..head.clone() },
            SignedHead { key: other.public().id(), ..head.clone() },
            SignedHead { signature: other.sign(12, &[1; 32], AT).signature, ..head.clone() },
            SignedHead { signature: "none".into(), ..head.clone() },
        ] {
            assert!(!key.public().signed(&forged) && !other.public().signed(&forged), "{forged:?}");
        }
        // As it comes back from a file, and from the database.
        let kept: SignedHead = serde_json::from_str(&serde_json::to_string(&head).unwrap()).unwrap();
        assert_eq!((kept == head, head.at), (true, datetime!(2026-11-20 08:00:00.123456 UTC)));
    }

    #[test]
    fn a_key_that_openssl_made_is_read_in_pem_and_der_and_is_the_one_that_openssl_says_it_is() {
        // openssl genpkey -algorithm ed25519; openssl pkey -pubout
        let private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIBq2au5RRrgPMMv94f2LN7obK6+NOJfdoKwUpWpVz36a\n-----END PRIVATE KEY-----\n";
        let public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA4S6Ma8sKryb6pwZtjTtR6a2K5Qz0RIL+m5Ds92hekVA=\n-----END PUBLIC KEY-----\n";
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        fs::write(&file, private).unwrap();
        let key = SigningKey::read(&file).unwrap();
        assert_eq!(
            (key.public().to_pem().as_str(), PublicKey::from_pem(public).unwrap()),
            (public, key.public().clone())
        );
        let der = PrivatePkcs8KeyDer::from_pem_slice(private.as_bytes()).unwrap();
        fs::write(&file, der.secret_pkcs8_der()).unwrap();
        assert_eq!(SigningKey::read(&file).unwrap().public(), key.public());
        let told = format!("{key:?}");
        assert_eq!(told, format!("SigningKey({})", key.public().id()), "and nothing of the secret half");
    }

    #[test]
    fn a_file_that_is_no_key_is_refused_without_a_word_of_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        for content in ["hunter2", "", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            fs::write(&file, content).unwrap();
            let error = SigningKey::read(&file).unwrap_err().to_string();
            assert!(error.contains("openssl genpkey") && !error.contains("hunter2"), "{error}");
        }
        assert!(matches!(SigningKey::read(&folder.path().join("none")), Err(KeyError::Read { .. })));
        assert!(PublicKey::from_pem("nothing").is_err());
    }
}
