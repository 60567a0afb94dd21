//! Sessions for tower-sessions: ids hashed, an owner, an end when unused and an end in any case.

mod refresh;

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use model::{news::Topic, team::SessionInfo};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::{FromRow, PgConnection};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    session::{Id, Record},
    session_store::{self, Error},
};

use crate::{NewAudit, Store, StoreError, UserId, audit, news};
pub use refresh::{NewRefreshToken, REFRESH_SESSION, RefreshToken};

/// The key under which a session's data names its user, as a number.
pub const SESSION_USER: &str = "user_id";
/// The key of when it was last marked as used, in seconds since 1970.
pub const SESSION_SEEN: &str = "seen_at";
/// The key of the network address that it was begun from.
pub const SESSION_ADDRESS: &str = "address";
/// The key of the browser that it was begun in, in words.
pub const SESSION_BROWSER: &str = "browser";

/// The key of the [`ProviderSession`] of one that was begun at an identity provider.
pub const SESSION_PROVIDER: &str = "provider";
/// The key of a sign-in at an identity provider that is under way.
pub const SESSION_PENDING: &str = "pending";
/// The key of what is under way with a passkey.
pub const SESSION_PASSKEY: &str = "passkey";

/// Of a session that was begun at an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSession {
    /// As the configuration names it.
    pub provider: String,
    pub issuer: String,
    pub subject: String,
    /// The provider's name of its own session; `None` where it tells none.
    pub sid: Option<String>,
    /// The ID token, sealed and in base 64: a hint for signing out there.
    pub id_token: String,
    /// When it ends in any case, in seconds since 1970.
    pub ends_at: i64,
}

/// More sessions than a person has.
const MOST_SHOWN: i64 = 200;

/// A session ends so long after it was made, however much it is used.
const LONGEST: Duration = Duration::hours(12);
/// A fresh random id that is taken already: once is a wonder, several times is a broken random source.
const ATTEMPTS: usize = 5;

/// Sessions in Postgres.
#[derive(Clone)]
pub struct SessionStore {
    store: Store,
    clock: Arc<dyn Fn() -> OffsetDateTime + Send + Sync>,
}

impl SessionStore {
    /// Sessions in this database, by this clock.
    #[must_use]
    pub fn new(store: Store, clock: impl Fn() -> OffsetDateTime + Send + Sync + 'static) -> Self {
        Self { store, clock: Arc::new(clock) }
    }
}

impl SessionStore {
    /// Keeps a refused form with its session, in the place of an earlier one. False where there is no such session.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keep_refused_form(&self, id: &Id, page: &str, form: &str) -> Result<bool, StoreError> {
        let sql =
            "UPDATE sessions SET refused_page = $2, refused_at = $3, refused_form = $4 WHERE id_hash = $1";
        let query = sqlx::query(sql).bind(hash(id)).bind(page).bind((self.clock)()).bind(form);
        Ok(query.execute(&self.store.pool).await?.rows_affected() == 1)
    }

    /// Takes what is under way out of a session: [`SESSION_PENDING`] or [`SESSION_PASSKEY`]. Of any number of calls at once, one
    /// has it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_pending(&self, id: &Id, key: &str) -> Result<Option<serde_json::Value>, StoreError> {
        let sql = "UPDATE sessions s SET data = (s.data::jsonb - $2)::text
            FROM (SELECT id_hash, data::jsonb -> $2 AS pending FROM sessions
                WHERE id_hash = $1 AND data::jsonb ? $2 AND least(expires_at, ends_at) > $3 FOR UPDATE) AS kept
            WHERE s.id_hash = kept.id_hash AND s.data::jsonb ? $2 RETURNING kept.pending";
        let query = sqlx::query_scalar(sql).bind(hash(id)).bind(key).bind((self.clock)());
        Ok(query.fetch_optional(&self.store.pool).await?)
    }

    /// Takes the refused form of a page out of its session. One that was kept for longer than `life` is dropped.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_refused_form(
        &self,
        id: &Id,
        page: &str,
        life: Duration,
    ) -> Result<Option<String>, StoreError> {
        let sql = "UPDATE sessions s SET refused_page = NULL, refused_at = NULL, refused_form = NULL
            FROM (SELECT id_hash, refused_at, refused_form FROM sessions
                WHERE id_hash = $1 AND (refused_page = $2 OR refused_at <= $3) FOR UPDATE) AS kept
            WHERE s.id_hash = kept.id_hash
            RETURNING CASE WHEN kept.refused_at > $3 THEN kept.refused_form END";
        let query = sqlx::query_scalar(sql).bind(hash(id)).bind(page).bind((self.clock)() - life);
        Ok(query.fetch_optional(&self.store.pool).await?.flatten())
    }
}

