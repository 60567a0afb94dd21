//! Who people are at identity providers: by issuer and subject, never by e-mail address.

use model::{news::Topic, team::GivenGrant};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{NewUser, end_sessions, grants, insert_user, links, provisioning, team};
use crate::{NewAudit, Store, StoreError, User, UserId, audit, news};

/// Somebody at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// As the provider's tokens name it.
    pub issuer: String,
    /// Never used again by the provider for somebody else.
    pub subject: String,
}

/// A provider of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInProvider {
    pub issuer: String,
    /// As addresses and grants name it.
    pub name: String,
    /// As people read it.
    pub title: String,
    /// Whether a directory tells of its people.
    pub directory: bool,
}

/// Whose sessions a provider says have ended: of one of its sessions, or of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedAtProvider {
    pub subject: Option<String>,
    /// The provider's name of its session.
    pub sid: Option<String>,
    /// The `jti` of the token that says so: it is followed once.
    pub token: String,
    /// When the token is good no more.
    pub token_expires_at: OffsetDateTime,
}

/// What became of a one-time link that was followed to a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// From now on they sign in there, and in no other way.
    Done(UserId),
    /// The link is not good any more.
    NoLink,
    /// Somebody else has this identity.
    Taken,
    /// It is the break-glass account, which signs in here.
    BreakGlass,
}

impl Store {
    /// Puts the providers of the configuration in the place of those before. What came of one that is there no more ends:
    /// its sessions, and the grants that its groups stood for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_sign_in_providers(&self, providers: &[SignInProvider]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("LOCK TABLE sign_in_providers IN EXCLUSIVE MODE").execute(&mut *tx).await?;
        sqlx::query("DELETE FROM sign_in_providers").execute(&mut *tx).await?;
        for SignInProvider { issuer, name, title, .. } in providers {
            let sql = "INSERT INTO sign_in_providers (issuer, name, title) VALUES ($1, $2, $3)";
            sqlx::query(sql).bind(issuer).bind(name).bind(title).execute(&mut *tx).await?;
        }
        let sql = "DELETE FROM grants WHERE source = 'mapping' AND provider NOT IN (SELECT name FROM sign_in_providers)";
        sqlx::query(sql).execute(&mut *tx).await?;
        // Of no provider at all is what has no issuer, and that stays.
        let sql = "DELETE FROM sessions WHERE provider_issuer IS NOT NULL
            AND provider_issuer NOT IN (SELECT issuer FROM sign_in_providers)";
        if sqlx::query(sql).execute(&mut *tx).await?.rows_affected() > 0 {
            news::tell(&mut tx, Topic::Sessions).await?;
        }
        let directories = providers.iter().filter(|provider| provider.directory);
        let directories: Vec<&str> = directories.map(|provider| provider.issuer.as_str()).collect();
        provisioning::keep_directories(&mut tx, &directories).await?;
        Ok(tx.commit().await?)
    }

    /// Whose identity it is; `None` where it is nobody's.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn user_by_identity(&self, identity: &Identity) -> Result<Option<User>, StoreError> {
        let sql = "SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2";
        let query = sqlx::query_scalar(sql).bind(&identity.issuer).bind(&identity.subject);
        match query.fetch_optional(&self.pool).await? {
            Some(id) => self.user_by_id(id).await,
            None => Ok(None),
        }
    }

    /// Adds somebody who signs in at a provider for the first time.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on `users_email_key` where the e-mail address is somebody else's, and on `identities_pkey`
    /// where another sign-in of the same person was faster.
    pub async fn create_user_with_identity(
        &self,
        user: &NewUser,
        identity: &Identity,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<UserId, StoreError> {
        let mut tx = self.begin().await?;
        let id = insert_user(&mut tx, user, now).await?;
        link(&mut tx, id, identity, now).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Puts what somebody's groups at a provider stand for in the place of what they stood for before; what was given
    /// otherwise stays. The event is written where that changes what they may do, as `event` makes it of the grants before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn map_grants(
        &self,
        id: UserId,
        provider: &str,
        mapped: &[GivenGrant],
        event: impl FnOnce(Vec<GivenGrant>) -> NewAudit + Send,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        // Two sign-ins of one person at once: the second sees what the first did.
        sqlx::query("SELECT FROM users WHERE user_id = $1 FOR UPDATE").bind(id).execute(&mut *tx).await?;
        let before = mapped_grants(&mut tx, id, provider).await?;
        if before == mapped {
            return Ok(());
        }
        replace_mapped(&mut tx, id, provider, mapped, now).await?;
        audit::append(&mut tx, &event(before), now).await?;
        Ok(tx.commit().await?)
    }

    /// Uses a one-time link up: from then on this identity is the only way in, and every session has ended. Of any number
    /// of calls at once, one succeeds.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn link_identity(
        &self,
        token_hash: &[u8],
        identity: &Identity,
        mapped: &[GivenGrant],
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<Linked, StoreError> {
        let mut tx = self.begin().await?;
        let Some(user) = links::take(&mut tx, token_hash, now).await? else { return Ok(Linked::NoLink) };
        let sql = "SELECT user_id FROM identities WHERE issuer = $1 AND subject = $2";
        let query = sqlx::query_scalar(sql).bind(&identity.issuer).bind(&identity.subject);
        let owner: Option<UserId> = query.fetch_optional(&mut *tx).await?;
        if owner.is_some_and(|owner| owner != user) {
            return Ok(Linked::Taken);
        }
        if team::break_glass(&mut tx).await? == Some(user) {
            return Ok(Linked::BreakGlass);
        }
        links::forget_means(&mut tx, user).await?;
        let sql = "UPDATE users SET password_hash = NULL, password_changed_at = NULL, updated_at = $2 WHERE user_id = $1";
        sqlx::query(sql).bind(user).bind(now).execute(&mut *tx).await?;
        match link(&mut tx, user, identity, now).await {
            Err(error) if error.constraint() == Some("identities_pkey") => return Ok(Linked::Taken),
            linked => linked?,
        }
        grants::insert(&mut tx, user, mapped, now).await?;
        end_sessions(&mut tx, user).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(Linked::Done(user))
    }

    /// Ends the sessions that a provider says have ended: those of one of its sessions, or all of a subject; says how many,
    /// and of whom. The event is written for each of them. `None` where the provider's token was followed before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_provider_sessions(
        &self,
        issuer: &str,
        ended: &EndedAtProvider,
        event: impl Fn(String) -> NewAudit + Send + Sync,
        now: OffsetDateTime,
    ) -> Result<Option<u64>, StoreError> {
        let mut tx = self.begin().await?;
        if !remember_token(&mut tx, issuer, ended, now).await? {
            return Ok(None);
        }
        let sql = "DELETE FROM sessions WHERE provider_issuer = $1 AND ($2::text IS NOT NULL OR $3::text IS NOT NULL)
                AND provider_subject = coalesce($2, provider_subject)
                AND ($3::text IS NULL OR provider_sid = $3)
            RETURNING (SELECT email FROM users u WHERE u.user_id = sessions.user_id)";
        let query = sqlx::query_scalar(sql).bind(issuer).bind(&ended.subject).bind(&ended.sid);
        let emails: Vec<Option<String>> = query.fetch_all(&mut *tx).await?;
        let count = emails.len() as u64;
        let mut people: Vec<String> = emails.into_iter().flatten().collect();
        people.sort_unstable();
        people.dedup();
        if count > 0 {
            news::tell(&mut tx, Topic::Sessions).await?;
        }
        for person in people {
            audit::append(&mut tx, &event(person), now).await?;
        }
        tx.commit().await?;
        Ok(Some(count))
    }
}

