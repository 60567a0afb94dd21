//! Who brings the data, how far they are, and how old it is.

mod requests;

pub use requests::SyncRequests;

use std::time::Duration as Wait;

use model::{
    news::Topic,
    session::{Freshness, SyncProgress},
};
use sqlx::{Connection, FromRow, PgConnection};
use time::{Duration, OffsetDateTime};
use tokio::{sync::Mutex, time::timeout};

use crate::{Store, StoreError, news, pool::QUICK_LOSS};

/// Names the lock among the database's advisory locks.
const LOCK: i64 = 0x0068_6f6c_6466_6173;
/// A lock whose connection does not answer within this is taken for lost.
const ANSWER: Wait = Wait::from_secs(5);
/// Progress that is older than this is of a process that is no more.
const ALIVE: Duration = Duration::minutes(2);

/// A process that would sync if no other did, on a connection that it keeps.
#[derive(Debug)]
pub struct SyncStandby {
    connection: PgConnection,
}

/// What came of waiting for the lock.
#[derive(Debug)]
pub enum Waited {
    /// This process syncs now.
    Locked(SyncLock),
    /// Another one still has the lock.
    Still(SyncStandby),
}

impl SyncStandby {
    /// Waits for the lock, in the order in which processes came. Where it is given up meanwhile, the connection ends, and
    /// the place in the order with it.
    ///
    /// # Errors
    /// Where the connection is lost.
    pub async fn wait(mut self, at_most: Wait) -> Result<Waited, StoreError> {
        let limit = format!("{}ms", at_most.as_millis().max(1));
        let waiting = async {
            let connection = &mut self.connection;
            let set = "SELECT set_config('lock_timeout', $1, false)";
            sqlx::query(set).bind(limit).execute(&mut *connection).await?;
            let taken = sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut *connection).await;
            match taken.map_err(StoreError::from) {
                Ok(_) => Ok(true),
                Err(StoreError::Locked(_)) => Ok(false),
                Err(error) => Err(error),
            }
        };
        let silent = |_| StoreError::Unavailable("the connection of the sync lock does not answer".into());
        if !timeout(at_most + ANSWER, waiting).await.map_err(silent)?? {
            return Ok(Waited::Still(self));
        }
        // Whoever believes to have it looks again now.
        news::tell(&mut self.connection, Topic::SyncRequest).await?;
        Ok(Waited::Locked(SyncLock { connection: Mutex::new(self.connection) }))
    }
}

/// That this process, and no other on the database, syncs. Ends when it is dropped, and when its connection ends: the
/// server notices the death of the other side within seconds.
#[derive(Debug)]
pub struct SyncLock {
    connection: Mutex<PgConnection>,
}

impl SyncLock {
    /// Whether the lock is still ours. Once it is not, it will not be again.
    pub async fn is_held(&self) -> bool {
        let mut connection = self.connection.lock().await;
        let sql = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
            AND pid = pg_backend_pid() AND ((classid::bigint << 32) | objid::bigint) = $1)";
        let asked = timeout(ANSWER, sqlx::query_scalar(sql).bind(LOCK).fetch_one(&mut *connection)).await;
        matches!(asked, Ok(Ok(true)))
    }

    /// Gives the lock up and waits until others can have it.
    pub async fn release(self) {
        let mut connection = self.connection.into_inner();
        // Said, since the server may take its time to notice that a connection was closed.
        let _ = sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK).execute(&mut connection).await;
        let _ = connection.close().await;
    }
}

/// A part of the sync that succeeds or fails by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncPart {
    Organization,
    Jobs,
}

#[derive(FromRow)]
struct FreshnessRow {
    organization_at: Option<OffsetDateTime>,
    jobs_at: Option<OffsetDateTime>,
    newest_jobs_at: Option<OffsetDateTime>,
    jobs_not_available: Option<bool>,
    step: Option<String>,
    done: Option<i64>,
    of: Option<i64>,
    problem: Option<String>,
}

impl Store {
    /// A connection on which to wait for the lock of the one that syncs.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sync_standby(&self) -> Result<SyncStandby, StoreError> {
        let connecting = timeout(ANSWER, self.dedicated(&QUICK_LOSS)).await;
        let silent = |_| StoreError::Unavailable("the database takes no connection".into());
        Ok(SyncStandby { connection: connecting.map_err(silent)?? })
    }

    /// Tells all processes what the sync does now; `None` when it rests. Tell it again at least every minute.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_sync_progress(
        &self,
        progress: Option<SyncProgress>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        news::tell(&mut tx, Topic::Sync).await?;
        let Some(SyncProgress { step, done, of }) = progress else {
            sqlx::query("DELETE FROM sync_progress").execute(&mut *tx).await?;
            return Ok(tx.commit().await?);
        };
        let sql = "INSERT INTO sync_progress (step, done, of, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT ON CONSTRAINT sync_progress_pkey
                DO UPDATE SET step = excluded.step, done = excluded.done, of = excluded.of, at = excluded.at";
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let query = sqlx::query(sql).bind(step).bind(signed(done)).bind(of.map(signed)).bind(now);
        query.execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// Notes how a part of the sync ended; `problem` is in words for people, with a next step.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_sync_result(
        &self,
        part: SyncPart,
        at: OffsetDateTime,
        problem: Option<&str>,
    ) -> Result<(), StoreError> {
        let part = match part {
            SyncPart::Organization => "organization",
            SyncPart::Jobs => "jobs",
        };
        let sql = "INSERT INTO sync_results (part, at, problem) VALUES ($1, $2, $3)
            ON CONFLICT ON CONSTRAINT sync_results_pkey DO UPDATE SET at = excluded.at, problem = excluded.problem";
        let mut tx = self.begin().await?;
        sqlx::query(sql).bind(part).bind(at).bind(problem).execute(&mut *tx).await?;
        news::tell(&mut tx, Topic::Sync).await?;
        Ok(tx.commit().await?)
    }

    /// How old the data is. Jobs are as old as the Region and kind that was read longest ago; one that was never read
    /// whole leaves their age unknown, for whatever reason.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn freshness(&self, now: OffsetDateTime) -> Result<Freshness, StoreError> {
        let sql = "SELECT
                (SELECT seen_at FROM organization) AS organization_at,
                j.jobs_at, j.newest_jobs_at, j.jobs_not_available, p.step, p.done, p.of,
                (SELECT string_agg(problem, ' ' ORDER BY part DESC) FROM sync_results) AS problem
            FROM (SELECT CASE WHEN bool_and(read_at IS NOT NULL) THEN min(read_at) END AS jobs_at,
                    max(greatest(read_at, own_account_at)) AS newest_jobs_at,
                    bool_and(read_at IS NULL AND outcome = 'not_available') AS jobs_not_available
                FROM job_watermarks) AS j
            LEFT JOIN sync_progress p ON p.at > $1";
        let row: FreshnessRow = sqlx::query_as(sql).bind(now - ALIVE).fetch_one(&self.pool).await?;
        let unsigned = |n: i64| u64::try_from(n).unwrap_or_default();
        let running = row.step.map(|step| SyncProgress {
            step,
            done: row.done.map(unsigned).unwrap_or_default(),
            of: row.of.map(unsigned),
        });
        Ok(Freshness {
            organization_at: row.organization_at,
            jobs_at: row.jobs_at,
            newest_jobs_at: row.newest_jobs_at,
            jobs_not_available: row.jobs_not_available.unwrap_or_default(),
            now: Some(now),
            running,
            problem: row.problem,
        })
    }
}

#[cfg(test)]
mod tests;
