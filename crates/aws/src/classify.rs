//! From what the SDK reports to kinds that a caller can act on.

mod codes;
mod credentials;
mod denial;
mod said;

use std::{error::Error, io, time::Duration};

use aws_sdk_organizations::{error::ProvideErrorMetadata, operation::RequestId};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use model::failure::{DeniedBy, Missing};
use serde_json::Value;

use self::{
    codes::{Meaning, meaning, numbered},
    denial::{denied_action, denied_by},
    said::{causes, own_words},
};
pub(crate) use self::{credentials::Signing, denial::names_action};
use crate::{
    error::{AwsError, AwsErrorKind, Fate},
    intercept::Progress,
    operation::{Op, Operation},
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
pub(crate) fn classify<E>(
    op: Op,
    error: &SdkError<E, HttpResponse>,
    progress: Progress,
    signing: Signing<'_>,
) -> AwsError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let text = chain(error);
    let request_id =
        progress.request_id.clone().or_else(|| error.raw_response()?.request_id().map(str::to_owned));
    let (kind, fate) = match answer(error) {
        Some(answer) => {
            let from_aws = request_id.is_some();
            let kind = of_answer(op, &answer, from_aws, signing);
            let fate = if is_refusal(&answer, &kind, from_aws) { Fate::Refused } else { Fate::Unknown };
            (kind, fate)
        }
        None => {
            let unsent = error.raw_response().is_none() && (progress.is_unsent() || never_connected(error));
            (of_silence(error, &text, signing), if unsent { Fate::NotSent } else { Fate::Unknown })
        }
    };
    AwsError { operation: op.row().name, kind, fate, request_id, source: Some(text.into()) }
}

/// The kind where there is no answer, or none that was received in full.
fn of_silence<E>(error: &SdkError<E, HttpResponse>, text: &str, signing: Signing<'_>) -> AwsErrorKind
where
    E: Error + 'static,
{
    match error {
        _ if credentials::are_missing(error) => {
            let (problem, said) = credentials::missing(error, text, signing);
            AwsErrorKind::Credentials { problem, said: said.into() }
        }
        SdkError::TimeoutError(_) => AwsErrorKind::Timeout,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => AwsErrorKind::Timeout,
        SdkError::DispatchFailure(failure) if !failure.is_user() => AwsErrorKind::Unavailable,
        SdkError::ResponseError(_) => AwsErrorKind::Unavailable,
        // The chain of causes is for the log alone.
        _ => {
            AwsErrorKind::Unexpected { message: "the request could not be made; the log has more".to_owned() }
        }
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
    /// AWS Backup: the number of the error (`ERROR_2502`).
    number: String,
    /// Whether the body is an error as AWS writes it, or empty.
    readable: bool,
    /// Whether it is an emulator's program that lacks the operation, and says so in its own way.
    lacking: bool,
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
        message: own_words(&message.map_or_else(|| member(["Message", "message"]), str::to_owned)),
        reason: member(["Reason", "reason"]),
        number: member(["Code", "code"]),
        // What IAM and STS answer is XML, which the SDK has read if it found a code.
        readable: json.is_some()
            || service.is_some_and(|error| error.code().is_some())
            || body.iter().all(u8::is_ascii_whitespace),
        lacking: String::from_utf8_lossy(body).contains("NotImplementedError"),
    })
}

/// Whether AWS itself says that it did not do it: with an error that is its own, by a name known here or by its id of
/// the request, and not one that happened on its side.
fn is_refusal(answer: &Answer, kind: &AwsErrorKind, from_aws: bool) -> bool {
    let said = !answer.code.is_empty() && matches!(answer.status, 400..=499 | 501);
    match kind {
        AwsErrorKind::ServerError { .. } | AwsErrorKind::Blocked { .. } => false,
        AwsErrorKind::Unexpected { .. } => said && from_aws,
        _ => said,
    }
}

fn of_answer(op: Op, answer: &Answer, from_aws: bool, signing: Signing<'_>) -> AwsErrorKind {
    if let Some(kind) = of_code(op, answer, signing) {
        return kind;
    }
    let unnamed = answer.code.is_empty() || !from_aws;
    match answer.status {
        501 => AwsErrorKind::NotAvailable,
        500.. if answer.lacking => AwsErrorKind::NotAvailable,
        429 => AwsErrorKind::Throttled,
        403 if answer.message.to_ascii_lowercase().contains("not authorized") => denied(op, answer),
        // AWS names what it refuses. Who answers so without stands on the way, as do a proxy's sign-in page and a filter.
        status @ (300..=399 | 401 | 403 | 407 | 451 | 511) if unnamed => AwsErrorKind::Blocked { status },
        status @ 500.. => server_error(answer, status),
        // No AWS service answers so: it is another server, or an emulator that lacks the operation.
        _ if !answer.readable => AwsErrorKind::NotAvailable,
        404 | 405 if answer.code.is_empty() => AwsErrorKind::NotAvailable,
        200..=299 => {
            let message = "an answer of another form than AWS's; the log has more".to_owned();
            AwsErrorKind::Unexpected { message }
        }
        status => {
            let message = format!("HTTP {status} {} {}", answer.code, answer.message);
            AwsErrorKind::Unexpected { message: message.trim_end().to_owned() }
        }
    }
}

fn of_code(op: Op, answer: &Answer, signing: Signing<'_>) -> Option<AwsErrorKind> {
    let code = &answer.code;
    let reason = || if answer.reason.is_empty() { code.clone() } else { answer.reason.clone() };
    let message = || answer.message.clone();
    let known = numbered(&answer.number).or_else(|| meaning(op, code, &answer.message));
    let kind = match known? {
        Meaning::AlreadyDone => AwsErrorKind::AlreadyDone,
        Meaning::Conflict => AwsErrorKind::Conflict { reason: code.clone() },
        Meaning::Constraint => AwsErrorKind::Constraint { reason: reason(), message: message() },
        Meaning::Credentials => AwsErrorKind::Credentials {
            problem: credentials::refused(code, &answer.message, signing),
            said: message().into(),
        },
        Meaning::Denied => denied(op, answer),
        Meaning::DeniedOnTheWay(action) => {
            AwsErrorKind::Denied { action, by: DeniedBy::Unsaid, said: message() }
        }
        Meaning::InvalidInput => AwsErrorKind::InvalidInput { reason: reason(), message: message() },
        Meaning::Malformed => AwsErrorKind::Malformed,
        Meaning::NotAvailable => AwsErrorKind::NotAvailable,
        Meaning::NotFound => AwsErrorKind::NotFound(Missing::named(code)),
        Meaning::NotInOrganization => AwsErrorKind::NotInOrganization,
        Meaning::Throttled => AwsErrorKind::Throttled,
        // Emulators say so of an operation that they lack.
        Meaning::ServerError if answer.status == 501 => return None,
        Meaning::ServerError => server_error(answer, answer.status),
    };
    Some(kind)
}

fn denied(op: Op, answer: &Answer) -> AwsErrorKind {
    AwsErrorKind::Denied {
        action: denied_action(&answer.message).unwrap_or(op.row().action),
        by: denied_by(op, &answer.message),
        said: answer.message.clone(),
    }
}

fn server_error(answer: &Answer, status: u16) -> AwsErrorKind {
    AwsErrorKind::ServerError { status, code: answer.code.clone(), message: answer.message.clone() }
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

/// Whether there was no connection at all, so that AWS cannot have received anything.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|e| {
        let refused =
            e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::ConnectionRefused);
        // hyper names the phase in its text alone.
        refused || e.to_string().contains("(Connect)")
    })
}
