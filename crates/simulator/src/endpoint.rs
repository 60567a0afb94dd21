//! From HTTP to an operation and back, as the two protocols write it.

use crate::control;
use crate::control::faults::{self, Kind};
use crate::journal::whole_milliseconds;
pub use crate::service::backup::OPERATIONS as BACKUP;
pub use crate::service::backup::audit::OPERATIONS as AUDIT;
pub use crate::service::identity::OPERATIONS as IDENTITY;
pub use crate::service::organizations::OPERATIONS as ORGANIZATIONS;
use crate::simulator::Simulator;
use crate::wire::answer::AwsError;
use crate::wire::call::Call;
use crate::wire::operation::{Answer, Operation};
use crate::wire::signature::Signature;
use crate::wire::{json, query, rest};
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, request::Parts};
use axum::response::Response;
use futures::{StreamExt, stream};
use serde_json::{Map, Value};
use std::io;
use std::time::Duration;

/// Longest request that is read: delegation policies may have 40,000 characters.
const REQUEST_LIMIT: usize = 1 << 20;

/// An operation with its input, as read from a request.
pub type Routed = Result<(&'static Operation, Map<String, Value>), AwsError>;

/// Every operation that the simulator knows.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    [ORGANIZATIONS, BACKUP, AUDIT, IDENTITY].into_iter().flatten()
}

/// An operation by its qualified name.
pub fn operation(qualified: &str) -> Option<&'static Operation> {
    let (service, name) = qualified.split_once(':')?;
    let control = &control::OPERATIONS;
    operations().chain(control).find(|operation| operation.service() == service && operation.name == name)
}

/// Answers any request that is not one to the control endpoint.
pub async fn serve(State(simulator): State<Simulator>, request: Request) -> Response {
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
        Protocol::Json => json::read(target.as_deref().unwrap_or_default(), &body),
        Protocol::Query => query::read(&body),
        Protocol::Rest => rest::read(&parts, &body),
    };
    let (service, name) =
        routed.as_ref().map_or(("sts", ""), |(operation, _)| (operation.service(), operation.name));
    let response = match (answer(&simulator, &parts, routed).await, protocol) {
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

async fn answer(simulator: &Simulator, parts: &Parts, routed: Routed) -> Outcome {
    let (operation, input) = match routed {
        Ok(routed) => routed,
        Err(error) => return Outcome::Answered(Err(error)),
    };
    let signature = Signature::of(&parts.headers);
    let account = simulator.with_world(|world| signature.account(world));
    if let Some(fault) = simulator.arrive(operation, signature.session.as_deref()) {
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
    Outcome::Answered(run(simulator.clone(), call).await)
}

/// Runs a call away from the threads that serve: a listing of a whole month may take seconds, and others go on.
async fn run(simulator: Simulator, call: Call) -> Answer {
    let (operation, region) = (call.operation, call.region.clone());
    let answer = tokio::task::spawn_blocking(move || simulator.run(&call)).await.unwrap_or_else(|error| {
        tracing::error!(%error, operation = operation.name, "the call could not be run");
        Err(faults::internal(operation))
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
