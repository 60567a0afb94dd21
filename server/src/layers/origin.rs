//! Requests that may change something must come from our own pages. Browsers say where a request comes from in `Origin` and
//! `Sec-Fetch-Site`, and pages of other sites cannot forge either.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header::ORIGIN},
    middleware::Next,
    response::{IntoResponse, Response},
};

use model::paths;

use crate::{api, config::Web};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const REFUSAL: &str =
    "This request did not come from a page of this portal. Open the portal at its own address and try again.";

/// Refuses what other sites' pages send.
pub async fn origin(State(web): State<Web>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    // An identity provider or directory itself, without a browser: its token is what counts, and no cookie.
    let path = request.uri().path();
    let by_provider = paths::is_provider_logout(path) || paths::is_scim(path);
    // Cookies mean nothing there, and no other site's page can send a token.
    let by_program = path.starts_with(api::PREFIX);
    if safe || by_provider || by_program || is_ours(&web, request.headers()) {
        return next.run(request).await;
    }
    tracing::warn!(path = request.uri().path(), origin = ?request.headers().get(ORIGIN), "request from another site refused");
    (StatusCode::FORBIDDEN, REFUSAL).into_response()
}

/// Both headers must agree where both are sent, and one of them must be; neither may come twice, as no browser sends it.
fn is_ours(web: &Web, headers: &HeaderMap) -> bool {
    if [ORIGIN, SEC_FETCH_SITE].iter().any(|name| headers.get_all(name).iter().nth(1).is_some()) {
        return false;
    }
    let ours = |value: &HeaderValue| web.origins.iter().any(|ours| value.as_bytes() == ours.as_bytes());
    let same_site = |value: &HeaderValue| value == "same-origin";
    match (headers.get(ORIGIN), headers.get(SEC_FETCH_SITE)) {
        (None, None) => false,
        (origin, site) => origin.is_none_or(ours) && site.is_none_or(same_site),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_may_ask_for_changes() {
        let web = Web {
            url: String::new(),
            origins: vec!["https://backup.example.com".to_owned()],
            secure: true,
            proxies: 0,
        };
        let asked = |origin: Option<&'static str>, site: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            origin.map(|value| headers.insert(ORIGIN, HeaderValue::from_static(value)));
            site.map(|value| headers.insert("sec-fetch-site", HeaderValue::from_static(value)));
            is_ours(&web, &headers)
        };
        assert!(asked(Some("https://backup.example.com"), Some("same-origin")));
        assert!(asked(Some("https://backup.example.com"), None));
        assert!(asked(None, Some("same-origin")));
        for (origin, site) in [
            (None, None),
            (Some("null"), None),
            (Some("https://evil.example"), Some("same-origin")),
            (Some("http://backup.example.com"), None),
            (Some("https://backup.example.com"), Some("same-site")),
            (Some("https://backup.example.com"), Some("cross-site")),
            (None, Some("none")),
        ] {
            assert!(!asked(origin, site), "{origin:?} {site:?}");
        }
        for (name, value) in [(ORIGIN, "https://backup.example.com"), (SEC_FETCH_SITE, "same-origin")] {
            let mut headers = HeaderMap::new();
            headers.append(&name, HeaderValue::from_static(value));
            assert!(is_ours(&web, &headers));
            headers.append(&name, HeaderValue::from_static(value));
            assert!(!is_ours(&web, &headers), "no browser sends {name} twice");
        }
    }
}
