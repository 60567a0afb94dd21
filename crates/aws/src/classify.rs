//! From what the SDK reports to kinds that a caller can act on.

mod codes;

use std::{error::Error, io, time::Duration};

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_organizations::{error::ProvideErrorMetadata, operation::RequestId};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use serde_json::Value;

use self::codes::{Meaning, meaning};
use crate::{
    error::{AwsError, AwsErrorKind, Fate},
    intercept::Progress,
    operation::{Op, Operation, operations},
};

/// No answer within an attempt's time.
pub(crate) fn timed_out(row: &Operation, after: Duration, progress: Progress) -> AwsError {
    let source = Some(format!("no answer within {} ms", after.as_millis()).into());
    let fate = if progress.is_unsent() { Fate::NotSent } else { Fate::Unknown };
    AwsError {
        operation: row.name,
        kind: AwsErrorKind::Timeout,
        fate,
        request_id: progress.request_id,
        source,
    }
}

/// What went wrong with an attempt.
pub(crate) fn classify<E>(op: Op, error: &SdkError<E, HttpResponse>, progress: Progress) -> AwsError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let text = chain(error);
    let request_id =
        progress.request_id.clone().or_else(|| error.raw_response()?.request_id().map(str::to_owned));
    let (kind, fate) = match answer(error) {
        Some(answer) => {
            let kind = of_answer(op, &answer);
            let fate =
                if is_refusal(&answer, &kind, request_id.is_some()) { Fate::Refused } else { Fate::Unknown };
            (kind, fate)
        }
        None => {
            let unsent = error.raw_response().is_none() && (progress.is_unsent() || never_connected(error));
            (of_silence(error, &text), if unsent { Fate::NotSent } else { Fate::Unknown })
        }
    };
    AwsError { operation: op.row().name, kind, fate, request_id, source: Some(text.into()) }
}

/// The kind where there is no answer, or none that was received in full.
fn of_silence<E>(error: &SdkError<E, HttpResponse>, text: &str) -> AwsErrorKind
where
    E: Error + 'static,
{
    match error {
        _ if is_credentials(error) => AwsErrorKind::Credentials { message: text.to_owned() },
        SdkError::TimeoutError(_) => AwsErrorKind::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => AwsErrorKind::Timeout,
        SdkError::DispatchFailure(failure) if !failure.is_user() => AwsErrorKind::Unavailable,
        SdkError::ResponseError(_) => AwsErrorKind::Unavailable,
        _ => AwsErrorKind::Unexpected { message: text.to_owned() },
    }
}

/// An answer that is an error, as it came over the wire.
#[derive(Debug, Default)]
struct Answer {
    status: u16,
    /// Name of the exception, without namespace.
    code: String,
    message: String,
    /// Organizations: AWS's enumeration value.
    reason: String,
    /// Whether the body is an error as AWS writes it, or empty.
    readable: bool,
}

fn answer<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> Option<Answer> {
    let raw = error.raw_response()?;
    let body = raw.body().bytes()?;
    let json: Option<Value> = serde_json::from_slice(body).ok().filter(Value::is_object);
    let member = |names: [&str; 2]| {
        let found = names.iter().find_map(|name| json.as_ref()?.get(*name)?.as_str());
        found.unwrap_or_default().to_owned()
    };
    let service = error.as_service_error();
    let code = service
        .and_then(ProvideErrorMetadata::code)
        .map_or_else(|| member(["__type", "code"]), str::to_owned);
    let message = service.and_then(ProvideErrorMetadata::message);
    Some(Answer {
        status: raw.status().as_u16(),
        code: code.rsplit('#').next().and_then(|c| c.split(':').next()).unwrap_or_default().to_owned(),
        message: message.map_or_else(|| member(["Message", "message"]), str::to_owned),
        reason: member(["Reason", "reason"]),
        // What IAM and STS answer is XML, which the SDK has read if it found a code.
        readable: json.is_some()
            || service.is_some_and(|error| error.code().is_some())
            || body.iter().all(u8::is_ascii_whitespace),
    })
}

