//! A refused form of signing in goes back to its page with a cookie that holds what was typed (never a password) for one page
//! view.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::session::RefusedForm;
use time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

use crate::config::Web;

/// A refused form is shown again right away, or never.
const FORM_LIFE: Duration = Duration::minutes(1);
/// More than any form field needs; keeps the cookie below what browsers take.
const KEPT_CHARS: usize = 254;

pub fn refuse(web: &Web, back: &str, mut form: RefusedForm) -> Response {
    form.email = form.email.chars().take(KEPT_CHARS).collect();
    form.name = form.name.chars().take(KEPT_CHARS).collect();
    let value = serde_json::to_vec(&form).map(|json| BASE64_URL_SAFE_NO_PAD.encode(json)).unwrap_or_default();
    let mut response = Redirect::to(back).into_response();
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
    let shown = request.method() == Method::GET;
    if let (true, Some(form)) = (shown, read(&kept)) {
        request.extensions_mut().insert(form);
    }
    let mut response = next.run(request).await;
    if shown && response.status() == StatusCode::OK {
        set_form_cookie(&web, &mut response, String::new(), Duration::ZERO);
    }
    response
}

pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

fn read(kept: &str) -> Option<RefusedForm> {
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(kept).ok()?).ok()
}
