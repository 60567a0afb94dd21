//! Programs that ask for a token of a person, who approves it in a browser (RFC 8628).

use model::{
    access::TokenLimits,
    team::{DeviceRequest, Token},
};
use sqlx::{AssertSqlSafe, FromRow};
use time::{Duration, OffsetDateTime};

use super::{
    NewToken,
    grants::{places, scope},
    tokens,
};
use crate::{NewAudit, Store, StoreError, UserId, audit};

/// What is over is still told to who asks, for so long.
const TOLD: Duration = Duration::hours(1);
/// What looking too often adds to the time between two looks (RFC 8628, 3.5).
const SLOWER: i64 = 5;

/// A program's wish.
#[derive(Clone, Debug)]
pub struct NewDeviceRequest {
    pub device_hash: Vec<u8>,
    pub user_code_hash: Vec<u8>,
    pub name: String,
    pub limits: TokenLimits,
    pub days: i64,
    /// SHA-256 of the token that approving makes.
    pub token_hash: Vec<u8>,
    /// How that begins.
    pub token_hint: String,
    pub address: String,
    pub expires_at: OffsetDateTime,
    /// Seconds between two looks.
    pub interval: i64,
}

/// What came of a program's wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceAnswer {
    /// Nobody has decided yet.
    Pending,
    /// It asks more often than it may.
    TooOften,
    Refused,
    /// Its time is over, it was answered before, or there never was one.
    Over,
    /// The token is its own from now on; with whose it is.
    Approved {
        token: Box<Token>,
        owner: String,
    },
}

/// What approving came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceApproval {
    Approved,
    /// It is over, decided, or somebody else's.
    Over,
    /// They have as many tokens as they may.
    TooMany,
}

#[derive(FromRow)]
struct RequestRow {
    request_id: i64,
    name: String,
    actions: Vec<String>,
    places: Option<Vec<String>>,
    days: i64,
    token_hash: Vec<u8>,
    token_hint: String,
    address: String,
    requested_at: OffsetDateTime,
    expires_at: OffsetDateTime,
}

impl RequestRow {
    fn limits(&self) -> Result<TokenLimits, StoreError> {
        Ok(TokenLimits { actions: tokens::actions(&self.actions)?, scope: scope(self.places.clone())? })
    }
}

impl TryFrom<RequestRow> for DeviceRequest {
    type Error = StoreError;
    fn try_from(row: RequestRow) -> Result<Self, StoreError> {
        Ok(Self {
            limits: row.limits()?,
            id: row.request_id,
            name: row.name,
            address: row.address,
            days: row.days,
            requested_at: row.requested_at,
            expires_at: row.expires_at,
        })
    }
}

#[derive(FromRow)]
struct PollRow {
    request_id: i64,
    days: i64,
    expires_at: OffsetDateTime,
    polled_at: Option<OffsetDateTime>,
    interval_seconds: i64,
    decision: Option<String>,
    token_id: Option<i64>,
}

/// A request that its claimer can still decide.
const OPEN: &str = "request_id = $1 AND claimed_by = $2 AND decision IS NULL AND expires_at > $3";

