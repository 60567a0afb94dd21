//! What people sign in with: passwords, authenticator apps, recovery codes.

use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use super::end_sessions;
use crate::{NewAudit, Store, StoreError, UserId, audit, rows, sessions};

/// An authenticator app's secret.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct CodeSecret {
    /// Sealed.
    pub secret: Vec<u8>,
    /// When a code of it was first typed; `None` before.
    pub confirmed_at: Option<OffsetDateTime>,
}

impl std::fmt::Debug for CodeSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeSecret").field("confirmed_at", &self.confirmed_at).finish_non_exhaustive()
    }
}

impl Store {
    /// The secret of a user's authenticator app.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn code_secret(&self, user: UserId) -> Result<Option<CodeSecret>, StoreError> {
        let sql = "SELECT secret, confirmed_at FROM code_secrets WHERE user_id = $1";
        Ok(sqlx::query_as(sql).bind(user).fetch_optional(&self.pool).await?)
    }

    /// Keeps a new secret, which counts once a code of it was typed. One that counts already is not replaced: false.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_code_secret(&self, user: UserId, sealed: &[u8]) -> Result<bool, StoreError> {
        let sql = "INSERT INTO code_secrets AS c (user_id, secret) VALUES ($1, $2)
            ON CONFLICT ON CONSTRAINT code_secrets_pkey DO UPDATE SET secret = excluded.secret, last_step = 0
            WHERE c.confirmed_at IS NULL";
        let query = sqlx::query(sql).bind(user).bind(sealed);
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Takes a code of a time step, once: false where it or a later one was taken before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_code(&self, user: UserId, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE code_secrets SET last_step = $2
            WHERE user_id = $1 AND last_step < $2 AND confirmed_at IS NOT NULL";
        let query = sqlx::query(sql).bind(user).bind(step);
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Makes a secret count from the first code of it on, with the recovery codes that stand in for it. False where it
    /// counts already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn confirm_codes(
        &self,
        user: UserId,
        step: i64,
        recovery: &[Vec<u8>],
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE code_secrets SET last_step = $2, confirmed_at = $3 WHERE user_id = $1 AND confirmed_at IS NULL";
        let query = sqlx::query(sql).bind(user).bind(step).bind(now);
        if query.execute(&mut *tx).await?.rows_affected() != 1 {
            return Ok(false);
        }
        put_recovery_codes(&mut tx, user, recovery).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends an authenticator app, and the recovery codes that stand in for it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_codes(
        &self,
        user: UserId,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for sql in
            ["DELETE FROM code_secrets WHERE user_id = $1", "DELETE FROM recovery_codes WHERE user_id = $1"]
        {
            sqlx::query(sql).bind(user).execute(&mut *tx).await?;
        }
        audit::append(&mut tx, event, now).await?;
        Ok(tx.commit().await?)
    }

    /// Puts new recovery codes, by their hashes, in the place of those before.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_recovery_codes(
        &self,
        user: UserId,
        hashes: &[Vec<u8>],
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        put_recovery_codes(&mut tx, user, hashes).await?;
        audit::append(&mut tx, event, now).await?;
        Ok(tx.commit().await?)
    }

    /// Uses a recovery code up; false where there is none of this hash.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_recovery_code(&self, user: UserId, hash: &[u8]) -> Result<bool, StoreError> {
        let sql = "DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2";
        let query = sqlx::query(sql).bind(user).bind(hash);
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Changes a password; all sessions end but the one named, and no browser is known any more.
    ///
    /// # Errors
    /// [`StoreError::WrongRowCount`] where there is no such user.
    pub async fn change_password(
        &self,
        user: UserId,
        hash: &str,
        keep: &str,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE users SET password_hash = $2, password_changed_at = $3, updated_at = $3 WHERE user_id = $1";
        let query = sqlx::query(sql).bind(user).bind(hash).bind(now);
        rows::exactly_one("user", query.execute(&mut *tx).await?.rows_affected())?;
        sqlx::query("DELETE FROM known_browsers WHERE user_id = $1").bind(user).execute(&mut *tx).await?;
        sessions::end_others(&mut tx, user, keep).await?;
        audit::append(&mut tx, event, now).await?;
        Ok(tx.commit().await?)
    }

    /// Changes what somebody is called.
    ///
    /// # Errors
    /// [`StoreError::WrongRowCount`] where there is no such user.
    pub async fn change_name(&self, user: UserId, name: &str, now: OffsetDateTime) -> Result<(), StoreError> {
        let sql = "UPDATE users SET name = $2, updated_at = $3 WHERE user_id = $1";
        let query = sqlx::query(sql).bind(user).bind(name.trim()).bind(now);
        rows::exactly_one("user", query.execute(&self.pool).await?.rows_affected())
    }

    /// Notes that somebody signed in.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_signed_in(&self, user: UserId, now: OffsetDateTime) -> Result<(), StoreError> {
        let sql = "UPDATE users SET last_sign_in_at = $2 WHERE user_id = $1";
        sqlx::query(sql).bind(user).bind(now).execute(&self.pool).await?;
        Ok(())
    }

    /// A key of this installation; `fresh` is kept where there was none. Of several at once, all get the same.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn installation_key(&self, name: &str, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        let sql = "INSERT INTO installation_keys (name, key) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(name).bind(fresh).execute(&self.pool).await?;
        let sql = "SELECT key FROM installation_keys WHERE name = $1";
        Ok(sqlx::query_scalar(sql).bind(name).fetch_one(&self.pool).await?)
    }

    /// Ends all sessions of a user; says how many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_sessions_of(
        &self,
        user: UserId,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let ended = end_sessions(&mut tx, user).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(ended)
    }
}

async fn put_recovery_codes(
    connection: &mut PgConnection,
    user: UserId,
    hashes: &[Vec<u8>],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1").bind(user).execute(&mut *connection).await?;
    let sql = "INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])";
    sqlx::query(sql).bind(user).bind(hashes).execute(connection).await?;
    Ok(())
}