impl fmt::Debug for SessionStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionStore").finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct SessionRow {
    data: String,
    expires_at: OffsetDateTime,
}

#[async_trait]
impl session_store::SessionStore for SessionStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let now = (self.clock)();
        for _ in 0..ATTEMPTS {
            if insert(&self.store, record, now).await? {
                return Ok(());
            }
            record.id = Id::default();
        }
        Err(Error::Backend("no free session id was found".to_owned()))
    }

    /// Updates only: a session that was ended meanwhile stays ended.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let sql = "UPDATE sessions SET user_id = $2, data = $3, expires_at = $4 WHERE id_hash = $1";
        let query = sqlx::query(sql).bind(hash(&record.id)).bind(owner(record)).bind(encode(record)?);
        query.bind(record.expiry_date).execute(&self.store.pool).await.map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let sql = "SELECT data, least(expires_at, ends_at) AS expires_at FROM sessions
            WHERE id_hash = $1 AND least(expires_at, ends_at) > $2
                AND NOT EXISTS (SELECT FROM users u WHERE u.user_id = sessions.user_id AND u.disabled)";
        let query = sqlx::query_as(sql).bind(hash(id)).bind((self.clock)());
        let row: Option<SessionRow> = query.fetch_optional(&self.store.pool).await.map_err(backend)?;
        let Some(SessionRow { data, expires_at }) = row else { return Ok(None) };
        let data = serde_json::from_str(&data).map_err(|e| Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date: expires_at }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let ended = async {
            let mut tx = self.store.begin().await?;
            let query = sqlx::query("DELETE FROM sessions WHERE id_hash = $1").bind(hash(id));
            query.execute(&mut *tx).await?;
            news::tell(&mut tx, Topic::Sessions).await?;
            Ok::<_, StoreError>(tx.commit().await?)
        };
        ended.await.map_err(|error| Error::Backend(error.to_string()))
    }
}

impl Store {
    /// A user's sessions that have not ended, the one used last first. `current` names the one that asks.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sessions_of(
        &self,
        user: UserId,
        current: &str,
        now: OffsetDateTime,
    ) -> Result<Vec<SessionInfo>, StoreError> {
        let sql = "SELECT encode(substring(id_hash FOR 6), 'hex') AS name, data, created_at FROM sessions
            WHERE user_id = $1 AND least(expires_at, ends_at) > $2 ORDER BY created_at DESC LIMIT $3";
        let query = sqlx::query_as(sql).bind(user).bind(now).bind(MOST_SHOWN);
        let rows: Vec<OwnRow> = query.fetch_all(&self.pool).await?;
        let mut sessions: Vec<SessionInfo> = rows.into_iter().map(|row| row.info(current)).collect();
        sessions.sort_by_key(|session| std::cmp::Reverse((session.current, session.used_at)));
        Ok(sessions)
    }

    /// Ends one session of a user, by its name; false where there is none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_session(
        &self,
        user: UserId,
        name: &str,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "DELETE FROM sessions WHERE user_id = $1 AND encode(substring(id_hash FOR 6), 'hex') = $2";
        if sqlx::query(sql).bind(user).bind(name).execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        news::tell(&mut tx, Topic::Sessions).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends all sessions of a user but one; says how many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_other_sessions(
        &self,
        user: UserId,
        keep: &str,
        event: &NewAudit,
        now: OffsetDateTime,
    ) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let ended = end_others(&mut tx, user, keep).await?;
        audit::append(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Removes sessions that have ended by themselves: housekeeping.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn delete_expired_sessions(&self, now: OffsetDateTime) -> Result<u64, StoreError> {
        let query = sqlx::query("DELETE FROM sessions WHERE least(expires_at, ends_at) <= $1").bind(now);
        Ok(query.execute(&self.pool).await?.rows_affected())
    }
}