impl Store {
    /// Keeps a program's wish until somebody decides it, and forgets those that are long over.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a code is in use.
    pub async fn put_device_request(
        &self,
        wish: &NewDeviceRequest,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let old = sqlx::query("DELETE FROM device_requests WHERE expires_at < $1").bind(now - TOLD);
        old.execute(&self.pool).await?;
        let sql = "INSERT INTO device_requests (device_hash, user_code_hash, name, actions, places, days, token_hash, token_hint,
                address, requested_at, expires_at, interval_seconds)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let actions: Vec<&str> = wish.limits.actions.iter().map(|action| action.as_str()).collect();
        let query =
            sqlx::query(sql).bind(&wish.device_hash).bind(&wish.user_code_hash).bind(wish.name.trim());
        let query = query.bind(actions).bind(places(&wish.limits.scope)).bind(wish.days);
        let query = query.bind(&wish.token_hash).bind(&wish.token_hint).bind(&wish.address);
        query.bind(now).bind(wish.expires_at).bind(wish.interval).execute(&self.pool).await?;
        Ok(())
    }

    /// Uses a code up for whoever typed it: from now on the request is theirs to decide. Of any number at once, one has it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn claim_device_request(
        &self,
        user_code_hash: &[u8],
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "UPDATE device_requests SET claimed_by = $2, user_code_hash = NULL
            WHERE user_code_hash = $1 AND claimed_by IS NULL AND decision IS NULL AND expires_at > $3 RETURNING request_id";
        let query = sqlx::query_scalar(sql).bind(user_code_hash).bind(user).bind(now);
        Ok(query.fetch_optional(&self.pool).await?)
    }

    /// A request that this user can decide.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn device_request(
        &self,
        id: i64,
        user: UserId,
        now: OffsetDateTime,
    ) -> Result<Option<DeviceRequest>, StoreError> {
        let sql = format!("SELECT * FROM device_requests WHERE {OPEN}");
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(id).bind(user).bind(now);
        let row: Option<RequestRow> = query.fetch_optional(&self.pool).await?;
        row.map(DeviceRequest::try_from).transpose()
    }

    /// Makes the token that a request asks for, with `limits`. Until the program has it, it ends with the request.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn approve_device_request(
        &self,
        id: i64,
        user: UserId,
        (limits, made_by): (&TokenLimits, &str),
        most: u64,
        event: impl FnOnce(&str) -> NewAudit + Send,
        now: OffsetDateTime,
    ) -> Result<DeviceApproval, StoreError> {
        let mut tx = self.begin().await?;
        // The same order as of making a token: the user first.
        let has = tokens::count_locked(&mut tx, user).await?;
        let sql = format!("UPDATE device_requests SET decision = 'approved' WHERE {OPEN} RETURNING *");
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(id).bind(user).bind(now);
        let Some(row): Option<RequestRow> = query.fetch_optional(&mut *tx).await? else {
            return Ok(DeviceApproval::Over);
        };
        if has >= most {
            return Ok(DeviceApproval::TooMany);
        }
        let hint = row.token_hint.clone();
        let token = NewToken {
            hash: row.token_hash,
            hint: row.token_hint,
            name: row.name,
            limits: limits.clone(),
            made_by: made_by.to_owned(),
            expires_at: row.expires_at,
        };
        let token = tokens::insert(&mut tx, user, &token, now).await?;
        let sql = "UPDATE device_requests SET token_id = $2 WHERE request_id = $1";
        sqlx::query(sql).bind(id).bind(token).execute(&mut *tx).await?;
        audit::append(&mut tx, &event(&hint), now).await?;
        tx.commit().await?;
        Ok(DeviceApproval::Approved)
    }

    /// Refuses a request. False where it is over, decided, or somebody else's.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refuse_device_request(
        &self,
        id: i64,
        user: UserId,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = format!("UPDATE device_requests SET decision = 'refused' WHERE {OPEN}");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(id).bind(user).bind(now);
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// What came of a program's wish; what is decided is told once. Of any number at once, one gets the token.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn ask_device_request(
        &self,
        device_hash: &[u8],
        now: OffsetDateTime,
    ) -> Result<DeviceAnswer, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "SELECT * FROM device_requests WHERE device_hash = $1 FOR UPDATE";
        let row: Option<PollRow> = sqlx::query_as(sql).bind(device_hash).fetch_optional(&mut *tx).await?;
        let Some(row) = row else { return Ok(DeviceAnswer::Over) };
        if row.expires_at <= now {
            return Ok(DeviceAnswer::Over);
        }
        let answer = match (row.decision.as_deref(), row.token_id) {
            (None, _) => {
                let often =
                    row.polled_at.is_some_and(|at| now - at < Duration::seconds(row.interval_seconds));
                let sql =
                    "UPDATE device_requests SET polled_at = $2, interval_seconds = interval_seconds + $3
                    WHERE request_id = $1";
                let more = if often { SLOWER } else { 0 };
                sqlx::query(sql).bind(row.request_id).bind(now).bind(more).execute(&mut *tx).await?;
                tx.commit().await?;
                return Ok(if often { DeviceAnswer::TooOften } else { DeviceAnswer::Pending });
            }
            (Some("approved"), Some(token)) => {
                tokens::hand_over(&mut tx, token, now + Duration::days(row.days)).await?
            }
            _ => None,
        };
        let sql = "DELETE FROM device_requests WHERE request_id = $1";
        sqlx::query(sql).bind(row.request_id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(answer.map_or(DeviceAnswer::Refused, |(token, owner)| DeviceAnswer::Approved {
            token: Box::new(token),
            owner,
        }))
    }
}
