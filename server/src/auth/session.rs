//! Sessions: begun by signing in, ended by signing out.

use axum::{
    Extension,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use model::{Failure, FailureCode, FieldProblem, failure::Busy, paths};
use portal::{Caller, Portal};
use store::SESSION_USER;
use tower_sessions::Session;

use super::browser::Browser;
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

/// A session of its own for each sign-in: an id that somebody else may have planted is worth nothing afterwards. The browser
/// is known from then on.
pub async fn begin(
    session: &Session,
    portal: &Portal,
    caller: &Caller,
    browser: &Browser,
    next: &str,
) -> Response {
    let begun = async {
        session.clear().await;
        session.cycle_id().await?;
        session.insert(SESSION_USER, caller.user_id()).await?;
        session.save().await
    };
    if let Err(error) = begun.await {
        tracing::warn!(%error, "the session cannot be written");
        let asker = Asker::Form { back: paths::SIGN_IN.to_owned() };
        return problem::answer(&asker, failure(&error));
    }
    let mut response = see_other(next);
    match portal.remember_browser(caller, browser.secret.as_deref()).await {
        Ok(secret) => browser.keep(&mut response, secret),
        Err(error) => tracing::warn!(%error, "the browser is not known from now on"),
    }
    response
}

/// What a session that cannot be read or written is told as.
#[must_use]
pub fn failure(error: &tower_sessions::session::Error) -> Failure {
    let busy = matches!(error, tower_sessions::session::Error::Store(error) if store::is_busy(error));
    if busy { FailureCode::Busy { what: Busy::Connections } } else { FailureCode::DatabaseUnavailable }.into()
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
