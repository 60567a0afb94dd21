//! Refresh tokens of sessions that were begun at an identity provider. One lies with its session alone; that of a session
//! which has ended stays until it is revoked.

use std::fmt;

use model::news::Topic;
use serde_json::Value;
use sqlx::FromRow;
use time::OffsetDateTime;
use tower_sessions::session::Id;

use super::{LONGEST, SessionStore, hash};
use crate::{Identity, NewAudit, NewTask, Store, StoreError, UserId, audit, news, tasks};

/// The kind of the task that each token has; its key is the token's number.
pub const REFRESH_SESSION: &str = "refresh_session";

/// A token that came with a sign-in.
#[derive(Clone)]
pub struct NewRefreshToken {
    pub identity: Identity,
    /// The provider's name of its own session; `None` where it tells none.
    pub sid: Option<String>,
    pub sealed: Vec<u8>,
    /// When the provider is asked first.
    pub due_at: OffsetDateTime,
}

impl fmt::Debug for NewRefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewRefreshToken").field("due_at", &self.due_at).finish_non_exhaustive()
    }
}

/// A token that is kept.
#[derive(Clone)]
pub struct RefreshToken {
    pub id: i64,
    pub identity: Identity,
    pub sid: Option<String>,
    pub sealed: Vec<u8>,
    /// Grows with each token that is put in the place of another.
    pub version: i64,
    pub due_at: OffsetDateTime,
    /// Whose session it is of; `None` where that has ended.
    pub user: Option<UserId>,
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RefreshToken").field("id", &self.id).field("user", &self.user).finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct TokenRow {
    issuer: String,
    subject: String,
    sid: Option<String>,
    sealed: Vec<u8>,
    version: i64,
    due_at: OffsetDateTime,
    user_id: Option<i64>,
}

impl SessionStore {
    /// Keeps a token with its session, in the place of an earlier one. False where the session has ended meanwhile.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keep_refresh_token(&self, id: &Id, token: &NewRefreshToken) -> Result<bool, StoreError> {
        let mut tx = self.store.begin().await?;
        let sql = "DELETE FROM refresh_tokens WHERE session = $1";
        sqlx::query(sql).bind(hash(id)).execute(&mut *tx).await?;
        let sql = "INSERT INTO refresh_tokens (session, issuer, subject, sid, sealed, due_at)
            SELECT id_hash, $2, $3, $4, $5, $6 FROM sessions WHERE id_hash = $1 FOR SHARE RETURNING token_id";
        let query = sqlx::query_scalar(sql).bind(hash(id)).bind(&token.identity.issuer);
        let query = query.bind(&token.identity.subject).bind(&token.sid).bind(&token.sealed);
        let Some(made) = query.bind(token.due_at).fetch_optional(&mut *tx).await? else { return Ok(false) };
        let made: i64 = made;
        let key = made.to_string();
        let task = NewTask { kind: REFRESH_SESSION, key, payload: Value::Null, run_at: token.due_at };
        tasks::put(&mut tx, &task, None).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Removes the token of a session to which a newer one of the same person comes: it is not revoked, since at many
    /// providers that ends the newer one too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_refresh_token(&self, id: &Id) -> Result<(), StoreError> {
        let sql = "DELETE FROM refresh_tokens WHERE session = $1";
        sqlx::query(sql).bind(hash(id)).execute(&self.store.pool).await?;
        Ok(())
    }
}

impl Store {
    /// A token by its number; `None` where it is there no more.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refresh_token(
        &self,
        id: i64,
        now: OffsetDateTime,
    ) -> Result<Option<RefreshToken>, StoreError> {
        let sql = "SELECT t.issuer, t.subject, t.sid, t.sealed, t.version, t.due_at, u.user_id
            FROM refresh_tokens t
            LEFT JOIN sessions s ON s.id_hash = t.session AND least(s.expires_at, s.ends_at) > $2
            LEFT JOIN users u ON u.user_id = s.user_id AND NOT u.disabled
            WHERE t.token_id = $1";
        let row: Option<TokenRow> = sqlx::query_as(sql).bind(id).bind(now).fetch_optional(&self.pool).await?;
        Ok(row.map(|row| RefreshToken {
            id,
            identity: Identity { issuer: row.issuer, subject: row.subject },
            sid: row.sid,
            sealed: row.sealed,
            version: row.version,
            due_at: row.due_at,
            user: row.user_id,
        }))
    }

    /// Puts a token that the provider gave in the place of the one that was used; answers its version. `None` where another
    /// was put there meanwhile.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rotate_refresh_token(
        &self,
        used: &RefreshToken,
        sealed: &[u8],
    ) -> Result<Option<i64>, StoreError> {
        let sql = "UPDATE refresh_tokens SET sealed = $3, version = version + 1
            WHERE token_id = $1 AND version = $2 RETURNING version";
        let query = sqlx::query_scalar(sql).bind(used.id).bind(used.version).bind(sealed);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// Lets the session of a token go on until `ends_at`, within the time that any session has. False where it has ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn prolong_session(
        &self,
        token: i64,
        due_at: OffsetDateTime,
        ends_at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql =
            "UPDATE sessions SET ends_at = least($2, created_at + make_interval(secs => $3)) FROM refresh_tokens t
            WHERE t.token_id = $1 AND id_hash = t.session";
        let query = sqlx::query(sql).bind(token).bind(ends_at).bind(LONGEST.as_seconds_f64());
        let goes_on = query.execute(&mut *tx).await?.rows_affected() == 1;
        let sql = "UPDATE refresh_tokens SET due_at = $2 WHERE token_id = $1";
        sqlx::query(sql).bind(token).bind(due_at).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(goes_on)
    }

    /// Ends the session of a token that its provider refuses; false where another token was put in its place meanwhile, or the
    /// session has ended.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_refused_session(
        &self,
        token: i64,
        version: i64,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM sessions WHERE id_hash =
            (SELECT session FROM refresh_tokens WHERE token_id = $1 AND version = $2)";
        let query = sqlx::query(sql).bind(token).bind(version);
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        news::tell(&mut tx, Topic::Sessions).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Whether another session here goes on at the same session of the provider: of its name, or, where one of the two has
    /// none, of the same person.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn shares_provider_session(
        &self,
        token: &RefreshToken,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT FROM refresh_tokens t JOIN sessions s ON s.id_hash = t.session
            WHERE t.token_id <> $1 AND t.issuer = $2 AND t.subject = $3 AND coalesce(t.sid = $4, true)
                AND least(s.expires_at, s.ends_at) > $5)";
        let query = sqlx::query_scalar(sql).bind(token.id).bind(&token.identity.issuer);
        let query = query.bind(&token.identity.subject).bind(&token.sid).bind(now);
        Ok(query.fetch_one(&self.pool).await?)
    }

    /// Removes a token.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_refresh_token(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM refresh_tokens WHERE token_id = $1").bind(id).execute(&self.pool).await?;
        Ok(())
    }
}
