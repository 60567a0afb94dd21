//! Gives each request an id, logs and counts it, bounds its time, and answers for it if it panics.

use std::{panic::AssertUnwindSafe, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use model::{Failure, FailureCode, failure::Slow};
use portal::incident;
use tracing::Instrument;

use crate::{
    layers::{reading::only_reads, receive::receive},
    outside,
    problem::{self, Asker},
    state::Parts,
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The query is left out of the log: it can hold a one-time token.
pub async fn watch(State(parts): State<Parts>, request: Request, next: Next) -> Response {
    let id = hex::encode(outside::random_bytes::<8>());
    let asker = Asker::of(&request);
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let answered = incident::within(id.as_str(), finish(&parts, request, next, &asker, &id));
    let mut response = answered.instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    parts.requests.answered(&method, route.as_ref().map(MatchedPath::as_str), status, took);
    let duration_ms = took.as_millis();
    span.in_scope(|| tracing::info!(status, duration_ms, "answered"));
    if let Ok(id) = id.parse() {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn finish(parts: &Parts, request: Request, next: Next, asker: &Asker, id: &str) -> Response {
    if is_for_a_proxy(&request) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let reads = only_reads(&request);
    let request = match receive(&parts.large, request).await {
        Ok(request) => request,
        Err(failure) => return problem::answer(asker, failure),
    };
    let work = AssertUnwindSafe(next.run(request)).catch_unwind().in_current_span();
    let result = if reads {
        tokio::time::timeout(parts.patience, work).await
    } else {
        tokio::time::timeout(parts.patience, parts.changes.run(incident::inherit(work)))
            .await
            .map(|joined| joined.unwrap_or_else(|e| Err(Box::new(e))))
    };
    match result {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => problem::answer(asker, failed(FailureCode::Internal, id, "the request panicked")),
        Err(_) => {
            let what = if reads { Slow::Reading } else { Slow::Change };
            let code = FailureCode::TooSlow { what };
            problem::answer(asker, failed(code, id, "the request took too long"))
        }
    }
}

/// Whether it asks for a tunnel or for itself back, which only proxies have to understand. A tunnel has no path.
fn is_for_a_proxy(request: &Request) -> bool {
    matches!(*request.method(), Method::CONNECT | Method::TRACE) || request.uri().path_and_query().is_none()
}

fn failed(code: FailureCode, id: &str, what: &str) -> Failure {
    tracing::error!(incident = id, "{what}");
    Failure { code, incident: Some(id.to_owned()) }
}
