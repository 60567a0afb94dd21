//! Sessions of providers that give refresh tokens, brought up to date on the clock: what the provider says of the person
//! now counts here.
//!
//! It is the clock's work and not a request's: rights of tokens and of idle sessions change too, no page waits for the provider,
//! and requests of one session do not race for one token.

use model::audit::{AuditAction, AuditDetail};
use openidconnect::{Nonce, OAuth2TokenResponse, RefreshToken};
use store::{Identity, NewAudit, NewRefreshToken, RefreshToken as StoredToken, Subject, Task, User, UserId};
use time::{Duration, OffsetDateTime};

use super::{
    connection::Connection,
    directory::groups_of,
    enter::actor,
    file::{Provider, Refresh},
    redeem::{KeptToken, NotRefreshed},
    refusal::ProviderRefusal,
    token::Claims,
};
use crate::{Portal, PortalError, people::Visitor, tasks::Outcome};

/// Until a provider that gave no usable answer is asked again.
const RETRY: Duration = Duration::minutes(1);
/// Attempts to revoke the token of a session that has ended: about an hour and a half.
const MOST_TRIES: i32 = 12;

/// The name under which a refresh token is sealed.
fn sealed_name(identity: &Identity) -> String {
    format!("refresh token of {} at {}", identity.subject, identity.issuer)
}

impl Portal {
    /// A refresh token as it is kept, where the provider gave one and its sessions are refreshed.
    pub(super) async fn new_refresh_token(
        &self,
        connection: &Connection,
        token: Option<RefreshToken>,
        nonce: &str,
        claims: &Claims,
    ) -> Result<Option<NewRefreshToken>, PortalError> {
        let Some(refresh) = &connection.client.refresh else { return Ok(None) };
        let Some(token) = token else {
            let provider = &connection.provider.name;
            tracing::info!(provider, "the identity provider gave no refresh token");
            return Ok(None);
        };
        let kept = KeptToken { token, nonce: Nonce::new(nonce.to_owned()) };
        Ok(Some(NewRefreshToken {
            identity: claims.identity.clone(),
            sid: claims.sid.clone(),
            sealed: self.seal_token(&claims.identity, &kept).await?,
            due_at: self.now() + refresh.every,
        }))
    }

