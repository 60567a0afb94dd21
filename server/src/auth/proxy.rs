//! People of whom a proxy in front says with each request that they send it: their sessions are theirs for as long as it does.

use axum::http::HeaderMap;
use portal::{PortalError, ProviderEntry, ProviderRefusal, SignInPurpose, Visitor};
use store::{SESSION_USER, UserId};
use tower_sessions::Session;

use super::{
    browser::Browser,
    session::{end, provider_of, renew},
};
use crate::state::Parts;

/// Brings a session into line with what a proxy says of the request: ends one of somebody else, or of whom it says nothing
/// any more, and begins one of theirs. Whom a proxy names and nobody knows keeps a session of another kind.
///
/// # Errors
/// Where the database fails.
pub async fn settle(
    parts: &Parts,
    session: &Session,
    headers: &HeaderMap,
    (browser, from): (&Browser, &str),
) -> Result<(), PortalError> {
    if !parts.portal.has_proxies() || !parts.schema.is_ready() {
        return Ok(());
    }
    let asserted = parts.portal.asserted_person(headers).await;
    // What cannot be read is told where the session is asked for its person.
    let (Ok(at), Ok(user)) = (provider_of(session).await, session.get::<UserId>(SESSION_USER).await) else {
        return Ok(());
    };
    let bound = at.filter(|at| parts.portal.is_proxy(&at.provider));
    let keeps = match (&asserted, &bound, user) {
        (_, _, None) => false,
        (Some(asserted), Some(at), _) => {
            asserted.provider() == at.provider
                && (&asserted.identity().issuer, &asserted.identity().subject) == (&at.issuer, &at.subject)
        }
        (None, Some(_), _) => false,
        (Some(asserted), None, Some(user)) => !parts.portal.is_somebody_else(asserted, user).await?,
        (None, None, _) => true,
    };
    if keeps {
        return Ok(());
    }
    if user.is_some() {
        end(session).await;
    }
    let Some(asserted) = asserted else { return Ok(()) };
    match parts.portal.enter_by_assertion(&asserted, &SignInPurpose::SignIn, Visitor::from(from)).await {
        Ok(ProviderEntry { caller, session: at, confirmed_at, .. }) => {
            if let Err(error) = renew(session, &caller, Some(&at), confirmed_at, &browser.words, from).await {
                tracing::warn!(%error, "the session of a proxy's person cannot be written");
            }
            Ok(())
        }
        Err(ProviderRefusal::Portal(error)) => Err(error),
        // Said in the log; the sign-in page says why where they ask.
        Err(_) => Ok(()),
    }
}
