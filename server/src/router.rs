//! Every route, and the layers around them.

use std::sync::OnceLock;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{MethodRouter, get, post},
};
use leptos_axum::{AxumRouteListing, LeptosRoutes};
use model::paths;
use store::SessionStore;
use tower_http::{CompressionLevel, compression::CompressionLayer};
use tower_sessions::{Expiry, SessionManagerLayer, cookie::SameSite};

use crate::{
    api, attachment_export, audit_export, auth, executor, health,
    layers::{
        gate::gate, headers::headers, origin::origin, receive::of_its_kind, refused::refused, watch::watch,
    },
    live, mapping,
    render::{context, render},
    scim,
    state::Parts,
};

/// Pages are compressed while somebody waits.
const PAGE_COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);
/// A session that is not used ends; the store ends it after half a day in any case.
const IDLE: time::Duration = time::Duration::hours(2);

/// The whole site.
pub fn router(parts: Parts) -> Router {
    let web = parts.web.clone();
    Router::new()
        .merge(pages(&parts))
        .merge(api::router(&parts))
        .merge(scim::routes(&parts))
        .merge(parts.site.routes())
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        // What is received was bounded before.
        .layer(CompressionLayer::new().quality(PAGE_COMPRESSION))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(web.clone(), origin))
        .layer(from_fn_with_state(parts.clone(), watch))
        .layer(from_fn_with_state(web, headers))
        .with_state(parts)
}

/// What needs a session: pages, server functions, and the forms for signing in and out.
fn pages(parts: &Parts) -> Router<Parts> {
    let options = parts.options.clone();
    let routes = |all: Vec<(&str, MethodRouter<Parts>)>| {
        all.into_iter().fold(Router::new(), |router, (path, handler)| router.route(path, handler))
    };
    Router::new()
        .leptos_routes_with_context(parts, page_list(), context(parts), move || app::shell(options.clone()))
        .merge(routes(handlers()))
        .fallback(not_found)
        .layer(from_fn(of_its_kind))
        .layer(from_fn_with_state(parts.clone(), gate))
        .layer(from_fn_with_state(parts.clone(), refused))
        .layer(session_layer(parts))
}

/// What is neither a page's own route nor a server function, by path.
fn handlers() -> Vec<(&'static str, MethodRouter<Parts>)> {
    vec![
        (paths::POST_SIGN_IN, post(auth::password::sign_in)),
        (paths::POST_SIGN_OUT, post(auth::sign_out::sign_out)),
        (paths::POST_WELCOME, post(auth::welcome::welcome)),
        (paths::POST_JOIN, post(auth::welcome::join)),
        (paths::POST_SIGN_IN_CODE, post(auth::password::code)),
        (paths::POST_CONFIRM, post(auth::password::confirm)),
        (paths::POST_PASSKEY_OPTIONS, post(auth::passkey::options)),
        (paths::POST_PASSKEY_SIGN_IN, post(auth::passkey::sign_in)),
        (paths::POST_PASSKEY_JOIN, post(auth::passkey::join)),
        (paths::POST_PASSKEY_CONFIRM, post(auth::passkey::confirm)),
        (paths::POST_PASSKEY_ADD, post(auth::passkey::add)),
        (paths::PROVIDER, get(auth::provider::begin)),
        (paths::PROVIDER_CALLBACK, get(auth::provider::callback_of)),
        (paths::PROVIDER_LOGOUT, post(auth::provider::logout)),
        (paths::MAPPING, post(mapping::try_mapping)),
        (paths::ATTACHMENT_EXPORT, get(attachment_export::attachment_export)),
        (paths::AUDIT_EXPORT, get(audit_export::audit_export)),
        (paths::LIVE, get(live::live)),
    ]
}

/// The paths of all that is neither a page nor a server function; parts that vary stand in braces.
#[must_use]
pub fn handler_paths() -> Vec<&'static str> {
    handlers().into_iter().map(|(path, _)| path).collect()
}

/// The pages of the app. Listed once, before anything is served: the listing must not run beside the rendering of a page.
fn page_list() -> Vec<AxumRouteListing> {
    static PAGES: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    executor::init();
    PAGES.get_or_init(|| leptos_axum::generate_route_list(app::App)).clone()
}

/// The paths of all pages; parts that vary stand in braces.
#[must_use]
pub fn page_paths() -> Vec<String> {
    page_list().iter().map(|page| page.path().to_owned()).collect()
}

fn session_layer(parts: &Parts) -> SessionManagerLayer<SessionStore> {
    SessionManagerLayer::new(parts.sessions.clone())
        .with_name(parts.web.session_cookie())
        .with_secure(parts.web.secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(IDLE))
}

async fn not_found(State(parts): State<Parts>, request: Request) -> Response {
    let mut response = render(&parts, request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