    /// Does what is due with the refresh token that a task of [`store::REFRESH_SESSION`] is of: refreshes its session, or lets
    /// go of one whose session has ended. Of any number of calls at once, in any number of processes, one uses the token.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refresh_session(&self, task: &Task) -> Result<Outcome, PortalError> {
        let Ok(id) = task.key.parse::<i64>() else { return Ok(Outcome::Done) };
        let _alone = self.store().lock_subjects(&[Subject::alone(format!("refresh-token:{id}"))]).await?;
        let now = self.now();
        let Some(token) = self.store().refresh_token(id, now).await? else { return Ok(Outcome::Done) };
        let connection = self.0.providers.by_issuer(&token.identity.issuer);
        let refresh =
            connection.and_then(|connection| Some((connection, connection.client.refresh.as_ref()?)));
        let (Some(user), Some((connection, refresh))) = (token.user, refresh) else {
            return self.let_go(connection, &token, task.failures).await;
        };
        if token.due_at > now {
            return Ok(Outcome::Again { at: token.due_at });
        }
        let Some(kept) = self.unseal_token(&token).await else {
            self.store().remove_refresh_token(id).await?;
            return Ok(Outcome::Done);
        };
        self.refresh(connection, refresh, &token, (user, &kept)).await
    }

    async fn refresh(
        &self,
        connection: &Connection,
        refresh: &Refresh,
        token: &StoredToken,
        (user, kept): (UserId, &KeptToken),
    ) -> Result<Outcome, PortalError> {
        let now = self.now();
        let provider = &connection.provider;
        let mut version = token.version;
        let said = async {
            let metadata = connection.metadata(now).await?;
            let tokens = connection.redeem(&metadata, &kept.token).await?;
            if let Some(next) = tokens.refresh_token().filter(|next| next.secret() != kept.token.secret()) {
                // Before anything else can go wrong: the old one may be good no more.
                let next = KeptToken { token: next.clone(), nonce: kept.nonce.clone() };
                let sealed = self.seal_token(&token.identity, &next).await?;
                version = self.store().rotate_refresh_token(token, &sealed).await?.unwrap_or(version);
            }
            let known = (&token.identity, &kept.nonce);
            let claims = connection.read_refreshed(metadata, &tokens, known, now).await?;
            self.follow(provider, user, &claims).await
        };
        match said.await {
            Ok(()) => {
                let (due_at, ends_at) = (now + refresh.every, now + provider.session);
                let goes_on = self.store().prolong_session(token.id, due_at, ends_at).await?;
                Ok(Outcome::Again { at: if goes_on { due_at } else { now } })
            }
            Err(NotRefreshed::Portal(error)) => Err(error),
            Err(NotRefreshed::Away) => {
                let problem = format!("{} gives no usable answer", provider.title);
                Ok(Outcome::Failed { problem, at: Some(now + RETRY) })
            }
            Err(NotRefreshed::Refused(why)) => {
                tracing::info!(provider = provider.name, why, "a session is not refreshed, and ends");
                let person = self.store().user_by_id(user).await?.map(|user| user.email).unwrap_or_default();
                let event = NewAudit {
                    detail: AuditDetail::Text { text: format!("Not refreshed: {why}.") },
                    ..NewAudit::done(actor(&person, Visitor::from("")), AuditAction::SessionsEnded)
                };
                self.store().end_refused_session(token.id, version, &event, now).await?;
                Ok(Outcome::Again { at: now })
            }
        }
    }

    /// Lets count what the provider says of a person now.
    async fn follow(&self, provider: &Provider, user: UserId, claims: &Claims) -> Result<(), NotRefreshed> {
        let refused = |why: &str| NotRefreshed::Refused(why.to_owned());
        if provider.scim.as_ref().is_some_and(|scim| claims.text(&scim.claim).is_none()) {
            provider.not_believed("it does not name the person as the directory does");
            return Err(NotRefreshed::Away);
        }
        let known = self.known_to_directory(provider, claims).await?;
        let mapped = provider.mapped(&groups_of(provider, claims, known.as_ref())?);
        let owner = self.store().user_by_identity(&claims.identity).await?;
        let Some(owner) = owner.filter(|owner: &User| owner.id == user && !owner.disabled) else {
            return Err(refused("they sign in otherwise, or not at all"));
        };
        match self.check_directory(provider, claims, known.as_ref(), &owner).await {
            Ok(()) => (),
            Err(ProviderRefusal::Portal(error)) => return Err(error.into()),
            Err(refusal) => return Err(refused(&refusal.to_string())),
        }
        Ok(self.map(provider, &owner, &mapped, Visitor::from("")).await?)
    }

    /// Revokes the token of a session that has ended, and removes it. While another session here goes on at the same session of
    /// the provider it is removed alone: at many providers revoking one ends all of that session.
    async fn let_go(
        &self,
        connection: Option<&Connection>,
        token: &StoredToken,
        failures: i32,
    ) -> Result<Outcome, PortalError> {
        let now: OffsetDateTime = self.now();
        let shared = self.store().shares_provider_session(token, now).await?;
        if let Some(connection) = connection.filter(|_| !shared)
            && let Some(kept) = self.unseal_token(token).await
            && connection.revoke(&kept.token, now).await.is_err()
            && failures < MOST_TRIES
        {
            return Ok(Outcome::Failed { problem: "the token is not revoked yet".into(), at: None });
        }
        self.store().remove_refresh_token(token.id).await?;
        Ok(Outcome::Done)
    }

    async fn seal_token(&self, identity: &Identity, kept: &KeptToken) -> Result<Vec<u8>, PortalError> {
        let open = serde_json::to_vec(kept).map_err(|error| PortalError::Internal(error.to_string()))?;
        self.seal(&sealed_name(identity), &open).await
    }

    /// `None` where it does not open, which is logged: the installation's key was changed.
    async fn unseal_token(&self, token: &StoredToken) -> Option<KeptToken> {
        let opened = self.unseal(&sealed_name(&token.identity), &token.sealed).await;
        match opened {
            Ok(open) => serde_json::from_slice(&open).ok(),
            Err(error) => {
                tracing::warn!(%error, "a refresh token cannot be read");
                None
            }
        }
    }
}
