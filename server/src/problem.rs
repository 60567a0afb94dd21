//! Failures that are answered before any page or server function runs: as a small page for people, as the error of a
//! server function for our own WASM, and as `application/problem+json` (RFC 9457) for everybody else.

use app::error::AppError;
use axum::{
    Extension,
    extract::Request,
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT, CONTENT_TYPE, REFERER, RETRY_AFTER},
    },
    response::{Html, IntoResponse, Redirect, Response},
};
use html_escape::{encode_quoted_attribute as attribute, encode_text};
use leptos::server_fn::error::FromServerFnError;
use model::{Failure, FailureCode, failure::Explanation, paths};
use serde_json::{Value, json};

use crate::scim::error::{SCIM_JSON, error_body};

/// Seconds after which what passes may have passed.
const RETRY: HeaderValue = HeaderValue::from_static("5");
/// Server functions live below this path.
pub const RPC: &str = "/rpc/";

/// What kind of answer a request can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A browser that shows a page; with the path to come back to after signing in.
    Page { back: String },
    /// A browser that posted a form without scripts and shows a page; with the path of the form's page.
    Form { back: String },
    /// Our WASM, calling a server function.
    Wasm,
    /// A directory that tells of people, by SCIM.
    Directory,
    /// Anything else.
    Program,
}

impl Asker {
    /// Reads it off the request.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let header = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let html = header(ACCEPT).is_some_and(|accept| accept.contains("text/html"));
        let get = matches!(*request.method(), Method::GET | Method::HEAD);
        match request.uri() {
            uri if html && get => Self::Page { back: path_and_query(uri) },
            // A form that was posted without JavaScript: come back to the page that it stands on.
            _ if html => {
                let page = header(REFERER).and_then(|referer| referer.parse::<Uri>().ok());
                Self::Form { back: page.as_ref().map_or_else(|| paths::OVERVIEW.to_owned(), path_and_query) }
            }
            uri if uri.path().starts_with(RPC) => Self::Wasm,
            uri if paths::is_scim(uri.path()) => Self::Directory,
            _ => Self::Program,
        }
    }
}

fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string)
}

/// Answers a failure in the way that the asker can use.
#[must_use]
pub fn answer(asker: &Asker, failure: Failure) -> Response {
    let status = StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let passing = failure.is_passing();
    let mut response = match asker {
        Asker::Page { back } | Asker::Form { back } if failure.code == FailureCode::SignedOut => {
            let sign_in = Redirect::to(&paths::sign_in_then(back));
            return (Extension(failure), sign_in).into_response();
        }
        Asker::Page { back } => {
            let html = page(&failure, &format!("<p><a href=\"{}\">Try again</a></p>", attribute(back)));
            (status, Html(html)).into_response()
        }
        Asker::Form { back } => {
            let html = page(&failure, &go_back(back));
            // For `refused`, which knows what was typed, unless it was never received.
            (status, Extension(failure), Html(html)).into_response()
        }
        Asker::Wasm => {
            let body = AppError::from(failure).ser();
            (status, [(CONTENT_TYPE, "application/json")], body).into_response()
        }
        Asker::Directory => {
            let body = error_body(status, None, &failure.explain().text);
            (status, [(CONTENT_TYPE, SCIM_JSON)], body.to_string()).into_response()
        }
        Asker::Program => return to_program(&failure, None),
    };
    if passing {
        response.headers_mut().insert(RETRY_AFTER, RETRY);
    }
    response
}

/// Answers a failure to a program; with another status than the failure's own where the API has a finer one.
#[must_use]
pub fn to_program(failure: &Failure, status: Option<StatusCode>) -> Response {
    let own = StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let status = status.unwrap_or(own);
    let kind = [(CONTENT_TYPE, "application/problem+json")];
    let mut response = (status, kind, problem(failure, status)).into_response();
    if failure.is_passing() {
        response.headers_mut().insert(RETRY_AFTER, RETRY);
    }
    response
}

/// The way to a form whose text is not here: a link would load its page anew, without the text.
fn go_back(page: &str) -> String {
    format!(
        "<p>What you typed is not here. Go back with your browser: it may still stand in the form.</p>\
         <p><a href=\"{}\">Open the page anew, without what was typed</a></p>",
        attribute(page)
    )
}

/// A failure in words for a program, which has no page with a form on it.
fn explain_to_program(failure: &Failure) -> Explanation {
    let words = |title: &str, text: &str| Explanation { title: title.to_owned(), text: text.to_owned() };
    match &failure.code {
        FailureCode::SignedOut => words(
            "No token that is good",
            "Send a token as Authorization: Bearer. One that has ended, was revoked, or is another portal's is none: make a new one.",
        ),
        FailureCode::Stale { .. } => words(
            "Somebody changed this policy since you read it",
            "Nothing was overwritten; “current” is what it is now. Read it again, and send your change with its new ETag.",
        ),
        _ => failure.explain(),
    }
}