/// Whether AWS itself says that it did not do it: with an error that is its own, by a name known here or by its id of
/// the request, and not one that happened on its side.
fn is_refusal(answer: &Answer, kind: &AwsErrorKind, has_request_id: bool) -> bool {
    let said = !answer.code.is_empty() && matches!(answer.status, 400..=499 | 501);
    match kind {
        AwsErrorKind::Unavailable => false,
        AwsErrorKind::Unexpected { .. } => said && has_request_id,
        _ => said,
    }
}

fn of_answer(op: Op, answer: &Answer) -> AwsErrorKind {
    if let Some(kind) = of_code(op, answer) {
        return kind;
    }
    let message =
        || format!("HTTP {} {} {}", answer.status, answer.code, answer.message).trim_end().to_owned();
    match answer.status {
        501 => AwsErrorKind::NotAvailable,
        429 => AwsErrorKind::Throttled,
        500.. => AwsErrorKind::Unavailable,
        // No AWS service answers so: it is another server, or an emulator that lacks the operation.
        _ if !answer.readable => AwsErrorKind::NotAvailable,
        404 | 405 if answer.code.is_empty() => AwsErrorKind::NotAvailable,
        _ => AwsErrorKind::Unexpected { message: message() },
    }
}

fn of_code(op: Op, answer: &Answer) -> Option<AwsErrorKind> {
    let code = &answer.code;
    let reason = || if answer.reason.is_empty() { code.clone() } else { answer.reason.clone() };
    let message = || answer.message.clone();
    let kind = match meaning(op, code, &answer.message)? {
        Meaning::AlreadyDone => AwsErrorKind::AlreadyDone,
        Meaning::Conflict => AwsErrorKind::Conflict { reason: code.clone() },
        Meaning::Constraint => AwsErrorKind::Constraint { reason: reason(), message: message() },
        Meaning::Credentials => AwsErrorKind::Credentials { message: message() },
        Meaning::Denied => {
            AwsErrorKind::Denied { action: denied_action(&answer.message).unwrap_or(op.row().action) }
        }
        Meaning::DeniedOnTheWay(action) => AwsErrorKind::Denied { action },
        Meaning::InvalidInput => AwsErrorKind::InvalidInput { reason: reason(), message: message() },
        Meaning::Malformed => AwsErrorKind::Malformed,
        Meaning::NotAvailable => AwsErrorKind::NotAvailable,
        Meaning::NotFound => AwsErrorKind::NotFound,
        Meaning::NotInOrganization => AwsErrorKind::NotInOrganization,
        Meaning::Throttled => AwsErrorKind::Throttled,
        // Emulators say so of an operation that they lack.
        Meaning::Unavailable if answer.status == 501 => return None,
        Meaning::Unavailable => AwsErrorKind::Unavailable,
    };
    Some(kind)
}

/// The action that AWS says is missing, if it is one that the table knows: not always that of the operation, for AWS does
/// some things on the way in the caller's name.
fn denied_action(message: &str) -> Option<&'static str> {
    let (_, said) = message.split_once("not authorized to perform: ")?;
    let named = said.split_whitespace().next()?;
    operations().iter().map(|row| row.action).find(|action| *action == named)
}

/// Everything the error says, outermost first, each text once.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut texts: Vec<String> = Vec::new();
    for text in causes(error).map(ToString::to_string) {
        if !texts.iter().any(|known| known.contains(&text)) {
            texts.push(text);
        }
    }
    texts.join(": ")
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause| (**cause).source())
}

fn is_credentials(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| cause.is::<CredentialsError>())
}

/// Whether there was no connection at all, so that AWS cannot have received anything.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|e| {
        let refused =
            e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::ConnectionRefused);
        // hyper names the phase in its text alone.
        refused || e.to_string().contains("(Connect)")
    })
}
