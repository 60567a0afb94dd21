//! Pages of the app, rendered.

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use leptos::{nonce::Nonce, prelude::*};

use crate::state::Parts;

/// What pages and server functions find around them, beside the request itself.
pub fn context(parts: &Parts) -> impl Fn() + Clone + Send + Sync + 'static {
    let (portal, files) = (parts.portal.clone(), parts.part_files.clone());
    move || {
        provide_context(portal.clone());
        provide_context(files.clone());
        let nonce =
            use_context::<http::request::Parts>().and_then(|parts| parts.extensions.get::<Nonce>().cloned());
        if let Some(nonce) = nonce {
            provide_context(nonce);
        }
    }
}

/// The app's page for a request, whatever its method.
pub async fn render(parts: &Parts, request: Request) -> Response {
    let options = parts.options.clone();
    let render =
        leptos_axum::render_app_async_with_context(context(parts), move || app::shell(options.clone()));
    render(request).await.into_response()
}
