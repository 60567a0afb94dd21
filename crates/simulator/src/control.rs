//! The control endpoint, for tests and demonstrations: everything under `/_control`.
//!
//! - `GET  /_control` describes the simulator: organization, management account, time.
//! - `GET  /_control/calls` gives the calls received by IAM action; `DELETE` forgets them.
//! - `GET  /_control/sessions` gives those that came with the credentials of AssumeRole, by the session's name.
//! - `GET  /_control/faults` lists the faults set; `POST` sets one, `DELETE` clears all;
//!   `DELETE /_control/faults/{number}` clears one. A fault is
//!   `{"kind": "throttle|deny|stall|error500|drop|error", "operation": "ListAccounts" or "*",
//!   "times": 3, "delay": 500, "code": "ConcurrentModificationException", "message": "..."}`:
//!   `account` hits only calls that ask for that account, `"*"` those that ask for all at once (lists of jobs): with
//!   `{"kind": "error", "operation": "ListCopyJobs", "account": "*", "code": "AccessDeniedException", "message":
//!   "Insufficient privileges to perform this action."}` as without cross-account monitoring, with the code
//!   `InvalidParameterValueException` as where a list does not know `*`;
//!   `times` absent means until cleared, `delay` in milliseconds belongs to `stall`, `code` and `message` to `error`.
//! - `POST /_control/reset` forgets every change, fault and call, and puts the clock right: the seed's own world, or
//!   with `{"seed": 7, "organization": "demo" or "scale"}` that of another seed.
//! - `GET  /_control/operations` lists the operations that the simulator knows, by IAM action.
//! - `PUT  /_control/features` with `{"FeatureSet": "ALL" or "CONSOLIDATED_BILLING"}` sets what the organization may do.
//! - `PUT  /_control/clock` with `{"offset": <seconds>}` moves the clock against the real one.

pub mod faults;

use crate::journal::Beginning;
use crate::service::{self, control::SET_FEATURES};
use crate::simulator::Simulator;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use faults::Fault;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use time::Duration;
use time::format_description::well_known::Rfc3339;

pub fn routes() -> Router<Simulator> {
    Router::new()
        .route("/_control", get(describe))
        .route("/_control/calls", get(calls).delete(forget_calls))
        .route("/_control/sessions", get(sessions))
        .route("/_control/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/_control/faults/{number}", delete(remove_fault))
        .route("/_control/operations", get(operations))
        .route("/_control/features", put(set_features))
        .route("/_control/clock", put(set_clock))
        .route("/_control/reset", post(reset))
}

async fn describe(State(simulator): State<Simulator>) -> Json<Value> {
    let now = simulator.now().format(&Rfc3339).unwrap_or_default();
    Json(simulator.with_world(|world| {
        json!({
            "seed": world.seed,
            "organization": world.id,
            "management": world.management,
            "root": world.root,
            "accounts": world.accounts.len(),
            "units": world.units.len(),
            "policies": world.policies.len(),
            "now": now,
        })
    }))
}

async fn operations() -> Json<Value> {
    let names: Vec<String> = service::all().map(|handler| handler.operation.qualified()).collect();
    Json(json!(names))
}

async fn set_features(
    State(simulator): State<Simulator>,
    Json(input): Json<Map<String, Value>>,
) -> (StatusCode, String) {
    match simulator.change(&SET_FEATURES, input) {
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()),
        Ok(_) => (StatusCode::NO_CONTENT, String::new()),
    }
}

async fn calls(State(simulator): State<Simulator>) -> Json<Value> {
    Json(json!(simulator.calls()))
}

async fn sessions(State(simulator): State<Simulator>) -> Json<Value> {
    Json(json!(simulator.sessions()))
}

async fn forget_calls(State(simulator): State<Simulator>) -> StatusCode {
    simulator.forget_calls();
    StatusCode::NO_CONTENT
}

async fn faults(State(simulator): State<Simulator>) -> Json<Value> {
    Json(json!(simulator.faults().list()))
}

async fn add_fault(State(simulator): State<Simulator>, Json(fault): Json<Fault>) -> Json<Value> {
    Json(json!({"number": simulator.faults().add(fault)}))
}

async fn clear_faults(State(simulator): State<Simulator>) -> StatusCode {
    simulator.faults().clear();
    StatusCode::NO_CONTENT
}

async fn remove_fault(State(simulator): State<Simulator>, Path(number): Path<u64>) -> StatusCode {
    if simulator.faults().remove(number) { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

async fn reset(State(simulator): State<Simulator>, body: Bytes) -> (StatusCode, String) {
    let beginning = if body.is_empty() { Ok(Beginning::default()) } else { serde_json::from_slice(&body) };
    match beginning.map(|beginning| simulator.reset(beginning)) {
        Ok(Ok(())) => (StatusCode::NO_CONTENT, String::new()),
        Ok(Err(error)) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()),
    }
}

#[derive(Deserialize)]
struct SetClock {
    /// Seconds.
    offset: f64,
}

async fn set_clock(State(simulator): State<Simulator>, Json(clock): Json<SetClock>) -> StatusCode {
    let offset =
        Duration::checked_seconds_f64(clock.offset).filter(|offset| simulator.can_move_clock(*offset));
    match offset.map(|offset| simulator.set_clock_offset(offset)) {
        Some(Ok(())) => StatusCode::NO_CONTENT,
        Some(Err(_)) => StatusCode::INTERNAL_SERVER_ERROR,
        None => StatusCode::BAD_REQUEST,
    }
}
