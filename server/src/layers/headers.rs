//! Headers that tell browsers what our pages may do.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use leptos::nonce::Nonce;

use crate::{config::Web, outside};

/// The same on every answer.
const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=()"),
];
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Mints the nonce that the page's own scripts carry, and adds the headers.
pub async fn headers(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let nonce = BASE64_URL_SAFE_NO_PAD.encode(outside::random_bytes::<16>());
    request.extensions_mut().insert(Nonce::from_value(nonce.as_str()));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = content_security_policy(&nonce).parse() {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if web.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    if let Some(kind) = headers.get(header::CONTENT_TYPE).and_then(with_charset) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    // Pages show what only this reader may see.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A content type of text that does not say how its characters are encoded, with that: all of ours is UTF-8. Streams of
/// events know no other.
fn with_charset(kind: &HeaderValue) -> Option<HeaderValue> {
    let bare =
        |kind: &&str| kind.starts_with("text/") && !kind.contains("charset=") && *kind != "text/event-stream";
    let kind = kind.to_str().ok().filter(bare)?;
    format!("{kind}; charset=utf-8").parse().ok()
}

fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; object-src 'none'; \
         base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )
}
