//! People, and the link for the first of them.

mod attempts;
mod browsers;
mod codes;
mod devices;
mod grants;
mod identities;
mod links;
mod passkeys;
mod provisioning;
mod rules;
mod team;
mod tokens;

use model::{news::Topic, team::GivenGrant};
use sqlx::{FromRow, PgConnection, PgExecutor, types::Json};
use time::OffsetDateTime;

use crate::{Store, StoreError, news};

pub use attempts::{Attempt, AttemptLimit};
pub use codes::CodeSecret;
pub use devices::{DeviceAnswer, DeviceApproval, NewDeviceRequest};
use grants::{GRANTS_OF, GrantRow};
pub use identities::{EndedAtProvider, Identity, Linked, SignInProvider};
pub use links::NewSignInLink;
pub use passkeys::{NewPasskey, PasskeyRemoval, StoredPasskey};
pub use provisioning::{
    MapGroups, NotProvisioned, ProvisionedFilter, ProvisionedGroup, ProvisionedKey, ProvisionedList,
    ProvisionedOperator, ProvisionedPage, ProvisionedPerson, ProvisionedRange, ProvisionedSignIn,
    ProvisionedValue, ProvisioningDirectory, PutProvisionedGroup, PutProvisionedPerson,
};
pub use rules::Standing;
pub use team::StillNeeded;
pub use tokens::NewToken;

/// Names a user; never reused.
pub type UserId = i64;

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// Lower-cased.
    pub email: String,
    pub name: String,
    /// PHC string; `None` where they have no password.
    pub password_hash: Option<String>,
    /// What they were given.
    pub given: Vec<GivenGrant>,
    /// May not sign in, and has no session.
    pub disabled: bool,
    pub created_at: OffsetDateTime,
    pub password_changed_at: Option<OffsetDateTime>,
    pub last_sign_in_at: Option<OffsetDateTime>,
}

/// What is needed to make a user.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    /// PHC string; `None` for who was invited.
    pub password_hash: Option<String>,
    pub given: Vec<GivenGrant>,
}

#[derive(FromRow)]
struct UserRow {
    user_id: i64,
    email: String,
    name: String,
    password_hash: Option<String>,
    disabled: bool,
    created_at: OffsetDateTime,
    password_changed_at: Option<OffsetDateTime>,
    last_sign_in_at: Option<OffsetDateTime>,
    grants: Json<Vec<GrantRow>>,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;
    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.user_id,
            email: row.email,
            name: row.name,
            password_hash: row.password_hash,
            given: grants::given(row.grants.0)?,
            disabled: row.disabled,
            created_at: row.created_at,
            password_changed_at: row.password_changed_at,
            last_sign_in_at: row.last_sign_in_at,
        })
    }
}

impl Store {
    /// Adds a user.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on `users_email_key` where the e-mail address is taken.
    pub async fn create_user(&self, user: NewUser, now: OffsetDateTime) -> Result<UserId, StoreError> {
        let mut tx = self.begin().await?;
        let id = insert_user(&mut tx, &user, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The user with an e-mail address, in any case of letters.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        self.user_where("email = $1", normal(email)).await
    }

    /// The user with an id.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn user_by_id(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.user_where("user_id = $1", id).await
    }

    async fn user_where<T>(&self, is: &'static str, value: T) -> Result<Option<User>, StoreError>
    where
        T: for<'q> sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send,
    {
        let mut query = sqlx::QueryBuilder::new("SELECT u.*, ");
        query.push(GRANTS_OF).push(" AS grants FROM users u WHERE ").push(is);
        let row: Option<UserRow> = query.build_query_as().bind(value).fetch_optional(&self.pool).await?;
        row.map(User::try_from).transpose()
    }

    /// All users, disabled ones too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_users(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(&self.pool).await?)
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
        let id = insert_user(&mut tx, &user, now).await?;
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

/// Whether somebody may sign in, from what administrators and directories say.
async fn settle_disabled(
    connection: &mut PgConnection,
    user: UserId,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let sql = "UPDATE users u SET updated_at = $2, disabled = u.disabled_by_hand
            OR EXISTS (SELECT FROM provisioned_people p WHERE p.user_id = u.user_id AND NOT p.active)
        WHERE user_id = $1";
    sqlx::query(sql).bind(user).bind(now).execute(connection).await?;
    Ok(())
}

async fn insert_user(
    connection: &mut PgConnection,
    user: &NewUser,
    now: OffsetDateTime,
) -> Result<UserId, StoreError> {
    let sql = "INSERT INTO users (email, name, password_hash, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $4) RETURNING user_id";
    let query = sqlx::query_scalar(sql).bind(normal(&user.email)).bind(user.name.trim());
    let id = query.bind(&user.password_hash).bind(now).fetch_one(&mut *connection).await?;
    grants::insert(connection, id, &user.given, now).await?;
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
