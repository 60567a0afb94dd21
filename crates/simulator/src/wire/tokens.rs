//! As much of AWS STS as a client needs that assumes a role before it calls the two services: the query protocol, with
//! a form in and XML out.

use super::backup::decode;
use super::signature::Signature;
use crate::rule::Form;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::Response;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

const VERSION: &str = "2011-06-15";

/// Whether a body is a request of the query protocol.
pub fn is_query(body: &[u8]) -> bool {
    body.starts_with(b"Action=") || body.windows(8).any(|part| part == b"&Action=")
}

/// Answers GetCallerIdentity and AssumeRole; every role can be assumed.
pub fn answer(body: &[u8], signature: &Signature, account: &str, now: OffsetDateTime, id: &str) -> Response {
    let form = String::from_utf8_lossy(body);
    let field = |name: &str| {
        let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| decode(value, true))
    };
    let action = field("Action").unwrap_or_default();
    let result = match action.as_str() {
        "GetCallerIdentity" => Ok(identity(account, signature)),
        "AssumeRole" => assume(field("RoleArn"), field("RoleSessionName"), now),
        _ => Err("InvalidAction"),
    };
    match result {
        Ok(result) => {
            let metadata = format!("<ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata>");
            let result = format!("<{action}Result>{result}</{action}Result>{metadata}");
            xml(StatusCode::OK, &format!("{action}Response"), &result)
        }
        Err(code) => {
            let error =
                format!("<Error><Type>Sender</Type><Code>{code}</Code><Message>{code}</Message></Error>");
            xml(StatusCode::BAD_REQUEST, "ErrorResponse", &format!("{error}<RequestId>{id}</RequestId>"))
        }
    }
}

fn identity(account: &str, signature: &Signature) -> String {
    let name = if signature.is_session() { "assumed-role/simulated/session" } else { "user/simulated" };
    let service = if signature.is_session() { "sts" } else { "iam" };
    let arn = format!("arn:aws:{service}::{account}:{name}");
    format!("<Arn>{arn}</Arn><UserId>AIDASIMULATED</UserId><Account>{account}</Account>")
}

fn assume(
    role: Option<String>,
    session: Option<String>,
    now: OffsetDateTime,
) -> Result<String, &'static str> {
    let role = role.ok_or("ValidationError")?;
    let session = session.ok_or("ValidationError")?;
    let account =
        role.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split(':').next()).unwrap_or_default();
    let name = role.rsplit('/').next().unwrap_or_default();
    if !Form::Account.matches(account) || !is_plain(name) || !is_plain(&session) {
        return Err("ValidationError");
    }
    let expiration = (now + Duration::HOUR).replace_nanosecond(0).unwrap_or(now);
    let expiration = expiration.format(&Rfc3339).unwrap_or_default();
    Ok(format!(
        "<Credentials><AccessKeyId>ASIA{account}</AccessKeyId><SecretAccessKey>simulated</SecretAccessKey>\
         <SessionToken>simulated</SessionToken><Expiration>{expiration}</Expiration></Credentials>\
         <AssumedRoleUser><Arn>arn:aws:sts::{account}:assumed-role/{name}/{session}</Arn>\
         <AssumedRoleId>AROASIMULATED:{session}</AssumedRoleId></AssumedRoleUser>"
    ))
}

/// The characters of role and session names, none of which mean anything in XML.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter))
}

fn xml(status: StatusCode, root: &str, content: &str) -> Response {
    let body = format!("<{root} xmlns=\"https://sts.amazonaws.com/doc/{VERSION}/\">{content}</{root}>");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    response
}
