//! People, and the link for the first of them.

mod attempts;
mod browsers;

use model::{Role, news::Topic};
use sqlx::{FromRow, PgConnection, PgExecutor};
use time::OffsetDateTime;

use crate::{Store, StoreError, news, rows};

pub use attempts::{Attempt, AttemptLimit};

/// Names a user; never reused.
pub type UserId = i64;

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// Lower-cased.
    pub email: String,
    pub name: String,
    /// PHC string.
    pub password_hash: String,
    pub role: Role,
    /// May not sign in, and has no session.
    pub disabled: bool,
    pub created_at: OffsetDateTime,
}

/// What is needed to make a user.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    /// PHC string.
    pub password_hash: String,
    pub role: Role,
}

#[derive(FromRow)]
struct UserRow {
    user_id: i64,
    email: String,
    name: String,
    password_hash: String,
    role: String,
    disabled: bool,
    created_at: OffsetDateTime,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;
    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        let UserRow { user_id, email, name, password_hash, role, disabled, created_at } = row;
        let role = role.parse().map_err(|e| StoreError::corrupt("role", e))?;
        Ok(Self { id: user_id, email, name, password_hash, role, disabled, created_at })
    }
}

impl Store {
    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on `users_email_key` where the e-mail address is taken.
    pub async fn create_user(&self, user: NewUser, now: OffsetDateTime) -> Result<UserId, StoreError> {
        insert_user(&self.pool, &user, now).await
    }

    /// The user with an e-mail address, in any case of letters.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        let row: Option<UserRow> = sqlx::query_as("SELECT * FROM users WHERE email = $1")
            .bind(normal(email))
            .fetch_optional(&self.pool)
            .await?;
        row.map(User::try_from).transpose()
    }

    /// The user with an id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn user_by_id(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let row: Option<UserRow> = sqlx::query_as("SELECT * FROM users WHERE user_id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(User::try_from).transpose()
    }

    /// All users, disabled ones too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_users(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(&self.pool).await?)
    }

    /// Lets a user sign in or not. One who may not has no session from then on.
    ///
    /// # Errors
    /// [`StoreError::WrongRowCount`] where there is no such user.
    pub async fn set_user_disabled(
        &self,
        id: UserId,
        disabled: bool,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query("UPDATE users SET disabled = $2, updated_at = $3 WHERE user_id = $1")
            .bind(id)
            .bind(disabled)
            .bind(now)
            .execute(&mut *tx)
            .await?;
        rows::exactly_one("user", done.rows_affected())?;
        if disabled {
            end_sessions(&mut tx, id).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Allows whoever holds a secret link to become the first administrator. `hash` is the link's token, hashed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_welcome_token(&self, hash: &str, expires_at: OffsetDateTime) -> Result<(), StoreError> {
        let sql = "INSERT INTO welcome_tokens (token_hash, expires_at) VALUES ($1, $2)
            ON CONFLICT ON CONSTRAINT welcome_tokens_pkey DO UPDATE SET expires_at = excluded.expires_at";
        sqlx::query(sql).bind(hash).bind(expires_at).execute(&self.pool).await?;
        Ok(())
    }

    /// Whether a link is good at an instant, and there is no user yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn is_welcome(&self, token_hash: &str, now: OffsetDateTime) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT FROM welcome_tokens WHERE token_hash = $1 AND expires_at > $2)
            AND NOT EXISTS (SELECT FROM users)";
        Ok(sqlx::query_scalar(sql).bind(token_hash).bind(now).fetch_one(&self.pool).await?)
    }

    /// Makes the first user, if the link is good and there is no user yet; `None` otherwise. Of any number of calls at
    /// once, one succeeds; all links end with it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn create_first_administrator(
        &self,
        user: NewUser,
        token_hash: &str,
        now: OffsetDateTime,
    ) -> Result<Option<User>, StoreError> {
        let mut tx = self.begin().await?;
        // Others who want to add the first user wait here; readers do not.
        sqlx::query("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE").execute(&mut *tx).await?;
        let taken: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM users)").fetch_one(&mut *tx).await?;
        if taken || !take_token(&mut *tx, token_hash, now).await? {
            return Ok(None);
        }
        let id = insert_user(&mut *tx, &user, now).await?;
        sqlx::query("DELETE FROM welcome_tokens").execute(&mut *tx).await?;
        tx.commit().await?;
        self.user_by_id(id).await
    }
}

/// Ends a user's sessions.
pub(crate) async fn end_sessions(connection: &mut PgConnection, user: UserId) -> Result<u64, StoreError> {
    let query = sqlx::query("DELETE FROM sessions WHERE user_id = $1").bind(user);
    let ended = query.execute(&mut *connection).await?.rows_affected();
    news::tell(connection, Topic::Sessions).await?;
    Ok(ended)
}

async fn insert_user(
    db: impl PgExecutor<'_>,
    user: &NewUser,
    now: OffsetDateTime,
) -> Result<UserId, StoreError> {
    let sql = "INSERT INTO users (email, name, password_hash, role, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $5) RETURNING user_id";
    let query = sqlx::query_scalar(sql).bind(normal(&user.email)).bind(user.name.trim());
    let id = query.bind(&user.password_hash).bind(user.role.as_str()).bind(now).fetch_one(db).await?;
    Ok(id)
}

async fn take_token(db: impl PgExecutor<'_>, hash: &str, now: OffsetDateTime) -> Result<bool, StoreError> {
    let sql = "DELETE FROM welcome_tokens WHERE token_hash = $1 AND expires_at > $2";
    Ok(sqlx::query(sql).bind(hash).bind(now).execute(db).await?.rows_affected() == 1)
}

fn normal(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests;
