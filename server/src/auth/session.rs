//! Sessions: begun by signing in, ended by signing out.

use axum::{
    Extension,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use model::{Failure, FailureCode, FieldProblem, failure::Busy, paths};
use portal::{Caller, Portal, ProviderEntry};
use serde::de::DeserializeOwned;
use store::{
    NewRefreshToken, ProviderSession, SESSION_ADDRESS, SESSION_BROWSER, SESSION_PROVIDER, SESSION_SEEN,
    SESSION_USER, SessionStore, UserId,
};
use time::OffsetDateTime;
use tower_sessions::{Session, session::Error};

use super::browser::Browser;
use crate::{
    config::Web,
    layers::refused::{SentBack, cookie},
    outside,
    problem::{self, Asker},
};

/// The key of when whoever has the session last showed that it is theirs, in seconds since 1970.
pub const SESSION_CONFIRMED: &str = "confirmed_at";
/// The key of whose password was right, and when, while a one-time code is asked for.
const HALF: &str = "half";
const HALF_SECONDS: i64 = 600;

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
    from: &str,
    next: &str,
) -> Response {
    let confirmed_at = Some(outside::now());
    if let Err(error) = renew(session, caller, None, confirmed_at, &browser.words, from).await {
        return unwritten(&error);
    }
    let mut response = see_other(next);
    match portal.remember_browser(caller, browser.secret.as_deref()).await {
        Ok(secret) => browser.keep(&mut response, secret),
        Err(error) => tracing::warn!(%error, "the browser is not known from now on"),
    }
    response
}

/// The same by an identity provider, which says when they last showed it a password or factor. Only passwords of ours care
/// whether the browser is known.
pub async fn begin_by_provider(
    (session, sessions): (&Session, &SessionStore),
    entry: &ProviderEntry,
    browser: &str,
    from: &str,
    next: &str,
) -> Response {
    let ProviderEntry { caller, session: at, confirmed_at, refresh_token } = entry;
    if let Err(error) = renew(session, caller, Some(at), *confirmed_at, browser, from).await {
        return unwritten(&error);
    }
    keep_refresh_token(session, sessions, refresh_token.as_ref()).await;
    see_other(next)
}

/// Without it, the session ends sooner: they are let in all the same.
async fn keep_refresh_token(session: &Session, sessions: &SessionStore, token: Option<&NewRefreshToken>) {
    let (Some(token), Some(id)) = (token, session.id()) else { return };
    if let Err(error) = sessions.keep_refresh_token(&id, token).await {
        tracing::warn!(%error, "a refresh token is not kept");
    }
}

/// Begins a session anew, under a new id.
pub async fn renew(
    session: &Session,
    caller: &Caller,
    at: Option<&ProviderSession>,
    confirmed_at: Option<OffsetDateTime>,
    browser: &str,
    from: &str,
) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(SESSION_USER, caller.user_id()).await?;
    if let Some(at) = at {
        session.insert(SESSION_PROVIDER, at).await?;
    }
    if let Some(confirmed_at) = confirmed_at {
        session.insert(SESSION_CONFIRMED, confirmed_at.unix_timestamp()).await?;
    }
    session.insert(SESSION_SEEN, outside::now().unix_timestamp()).await?;
    session.insert(SESSION_ADDRESS, from).await?;
    session.insert(SESSION_BROWSER, browser).await?;
    session.save().await
}

/// Remembers whose password was right, until a one-time code lets them in: in a session of its own, which may nothing.
pub async fn half_begin(session: &Session, user: UserId, next: &str) -> Response {
    let begun = async {
        session.clear().await;
        session.cycle_id().await?;
        session.insert(HALF, (user, outside::now().unix_timestamp())).await?;
        session.save().await
    };
    match begun.await {
        Ok(()) => see_other(&code_page("", next)),
        Err(error) => unwritten(&error),
    }
}

