//! Who asks, and whether they may pass: nothing but the paths listed here is shown to somebody who is not signed in.
//!
//! This is a second fence. Use cases authorize for themselves, since pages call server functions directly while they are
//! rendered, without passing here again.

use app::server_fns::frame::{Frame, JoinLink};
use axum::{
    Extension,
    extract::{Request, State},
    http::{Method, Uri},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use leptos::server_fn::ServerFn;
use model::{Failure, FailureCode, paths, session::LocalSignIn};
use portal::{Caller, Origin};
use store::{SESSION_SEEN, SESSION_USER, UserId, session_name};
use time::OffsetDateTime;
use tower_sessions::{Session, session::Error};

use crate::{
    auth::{
        self,
        address::Address,
        browser::Browser,
        password,
        session::{SESSION_CONFIRMED, has_session_cookie, provider_of},
    },
    layers::refused,
    outside,
    problem::{self, Asker},
    state::Parts,
};

/// Marking it each time would be a write for each request.
const SEEN_PRECISION_SECONDS: i64 = 300;

/// For everybody: signing in, and the frame around the page that it happens on, which holds nothing of the organization.
const PUBLIC: [&str; 14] = [
    paths::SIGN_IN,
    paths::SIGN_IN_CODE,
    paths::WELCOME,
    paths::JOIN,
    paths::POST_SIGN_IN,
    paths::POST_SIGN_IN_CODE,
    paths::POST_SIGN_OUT,
    paths::POST_WELCOME,
    paths::POST_JOIN,
    paths::POST_PASSKEY_OPTIONS,
    paths::POST_PASSKEY_SIGN_IN,
    paths::POST_PASSKEY_JOIN,
    <Frame as ServerFn>::PATH,
    <JoinLink as ServerFn>::PATH,
];

/// The pages for whoever must set up a second factor before anything else.
const SET_UP: [&str; 2] = [paths::ACCOUNT, paths::CONFIRM];

/// Looks the caller up, afresh for each request: a disabled user or a changed role counts at once.
pub async fn gate(
    State(parts): State<Parts>,
    session: Session,
    browser: Browser,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let public = PUBLIC.contains(&path) || paths::is_provider(path);
    let Address(address) = Address::of(request.headers(), request.extensions(), &parts.web);
    if let Err(error) = auth::proxy::settle(&parts, &session, request.headers(), (&browser, &address)).await
        && !public
    {
        return problem::answer(&Asker::of(&request), error.into_failure());
    }
    let session_name = session.id().as_ref().map(session_name).unwrap_or_default();
    let origin = Origin { session: session_name, address };
    request.extensions_mut().insert(origin.clone());
    let found = match caller(&parts, &session, origin).await {
        Err(_) if public => None,
        Err(failure) => return problem::answer(&Asker::of(&request), failure),
        Ok(found) => found,
    };
    match found {
        None if !public => return signed_out(&parts, &request),
        Some(_) if request.method() == Method::GET && request.uri().path() == paths::SIGN_IN => {
            return Redirect::to(&next_of(request.uri())).into_response();
        }
        Some(caller)
            if caller.must_set_up()
                && !SET_UP.contains(&request.uri().path())
                && matches!(Asker::of(&request), Asker::Page { .. }) =>
        {
            return Redirect::to(paths::ACCOUNT).into_response();
        }
        Some(caller) => {
            if request.uri().path() == paths::CONFIRM {
                match parts.portal.own_means(&caller).await {
                    Ok(means) => request.extensions_mut().insert(means),
                    Err(error) => return problem::answer(&Asker::of(&request), error.into_failure()),
                };
                let at = provider_of(&session).await.ok().flatten();
                let link = at.and_then(|at| parts.portal.provider_link(&at.provider));
                link.map(|link| request.extensions_mut().insert(link));
            }
            request.extensions_mut().insert(caller);
            refused::give_back(&parts, &session, &mut request).await;
        }
        None if request.uri().path() == paths::SIGN_IN => {
            // Where it is not known, the form stands there: what it sends is judged all the same.
            let local = parts.portal.local_sign_in().await.unwrap_or(true);
            request.extensions_mut().insert(LocalSignIn(local));
        }
        None => (),
    }
    next.run(request).await
}

fn signed_out(parts: &Parts, request: &Request) -> Response {
    match Asker::of(request) {
        Asker::Page { back } | Asker::Form { back } if has_session_cookie(&parts.web, request.headers()) => {
            let ended = Redirect::to(&password::page("ended", &back));
            (Extension(Failure::from(FailureCode::SignedOut)), ended).into_response()
        }
        asker => problem::answer(&asker, FailureCode::SignedOut.into()),
    }
}

async fn caller(parts: &Parts, session: &Session, origin: Origin) -> Result<Option<Caller>, Failure> {
    if !parts.schema.is_ready() {
        return Err(FailureCode::DatabaseUnavailable.into());
    }
    let Some((user, confirmed_at)) = user(session).await.map_err(|error| {
        tracing::warn!(%error, "the session cannot be read");
        auth::session::failure(&error)
    })?
    else {
        return Ok(None);
    };
    let found =
        parts.portal.caller(user, origin, confirmed_at).await.map_err(portal::PortalError::into_failure)?;
    if found.is_none() {
        auth::session::end(session).await;
    }
    Ok(found)
}

/// The user that a session belongs to, and when they last showed that it is theirs. Marks the session as used, so that it
/// does not end while somebody works.
async fn user(session: &Session) -> Result<Option<(UserId, Option<OffsetDateTime>)>, Error> {
    let user: Option<UserId> = session.get(SESSION_USER).await?;
    if user.is_some() {
        let now = outside::now().unix_timestamp();
        let seen = session.get::<i64>(SESSION_SEEN).await?.unwrap_or_default();
        if now - seen >= SEEN_PRECISION_SECONDS {
            session.insert(SESSION_SEEN, now).await?;
        }
    }
    let confirmed = session.get::<i64>(SESSION_CONFIRMED).await?;
    let confirmed = confirmed.and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
    Ok(user.map(|user| (user, confirmed)))
}

/// Where the sign-in page would have led.
fn next_of(uri: &Uri) -> String {
    let query = axum::extract::Query::<password::Next>::try_from_uri(uri);
    query.map(|query| query.0.path()).unwrap_or_else(|_| paths::OVERVIEW.to_owned())
}
