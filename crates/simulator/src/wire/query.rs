//! The query protocol of STS and IAM: a form in, XML out.

use super::answer::AwsError;
use super::operation::Operation;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header::CONTENT_TYPE};
use axum::response::Response;
use serde_json::{Map, Value};
use std::fmt::Write;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Whether a body is a request of the query protocol.
pub fn is_query(body: &[u8]) -> bool {
    body.starts_with(b"Action=") || body.windows(8).any(|part| part == b"&Action=")
}

/// The operation of a form and its input.
pub fn read<O: AsRef<Operation>>(
    mut known: impl Iterator<Item = O>,
    body: &[u8],
) -> Result<(O, Map<String, Value>), AwsError> {
    let pairs = form_urlencoded::parse(body);
    let mut input: Map<String, Value> =
        pairs.map(|(key, value)| (key.into_owned(), Value::from(value))).collect();
    input.remove("Version");
    let action = input.remove("Action");
    let action = action.as_ref().and_then(Value::as_str).unwrap_or_default();
    let operation = known.find(|known| known.as_ref().name == action);
    let unknown = || AwsError::new("InvalidAction", format!("not simulated: {action}"));
    Ok((operation.ok_or_else(unknown)?, input))
}

/// The service that a form is for, as far as its errors differ.
pub fn service(body: &[u8]) -> &'static str {
    let is_ec2 = |(key, value): (_, _)| key == "Version" && value == "2016-11-15";
    if form_urlencoded::parse(body).any(is_ec2) { "ec2" } else { "sts" }
}

/// The namespaces of the services differ by name and version only.
fn namespace(service: &str) -> &'static str {
    match service {
        "iam" => "https://iam.amazonaws.com/doc/2010-05-08/",
        "ec2" => "http://ec2.amazonaws.com/doc/2016-11-15/",
        _ => "https://sts.amazonaws.com/doc/2011-06-15/",
    }
}

/// Answers an operation of a service by name; `id` is that of the request.
pub fn respond(service: &str, name: &str, answer: &Result<Value, AwsError>, id: &str) -> Response {
    let metadata = format!("<ResponseMetadata><RequestId>{id}</RequestId></ResponseMetadata>");
    match answer {
        _ if service == "ec2" => respond_ec2(name, answer, id),
        Ok(value) => {
            let mut content = format!("<{name}Result>");
            write_members(&mut content, value, "member");
            let _ = write!(content, "</{name}Result>{metadata}");
            xml(StatusCode::OK, service, &format!("{name}Response"), &content)
        }
        Err(error) => {
            let kind = if error.status < 500 { "Sender" } else { "Receiver" };
            let mut content = format!("<Error><Type>{kind}</Type><Code>");
            write_text(&mut content, &error.code);
            content.push_str("</Code><Message>");
            write_text(&mut content, &error.message);
            let _ = write!(content, "</Message></Error><RequestId>{id}</RequestId>");
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            xml(status, service, "ErrorResponse", &content)
        }
    }
}

/// EC2 has its own frames around answers and errors.
fn respond_ec2(name: &str, answer: &Result<Value, AwsError>, id: &str) -> Response {
    match answer {
        Ok(value) => {
            let mut content = format!("<requestId>{id}</requestId>");
            write_members(&mut content, value, "item");
            xml(StatusCode::OK, "ec2", &format!("{name}Response"), &content)
        }
        Err(error) => {
            let mut content = "<Errors><Error><Code>".to_owned();
            write_text(&mut content, &error.code);
            content.push_str("</Code><Message>");
            write_text(&mut content, &error.message);
            let _ = write!(content, "</Message></Error></Errors><RequestID>{id}</RequestID>");
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
            xml(status, "ec2", "Response", &content)
        }
    }
}

/// Times in XML are ISO 8601, in whole seconds.
pub fn instant(at: OffsetDateTime) -> String {
    at.replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default()
}

/// Writes the members of an object; each entry of a list stands in an element of that name.
fn write_members(xml: &mut String, value: &Value, entry: &str) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let _ = write!(xml, "<{name}>");
                write_members(xml, value, entry);
                let _ = write!(xml, "</{name}>");
            }
        }
        Value::Array(entries) => {
            for value in entries {
                let _ = write!(xml, "<{entry}>");
                write_members(xml, value, entry);
                let _ = write!(xml, "</{entry}>");
            }
        }
        Value::String(text) => write_text(xml, text),
        Value::Null => {}
        other => {
            let _ = write!(xml, "{other}");
        }
    }
}

fn write_text(xml: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '&' => xml.push_str("&amp;"),
            _ => xml.push(letter),
        }
    }
}

fn xml(status: StatusCode, service: &str, root: &str, content: &str) -> Response {
    let namespace = namespace(service);
    let body = format!("<{root} xmlns=\"{namespace}\">{content}</{root}>");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    response
}