/// Ends a user's sessions but the one of this name.
pub(crate) async fn end_others(
    connection: &mut PgConnection,
    user: UserId,
    keep: &str,
) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sessions WHERE user_id = $1 AND encode(substring(id_hash FOR 6), 'hex') <> $2";
    let ended = sqlx::query(sql).bind(user).bind(keep).execute(&mut *connection).await?.rows_affected();
    news::tell(connection, Topic::Sessions).await?;
    Ok(ended)
}

#[derive(FromRow)]
struct OwnRow {
    name: String,
    data: String,
    created_at: OffsetDateTime,
}

impl OwnRow {
    fn info(self, current: &str) -> SessionInfo {
        let data: serde_json::Value = serde_json::from_str(&self.data).unwrap_or_default();
        let text =
            |key: &str| data.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let seen = data.get(SESSION_SEEN).and_then(serde_json::Value::as_i64);
        let seen = seen.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
        SessionInfo {
            current: self.name == current,
            name: self.name,
            address: text(SESSION_ADDRESS),
            browser: text(SESSION_BROWSER),
            since: self.created_at,
            used_at: seen.map_or(self.created_at, |seen| seen.max(self.created_at)),
        }
    }
}

/// False where the id is taken.
async fn insert(store: &Store, record: &Record, now: OffsetDateTime) -> session_store::Result<bool> {
    let sql = "INSERT INTO sessions
            (id_hash, user_id, data, created_at, expires_at, ends_at, provider_issuer, provider_subject, provider_sid)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ON CONSTRAINT sessions_pkey DO NOTHING";
    let provider = provider(record)?;
    let ends_at = provider.as_ref().and_then(|p| OffsetDateTime::from_unix_timestamp(p.ends_at).ok());
    let longest = now + LONGEST;
    let ends_at = ends_at.map_or(longest, |at| at.min(longest));
    let query = sqlx::query(sql).bind(hash(&record.id)).bind(owner(record)).bind(encode(record)?);
    let query = query.bind(now).bind(record.expiry_date).bind(ends_at);
    let query = query.bind(provider.as_ref().map(|p| &p.issuer)).bind(provider.as_ref().map(|p| &p.subject));
    let query = query.bind(provider.as_ref().and_then(|p| p.sid.as_ref()));
    Ok(query.execute(&store.pool).await.map_err(backend)?.rows_affected() == 1)
}

/// What a session is called where its id must not be known: the beginning of the hash that it is kept under.
#[must_use]
pub fn session_name(id: &Id) -> String {
    hex::encode(hash(id).get(..6).unwrap_or_default())
}

fn hash(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

fn owner(record: &Record) -> Option<i64> {
    record.data.get(SESSION_USER)?.as_i64()
}

fn provider(record: &Record) -> session_store::Result<Option<ProviderSession>> {
    let provider = record.data.get(SESSION_PROVIDER).cloned();
    provider.map(serde_json::from_value).transpose().map_err(|e| Error::Decode(e.to_string()))
}

fn encode(record: &Record) -> session_store::Result<String> {
    serde_json::to_string(&record.data).map_err(|e| Error::Encode(e.to_string()))
}

/// Whether a session could not be read or written only because all connections are in use: the trait of session stores
/// knows no kinds of errors.
#[must_use]
pub fn is_busy(error: &Error) -> bool {
    matches!(error, Error::Backend(why) if why.starts_with(BUSY))
}

const BUSY: &str = "busy: ";

fn backend(error: sqlx::Error) -> Error {
    match StoreError::from(error) {
        error @ StoreError::Busy(_) => Error::Backend(format!("{BUSY}{error}")),
        error => Error::Backend(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