/// Whose password was right in this session, shortly before.
///
/// # Errors
/// Where the session cannot be read.
pub async fn half_begun(session: &Session) -> Result<Option<UserId>, Error> {
    let half: Option<(UserId, i64)> = session.get(HALF).await?;
    let fresh = |at: i64| outside::now().unix_timestamp() - at < HALF_SECONDS;
    Ok(half.filter(|(_, at)| fresh(*at)).map(|(user, _)| user))
}

/// Notes that whoever has the session has shown that it is theirs: under a new id, since it may more from here on.
pub async fn confirmed(session: &Session, next: &str) -> Response {
    let noted = async {
        session.cycle_id().await?;
        session.insert(SESSION_CONFIRMED, outside::now().unix_timestamp()).await?;
        session.save().await
    };
    match noted.await {
        Ok(()) => see_other(next),
        Err(error) => unwritten(&error),
    }
}

/// The same at the identity provider of the session: it lasts as long as one that was begun there now.
pub async fn confirmed_by_provider(
    (session, sessions): (&Session, &SessionStore),
    entry: &ProviderEntry,
    next: &str,
) -> Response {
    if let Some(id) = session.id()
        && let Err(error) = sessions.forget_refresh_token(&id).await
    {
        let failure = portal::PortalError::from(error).into_failure();
        return problem::answer(&Asker::Form { back: paths::SIGN_IN.to_owned() }, failure);
    }
    let noted = async {
        session.cycle_id().await?;
        session.insert(SESSION_PROVIDER, &entry.session).await?;
        let confirmed_at = entry.confirmed_at.map(OffsetDateTime::unix_timestamp);
        session.insert(SESSION_CONFIRMED, confirmed_at).await?;
        session.save().await
    };
    if let Err(error) = noted.await {
        return unwritten(&error);
    }
    keep_refresh_token(session, sessions, entry.refresh_token.as_ref()).await;
    see_other(next)
}

/// The page that asks for a one-time code, with a word about why it is shown again.
pub fn code_page(problem: &str, next: &str) -> String {
    format!("{}?next={}&problem={problem}", paths::SIGN_IN_CODE, paths::encode(next))
}

pub fn unwritten(error: &Error) -> Response {
    tracing::warn!(%error, "the session cannot be written");
    problem::answer(&Asker::Form { back: paths::SIGN_IN.to_owned() }, failure(error))
}

/// What a session that cannot be read or written is told as.
#[must_use]
pub fn failure(error: &Error) -> Failure {
    let busy = matches!(error, Error::Store(error) if store::is_busy(error));
    if busy { FailureCode::Busy { what: Busy::Connections } } else { FailureCode::DatabaseUnavailable }.into()
}

/// The provider that a session was begun at.
///
/// # Errors
/// Where the session cannot be read.
pub async fn provider_of(session: &Session) -> Result<Option<ProviderSession>, Error> {
    session.get(SESSION_PROVIDER).await
}

/// Takes what is under way out of the browser's session: once, of any number of requests.
///
/// # Errors
/// The answer where that fails.
pub async fn take<T: DeserializeOwned>(
    sessions: &SessionStore,
    session: &Session,
    key: &str,
) -> Result<Option<T>, Response> {
    let Some(id) = session.id() else { return Ok(None) };
    // What is in memory is written again later.
    let in_memory = session.remove_value(key).await.map_err(|error| unreadable(&error))?;
    if in_memory.is_none() {
        return Ok(None);
    }
    let taken = sessions.take_pending(&id, key).await.map_err(|error| {
        let failure = portal::PortalError::from(error).into_failure();
        problem::answer(&Asker::Form { back: paths::SIGN_IN.to_owned() }, failure)
    })?;
    Ok(taken.and_then(|pending| serde_json::from_value(pending).ok()))
}

pub fn unreadable(error: &Error) -> Response {
    tracing::warn!(%error, "the session cannot be read");
    problem::answer(&Asker::Form { back: paths::SIGN_IN.to_owned() }, failure(error))
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
