//! Bearer tokens (RFC 6750), of programs and of directories.

use axum::http::{HeaderMap, header::AUTHORIZATION};

/// The one bearer token of a request; `None` where there is none, or more than one of anything that would say who asks.
#[must_use]
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut sent = headers.get_all(AUTHORIZATION).into_iter();
    let (scheme, token) = sent.next()?.to_str().ok()?.split_once(' ')?;
    (sent.next().is_none() && scheme.eq_ignore_ascii_case("bearer")).then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn one_token_is_taken_and_of_two_none() {
        let sent = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_static(value));
            }
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(sent(&["Bearer abc"]).as_deref(), Some("abc"));
        assert_eq!(sent(&["bearer  abc "]).as_deref(), Some("abc"));
        for none in
            [&[][..], &["abc"], &["Basic abc"], &["Bearer abc", "Bearer abc"], &["Basic x", "Bearer abc"]]
        {
            assert_eq!(sent(none), None, "{none:?}");
        }
    }
}
