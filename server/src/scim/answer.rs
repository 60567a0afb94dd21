//! Answers to directories.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use portal::provisioning::{ProvisionedResource, ProvisioningRefusal, etag};
use serde_json::{Value, json};

use super::error::{SCIM_JSON, error_body};
use crate::problem::{self, Asker};

/// Any answer with a body.
pub fn body(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, SCIM_JSON)], body.to_string()).into_response()
}

/// A resource, or the part of it that was asked for.
pub fn shown(status: StatusCode, resource: &ProvisionedResource, part: Value) -> Response {
    let mut response = body(status, &part);
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    put(header::ETAG, &etag(resource.version));
    if status == StatusCode::CREATED {
        put(header::LOCATION, &resource.location);
    }
    response
}

/// A page of a list.
pub fn listed(total: i64, start: i64, resources: Vec<Value>) -> Response {
    let listed = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": resources.len(),
        "Resources": resources,
    });
    body(StatusCode::OK, &listed)
}

pub fn no_content() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// Why a directory is refused something (RFC 7644, 3.12).
pub fn refused(refusal: ProvisioningRefusal) -> Response {
    let detail = refusal.to_string();
    match refusal {
        ProvisioningRefusal::Token => {
            let mut response = error(StatusCode::UNAUTHORIZED, None, &detail);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            response
        }
        ProvisioningRefusal::Limited => {
            let mut response = error(StatusCode::TOO_MANY_REQUESTS, None, &detail);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("900"));
            response
        }
        ProvisioningRefusal::NotFound => error(StatusCode::NOT_FOUND, None, &detail),
        ProvisioningRefusal::Invalid { kind, .. } => error(StatusCode::BAD_REQUEST, Some(kind), &detail),
        ProvisioningRefusal::Mutability => error(StatusCode::BAD_REQUEST, Some("mutability"), &detail),
        ProvisioningRefusal::Taken(_) => error(StatusCode::CONFLICT, Some("uniqueness"), &detail),
        ProvisioningRefusal::StillNeeded => error(StatusCode::CONFLICT, None, &detail),
        ProvisioningRefusal::Stale => error(StatusCode::PRECONDITION_FAILED, None, &detail),
        ProvisioningRefusal::Portal(error) => problem::answer(&Asker::Directory, error.into_failure()),
    }
}

/// An error as its own body has it.
pub fn error(status: StatusCode, kind: Option<&str>, detail: &str) -> Response {
    body(status, &error_body(status, kind, detail))
}
