//! Who asks: a token, and nothing else. Cookies mean nothing here, so no other site's page can ask in a person's name.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, header::WWW_AUTHENTICATE},
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::{Failure, FailureCode};
use portal::{Caller, Origin, Portal};

use super::answer::Refused;
use crate::{
    auth::{address::Address, bearer::bearer},
    state::Parts,
};

/// Looks up whoever the token speaks for, afresh for each request.
pub async fn identify(State(parts): State<Parts>, mut request: Request, next: Next) -> Response {
    let token = bearer(request.headers()).map(str::to_owned);
    let Address(address) = Address::of(request.headers(), request.extensions(), &parts.web);
    match found(&parts, token.as_deref(), &address).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(failure) => {
            let challenge = failure.code == FailureCode::SignedOut;
            let mut response = Refused::from(failure).into_response();
            if challenge {
                let bearer = HeaderValue::from_static("Bearer realm=\"Holdfast\"");
                response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
            }
            response
        }
    }
}

/// For those who have no token: where they ask from.
pub async fn locate(State(parts): State<Parts>, mut request: Request, next: Next) -> Response {
    if !parts.schema.is_ready() {
        return Refused::from(FailureCode::DatabaseUnavailable).into_response();
    }
    let Address(address) = Address::of(request.headers(), request.extensions(), &parts.web);
    request.extensions_mut().insert(Origin { session: String::new(), address });
    next.run(request).await
}

async fn found(parts: &Parts, token: Option<&str>, address: &str) -> Result<Caller, Failure> {
    if !parts.schema.is_ready() {
        return Err(FailureCode::DatabaseUnavailable.into());
    }
    let found = parts.portal.caller_by_token(token.ok_or(FailureCode::SignedOut)?, address).await;
    found.map_err(portal::PortalError::into_failure)?.ok_or_else(|| FailureCode::SignedOut.into())
}

/// The portal, and who asks.
pub struct Api {
    pub portal: Portal,
    pub caller: Caller,
}

impl FromRequestParts<Parts> for Api {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut http::request::Parts, state: &Parts) -> Result<Self, Refused> {
        let caller = parts.extensions.get::<Caller>().cloned().ok_or(FailureCode::SignedOut)?;
        Ok(Self { portal: state.portal.clone(), caller })
    }
}
