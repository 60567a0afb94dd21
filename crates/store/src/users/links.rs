//! One-time links, by which one person sets how they sign in.

use model::team::LinkPurpose;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use super::{NewUser, end_sessions, insert_user};
use crate::{NewAudit, Store, StoreError, User, UserId, audit, rows};

/// A link to be made.
#[derive(Clone, Debug)]
pub struct NewSignInLink {
    /// SHA-256 of the token in it.
    pub token_hash: Vec<u8>,
    pub purpose: LinkPurpose,
    /// Sign-in name of who made it.
    pub made_by: String,
    pub expires_at: OffsetDateTime,
}

#[derive(FromRow)]
struct LinkRow {
    user_id: i64,
    purpose: String,
}

impl Store {
    /// Adds somebody who sets how they sign in by the link.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on `users_email_key` where the e-mail address is taken.
    pub async fn invite_user(
        &self,
        user: &NewUser,
        link: &NewSignInLink,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<UserId, StoreError> {
        let mut tx = self.begin().await?;
        let id = insert_user(&mut tx, user, now).await?;
        put(&mut tx, id, link).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes a link for somebody, in the place of the one that they had. What they sign in with stays until it is used.
    ///
    /// # Errors
    /// [`StoreError::WrongRowCount`] where there is no such user.
    pub async fn put_sign_in_link(
        &self,
        user: UserId,
        link: &NewSignInLink,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let exists = sqlx::query("SELECT FROM users WHERE user_id = $1 FOR UPDATE").bind(user);
        rows::exactly_one("user", exists.fetch_all(&mut *tx).await?.len() as u64)?;
        put(&mut tx, user, link).await?;
        audit::append(&mut tx, event, now).await?;
        Ok(tx.commit().await?)
    }

    /// Whom a link is for, and what; `None` where it is not good. Who is disabled has none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sign_in_link(
        &self,
        token_hash: &[u8],
        now: OffsetDateTime,
    ) -> Result<Option<(User, LinkPurpose)>, StoreError> {
        let sql = "SELECT user_id, purpose FROM sign_in_links WHERE token_hash = $1 AND expires_at > $2";
        let row: Option<LinkRow> =
            sqlx::query_as(sql).bind(token_hash).bind(now).fetch_optional(&self.pool).await?;
        let Some(LinkRow { user_id, purpose }) = row else { return Ok(None) };
        let purpose = LinkPurpose::from_name(&purpose)
            .ok_or_else(|| StoreError::corrupt("purpose of a link", purpose))?;
        let user = self.user_by_id(user_id).await?;
        Ok(user.filter(|user| !user.disabled).map(|user| (user, purpose)))
    }

    /// Uses a link up: from then on this password is the only way in, and every session has ended. False where the link is
    /// not good any more. Of any number of calls at once, one succeeds.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_sign_in_link(
        &self,
        token_hash: &[u8],
        name: &str,
        password_hash: &str,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        if take_and_set(&mut tx, token_hash, name, Some(password_hash), now).await?.is_none() {
            return Ok(false);
        }
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Takes a link that is good, of somebody who is not disabled; answers whose it was.
pub(super) async fn take(
    connection: &mut PgConnection,
    token_hash: &[u8],
    now: OffsetDateTime,
) -> Result<Option<UserId>, StoreError> {
    let sql = "DELETE FROM sign_in_links l USING users u
        WHERE l.token_hash = $1 AND l.expires_at > $2 AND u.user_id = l.user_id AND NOT u.disabled RETURNING l.user_id";
    Ok(sqlx::query_scalar(sql).bind(token_hash).bind(now).fetch_optional(connection).await?)
}

/// Takes a link that is good, ends all that its holder signed in with, and sets their name and password; answers who it is.
pub(super) async fn take_and_set(
    connection: &mut PgConnection,
    token_hash: &[u8],
    name: &str,
    password_hash: Option<&str>,
    now: OffsetDateTime,
) -> Result<Option<UserId>, StoreError> {
    let Some(user) = take(connection, token_hash, now).await? else { return Ok(None) };
    let sql = "UPDATE users SET name = $2, password_hash = $3, updated_at = $4,
            password_changed_at = CASE WHEN $3 IS NOT NULL THEN $4 END
        WHERE user_id = $1";
    let query = sqlx::query(sql).bind(user).bind(name.trim()).bind(password_hash).bind(now);
    rows::exactly_one("user", query.execute(&mut *connection).await?.rows_affected())?;
    forget_means(connection, user).await?;
    end_sessions(connection, user).await?;
    Ok(Some(user))
}

/// Ends all that somebody signed in with beside a password, and what came with it.
pub(super) async fn forget_means(connection: &mut PgConnection, user: UserId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM code_secrets WHERE user_id = $1",
        "DELETE FROM recovery_codes WHERE user_id = $1",
        "DELETE FROM passkeys WHERE user_id = $1",
        "DELETE FROM known_browsers WHERE user_id = $1",
        "DELETE FROM identities WHERE user_id = $1",
        "DELETE FROM tokens WHERE user_id = $1",
        "DELETE FROM grants WHERE user_id = $1 AND source = 'mapping'",
    ] {
        sqlx::query(sql).bind(user).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn put(connection: &mut PgConnection, user: UserId, link: &NewSignInLink) -> Result<(), StoreError> {
    let sql = "INSERT INTO sign_in_links (token_hash, user_id, purpose, made_by, expires_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT ON CONSTRAINT sign_in_links_user_id_key DO UPDATE SET token_hash = excluded.token_hash,
            purpose = excluded.purpose, made_by = excluded.made_by, expires_at = excluded.expires_at";
    let query = sqlx::query(sql).bind(&link.token_hash).bind(user).bind(link.purpose.as_str());
    query.bind(&link.made_by).bind(link.expires_at).execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
