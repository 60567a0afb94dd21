//! Signing out at an identity provider, and being signed out by it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::audit::{AuditAction, AuditDetail};
use openidconnect::url::Url;
use store::{Actor, EndedAtProvider, Identity, NewAudit, ProviderSession};

use super::{connection::Connection, file::is_private, jws::Fault, refusal::ProviderRefusal, token::Logout};
use crate::{
    Portal,
    people::{Visitor, limits::Try},
};

/// The name under which an ID token is sealed.
pub(super) fn sealed_name(identity: &Identity) -> String {
    format!("ID token of {} at {}", identity.subject, identity.issuer)
}

impl Portal {
    /// Where somebody signs out at the provider of their session, to come back to `back` afterwards. `None` where the
    /// provider has no such place or does not answer: they are signed out here in any case.
    pub async fn sign_out_at_provider(&self, session: &ProviderSession, back: &str) -> Option<String> {
        if let Some(proxy) = self.0.providers.proxy(&session.provider) {
            return proxy.assertion.sign_out.clone();
        }
        let connection = self.0.providers.get(&session.provider)?;
        let metadata = connection.metadata(self.now()).await.ok()?;
        let place = metadata.additional_metadata().end_session_endpoint.as_deref()?;
        let mut place = Url::parse(place).ok().filter(is_private)?;
        let identity = Identity { issuer: session.issuer.clone(), subject: session.subject.clone() };
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(&session.id_token).ok()?;
        let hint = self.unseal(&sealed_name(&identity), &sealed).await.ok();
        let mut query = place.query_pairs_mut();
        if let Some(hint) = hint.and_then(|hint| String::from_utf8(hint).ok()) {
            query.append_pair("id_token_hint", &hint);
        }
        query.append_pair("client_id", connection.client.id.as_str());
        query.append_pair("post_logout_redirect_uri", back);
        drop(query);
        Some(place.into())
    }

    /// Ends the sessions that a provider says have ended, by its logout token; says how many. Tokens that are not believed
    /// count as attempts of their address.
    ///
    /// # Errors
    /// Where the token is not believed, or the database fails.
    pub async fn log_out_by_provider(
        &self,
        name: &str,
        token: &str,
        from: Visitor<'_>,
    ) -> Result<u64, ProviderRefusal> {
        let connection = self.0.providers.get(name).ok_or(ProviderRefusal::Unknown)?;
        let Some(attempt) = self.attempt(&Try::Welcome, from).await? else {
            return Err(ProviderRefusal::Declined);
        };
        let ended = self.logout(connection, token).await?;
        let provider = &connection.provider;
        let event = |person: String| {
            let actor = Actor { person, session: String::new(), address: from.address.to_owned() };
            let text = format!("By {}.", provider.title);
            NewAudit {
                detail: AuditDetail::Text { text },
                ..NewAudit::done(actor, AuditAction::SessionsEnded)
            }
        };
        let issuer = provider.issuer.as_str();
        let ended = self.store().end_provider_sessions(issuer, &ended, event, self.now()).await?;
        let ended = ended.ok_or_else(|| provider.not_believed("it was followed before"))?;
        self.give_back(attempt).await;
        Ok(ended)
    }

    async fn logout(&self, connection: &Connection, token: &str) -> Result<EndedAtProvider, ProviderRefusal> {
        let now = self.now();
        let away = |_| ProviderRefusal::Away;
        let metadata = connection.metadata(now).await.map_err(away)?;
        let read = match Logout::of_token(connection, &metadata, token, now) {
            Err(Fault::UnknownKey) => match connection.with_new_keys(now).await.map_err(away)? {
                Some(metadata) => Logout::of_token(connection, &metadata, token, now),
                None => Err(Fault::UnknownKey),
            },
            read => read,
        };
        read.map_err(|fault| connection.provider.not_believed(&format!("{fault:?}")))
    }
}
