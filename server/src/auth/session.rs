//! Sessions: begun by signing in, ended by signing out.

use axum::{
    Extension,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use model::{FailureCode, FieldProblem, paths};
use portal::Caller;
use store::SESSION_USER;
use tower_sessions::Session;

use crate::{
    config::Web,
    layers::refused::{SentBack, cookie},
    problem::{self, Asker},
};

/// Whether the browser believes that it has a session.
#[must_use]
pub fn has_session_cookie(web: &Web, headers: &HeaderMap) -> bool {
    cookie(headers, web.session_cookie()).is_some()
}

/// A session of its own for each sign-in: an id that somebody else may have planted is worth nothing afterwards.
pub async fn begin(session: &Session, caller: &Caller, next: &str) -> Response {
    let begun = async {
        session.clear().await;
        session.cycle_id().await?;
        session.insert(SESSION_USER, caller.user_id()).await?;
        session.save().await
    };
    match begun.await {
        Ok(()) => see_other(next),
        Err(error) => {
            tracing::warn!(%error, "the session cannot be written");
            let asker = Asker::Page { back: paths::SIGN_IN.to_owned() };
            problem::answer(&asker, FailureCode::DatabaseUnavailable.into())
        }
    }
}

/// Ends a session; where the database is away, the browser forgets it and it expires.
pub async fn end(session: &Session) {
    if let Err(error) = session.flush().await {
        tracing::warn!(%error, "the session cannot be ended");
    }
}

pub fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Sends a reader back to the form that was refused, which then shows again what was typed.
pub fn send_back(page: &str, problems: Vec<FieldProblem>) -> Response {
    (Extension(SentBack { problems }), Redirect::to(page)).into_response()
}
