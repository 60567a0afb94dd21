//! Trying out a mapping: what is posted to its page, which is then shown with what came of it.

use axum::{
    Extension,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use model::{FailureCode, team::TriedMapping};
use portal::{Caller, PortalError};
use serde::Deserialize;

use crate::{
    layers::receive::LARGEST_REQUEST,
    problem::{self, Asker},
    render::render,
    state::Parts,
};

#[derive(Deserialize)]
struct Tried {
    provider: String,
    token: String,
}

/// `POST /team/mapping`: the token goes no further than the use case.
pub async fn try_mapping(
    State(parts): State<Parts>,
    Extension(caller): Extension<Caller>,
    request: Request,
) -> Response {
    let asker = Asker::of(&request);
    let (mut head, body) = request.into_parts();
    // It was bounded when it was received.
    let sent = to_bytes(body, LARGEST_REQUEST).await.ok();
    let form = sent.and_then(|sent| serde_urlencoded::from_bytes::<Tried>(&sent).ok());
    let Some(Tried { provider, token }) = form else {
        let what = "Send provider and token.".to_owned();
        return problem::answer(&asker, FailureCode::Unreadable { what }.into());
    };
    let outcome = match parts.portal.try_mapping(&caller, &provider, &token).await {
        Ok(trial) => Ok(trial),
        Err(PortalError::Invalid(mut fields)) if fields.len() == 1 => Err(fields.remove(0).message),
        Err(error) => return problem::answer(&asker, error.into_failure()),
    };
    head.extensions.insert(TriedMapping { provider, outcome });
    render(&parts, Request::from_parts(head, Body::empty())).await.into_response()
}
