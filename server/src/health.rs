//! For load balancers and process supervisors.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use model::FailureCode;

use crate::{
    problem::{self, Asker},
    router::Parts,
};

/// `GET /health`: the process answers.
pub async fn health() -> &'static str {
    "ok"
}

/// `GET /ready`: the database answers too and has our schema, so pages can be shown.
pub async fn ready(State(parts): State<Parts>) -> Response {
    if !parts.schema.is_ready() {
        return problem::answer(&Asker::Program, FailureCode::DatabaseUnavailable.into());
    }
    match parts.portal.ready().await {
        Ok(()) => "ok".into_response(),
        Err(error) => problem::answer(&Asker::Program, error.into_failure()),
    }
}
