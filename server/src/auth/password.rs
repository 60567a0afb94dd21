//! Signing in and out, and the first administrator: plain forms, so that they work before and without WASM.
//!
//! A refused form goes back to its page with a cookie that holds what was typed (never a password) for one page view.

use std::net::SocketAddr;

use axum::{
    Form,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{Failure, FailureCode, paths, session::RefusedForm};
use portal::{Caller, NewAdministrator, Portal, SignInRefusal};
use serde::Deserialize;
use store::SESSION_USER;
use time::Duration;
use tower_sessions::{
    Session,
    cookie::{Cookie, SameSite},
};

use crate::{
    config::Web,
    problem::{self, Asker},
};

/// A refused form is shown again right away, or never.
const FORM_LIFE: Duration = Duration::minutes(1);
/// More than any form field needs; keeps the cookie below what browsers take.
const KEPT_CHARS: usize = 254;

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// A path of this site, in any case.
    #[must_use]
    pub fn path(self) -> String {
        if paths::is_local(&self.next) { self.next } else { paths::OVERVIEW.to_owned() }
    }
}

#[derive(Deserialize)]
pub struct SignIn {
    email: String,
    password: String,
    #[serde(flatten)]
    next: Next,
}

#[derive(Deserialize)]
pub struct Welcome {
    token: String,
    email: String,
    name: String,
    password: String,
}

/// The network address of whoever asks, as far as the proxies in front can be trusted with it.
pub struct From(String);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for From
where
    Web: axum::extract::FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        state: &S,
    ) -> Result<Self, Self::Rejection> {
        let web: Web = axum::extract::FromRef::from_ref(state);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        Ok(Self(forwarded(&parts.headers, web.proxies).or(peer).unwrap_or_default()))
    }
}

/// The address that the outermost of our own proxies saw. What stands further left was written by strangers.
fn forwarded(headers: &HeaderMap, proxies: usize) -> Option<String> {
    let values = headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
    let addresses: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let at = addresses.len().checked_sub(proxies).filter(|_| proxies > 0)?;
    addresses.get(at).map(|address| (*address).to_owned())
}

/// `POST /auth/sign-in`
pub async fn sign_in(
    State(portal): State<Portal>,
    State(web): State<Web>,
    session: Session,
    From(from): From,
    Form(form): Form<SignIn>,
) -> Response {
    let next = form.next.path();
    match portal.sign_in(&form.email, &form.password, &from).await {
        Ok(caller) => begin(&session, &caller, &next).await,
        Err(refusal) => {
            let problem = match refusal {
                SignInRefusal::Credentials => "credentials",
                SignInRefusal::Limited => "limited",
                SignInRefusal::Portal(error) => word(&error.into_failure()),
            };
            refuse(&web, &page(problem, &next), RefusedForm { email: form.email, ..RefusedForm::default() })
        }
    }
}

/// `POST /auth/sign-out`
pub async fn sign_out(
    State(portal): State<Portal>,
    session: Session,
    From(from): From,
    request: Request,
) -> Response {
    if let Some(caller) = request.extensions().get::<Caller>() {
        // Signing out must work even where it cannot be noted.
        if let Err(error) = portal.signed_out(caller, &from).await {
            tracing::warn!(%error, "signing out was not noted");
        }
    }
    end(&session).await;
    see_other(paths::SIGN_IN)
}

/// `POST /auth/welcome`
pub async fn welcome(
    State(portal): State<Portal>,
    State(web): State<Web>,
    session: Session,
    Form(form): Form<Welcome>,
) -> Response {
    let Welcome { token, email, name, password } = form;
    let back =
        |problem: &str| format!("{}?token={}&problem={problem}", paths::WELCOME, paths::encode(&token));
    let new = NewAdministrator { token: token.clone(), email: email.clone(), name: name.clone(), password };
    match portal.create_first_administrator(new).await {
        Ok(caller) => begin(&session, &caller, paths::OVERVIEW).await,
        Err(error) => {
            let failure = error.into_failure();
            let word = word(&failure);
            let problems =
                if let FailureCode::Invalid { fields } = failure.code { fields } else { Vec::new() };
            refuse(&web, &back(word), RefusedForm { email, name, problems })
        }
    }
}

/// The `problem` parameter that a failure becomes: the page has the words.
fn word(failure: &Failure) -> &'static str {
    match failure.code {
        FailureCode::Invalid { .. } => "fields",
        FailureCode::Conflict { .. } => "token",
        FailureCode::DatabaseUnavailable => "database",
        _ => "internal",
    }
}

/// The sign-in page with a word about why it is shown.
#[must_use]
pub fn page(problem: &str, next: &str) -> String {
    let page = paths::sign_in_then(next);
    let separator = if page.contains('?') { '&' } else { '?' };
    format!("{page}{separator}problem={problem}")
}

/// Whether the browser believes that it has a session.
#[must_use]
pub fn has_session_cookie(web: &Web, headers: &HeaderMap) -> bool {
    cookie(headers, web.session_cookie()).is_some()
}

/// A session of its own for each sign-in: an id that somebody else may have planted is worth nothing afterwards.
async fn begin(session: &Session, caller: &Caller, next: &str) -> Response {
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

fn see_other(path: &str) -> Response {
    Redirect::to(path).into_response()
}

fn refuse(web: &Web, back: &str, mut form: RefusedForm) -> Response {
    form.email = form.email.chars().take(KEPT_CHARS).collect();
    form.name = form.name.chars().take(KEPT_CHARS).collect();
    let value = serde_json::to_vec(&form).map(|json| BASE64_URL_SAFE_NO_PAD.encode(json)).unwrap_or_default();
    let mut response = see_other(back);
    set_form_cookie(web, &mut response, value, FORM_LIFE);
    response
}

fn set_form_cookie(web: &Web, response: &mut Response, value: String, life: Duration) {
    let cookie = Cookie::build((web.form_cookie(), value))
        .path("/")
        .http_only(true)
        .secure(web.secure)
        .same_site(SameSite::Lax)
        .max_age(life);
    if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Hands a refused form to the page that shows it again, once.
pub async fn refused_form(State(web): State<Web>, mut request: Request, next: middleware::Next) -> Response {
    let Some(kept) = cookie(request.headers(), web.form_cookie()) else { return next.run(request).await };
    let shown = request.method() == http::Method::GET;
    if let (true, Some(form)) = (shown, read(&kept)) {
        request.extensions_mut().insert(form);
    }
    let mut response = next.run(request).await;
    if shown && response.status() == StatusCode::OK {
        set_form_cookie(&web, &mut response, String::new(), Duration::ZERO);
    }
    response
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

fn read(kept: &str) -> Option<RefusedForm> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(kept).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_callers_address_is_what_our_own_proxies_saw() {
        let headers = HeaderMap::from_iter([(
            "x-forwarded-for".parse().unwrap(),
            HeaderValue::from_static("6.6.6.6, 203.0.113.7, 10.0.0.2"),
        )]);
        assert_eq!(forwarded(&headers, 0), None);
        assert_eq!(forwarded(&headers, 1).as_deref(), Some("10.0.0.2"));
        assert_eq!(forwarded(&headers, 2).as_deref(), Some("203.0.113.7"));
        assert_eq!(forwarded(&headers, 4), None);
    }

    #[test]
    fn signing_in_never_leads_to_another_site() {
        assert_eq!(Next { next: "//evil.example".into() }.path(), "/");
        assert_eq!(Next { next: "/jobs?state=failed".into() }.path(), "/jobs?state=failed");
    }
}
