//! Answers of the API, and what is read from a request: whatever goes wrong is `application/problem+json` (RFC 9457).

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request, rejection::JsonRejection},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ETAG, IF_MATCH},
    },
    response::{IntoResponse, Response},
};
use model::{Failure, FailureCode};
use portal::PortalError;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::str::FromStr;
use utoipa::{IntoResponses, ToSchema};

use crate::problem;

/// What an operation answers.
pub type Answer<T> = Result<T, Refused>;

/// A failure, on its way to the program that asked.
#[derive(Debug)]
pub struct Refused(Box<Failure>, Option<StatusCode>);

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        // What was read is not what is there now: programs say what they have read in a header.
        let stale = matches!(failure.code, FailureCode::Stale { .. });
        Self(Box::new(failure), stale.then_some(StatusCode::PRECONDITION_FAILED))
    }
}

impl From<PortalError> for Refused {
    fn from(error: PortalError) -> Self {
        error.into_failure().into()
    }
}

impl From<FailureCode> for Refused {
    fn from(code: FailureCode) -> Self {
        Failure::from(code).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        problem::to_program(&self.0, self.1)
    }
}

/// Why it was not done.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`.
    pub r#type: String,
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened, on what, and what to do now.
    pub detail: String,
    /// Tells kinds of problems apart, as `not_found`; some have further members.
    pub code: String,
    /// Names the log line of what is not the caller's doing.
    pub incident: Option<String>,
}

/// The answers that every operation may give.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the document is made of it")]
pub enum Problems {
    /// What was asked for is refused, is not there, or cannot be read.
    #[response(status = "4XX", content_type = "application/problem+json")]
    Refused(Problem),
    /// AWS, the database or Holdfast fails.
    #[response(status = "5XX", content_type = "application/problem+json")]
    Failed(Problem),
}

/// For what is at no address.
pub async fn no_such_operation() -> Refused {
    FailureCode::NotFound { what: "operation".to_owned() }.into()
}

/// The parameters of a query, each known.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut http::request::Parts, state: &S) -> Answer<Self> {
        let unreadable = |what: String| Refused::from(FailureCode::Unreadable { what });
        match Query::from_request_parts(parts, state).await {
            Ok(Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(unreadable(format!("{}.", rejection.body_text()))),
        }
    }
}

/// An id in the path: one that cannot be an id names nothing.
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: FromStr + Named> FromRequestParts<S> for Id<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut http::request::Parts, state: &S) -> Answer<Self> {
        let text = Path::<String>::from_request_parts(parts, state).await.map(|Path(text)| text);
        let id = text.ok().and_then(|text| text.parse().ok());
        id.map(Self).ok_or_else(|| FailureCode::NotFound { what: T::WHAT.to_owned() }.into())
    }
}

/// What an id names, in words.
pub trait Named {
    const WHAT: &'static str;
}

impl Named for model::PolicyId {
    const WHAT: &'static str = "policy";
}
impl Named for model::TargetId {
    const WHAT: &'static str = "root, OU or account";
}
impl Named for model::AccountId {
    const WHAT: &'static str = "account";
}
impl Named for i64 {
    const WHAT: &'static str = "change set";
}

/// What was sent, as JSON.
pub struct Sent<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Answer<Self> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(sent)) => Ok(Self(sent)),
            Err(rejection) => Err(unreadable(&rejection)),
        }
    }
}

fn unreadable(rejection: &JsonRejection) -> Refused {
    let failure = FailureCode::Unreadable { what: format!("{}.", rejection.body_text()) };
    Refused(Box::new(failure.into()), Some(rejection.status()))
}

/// JSON with the fingerprint of what it shows.
pub fn with_etag<T: Serialize>(fingerprint: &str, answer: T) -> Response {
    let mut response = Json(answer).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{fingerprint}\"")) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// The fingerprint of what a program has read before it asks for a change; `None` where it sends none.
///
/// # Errors
/// `Unreadable` where it is no entity tag of ours: several, a weak one, or `*`, which would say that it has read nothing.
pub fn if_match(headers: &HeaderMap) -> Answer<Option<String>> {
    let mut tags = headers.get_all(IF_MATCH).into_iter();
    let Some(tag) = tags.next() else { return Ok(None) };
    let tag = tag.to_str().ok().and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"'));
    match (tag, tags.next()) {
        (Some(tag), None) if !tag.contains('"') => Ok(Some(tag.to_owned())),
        _ => {
            Err(FailureCode::Unreadable { what: "If-Match: send the one ETag that you have read.".into() }
                .into())
        }
    }
}

/// The same of a change that is not made without.
///
/// # Errors
/// Status 428 where there is none; as [`if_match`].
pub fn must_match(headers: &HeaderMap) -> Answer<String> {
    if_match(headers)?.ok_or_else(|| {
        let what = "Send the ETag that you have read as If-Match, so that nobody's change is lost.";
        let failure = FailureCode::Unreadable { what: what.to_owned() };
        Refused(Box::new(failure.into()), Some(StatusCode::PRECONDITION_REQUIRED))
    })
}
