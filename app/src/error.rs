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
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Serialization(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Failure::from(FailureCode::Transport).into(),
            // Not said to the caller: the message may hold what was sent.
            other => our_fault(&other),
        }
    }
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
    fn an_answer_that_is_not_ours_is_a_transport_problem() {
        let error = AppError::de("<html>502 Bad Gateway</html>".into());
        assert_eq!(error.failure().code, FailureCode::Transport);
    }
}
