//! The one error of server functions.

use std::fmt;

use model::{Failure, FailureCode};
use serde::{Deserialize, Serialize};
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

use crate::wire::JsonText;

/// What a server function answers instead of a result: a [`Failure`], or that the server could not be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AppError(Failure);

impl AppError {
    /// What went wrong.
    #[must_use]
    pub const fn failure(&self) -> &Failure {
        &self.0
    }

    /// What went wrong.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        self.0
    }
}

impl From<Failure> for AppError {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // The same word stands for answers that the browser cannot read.
            ServerFnErrorErr::Deserialization(why) => {
                unreadable(&why).unwrap_or_else(|| Failure::from(FailureCode::Transport).into())
            }
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => {
                unreadable(&why).unwrap_or_else(|| our_fault(&ServerFnErrorErr::Args(why)))
            }
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Failure::from(FailureCode::Transport).into(),
            // Not said to the caller: the message may hold what was sent.
            other => our_fault(&other),
        }
    }
}

/// Arguments that came in and cannot be read, where a request is being answered: the caller's fault.
#[cfg(feature = "ssr")]
fn unreadable(why: &str) -> Option<AppError> {
    leptos::prelude::use_context::<http::request::Parts>()?;
    tracing::info!(why, "arguments that cannot be read");
    let failure = came_in(why);
    crate::status::set_status(failure.status());
    Some(failure.into())
}

#[cfg(not(feature = "ssr"))]
const fn unreadable(_: &str) -> Option<AppError> {
    None
}

/// What is said of arguments that cannot be read: which one is missing, or how far they could be read. Nothing of what was
/// sent is in it.
#[cfg(any(feature = "ssr", test))]
fn came_in(why: &str) -> Failure {
    let missing = why.split_once("missing field `").and_then(|(_, rest)| rest.split_once('`'));
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if let Some((name, _)) = missing.filter(|(name, _)| is_name(name)) {
        return Failure::invalid(name, format!("“{name}” is missing."));
    }
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let place = why.rsplit_once(" at line ").and_then(|(_, place)| place.split_once(" column "));
    let what = match place.and_then(|(line, column)| number(line).zip(number(column))) {
        Some((line, column)) => format!("Its arguments cannot be read at line {line}, column {column}."),
        None => "Its arguments are not those that are taken here.".to_owned(),
    };
    FailureCode::Unreadable { what }.into()
}

#[cfg(feature = "ssr")]
fn our_fault(error: &ServerFnErrorErr) -> AppError {
    let incident = portal::incident::current().map(|id| id.to_string());
    tracing::error!(incident, %error, "a server function could not be run");
    AppError(Failure { code: FailureCode::Internal, incident })
}

#[cfg(not(feature = "ssr"))]
fn our_fault(_: &ServerFnErrorErr) -> AppError {
    Failure::from(FailureCode::Internal).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_survives_the_wire() {
        let error = AppError::from(Failure::invalid("name", "A name is needed."));
        assert_eq!(AppError::de(error.ser()), error);
    }

    #[test]
    fn arguments_are_never_echoed() {
        let error = AppError::from_server_fn_error(ServerFnErrorErr::Args("<script>".into()));
        assert!(!error.to_string().contains("script"), "{error}");
    }

    #[test]
    fn what_came_in_is_told_by_its_field_or_place_and_nothing_of_it_is_echoed() {
        let failure = came_in("missing field `turn`");
        assert_eq!((failure.status(), failure.field("turn")), (422, Some("“turn” is missing.")));
        let failure = came_in("lone leading surrogate in hex escape at line 1 column 15");
        assert!(failure.status() == 400 && failure.explain().text.contains("line 1, column 15"), "{failure}");
        for why in ["missing field `<script>`", "invalid value: <script>", "x at line <script> column 2"] {
            let failure = came_in(why);
            assert!(failure.status() == 400 && !failure.to_string().contains("script"), "{failure}");
        }
    }

    #[test]
    fn an_answer_that_is_not_ours_is_a_transport_problem() {
        let error = AppError::de("<html>502 Bad Gateway</html>".into());
        assert_eq!(error.failure().code, FailureCode::Transport);
    }
}
