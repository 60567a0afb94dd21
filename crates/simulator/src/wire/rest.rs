//! REST-JSON: the operation by method and path, members in path, query and body, errors by header.

use super::answer::AwsError;
use super::errors::breach;
use super::operation::{Field, Operation, Place, Route};
use super::rule::Breach;
use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

/// The operation of a method and path, and the members of path, query and body.
pub fn read<O: AsRef<Operation>>(
    mut known: impl Iterator<Item = O>,
    parts: &Parts,
    body: &[u8],
) -> Result<(O, Map<String, Value>), AwsError> {
    let path: Vec<&str> = segments(parts.uri.path()).collect();
    let method = parts.method.as_str();
    let routed = known.find_map(|known| {
        let input = bind(known.as_ref(), method, &path)?;
        Some((known, input))
    });
    let asked = || format!("{method} {}", parts.uri.path());
    let (operation, mut input) = routed.ok_or_else(|| AwsError::unknown_operation(404, &asked()))?;
    read_query(operation.as_ref(), parts.uri.query().unwrap_or_default(), &mut input)?;
    if !body.is_empty() {
        let members: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|_| AwsError::serialization("The request body is not a JSON object."))?;
        input.extend(operation.as_ref().known(members));
    }
    Ok((operation, input))
}

/// What stands between the slashes; one at the end does not count, an empty name in the middle does.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/')
}

/// The members that a path carries, if it is one of the operation.
fn bind(operation: &Operation, method: &str, path: &[&str]) -> Option<Map<String, Value>> {
    let Route::Path(wanted, template) = operation.route else { return None };
    let template: Vec<&str> = segments(template).collect();
    if wanted != method || template.len() != path.len() {
        return None;
    }
    let mut members = Map::new();
    for (part, given) in template.iter().zip(path) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            None if part == given => {}
            None => return None,
            Some(wire) => {
                let field = operation.input.iter().find(|field| field.place == Place::Path(wire))?;
                members.insert(
                    field.name.to_owned(),
                    Value::from(percent_decode_str(given).decode_utf8_lossy()),
                );
            }
        }
    }
    Some(members)
}

fn read_query(operation: &Operation, query: &str, input: &mut Map<String, Value>) -> Result<(), AwsError> {
    for (wire, text) in form_urlencoded::parse(query.as_bytes()) {
        let is_named = |field: &Field| matches!(field.place, Place::Query(name) if name == wire);
        let Some(field) = operation.fields().find(is_named) else { continue };
        let value = field.rule.query_value(&text);
        let bad = |_| breach(operation, field.name, Breach::Pattern);
        input.insert(field.name.to_owned(), value.map_err(bad)?);
    }
    Ok(())
}

pub fn respond(answer: Result<Value, AwsError>) -> Response {
    match answer {
        Ok(Value::Null) => response(StatusCode::OK, String::new()),
        Ok(value) => response(StatusCode::OK, value.to_string()),
        Err(error) => refuse(&error),
    }
}

fn refuse(error: &AwsError) -> Response {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut body = Map::new();
    // The modelled exceptions of AWS Backup write `Message`, the common ones of every service `message`.
    let is_modelled = error.status == 500 || error.members.iter().any(|(member, _)| *member == "Code");
    let member = if is_modelled { "Message" } else { "message" };
    body.insert(member.to_owned(), json!(error.message));
    for (member, value) in &error.members {
        body.insert((*member).to_owned(), value.clone());
    }
    let mut response = response(status, Value::Object(body).to_string());
    if let Ok(code) = HeaderValue::from_str(&error.code) {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}

fn response(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::operation::{Pages, path, query};
    use crate::wire::rule::ANY;
    use axum::http::Request;

    const LIST: Operation = Operation {
        name: "ListThings",
        route: Route::Path("GET", "/things/{thing}"),
        pages: Pages::None,
        input: &[path("Thing", "thing", ANY), query("ByName", "name", ANY)],
    };

    fn members(uri: &str) -> Value {
        let (parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let (_, members) = read([&LIST].into_iter(), &parts, b"").unwrap();
        Value::Object(members)
    }

    #[test]
    fn percent_encoding_is_undone_and_plus_is_a_space_in_queries_only() {
        assert_eq!(
            members("/things/arn%3Aaws%3Ax%2Fy+z?name=arn%3Aaws%3Abackup%2Fx+y"),
            json!({"Thing": "arn:aws:x/y+z", "ByName": "arn:aws:backup/x y"})
        );
        assert_eq!(members("/things/a+b%2"), json!({"Thing": "a+b%2"}));
        assert_eq!(members("/things/%+5%c3%BC?other=1&&name"), json!({"Thing": "%+5ü", "ByName": ""}));
    }
}
