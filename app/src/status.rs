//! The status of an answer.

use leptos::prelude::use_context;

/// Sets the answer's status, except for forms posted without JavaScript: there our status would replace the redirect
/// back to the form and leave the reader on a page of JSON.
pub fn set_status(status: u16) {
    if let (false, Some(response), Ok(status)) =
        (is_plain_form(), use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
}

/// Whether a form was posted without JavaScript: the answer is a page then, never the result.
pub fn is_plain_form() -> bool {
    use_context::<http::request::Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(http::header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or("");
        parts.method == http::Method::POST && accept.contains("text/html")
    })
}
