//! Passkeys, as the portal keeps them.

use model::team::Passkey;
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use super::links;
use crate::{NewAudit, Store, StoreError, UserId, audit};

/// A passkey to be kept. The states are opaque here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasskey {
    /// The authenticator's name of it.
    pub credential_id: Vec<u8>,
    /// As its owner calls it.
    pub name: String,
    /// The public key, and what never changes.
    pub static_state: Vec<u8>,
    /// What changes with each use.
    pub dynamic_state: Vec<u8>,
}

/// A passkey that somebody shows.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StoredPasskey {
    #[sqlx(rename = "passkey_id")]
    pub id: i64,
    #[sqlx(rename = "user_id")]
    pub user: UserId,
    pub static_state: Vec<u8>,
    pub dynamic_state: Vec<u8>,
}

/// What became of a passkey that is to be removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyRemoval {
    Removed,
    NotThere,
    /// Its owner could not sign in any more: it stays.
    LastWayIn,
}

#[derive(FromRow)]
struct OwnRow {
    passkey_id: i64,
    name: String,
    made_at: OffsetDateTime,
    used_at: Option<OffsetDateTime>,
}

impl Store {
    /// What authenticators know a user by; `fresh` is kept where there was nothing yet.
    ///
    /// # Errors
    /// Where there is no such user, or the database fails.
    pub async fn passkey_handle(&self, user: UserId, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        let sql = "UPDATE users SET passkey_handle = coalesce(passkey_handle, $2) WHERE user_id = $1
            RETURNING passkey_handle";
        Ok(sqlx::query_scalar(sql).bind(user).bind(fresh).fetch_one(&self.pool).await?)
    }

    /// A user's passkeys, the oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn passkeys_of(&self, user: UserId) -> Result<Vec<Passkey>, StoreError> {
        let sql =
            "SELECT passkey_id, name, made_at, used_at FROM passkeys WHERE user_id = $1 ORDER BY passkey_id";
        let rows: Vec<OwnRow> = sqlx::query_as(sql).bind(user).fetch_all(&self.pool).await?;
        let own = |OwnRow { passkey_id: id, name, made_at, used_at }| Passkey { id, name, made_at, used_at };
        Ok(rows.into_iter().map(own).collect())
    }

    /// The names that authenticators have of a user's passkeys.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn passkey_credentials(&self, user: UserId) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT credential_id FROM passkeys WHERE user_id = $1 ORDER BY passkey_id";
        Ok(sqlx::query_scalar(sql).bind(user).fetch_all(&self.pool).await?)
    }

    /// The passkey of this name, where it is of whom the handle stands for.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn passkey(
        &self,
        credential_id: &[u8],
        handle: &[u8],
    ) -> Result<Option<StoredPasskey>, StoreError> {
        let sql = "SELECT p.passkey_id, p.user_id, p.static_state, p.dynamic_state
            FROM passkeys p JOIN users u USING (user_id) WHERE p.credential_id = $1 AND u.passkey_handle = $2";
        let query = sqlx::query_as(sql).bind(credential_id).bind(handle);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// Notes a use. False where the passkey was used, or removed, since it was read: of two uses with one count of signatures,
    /// one is noted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn use_passkey(
        &self,
        passkey: &StoredPasskey,
        dynamic_state: &[u8],
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE passkeys SET dynamic_state = $3, used_at = $4 WHERE passkey_id = $1 AND dynamic_state = $2";
        let query =
            sqlx::query(sql).bind(passkey.id).bind(&passkey.dynamic_state).bind(dynamic_state).bind(now);
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Adds a passkey, unless its owner has as many as they may: false.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on `passkeys_credential_id_key` where it is known already.
    pub async fn add_passkey(
        &self,
        user: UserId,
        passkey: &NewPasskey,
        most: i64,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        lock(&mut tx, user).await?;
        let sql = "SELECT count(*) FROM passkeys WHERE user_id = $1";
        let count: i64 = sqlx::query_scalar(sql).bind(user).fetch_one(&mut *tx).await?;
        if count >= most {
            return Ok(false);
        }
        insert(&mut tx, user, passkey, now).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Calls a user's passkey otherwise; false where there is none of this id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn rename_passkey(&self, user: UserId, id: i64, name: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE passkeys SET name = $3 WHERE user_id = $1 AND passkey_id = $2";
        let query = sqlx::query(sql).bind(user).bind(id).bind(name.trim());
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Removes a user's passkey, unless it is their last way to sign in. Of two at once, the second sees what the first did.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_passkey(
        &self,
        user: UserId,
        id: i64,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<PasskeyRemoval, StoreError> {
        let mut tx = self.begin().await?;
        lock(&mut tx, user).await?;
        let query =
            sqlx::query("DELETE FROM passkeys WHERE user_id = $1 AND passkey_id = $2").bind(user).bind(id);
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(PasskeyRemoval::NotThere);
        }
        let sql = "SELECT u.password_hash IS NOT NULL OR EXISTS (SELECT FROM passkeys p WHERE p.user_id = u.user_id)
            FROM users u WHERE u.user_id = $1";
        if !sqlx::query_scalar::<_, bool>(sql).bind(user).fetch_one(&mut *tx).await? {
            return Ok(PasskeyRemoval::LastWayIn);
        }
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(PasskeyRemoval::Removed)
    }

    /// Uses a link up: from then on this passkey is the only way in, and every session has ended. False where the link is not
    /// good any more. Of any number of calls at once, one succeeds.
    ///
    /// # Errors
    /// As [`Self::add_passkey`].
    pub async fn use_sign_in_link_with_passkey(
        &self,
        token_hash: &[u8],
        name: &str,
        passkey: &NewPasskey,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let Some(user) = links::take_and_set(&mut tx, token_hash, name, None, now).await? else {
            return Ok(false);
        };
        insert(&mut tx, user, passkey, now).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn lock(connection: &mut PgConnection, user: UserId) -> Result<(), StoreError> {
    sqlx::query("SELECT FROM users WHERE user_id = $1 FOR UPDATE").bind(user).execute(connection).await?;
    Ok(())
}

async fn insert(
    connection: &mut PgConnection,
    user: UserId,
    passkey: &NewPasskey,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO passkeys (user_id, credential_id, name, static_state, dynamic_state, made_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let query = sqlx::query(sql).bind(user).bind(&passkey.credential_id).bind(passkey.name.trim());
    query.bind(&passkey.static_state).bind(&passkey.dynamic_state).bind(now).execute(connection).await?;
    Ok(())
}
