//! Tokens of people and of service accounts.

use model::{
    access::{Action, TokenLimits},
    team::Token,
};
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use super::{
    grants::{places, scope},
    insert_user,
};
use crate::{NewAudit, NewUser, Store, StoreError, User, UserId, audit};

/// More tokens than a team has; what is beyond is not shown.
const MOST: i64 = 5_000;

/// A token to be kept.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// SHA-256 of it.
    pub hash: Vec<u8>,
    /// How it begins.
    pub hint: String,
    pub name: String,
    pub limits: TokenLimits,
    /// Sign-in name.
    pub made_by: String,
    pub expires_at: OffsetDateTime,
}

#[derive(FromRow)]
struct TokenRow {
    token_id: i64,
    user_id: i64,
    hint: String,
    name: String,
    actions: Vec<String>,
    places: Option<Vec<String>>,
    made_by: String,
    made_at: OffsetDateTime,
    expires_at: OffsetDateTime,
    used_at: Option<OffsetDateTime>,
    used_from: String,
}

impl TryFrom<TokenRow> for Token {
    type Error = StoreError;
    fn try_from(row: TokenRow) -> Result<Self, StoreError> {
        let actions = actions(&row.actions)?;
        Ok(Self {
            id: row.token_id,
            name: row.name,
            hint: row.hint,
            limits: TokenLimits { actions, scope: scope(row.places)? },
            made_by: row.made_by,
            made_at: row.made_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
            used_from: row.used_from,
        })
    }
}

impl Store {
    /// Keeps a token of a user, unless they have `most` already: `None` then.
    ///
    /// # Errors
    /// Where the database fails, or there is no such user.
    pub async fn put_token(
        &self,
        user: UserId,
        token: &NewToken,
        most: u64,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError> {
        let mut tx = self.begin().await?;
        if count_locked(&mut tx, user).await? >= most {
            return Ok(None);
        }
        let id = insert(&mut tx, user, token, now).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// A user's tokens, newest first, those that have expired too.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tokens_of(&self, user: UserId) -> Result<Vec<Token>, StoreError> {
        let sql = "SELECT * FROM tokens WHERE user_id = $1 ORDER BY token_id DESC";
        let rows: Vec<TokenRow> = sqlx::query_as(sql).bind(user).fetch_all(&self.pool).await?;
        rows.into_iter().map(Token::try_from).collect()
    }

    /// All tokens with whose they are, newest first; more than a team has are cut.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn tokens(&self) -> Result<Vec<(UserId, Token)>, StoreError> {
        let sql = "SELECT * FROM tokens ORDER BY token_id DESC LIMIT $1";
        let rows: Vec<TokenRow> = sqlx::query_as(sql).bind(MOST).fetch_all(&self.pool).await?;
        rows.into_iter().map(|row| Ok((row.user_id, row.try_into()?))).collect()
    }

    /// The token of a hash and whom it belongs to; `None` where there is none, it has expired, or they are disabled.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn token_by_hash(
        &self,
        hash: &[u8],
        now: OffsetDateTime,
    ) -> Result<Option<(User, Token)>, StoreError> {
        let sql = "SELECT * FROM tokens WHERE token_hash = $1 AND expires_at > $2";
        let row: Option<TokenRow> =
            sqlx::query_as(sql).bind(hash).bind(now).fetch_optional(&self.pool).await?;
        let Some(row) = row else { return Ok(None) };
        let user = self.user_by_id(row.user_id).await?.filter(|user| !user.disabled);
        user.map(|user| Ok((user, row.try_into()?))).transpose()
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn mark_token_used(
        &self,
        token: i64,
        from: &str,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE tokens SET used_at = $2, used_from = $3 WHERE token_id = $1";
        let query = sqlx::query(sql).bind(token).bind(now).bind(from);
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// Ends a token of a user: from now on it is none. False where they have no such token.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_token(
        &self,
        user: UserId,
        token: i64,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let query = sqlx::query("DELETE FROM tokens WHERE token_id = $1 AND user_id = $2");
        if query.bind(token).bind(user).execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Adds a service account.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on `users_email_key` where there is one of this name.
    pub async fn create_service_account(
        &self,
        account: &NewUser,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<UserId, StoreError> {
        let mut tx = self.begin().await?;
        let id = insert_user(&mut tx, account, now).await?;
        let sql = "UPDATE users SET service = true WHERE user_id = $1";
        sqlx::query(sql).bind(id).execute(&mut *tx).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(id)
    }
}

/// The actions of their stored names.
pub(super) fn actions(names: &[String]) -> Result<Vec<Action>, StoreError> {
    let action = |name: &String| {
        Action::from_name(name).ok_or_else(|| StoreError::corrupt("action of a token", format!("“{name}”")))
    };
    names.iter().map(action).collect()
}

/// How many tokens a user has. Of several who ask at once, each sees what those before it have made.
pub(super) async fn count_locked(connection: &mut PgConnection, user: UserId) -> Result<u64, StoreError> {
    let lock = sqlx::query("SELECT FROM users WHERE user_id = $1 FOR UPDATE").bind(user);
    lock.execute(&mut *connection).await?;
    let sql = "SELECT count(*) FROM tokens WHERE user_id = $1";
    let has: i64 = sqlx::query_scalar(sql).bind(user).fetch_one(connection).await?;
    Ok(u64::try_from(has).unwrap_or_default())
}

/// Lets a token go on until `expires_at`, now that its program has it; with whose it is. `None` where they are disabled.
pub(super) async fn hand_over(
    connection: &mut PgConnection,
    token: i64,
    expires_at: OffsetDateTime,
) -> Result<Option<(Token, String)>, StoreError> {
    let sql = "UPDATE tokens t SET expires_at = $2 FROM users u
        WHERE t.token_id = $1 AND u.user_id = t.user_id AND NOT u.disabled RETURNING t.*, u.email";
    let row: Option<HandedRow> =
        sqlx::query_as(sql).bind(token).bind(expires_at).fetch_optional(connection).await?;
    row.map(|HandedRow { token, email }| Ok((token.try_into()?, email))).transpose()
}

#[derive(FromRow)]
struct HandedRow {
    #[sqlx(flatten)]
    token: TokenRow,
    email: String,
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    user: UserId,
    token: &NewToken,
    now: OffsetDateTime,
) -> Result<i64, StoreError> {
    let sql =
        "INSERT INTO tokens (user_id, token_hash, hint, name, actions, places, made_by, made_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING token_id";
    let actions: Vec<&str> = token.limits.actions.iter().map(|action| action.as_str()).collect();
    let query =
        sqlx::query_scalar(sql).bind(user).bind(&token.hash).bind(&token.hint).bind(token.name.trim());
    let query = query
        .bind(actions)
        .bind(places(&token.limits.scope))
        .bind(&token.made_by)
        .bind(now)
        .bind(token.expires_at);
    Ok(query.fetch_one(connection).await?)
}