fn problem(failure: &Failure, status: StatusCode) -> String {
    let Explanation { title, text } = explain_to_program(failure);
    let mut body =
        json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": text });
    if let (Some(body), Ok(Value::Object(mut failure))) =
        (body.as_object_mut(), serde_json::to_value(failure))
    {
        // Programs tell codes apart by one word, with or without details beside it.
        if let Some(Value::Object(code)) = failure.get("code").cloned() {
            for (name, details) in code {
                failure.extend(details.as_object().cloned().unwrap_or_default());
                failure.insert("code".into(), name.into());
            }
        }
        body.extend(failure);
    }
    body.to_string()
}

/// Answers a failure to a form that was posted without scripts, where its page cannot be shown: with what was typed, and a
/// way to send it once more. `page` is the form's page, `action` where it is sent to.
#[must_use]
pub fn form_again(failure: &Failure, page: &str, action: &str, fields: &[(String, String)]) -> Response {
    let status = StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let sign_in = if failure.code == FailureCode::SignedOut {
        let there = attribute(paths::SIGN_IN);
        format!(
            "<p><a href=\"{there}\" target=\"_blank\">Sign in in another tab</a>, then come back and send this again.</p>"
        )
    } else {
        String::new()
    };
    let fields: String = fields.iter().map(|(name, value)| field(name, value)).collect();
    let [action, back] = [action, page].map(attribute);
    let rest = format!(
        "{sign_in}<form method=\"post\" action=\"{action}\">{fields}<p><button>Send again</button></p></form>\
         <p><a href=\"{back}\">Back to the page, without what was typed</a></p>"
    );
    (status, Html(self::page(failure, &rest))).into_response()
}

/// Longer text than this is shown, whether it has several lines or one.
const LONG: usize = 256;

/// Text that is long or has several lines is shown, and can be changed; the rest goes along.
fn field(name: &str, value: &str) -> String {
    let [name, text] = [name, value].map(attribute);
    if value.contains('\n') || value.len() > LONG {
        // The first line break of a text field is not part of its text.
        format!(
            "<p><label>{name}<br><textarea name=\"{name}\" rows=\"20\" cols=\"100\">\n{text}</textarea></label></p>"
        )
    } else {
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{text}\">")
    }
}

/// A page that needs nothing: neither the database, nor the site's files. `rest` is HTML.
fn page(failure: &Failure, rest: &str) -> String {
    let Explanation { title, text } = failure.explain();
    let [title, text] = [&title, &text].map(encode_text);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"/favicon.svg\"><meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Holdfast</title></head>\
         <body><main><h1>{title}</h1><p>{text}</p>{rest}</main></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn request(method: Method, uri: &str, headers: &[(axum::http::HeaderName, &str)]) -> Request {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        request.body(Body::empty()).unwrap()
    }

    #[test]
    fn a_signed_out_reader_comes_back_to_the_page_that_was_asked_for() {
        let asker = Asker::of(&request(Method::GET, "/jobs?state=failed", &[(ACCEPT, "text/html")]));
        let answer = answer(&asker, FailureCode::SignedOut.into());
        assert_eq!(answer.headers()["location"], "/sign-in?next=%2Fjobs%3Fstate%3Dfailed");
    }

    #[test]
    fn a_form_posted_without_javascript_comes_back_to_its_page_on_this_site() {
        let headers = [(ACCEPT, "text/html"), (REFERER, "https://backup.example.com/policies/new?from=x")];
        let asker = Asker::of(&request(Method::POST, "/rpc/app/create_policy", &headers));
        assert_eq!(asker, Asker::Form { back: "/policies/new?from=x".to_owned() });
    }

    #[test]
    fn wasm_and_programs_get_their_own_forms() {
        assert_eq!(Asker::of(&request(Method::POST, "/rpc/app/jobs", &[])), Asker::Wasm);
        let asker = Asker::of(&request(Method::GET, "/ready", &[(ACCEPT, "*/*")]));
        let answer = answer(&asker, FailureCode::DatabaseUnavailable.into());
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
        assert_eq!(answer.headers()[RETRY_AFTER], "5");
    }

    #[test]
    fn programs_read_every_code_as_one_word_with_its_details_beside_it() {
        let read = |code: FailureCode| -> Value {
            serde_json::from_str(&problem(&code.into(), StatusCode::BAD_REQUEST)).unwrap()
        };
        assert_eq!(read(FailureCode::SignedOut)["code"], "signed_out");
        let missing = read(FailureCode::NotFound { what: "account".into() });
        assert_eq!((&missing["code"], &missing["what"]), (&"not_found".into(), &"account".into()));
    }

    #[tokio::test]
    async fn nothing_that_was_sent_is_put_into_the_page_as_markup() {
        let asker = Asker::Page { back: "/jobs?q=\"><script>".to_owned() };
        let page = answer(&asker, FailureCode::Internal.into());
        let fields = [("\"><script>", "\"><script>"), ("text", "\n</textarea><script>")];
        let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let again = form_again(&FailureCode::SignedOut.into(), "\"><script>", "\"><script>", &fields);
        for answer in [page, again] {
            let html = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            let html = String::from_utf8(html.to_vec()).unwrap();
            assert!(!html.contains("<script>"), "{html}");
        }
    }
}
