//! Errors as directories read them.

use axum::http::StatusCode;
use serde_json::{Value, json};

/// The content type of what directories send and read.
pub const SCIM_JSON: &str = "application/scim+json";

/// The body of an error (RFC 7644, 3.12), with its kind where there is one.
pub fn error_body(status: StatusCode, kind: Option<&str>, detail: &str) -> Value {
    let mut said = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": status.as_u16().to_string(),
        "detail": detail,
    });
    if let Some(kind) = kind {
        said["scimType"] = kind.into();
    }
    said
}
