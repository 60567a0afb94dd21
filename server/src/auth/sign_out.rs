//! Signing out: here, and at the identity provider that a session was begun at.

use axum::{
    extract::{Request, State},
    http::HeaderName,
    response::{IntoResponse, Response},
};
use model::paths;
use portal::{Caller, Portal};
use store::ProviderSession;
use tower_sessions::Session;

use super::{
    address::Address,
    session::{end, provider_of, see_other},
};
use crate::config::Web;

/// Drafts are in the browser's storage. Its cache has no page of ours, and its cookies are ended one by one: that it is
/// known stays.
const CLEAR_SITE_DATA: (HeaderName, &str) = (HeaderName::from_static("clear-site-data"), "\"storage\"");

/// `POST /auth/sign-out`
pub async fn sign_out(
    State(portal): State<Portal>,
    State(web): State<Web>,
    session: Session,
    Address(from): Address,
    request: Request,
) -> Response {
    if let Some(caller) = request.extensions().get::<Caller>() {
        // Signing out must work even where it cannot be noted.
        if let Err(error) = portal.signed_out(caller, &from).await {
            tracing::warn!(%error, "signing out was not noted");
        }
    }
    // Signing out must work even where it is not known what was begun at a provider.
    let at = provider_of(&session).await.ok().flatten();
    end(&session).await;
    let on = match at {
        Some(at) => at_provider(&portal, &web, &at).await,
        None => None,
    };
    ([CLEAR_SITE_DATA], on.unwrap_or_else(|| see_other(paths::SIGN_IN))).into_response()
}

/// The way on to the provider of a session that has ended here, to sign out there too.
async fn at_provider(portal: &Portal, web: &Web, at: &ProviderSession) -> Option<Response> {
    let back = format!("{}{}", web.url, paths::SIGN_IN);
    let address = portal.sign_out_at_provider(at, &back).await?;
    Some(sign_out_page(&portal.provider_link(&at.provider)?.title, &address))
}

/// A page that leads on to the provider, to sign out there: our policy lets no form lead to other sites.
fn sign_out_page(title: &str, address: &str) -> Response {
    let address = html_escape::encode_double_quoted_attribute(address);
    let title = html_escape::encode_text(title);
    let html = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\"><title>Signed out</title></head>\
         <body><main><h1>You are signed out of Holdfast</h1>\
         <p><a href=\"{address}\">Sign out at {title}, too</a></p></main></body></html>"
    );
    axum::response::Html(html).into_response()
}
