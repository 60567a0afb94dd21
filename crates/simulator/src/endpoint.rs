//! From HTTP to an operation and back, in the protocol of the request.

use crate::control;
use crate::control::faults::Kind;
use crate::journal::{StartError, whole_milliseconds};
use crate::options::Options;
use crate::service;
use crate::service::handler::Handler;
use crate::simulator::Simulator;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::signature::Signature;
use crate::wire::{errors, json, query, rest};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, request::Parts};
use axum::response::Response;
use futures::{StreamExt, stream};
use serde_json::{Map, Value};
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;

/// Longest request that is read: delegation policies may have 40,000 characters.
const REQUEST_LIMIT: usize = 1 << 20;

/// A handler with its input, as read from a request.
type Routed = Result<(&'static Handler, Map<String, Value>), AwsError>;

impl Simulator {
    /// The endpoint, for serving or for calling in process.
    pub fn router(&self) -> Router {
        control::routes().fallback(answer).with_state(self.clone())
    }
}

/// Answers any request that is not one to the control endpoint.
async fn answer(State(simulator): State<Simulator>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let id = simulator.request_id();
    let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok()).map(str::to_owned);
    let (body, too_long) = whole(body).await;
    let protocol = match &target {
        Some(_) => Protocol::Json,
        None if parts.uri.path() == "/" && query::is_query(&body) => Protocol::Query,
        None => Protocol::Rest,
    };
    let routed = match protocol {
        _ if too_long => {
            Err(AwsError::new("RequestEntityTooLarge", "The request is too long.").with_status(413))
        }
        Protocol::Json => json::read(service::by_target(), target.as_deref().unwrap_or_default(), &body),
        Protocol::Query => query::read(service::by_action(), &body),
        Protocol::Rest => rest::read(service::by_path(), &parts, &body),
    };
    let (service, name) = match &routed {
        Ok((handler, _)) => (handler.operation.service(), handler.operation.name),
        Err(_) => (query::service(&body), ""),
    };
    let response = match (outcome(&simulator, &parts, routed).await, protocol) {
        (Outcome::Dropped, _) => return dropped(),
        (Outcome::Answered(answer), Protocol::Json) => json::respond(answer),
        (Outcome::Answered(answer), Protocol::Query) => query::respond(service, name, &answer, &id),
        (Outcome::Answered(answer), Protocol::Rest) => rest::respond(answer),
    };
    named(response, &id)
}

/// The body, and whether it was longer than what is read. The rest is taken all the same: a client that still writes
/// when the connection closes would not get the answer.
async fn whole(body: Body) -> (Vec<u8>, bool) {
    let mut parts = body.into_data_stream();
    let (mut read, mut length) = (Vec::new(), 0);
    while let Some(Ok(part)) = parts.next().await {
        length += part.len();
        if length <= REQUEST_LIMIT {
            read.extend_from_slice(&part);
        }
    }
    (read, length > REQUEST_LIMIT)
}

#[derive(Clone, Copy)]
enum Protocol {
    Json,
    Query,
    Rest,
}

enum Outcome {
    Answered(Result<Value, AwsError>),
    Dropped,
}

async fn outcome(simulator: &Simulator, parts: &Parts, routed: Routed) -> Outcome {
    let (handler, input) = match routed {
        Ok(routed) => routed,
        Err(error) => return Outcome::Answered(Err(error)),
    };
    let signature = Signature::of(&parts.headers);
    let account = match signature.account() {
        Some(named) => named.to_owned(),
        None => simulator.with_world(|world| world.management.clone()),
    };
    let operation = &handler.operation;
    if let Some(fault) = simulator.arrive(operation, signature.session.as_deref(), &input) {
        if fault.kind == Kind::Drop {
            return Outcome::Dropped;
        }
        if let Some(error) = fault.error(operation, &account) {
            return Outcome::Answered(Err(error));
        }
        tokio::time::sleep(Duration::from_millis(fault.delay.unwrap_or_default())).await;
    }
    let now = whole_milliseconds(simulator.now());
    let session = signature.session.is_some();
    let call = Call { operation, account, session, region: signature.region, now, input };
    Outcome::Answered(run(simulator.clone(), handler, call).await)
}

/// Runs a call away from the threads that serve: a listing of a whole month may take seconds, and others go on.
async fn run(simulator: Simulator, handler: &'static Handler, call: Call) -> Answer {
    let (operation, region) = (call.operation, call.region.clone());
    let answer =
        tokio::task::spawn_blocking(move || simulator.run(handler, &call)).await.unwrap_or_else(|error| {
            tracing::error!(%error, operation = operation.name, "the call could not be run");
            Err(errors::internal(operation))
        });
    tracing::debug!(
        operation = operation.name,
        region,
        error = answer.as_ref().err().map(|error| error.code.as_str())
    );
    answer
}

/// Every answer carries the id of its request.
fn named(mut response: Response, id: &str) -> Response {
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert("x-amzn-requestid", id);
    }
    response
}

/// A body that fails at its first byte, on which the server closes the connection.
fn dropped() -> Response {
    let failure = stream::once(async { Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset)) });
    Response::new(Body::from_stream(failure))
}

/// Serves a simulator until the task is dropped.
///
/// # Errors
/// If the simulator cannot start, or the listener fails.
pub async fn serve(listener: TcpListener, options: Options) -> Result<(), StartError> {
    let simulator = Simulator::new(options)?;
    axum::serve(listener, simulator.router()).await.map_err(StartError::Listen)
}
