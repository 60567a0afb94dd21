//! Signed tokens (RFC 7515): what is believed of them before anything that they say.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_URL_SAFE_NO_PAD,
};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::{Map, Value};

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It names a key that is not known: it may be new.
    UnknownKey,
    Wrong(String),
}

/// Signatures with a private key that only the provider has. With a shared secret, or none, others could sign.
pub(super) const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// As load balancers of AWS write it: with padding, which tokens have not.
const PADDED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A signed token in its compact form.
pub(super) struct Jws<'t> {
    pub header: Map<String, Value>,
    engine: GeneralPurpose,
    /// What the signature is of.
    signed: &'t str,
    payload: &'t str,
    signature: Vec<u8>,
}

impl<'t> Jws<'t> {
    /// Reads a token, of which nothing is believed yet. `padded` takes padding too.
    pub(super) fn read(token: &'t str, padded: bool) -> Result<Self, Fault> {
        let malformed = || Fault::Wrong("it is no signed token".into());
        let engine = if padded { PADDED } else { BASE64_URL_SAFE_NO_PAD };
        let (signed, signature) = token.rsplit_once('.').ok_or_else(malformed)?;
        let (header, payload) = signed.split_once('.').ok_or_else(malformed)?;
        let header = object(&engine, header).ok_or_else(malformed)?;
        let signature = engine.decode(signature).map_err(|_| malformed())?;
        Ok(Self { header, engine, signed, payload, signature })
    }

    /// What it says, with nothing believed.
    pub(super) fn unproved(&self) -> Option<Map<String, Value>> {
        object(&self.engine, self.payload)
    }

    /// The name of the key that it says it is signed with.
    pub(super) fn key_id(&self) -> Option<&str> {
        self.header.get("kid").and_then(Value::as_str)
    }

    /// What it says, where one of the keys has signed it by an algorithm that is taken.
    pub(super) fn believe(
        &self,
        keys: &[CoreJsonWebKey],
        taken: &[CoreJwsSigningAlgorithm],
    ) -> Result<Map<String, Value>, Fault> {
        let algorithm = self.header.get("alg").cloned().unwrap_or_default();
        let algorithm: Option<CoreJwsSigningAlgorithm> = serde_json::from_value(algorithm).ok();
        let algorithm =
            algorithm.filter(|algorithm| ALGORITHMS.contains(algorithm) && taken.contains(algorithm));
        let algorithm = algorithm.ok_or_else(|| Fault::Wrong("its algorithm is not taken".into()))?;
        if self.header.contains_key("crit") {
            return Err(Fault::Wrong("it needs extensions that are not known".into()));
        }
        let named = self.key_id();
        let fits = |key: &&CoreJsonWebKey| named.is_none() || key.key_id().map(|id| id.as_str()) == named;
        let mut keys = keys.iter().filter(fits).peekable();
        if keys.peek().is_none() {
            return Err(Fault::UnknownKey);
        }
        let signed = self.signed.as_bytes();
        if !keys.any(|key| key.verify_signature(&algorithm, signed, &self.signature).is_ok()) {
            return Err(Fault::Wrong("its signature is wrong".into()));
        }
        object(&self.engine, self.payload)
            .ok_or_else(|| Fault::Wrong("it says nothing that can be read".into()))
    }
}

fn object(engine: &GeneralPurpose, part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&engine.decode(part).ok()?).ok()
}
