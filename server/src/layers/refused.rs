//! Forms that were posted without scripts and refused: what was typed goes back to their page for one view, secrets aside.
//!
//! Of a person who is signed in it is kept with the session, on the server. Of somebody who is not it is kept in a cookie,
//! so that nothing that strangers type stays here. Where it cannot be kept (the session has ended, the database is away, it is
//! too large), the answer is a page that holds all of it and can send it once more.

use app::error::AppError;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
    },
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use leptos::server_fn::error::ServerFnUrlError;
use model::{
    Failure, FailureCode, FieldProblem, paths,
    session::{RefusedForm, RefusedPost},
};
use serde::{Deserialize, Serialize};
use time::Duration;
use tower_sessions::{
    Session,
    cookie::{Cookie, SameSite},
};

use crate::{
    config::Web,
    layers::receive::TooLarge,
    problem::{self, Asker, RPC},
    state::Parts,
};

/// Fields that are never kept and never shown again.
const SECRET: [&str; 7] =
    ["password", "new_password", "current_password", "token", "code", "logout_token", "passkey"];
/// A form is shown again right away, or never.
const LIFE: Duration = Duration::minutes(10);
/// The same, of somebody who is not signed in: the browser may be anybody's.
const LIFE_OF_COOKIE: Duration = Duration::minutes(1);
/// Many times what AWS takes as a policy; a session holds one form.
const LARGEST_KEPT: usize = 256 << 10;
/// Browsers take cookies of about 4,096 bytes.
const LARGEST_COOKIE: usize = 3 << 10;

/// That a handler refused a form and sends its reader back; for the layer, which knows what was typed.
#[derive(Clone, Debug)]
pub struct SentBack {
    pub problems: Vec<FieldProblem>,
}

/// A form on its way back to its page.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The page's path, without its query.
    page: String,
    post: RefusedPost,
    /// What is wrong, field by field, where `post` does not say it.
    problems: Vec<FieldProblem>,
}

/// What a form sent, and where it stands.
struct Posted {
    /// Path that it was sent to.
    action: String,
    /// Path and query of the page.
    page: String,
    fields: Vec<(String, String)>,
}

/// Gives refused forms of those who are not signed in back, and takes in those that are refused now.
pub async fn refused(
    State(parts): State<Parts>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let web = &parts.web;
    if request.method() == Method::GET {
        let given = give_back_from_cookie(web, &mut request);
        let mut response = next.run(request).await;
        if given && response.status() == StatusCode::OK {
            set_cookie(web, &mut response, web.form_cookie(), String::new(), Duration::ZERO);
        }
        return response;
    }
    let too_large = request.extensions().get::<TooLarge>().is_some();
    let failure = || Failure::from(FailureCode::TooLarge);
    let Some(page) = page_of(&request) else {
        return if too_large {
            problem::answer(&Asker::of(&request), failure())
        } else {
            next.run(request).await
        };
    };
    let (head, body) = request.into_parts();
    // It was bounded when it was received.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let posted = Posted { action: head.uri.path().to_owned(), page, fields: fields(&body) };
    if too_large {
        return posted.again(&failure());
    }
    let mut response = next.run(Request::from_parts(head, Body::from(body))).await;
    match response.extensions_mut().remove::<SentBack>() {
        Some(SentBack { problems }) => posted.keep_in_cookie(web, &mut response, problems),
        None => response = posted.answer(&parts, &session, response).await,
    }
    response
}

/// Hands a form that is kept with the session to the page that shows it again, once.
pub async fn give_back(parts: &Parts, session: &Session, request: &mut Request) {
    let page = request.method() == Method::GET && matches!(Asker::of(request), Asker::Page { .. });
    let Some(id) = session.id().filter(|_| page) else { return };
    match parts.sessions.take_refused_form(&id, request.uri().path(), LIFE).await {
        Ok(kept) => {
            if let Some(Kept { post, .. }) = kept.and_then(|text| serde_json::from_str(&text).ok()) {
                request.extensions_mut().insert(post);
            }
        }
        Err(error) => tracing::warn!(%error, "a refused form cannot be read"),
    }
}

/// Hands a form that the browser keeps to the page that shows it again. Whether there was one.
fn give_back_from_cookie(web: &Web, request: &mut Request) -> bool {
    let kept = cookie(request.headers(), web.form_cookie()).and_then(|text| read_cookie(&text));
    let Some(Kept { post, problems, .. }) = kept.filter(|kept| kept.page == request.uri().path()) else {
        return false;
    };
    let [email, name] = ["email", "name"].map(|field| post.field(field).to_owned());
    request.extensions_mut().insert(RefusedForm { email, name, problems });
    true
}

