//! AWS JSON 1.1: the operation in a header, members in a JSON body both ways, errors by `__type`.

use super::answer::AwsError;
use super::operation::{Operation, Route};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::Response;
use serde_json::{Map, Value, json};

/// What stands before the name of an operation in the header.
fn prefix(operation: &Operation) -> &'static str {
    if operation.route == Route::Tagging {
        "ResourceGroupsTaggingAPI_20170126."
    } else {
        "AWSOrganizationsV20161128."
    }
}

/// The operation that the header names, and the members of the body.
pub fn read<O: AsRef<Operation>>(
    mut known: impl Iterator<Item = O>,
    target: &str,
    body: &[u8],
) -> Result<(O, Map<String, Value>), AwsError> {
    let is_named = |known: &Operation| target.strip_prefix(prefix(known)) == Some(known.name);
    let operation = known.find(|known| is_named(known.as_ref()));
    let operation = operation.ok_or_else(|| AwsError::unknown_operation(400, target))?;
    let input = if body.is_empty() { Ok(Map::new()) } else { serde_json::from_slice(body) };
    let input = input.map_err(|_| AwsError::serialization("The request body is not a JSON object."))?;
    let input = operation.as_ref().known(input);
    Ok((operation, input))
}

pub fn respond(answer: Result<Value, AwsError>) -> Response {
    let (status, body) = match answer {
        Ok(Value::Null) => (StatusCode::OK, "{}".to_owned()),
        Ok(value) => (StatusCode::OK, value.to_string()),
        Err(error) => {
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            (status, error_body(&error).to_string())
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-amz-json-1.1"));
    response
}

fn error_body(error: &AwsError) -> Value {
    let mut body = json!({"__type": error.code});
    if let Value::Object(members) = &mut body {
        if !error.message.is_empty() {
            members.insert("Message".to_owned(), Value::from(error.message.as_str()));
        }
        for (member, value) in &error.members {
            members.insert((*member).to_owned(), value.clone());
        }
    }
    body
}
