//! Who brings the data, how far they are, and how old it is.

mod requests;

pub use requests::SyncRequests;

use std::time::Duration as Wait;

use model::session::{Freshness, SyncProgress};
use sqlx::{Connection, FromRow, PgConnection};
use time::{Duration, OffsetDateTime};
use tokio::{sync::Mutex, time::timeout};

use crate::{Store, StoreError};

/// Names the lock among the database's advisory locks.
const LOCK: i64 = 0x0068_6f6c_6466_6173;
/// A lock whose connection does not answer within this is taken for lost.
const ANSWER: Wait = Wait::from_secs(5);
/// Progress that is older than this is of a process that is no more.
const ALIVE: Duration = Duration::minutes(2);

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
    step: Option<String>,
    done: Option<i64>,
    of: Option<i64>,
    problem: Option<String>,
}

impl Store {
    /// Takes the lock of the one that syncs; `None` where another process has it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn try_sync_lock(&self) -> Result<Option<SyncLock>, StoreError> {
        let watch =
            [("tcp_keepalives_idle", "5"), ("tcp_keepalives_interval", "2"), ("tcp_keepalives_count", "3")];
        let mut connection = self.dedicated(&watch).await?;
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(LOCK)
            .fetch_one(&mut connection)
            .await?;
        if taken {
            return Ok(Some(SyncLock { connection: Mutex::new(connection) }));
        }
        connection.close().await?;
        Ok(None)
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
        let Some(SyncProgress { step, done, of }) = progress else {
            sqlx::query("DELETE FROM sync_progress").execute(&self.pool).await?;
            return Ok(());
        };
        let sql = "INSERT INTO sync_progress (step, done, of, at) VALUES ($1, $2, $3, $4)
            ON CONFLICT ON CONSTRAINT sync_progress_pkey
                DO UPDATE SET step = excluded.step, done = excluded.done, of = excluded.of, at = excluded.at";
        let signed = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let query = sqlx::query(sql).bind(step).bind(signed(done)).bind(of.map(signed)).bind(now);
        query.execute(&self.pool).await?;
        Ok(())
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
        sqlx::query(sql).bind(part).bind(at).bind(problem).execute(&self.pool).await?;
        Ok(())
    }

    /// How old the data is. Jobs are as old as the Region and kind that was read longest ago; one that was never read
    /// leaves their age unknown, unless it cannot be read at all, which its watermark says.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn freshness(&self, now: OffsetDateTime) -> Result<Freshness, StoreError> {
        let sql = "SELECT
                (SELECT seen_at FROM organization) AS organization_at,
                (SELECT CASE WHEN bool_and(read_at IS NOT NULL OR problem IS NOT NULL) THEN min(read_at) END
                    FROM job_watermarks) AS jobs_at,
                p.step, p.done, p.of,
                (SELECT string_agg(problem, ' ' ORDER BY part DESC) FROM sync_results) AS problem
            FROM (SELECT) AS one LEFT JOIN sync_progress p ON p.at > $1";
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
            now: Some(now),
            running,
            problem: row.problem,
        })
    }
}

#[cfg(test)]
mod tests;