impl Posted {
    /// Mends what leptos answers: by itself it sends the reader back with the error in the address, without what was typed.
    async fn answer(self, parts: &Parts, session: &Session, mut response: Response) -> Response {
        if let Some(failure) = response.extensions_mut().remove::<Failure>() {
            return self.again(&failure);
        }
        let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()?.parse::<Uri>().ok());
        let Some(to) = to else { return response };
        let Some(error) = error_in(&to) else {
            // A form that was sent from a page of ours about a refusal: its own page is the one before.
            if to.path().starts_with(RPC)
                && let Ok(page) = HeaderValue::from_str(&self.page)
            {
                response.headers_mut().insert(LOCATION, page);
            }
            return response;
        };
        let failure = ServerFnUrlError::<AppError>::decode_err(&error).into_failure();
        if self.keep(parts, session, error).await {
            Redirect::to(&self.page).into_response()
        } else {
            self.again(&failure)
        }
    }

    /// Keeps it with the session. False where that cannot be.
    async fn keep(&self, parts: &Parts, session: &Session, error: String) -> bool {
        let kept = self.kept(error, Vec::new());
        let (Some(id), Ok(text)) = (session.id(), serde_json::to_string(&kept)) else { return false };
        if text.len() > LARGEST_KEPT {
            return false;
        }
        let written = parts.sessions.keep_refused_form(&id, &kept.page, &text).await;
        written.unwrap_or_else(|error| {
            tracing::warn!(%error, "a refused form cannot be kept");
            false
        })
    }

    /// Keeps it in the browser; one that is too large is not kept.
    fn keep_in_cookie(&self, web: &Web, response: &mut Response, problems: Vec<FieldProblem>) {
        let kept = self.kept(String::new(), problems);
        let value = serde_json::to_vec(&kept).map(|json| BASE64_URL_SAFE_NO_PAD.encode(json));
        if let Some(value) = value.ok().filter(|value| value.len() <= LARGEST_COOKIE) {
            set_cookie(web, response, web.form_cookie(), value, LIFE_OF_COOKIE);
        }
    }

    fn kept(&self, error: String, problems: Vec<FieldProblem>) -> Kept {
        let page = self.page.split('?').next().unwrap_or_default().to_owned();
        let post = RefusedPost { function: self.action.clone(), error, fields: self.fields.clone() };
        Kept { page, post, problems }
    }

    fn again(&self, failure: &Failure) -> Response {
        let action = format!("{}?page={}", self.action, paths::encode(&self.page));
        problem::form_again(failure, &self.page, &action, &self.fields)
    }
}

/// The page that a form was posted from, where this is such a form: a browser wants a page from a server function, or
/// somebody signs in.
fn page_of(request: &Request) -> Option<String> {
    let kind = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    if !kind.starts_with("application/x-www-form-urlencoded") || request.method() != Method::POST {
        return None;
    }
    match request.uri().path() {
        paths::POST_SIGN_IN => return Some(paths::SIGN_IN.to_owned()),
        paths::POST_WELCOME => return Some(paths::WELCOME.to_owned()),
        paths::POST_JOIN | paths::POST_PASSKEY_JOIN => return Some(paths::JOIN.to_owned()),
        path if path.starts_with(RPC) => (),
        _ => return None,
    }
    let Asker::Form { back } = Asker::of(request) else { return None };
    let again = pairs(request.uri().query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "page");
    let page = again.map_or(back, |(_, page)| page);
    Some(if paths::is_local(&page) { page } else { paths::OVERVIEW.to_owned() })
}

fn fields(body: &Bytes) -> Vec<(String, String)> {
    pairs(body).filter(|(name, _)| !SECRET.contains(&name.as_str())).collect()
}

fn pairs(text: &[u8]) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned()))
}

/// The error that leptos wrote into an address.
fn error_in(to: &Uri) -> Option<String> {
    pairs(to.query()?.as_bytes()).find(|(name, _)| name == "__err").map(|(_, error)| error)
}

/// Sets a cookie that scripts cannot read.
pub fn set_cookie(web: &Web, response: &mut Response, name: &'static str, value: String, life: Duration) {
    let cookie = Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .secure(web.secure)
        .same_site(SameSite::Lax)
        .max_age(life);
    if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// A cookie's value.
#[must_use]
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

fn read_cookie(text: &str) -> Option<Kept> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out_by_their_names_and_nothing_else_is() {
        let body = "email=ana%40example.com&password=a&new_password=b&current_password=c&token=d&code=e&\
                    passwords_policy=kept&targets%5B%5D=1&targets%5B%5D=2";
        let names: Vec<String> = fields(&Bytes::from(body)).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["email", "passwords_policy", "targets[]", "targets[]"]);
    }
}
