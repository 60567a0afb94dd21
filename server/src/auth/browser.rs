//! The browser that somebody signs in with: whether somebody has done so before.

use axum::{extract::FromRequestParts, response::Response};
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
        Ok(Self { secret: cookie(&parts.headers, web.browser_cookie()), web })
    }
}

impl Browser {
    /// Gives the browser a new secret to keep.
    pub fn keep(&self, response: &mut Response, secret: String) {
        set_cookie(&self.web, response, self.web.browser_cookie(), secret, Duration::days(BROWSER_DAYS));
    }
}
