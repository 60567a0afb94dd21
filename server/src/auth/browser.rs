//! The browser that somebody signs in with: whether somebody has done so before.

use axum::{extract::FromRequestParts, http::header::USER_AGENT, response::Response};
use portal::BROWSER_DAYS;
use time::Duration;

use crate::{
    config::Web,
    layers::refused::{cookie, set_cookie},
};

/// What a browser keeps of earlier sign-ins.
pub struct Browser {
    /// As the portal made it at the last sign-in.
    pub secret: Option<String>,
    /// What it is, in words, as “Firefox on Linux”: to tell sessions apart.
    pub words: String,
    web: Web,
}

impl<S: Send + Sync> FromRequestParts<S> for Browser
where
    Web: axum::extract::FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        state: &S,
    ) -> Result<Self, Self::Rejection> {
        let web: Web = axum::extract::FromRef::from_ref(state);
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self { secret: cookie(&parts.headers, web.browser_cookie()), words: words(agent), web })
    }
}

/// Browsers call themselves by the names of those before them: the first that fits is it.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

fn words(agent: &str) -> String {
    let named = |table: [(&str, &'static str); 7]| {
        table.into_iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| name)
    };
    match (named(BROWSERS), named(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Another browser".to_owned(),
    }
}

impl Browser {
    /// Gives the browser a new secret to keep.
    pub fn keep(&self, response: &mut Response, secret: String) {
        set_cookie(&self.web, response, self.web.browser_cookie(), secret, Duration::days(BROWSER_DAYS));
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn browsers_are_told_by_what_they_add_to_the_names_of_others() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Safari/537.36";
        assert_eq!(words(chrome), "Chrome on Linux");
        assert_eq!(words(&format!("{chrome} Edg/151.0")), "Edge on Linux");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1";
        assert_eq!(words(phone), "Safari on iPhone");
        assert_eq!(words("curl/8.0"), "Another browser");
    }
}