/// False where the token was followed before. Those that have expired are forgotten.
async fn remember_token(
    connection: &mut PgConnection,
    issuer: &str,
    ended: &EndedAtProvider,
    now: OffsetDateTime,
) -> Result<bool, StoreError> {
    sqlx::query("DELETE FROM used_logout_tokens WHERE expires_at <= $1")
        .bind(now)
        .execute(&mut *connection)
        .await?;
    let sql = "INSERT INTO used_logout_tokens (issuer, token_hash, expires_at) VALUES ($1, sha256(convert_to($2, 'UTF8')), $3)
        ON CONFLICT ON CONSTRAINT used_logout_tokens_pkey DO NOTHING";
    let query = sqlx::query(sql).bind(issuer).bind(&ended.token).bind(ended.token_expires_at);
    Ok(query.execute(connection).await?.rows_affected() == 1)
}

async fn link(
    connection: &mut PgConnection,
    user: UserId,
    identity: &Identity,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(sql).bind(&identity.issuer).bind(&identity.subject).bind(user).bind(now);
    query.execute(connection).await?;
    Ok(())
}

pub(super) async fn mapped_grants(
    connection: &mut PgConnection,
    user: UserId,
    provider: &str,
) -> Result<Vec<GivenGrant>, StoreError> {
    let sql = "SELECT coalesce(json_agg(g ORDER BY g.grant_id), '[]') FROM grants g
        WHERE g.user_id = $1 AND g.source = 'mapping' AND g.provider = $2";
    let query = sqlx::query_scalar(sql).bind(user).bind(provider);
    let rows: sqlx::types::Json<Vec<grants::GrantRow>> = query.fetch_one(connection).await?;
    grants::given(rows.0)
}

pub(super) async fn replace_mapped(
    connection: &mut PgConnection,
    user: UserId,
    provider: &str,
    mapped: &[GivenGrant],
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM grants WHERE user_id = $1 AND source = 'mapping' AND provider = $2";
    sqlx::query(sql).bind(user).bind(provider).execute(&mut *connection).await?;
    grants::insert(connection, user, mapped, now).await
}

#[cfg(test)]
mod tests;
