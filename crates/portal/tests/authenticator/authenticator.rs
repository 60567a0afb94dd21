//! An authenticator in software (WebAuthn): makes passkeys and signs with them, and lies where a test wants it to.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    digest,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const NEW: u8 = 0x40;

/// How it answers; as it should, by default.
#[derive(Clone, Default)]
pub struct Answer {
    /// Of the page.
    pub origin: String,
    /// In the place of the relying party that asked.
    pub party: Option<String>,
    /// In the place of the challenge that was asked with.
    pub challenge: Option<String>,
    /// In the place of the kind that was asked for: `webauthn.create`, `webauthn.get`.
    pub kind: Option<&'static str>,
    /// Its owner was not asked for a finger or PIN.
    pub unverified: bool,
    /// Its owner did not touch it.
    pub absent: bool,
    /// The signature is of another key.
    pub forged: bool,
    /// In the place of the count of signatures, which grows.
    pub count: Option<u32>,
    /// In the place of whom the passkey is for.
    pub handle: Option<String>,
}

impl Answer {
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), ..Self::default() }
    }
}

/// One passkey, and what keeps it.
pub struct Authenticator {
    key: EcdsaKeyPair,
    id: [u8; 32],
    /// In base 64.
    handle: String,
    count: u32,
}

impl Authenticator {
    pub fn new() -> Self {
        let key = new_key();
        let mut id = [0; 32];
        id.copy_from_slice(digest::digest(&digest::SHA256, key.public_key().as_ref()).as_ref());
        Self { key, id, handle: String::new(), count: 0 }
    }

    /// Whom it has the passkey for, in base 64.
    pub fn handle(&self) -> &str {
        &self.handle
    }

    /// Makes the passkey that the options ask for.
    pub fn make(&mut self, options: &str, how: &Answer) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.handle = options["user"]["id"].as_str().unwrap().to_owned();
        let party = how.party.clone().unwrap_or_else(|| options["rp"]["id"].as_str().unwrap().to_owned());
        let mut data = data(&party, self.flags(how) | NEW, how.count.unwrap_or(self.count));
        data.extend([0; 16]);
        data.extend(32_u16.to_be_bytes());
        data.extend(self.id);
        // COSE: a key of P-256 for ES256.
        let point = self.key.public_key().as_ref();
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..]);
        // CBOR: no attestation.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let response = json!({
            "clientDataJSON": base64(&client(&options, "webauthn.create", how)),
            "attestationObject": base64(&object),
            "transports": ["internal"],
        });
        self.answer(&response)
    }

    /// Signs what the options ask for.
    pub fn sign(&mut self, options: &str, how: &Answer) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        self.count += 1;
        let party = how.party.clone().unwrap_or_else(|| options["rpId"].as_str().unwrap().to_owned());
        let data = data(&party, self.flags(how), how.count.unwrap_or(self.count));
        let client = client(&options, "webauthn.get", how);
        let signed = [data.as_slice(), digest::digest(&digest::SHA256, &client).as_ref()].concat();
        let other = how.forged.then(new_key);
        let signature = other.as_ref().unwrap_or(&self.key).sign(&SystemRandom::new(), &signed).unwrap();
        let response = json!({
            "clientDataJSON": base64(&client),
            "authenticatorData": base64(&data),
            "signature": base64(signature.as_ref()),
            "userHandle": how.handle.as_deref().unwrap_or(&self.handle),
        });
        self.answer(&response)
    }

    fn flags(&self, how: &Answer) -> u8 {
        (if how.absent { 0 } else { PRESENT }) | (if how.unverified { 0 } else { VERIFIED })
    }

    fn answer(&self, response: &Value) -> String {
        let id = base64(&self.id);
        let answer = json!({
            "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        });
        answer.to_string()
    }
}

fn new_key() -> EcdsaKeyPair {
    let (kind, random) = (&ECDSA_P256_SHA256_ASN1_SIGNING, SystemRandom::new());
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(kind, pkcs8.as_ref(), &random).unwrap()
}

fn data(party: &str, flags: u8, count: u32) -> Vec<u8> {
    let hash = digest::digest(&digest::SHA256, party.as_bytes());
    [hash.as_ref(), &[flags], &count.to_be_bytes()].concat()
}

fn client(options: &Value, kind: &str, how: &Answer) -> Vec<u8> {
    let challenge = how.challenge.clone();
    let challenge = challenge.unwrap_or_else(|| options["challenge"].as_str().unwrap().to_owned());
    let client = json!({
        "type": how.kind.unwrap_or(kind), "challenge": challenge, "origin": how.origin, "crossOrigin": false,
    });
    client.to_string().into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
