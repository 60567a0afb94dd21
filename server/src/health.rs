//! For load balancers and process supervisors.

use axum::{
    extract::State,
    response::{IntoResponse, Json, Response},
};
use model::FailureCode;
use portal::tasks::LoopState;
use serde::Serialize;
use time::OffsetDateTime;

use crate::{
    outside,
    problem::{self, Asker},
    state::Parts,
};

/// `GET /health`: the process answers.
pub async fn health() -> &'static str {
    "ok"
}

/// A loop that failed no longer ago than this is named.
const LATELY: time::Duration = time::Duration::HOUR;

/// What a portal that can serve says of itself.
#[derive(Serialize)]
struct Ready {
    status: &'static str,
    /// Loops beside the requests that are down, or were started again lately. Pages can be shown all the same.
    background: Vec<TroubledLoop>,
}

#[derive(Serialize)]
struct TroubledLoop {
    task: &'static str,
    running: bool,
    restarts: u64,
    #[serde(with = "time::serde::rfc3339::option")]
    failed_at: Option<OffsetDateTime>,
}

/// `GET /ready`: the database answers too and has our schema, so pages can be shown.
pub async fn ready(State(parts): State<Parts>) -> Response {
    if !parts.schema.is_ready() {
        return problem::answer(&Asker::Program, FailureCode::DatabaseUnavailable.into());
    }
    match parts.portal.ready().await {
        Ok(()) => Json(Ready { status: "ready", background: troubled(&parts) }).into_response(),
        Err(error) => problem::answer(&Asker::Program, error.into_failure()),
    }
}

fn troubled(parts: &Parts) -> Vec<TroubledLoop> {
    let since = outside::now() - LATELY;
    let loops = parts.portal.background().loops().into_iter();
    loops
        .filter(|l| !l.running || l.failed_at.is_some_and(|at| at >= since))
        .map(|LoopState { name, running, restarts, failed_at }| TroubledLoop {
            task: name,
            running,
            restarts,
            failed_at,
        })
        .collect()
}
