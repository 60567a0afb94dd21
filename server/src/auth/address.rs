//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{Extensions, HeaderMap, HeaderValue},
};

use crate::config::Web;

/// The network address of whoever asks, as far as the proxies in front can be trusted with it.
pub struct Address(pub String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Address
where
    Web: axum::extract::FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        state: &S,
    ) -> Result<Self, Self::Rejection> {
        let web: Web = axum::extract::FromRef::from_ref(state);
        Ok(Self::of(&parts.headers, &parts.extensions, &web))
    }
}

impl Address {
    /// As far as it is known; empty where it is not.
    #[must_use]
    pub fn of(headers: &HeaderMap, extensions: &Extensions, web: &Web) -> Self {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let address = forwarded(headers, web.proxies).or(peer);
        Self(address.map(|address| address.to_canonical().to_string()).unwrap_or_default())
    }
}

/// The address that the outermost of our own proxies saw. What stands further left was written by strangers: it is not read,
/// and can be anything.
fn forwarded(headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let values = headers.get_all("x-forwarded-for").into_iter().map(HeaderValue::as_bytes);
    let addresses: Vec<&[u8]> = values.flat_map(|value| value.split(|byte| *byte == b',')).collect();
    let at = addresses.len().checked_sub(proxies).filter(|_| proxies > 0)?;
    parse(std::str::from_utf8(addresses.get(at)?).ok()?.trim())
}

/// As proxies write it: with a port and without, of IPv6 in brackets and without.
fn parse(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip()).ok();
    text.parse().ok().or_else(with_port).or_else(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_address_is_what_our_own_proxies_saw() {
        let headers = HeaderMap::from_iter([(
            "x-forwarded-for".parse().unwrap(),
            HeaderValue::from_static("6.6.6.6, 203.0.113.7, 10.0.0.2"),
        )]);
        let address = |proxies| forwarded(&headers, proxies).map(|address| address.to_string());
        assert_eq!(address(0), None);
        assert_eq!(address(1).as_deref(), Some("10.0.0.2"));
        assert_eq!(address(2).as_deref(), Some("203.0.113.7"));
        assert_eq!(address(4), None);
        let text = HeaderMap::from_iter([(
            "x-forwarded-for".parse().unwrap(),
            HeaderValue::from_static("anything at all"),
        )]);
        assert_eq!(forwarded(&text, 1), None, "what is no address is not one");
    }

    #[test]
    fn an_address_is_one_however_the_proxy_writes_it() {
        let address = |value: &[u8]| {
            let value = HeaderValue::from_bytes(value).unwrap();
            let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), value)]);
            forwarded(&headers, 1).map(|address| address.to_string())
        };
        for (written, read) in [
            (&b"203.0.113.7"[..], Some("203.0.113.7")),
            (b"203.0.113.7:41234", Some("203.0.113.7")),
            (b"2001:db8::7", Some("2001:db8::7")),
            (b"[2001:db8::7]", Some("2001:db8::7")),
            (b"[2001:db8::7]:41234", Some("2001:db8::7")),
            (b"\xff\xfe garbage, 203.0.113.7", Some("203.0.113.7")),
            (b"unknown", None),
            (b"203.0.113.7:x", None),
            (b"", None),
        ] {
            assert_eq!(address(written).as_deref(), read, "{}", written.escape_ascii());
        }
    }
}
