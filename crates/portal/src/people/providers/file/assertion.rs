//! What a proxy in front sends with each request.

use openidconnect::{
    core::{CoreJsonCurveType, CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
    url::Url,
};
use rustls::pki_types::{SubjectPublicKeyInfoDer, pem::PemObject};
use serde_json::Value;

use super::{
    problem::ProvidersError,
    row::ProviderRow,
    sources::{ProviderSources, is_private},
};
use crate::people::providers::jws::ALGORITHMS;

/// Stands for the id of a key in the address of keys.
pub const KEY_ID: &str = "{kid}";
/// A public key of P-256 begins with this, in DER (RFC 5480); then its point comes, uncompressed.
const P256: [u8; 27] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
];

/// How what a proxy says of people is known to be its.
#[derive(Debug)]
pub struct Assertion {
    pub header: http::HeaderName,
    /// Of the claim `aud`; of a load balancer of AWS, the client that it is to the provider behind it.
    pub audience: String,
    pub keys: KeySource,
    pub algorithms: Vec<CoreJwsSigningAlgorithm>,
    /// The ARN of the load balancer that must have signed it.
    pub signer: Option<String>,
    /// Where people sign out there.
    pub sign_out: Option<String>,
}

/// Where the keys of a proxy are.
#[derive(Debug)]
pub enum KeySource {
    /// A set of keys (JWKS).
    Set(Url),
    /// One key each, as PEM, at an address with [`KEY_ID`] in it.
    Each(String),
    /// In a file.
    Fixed(Vec<CoreJsonWebKey>),
}

pub(super) fn assertion(
    row: &ProviderRow,
    sources: &impl ProviderSources,
) -> Result<Assertion, ProvidersError> {
    let wrong = |field: &'static str, why: &str| ProvidersError::Field {
        name: row.name.clone(),
        field,
        why: why.to_owned(),
    };
    let needed = |field: &'static str, text: &Option<String>| {
        let text = text.clone().filter(|text| !text.trim().is_empty());
        text.ok_or_else(|| wrong(field, "is needed of a proxy"))
    };
    let header = needed("header", &row.header)?;
    let header = header.parse().map_err(|_| wrong("header", "is no name of a header"))?;
    let listed = row.algorithms.clone().unwrap_or_else(|| vec!["ES256".into(), "RS256".into()]);
    let algorithms = listed.into_iter().map(|text| algorithm(&text)).collect::<Option<Vec<_>>>();
    let algorithms = algorithms.filter(|some| !some.is_empty());
    let private = |address: &str| Url::parse(address).is_ok_and(|url| is_private(&url));
    let sign_out = row.sign_out_url.clone();
    if sign_out.as_deref().is_some_and(|address| !private(address)) {
        return Err(wrong("sign_out_url", "is no https:// address"));
    }
    Ok(Assertion {
        header,
        audience: needed("audience", &row.audience)?,
        keys: keys(row, sources)?,
        algorithms: algorithms.ok_or_else(|| {
            wrong("algorithms", "has one that is not signed with a private key, as ES256 is")
        })?,
        signer: row.signer.clone(),
        sign_out,
    })
}

fn algorithm(text: &str) -> Option<CoreJwsSigningAlgorithm> {
    let algorithm = serde_json::from_value(Value::from(text)).ok()?;
    ALGORITHMS.contains(&algorithm).then_some(algorithm)
}

fn keys(row: &ProviderRow, sources: &impl ProviderSources) -> Result<KeySource, ProvidersError> {
    let wrong =
        |field: &'static str, why: String| ProvidersError::Field { name: row.name.clone(), field, why };
    match (&row.keys_url, &row.keys_file) {
        (Some(address), None) => {
            let url = Url::parse(&address.replace(KEY_ID, "key")).ok().filter(is_private);
            let url = url.ok_or_else(|| wrong("keys_url", "is no https:// address".into()))?;
            let each = address.contains(KEY_ID);
            Ok(if each { KeySource::Each(address.clone()) } else { KeySource::Set(url) })
        }
        (None, Some(path)) => {
            let text =
                sources.file(path).map_err(|error| wrong("keys_file", format!("cannot be read: {error}")))?;
            let keys = key_set(&text).or_else(|| pem(&text, None).map(|key| vec![key]));
            keys.map(KeySource::Fixed).ok_or_else(|| {
                wrong("keys_file", "has neither a set of keys (JWKS) nor a public key of P-256 (PEM)".into())
            })
        }
        _ => Err(wrong("keys_url", "or keys_file is needed of a proxy, and not both".into())),
    }
}

/// The keys of a set that has some.
pub fn key_set(text: &str) -> Option<Vec<CoreJsonWebKey>> {
    let set: CoreJsonWebKeySet = serde_json::from_str(text).ok()?;
    let keys = set.keys().clone();
    (!keys.is_empty()).then_some(keys)
}

/// A public key of P-256.
pub fn pem(text: &str, id: Option<&str>) -> Option<CoreJsonWebKey> {
    let der = SubjectPublicKeyInfoDer::from_pem_slice(text.as_bytes()).ok()?;
    let point = der.as_ref().strip_prefix(&P256).filter(|point| point.len() == 64)?;
    let (x, y) = point.split_at(32);
    let id = id.map(|id| openidconnect::JsonWebKeyId::new(id.to_owned()));
    Some(CoreJsonWebKey::new_ec(x.to_vec(), y.to_vec(), CoreJsonCurveType::P256, id))
}
