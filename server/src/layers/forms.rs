//! Forms that were posted without scripts to a server function, and were refused. By itself leptos sends the reader back with
//! the error in the address and without what was typed. Instead both are kept in the session for the page view that follows;
//! where that cannot be (nobody is signed in, the database is away), the answer is a page that holds all of it and can
//! send it once more.

use app::error::AppError;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{
        HeaderValue, Method, StatusCode, Uri,
        header::{CONTENT_TYPE, LOCATION},
    },
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use leptos::server_fn::error::ServerFnUrlError;
use model::{Failure, paths, session::RefusedPost};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::{
    outside,
    problem::{self, Asker, RPC},
    state::LARGEST_REQUEST,
};

/// Where the session keeps a refused form.
const REFUSED: &str = "refused_form";
/// It is shown again right away, or never.
const LIFE_SECONDS: i64 = 600;
/// Many times what AWS takes as a policy; a session holds one form.
const LARGEST_KEPT: usize = 256 << 10;
/// Never kept and never shown again.
const SECRET: &str = "password";

/// A refused form on its way back to its page.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The page's path, without its query.
    page: String,
    /// When it was refused, in seconds since 1970.
    at: i64,
    post: RefusedPost,
}

/// What a form sent, and where it stands.
struct Posted {
    /// Path of the server function.
    function: String,
    /// Path and query of the page.
    page: String,
    fields: Vec<(String, String)>,
}

/// Answers refused forms in a way that loses nothing typed.
pub async fn forms(session: Session, request: Request, next: Next) -> Response {
    let Some(page) = page_of(&request) else { return next.run(request).await };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_REQUEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let posted = Posted { function: parts.uri.path().to_owned(), page, fields: fields(&body) };
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    posted.answer(&session, response).await
}

/// Hands a refused form to the page that shows it again, once.
pub async fn hand_over(session: &Session, request: &mut Request) {
    let page = request.method() == Method::GET && matches!(Asker::of(request), Asker::Page { .. });
    let Ok(Some(kept)) = session.get::<Kept>(REFUSED).await else { return };
    let fresh = outside::now().unix_timestamp() - kept.at < LIFE_SECONDS;
    if fresh && !(page && request.uri().path() == kept.page) {
        return;
    }
    if let Err(error) = session.remove_value(REFUSED).await {
        tracing::warn!(%error, "a refused form cannot be taken out of its session");
    }
    if fresh {
        request.extensions_mut().insert(kept.post);
    }
}

impl Posted {
    async fn answer(self, session: &Session, mut response: Response) -> Response {
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
        match self.keep(session, error).await {
            Ok(true) => Redirect::to(&self.page).into_response(),
            Ok(false) => self.again(&failure),
            Err(problem) => {
                tracing::warn!(error = %problem, "a refused form cannot be kept");
                self.again(&failure)
            }
        }
    }

    /// False where it is too large to be kept.
    async fn keep(&self, session: &Session, error: String) -> Result<bool, tower_sessions::session::Error> {
        let size: usize = self.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size + error.len() > LARGEST_KEPT {
            return Ok(false);
        }
        let page = self.page.split('?').next().unwrap_or_default().to_owned();
        let post = RefusedPost { function: self.function.clone(), error, fields: self.fields.clone() };
        session.insert(REFUSED, Kept { page, at: outside::now().unix_timestamp(), post }).await?;
        session.save().await?;
        Ok(true)
    }

    fn again(&self, failure: &Failure) -> Response {
        let action = format!("{}?page={}", self.function, paths::encode(&self.page));
        problem::form_again(failure, &self.page, &action, &self.fields)
    }
}

/// The page that a form was posted from, where this is such a form: a browser wants a page from a server function.
fn page_of(request: &Request) -> Option<String> {
    let kind = request.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let form = kind.starts_with("application/x-www-form-urlencoded")
        && request.method() == Method::POST
        && request.uri().path().starts_with(RPC);
    let Asker::Page { back } = Asker::of(request) else { return None };
    let again = pairs(request.uri().query().unwrap_or_default().as_bytes()).find(|(name, _)| name == "page");
    let page = again.map_or(back, |(_, page)| page);
    form.then(|| if paths::is_local(&page) { page } else { paths::OVERVIEW.to_owned() })
}

fn fields(body: &Bytes) -> Vec<(String, String)> {
    pairs(body).filter(|(name, _)| !name.contains(SECRET)).collect()
}

fn pairs(text: &[u8]) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned()))
}

/// The error that leptos wrote into an address.
fn error_in(to: &Uri) -> Option<String> {
    pairs(to.query()?.as_bytes()).find(|(name, _)| name == "__err").map(|(_, error)| error)
}
