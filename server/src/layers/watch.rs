//! Gives each request an id, logs and counts it, bounds its time, and answers for it if it panics.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, Method},
    middleware::Next,
    response::Response,
};
use futures::FutureExt;
use model::{Failure, FailureCode};
use tracing::Instrument;

use crate::{
    metrics::Requests,
    outside,
    problem::{self, Asker},
};

/// Longer than a call to AWS may take with its retries: an answer about AWS beats one about us.
const PATIENCE: Duration = Duration::from_secs(90);
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The query is left out of the log: it can hold a one-time token.
pub async fn watch(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    let id = hex::encode(outside::random_bytes::<8>());
    let asker = Asker::of(&request);
    let span = tracing::info_span!("request", id, method = %request.method(), path = request.uri().path());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let begun = Instant::now();
    let mut response = finish(request, next, &asker, &id).instrument(span.clone()).await;
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    requests.answered(&method, route.as_ref().map(MatchedPath::as_str), status, took);
    let duration_ms = took.as_millis();
    span.in_scope(|| tracing::info!(status, duration_ms, "answered"));
    if let Ok(id) = id.parse() {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

async fn finish(request: Request, next: Next, asker: &Asker, id: &str) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let work = AssertUnwindSafe(next.run(request)).catch_unwind().in_current_span();
    let result = if changes {
        // What was begun is finished and audited, even if the browser has gone or the time is up.
        tokio::time::timeout(PATIENCE, tokio::spawn(work))
            .await
            .map(|joined| joined.unwrap_or_else(|e| Err(Box::new(e))))
    } else {
        tokio::time::timeout(PATIENCE, work).await
    };
    match result {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => problem::answer(asker, incident(FailureCode::Internal, id, "the request panicked")),
        Err(_) => {
            let code = FailureCode::AwsUnavailable { operation: "This request".to_owned() };
            problem::answer(asker, incident(code, id, "the request took too long"))
        }
    }
}

fn incident(code: FailureCode, id: &str, what: &str) -> Failure {
    tracing::error!(incident = id, "{what}");
    Failure { code, incident: Some(id.to_owned()) }
}
