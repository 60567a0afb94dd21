//! Backup, copy and restore jobs of all accounts and Regions.

use model::{
    JobKind,
    job::{Job, JobRow},
    news::Topic,
};
use sqlx::{AssertSqlSafe, FromRow, types::Json};
use time::{Date, OffsetDateTime};

use crate::{Store, StoreError, json, news};

mod accounts;
mod choices;
mod counts;
mod extent;
mod figures;
mod plan_names;
mod query;
mod upsert;
mod watermarks;

pub use accounts::AccountRead;
pub use choices::KnownChoices;
pub use extent::Extent;
pub use plan_names::PlanKey;
pub use query::JobQuery;
pub use watermarks::{OddJob, Watermark};

/// What became of jobs that were brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upserted {
    /// Not known before.
    pub new: u64,
    /// Known in another form.
    pub changed: u64,
}

/// The columns that a row of the list needs, called as its fields.
pub(crate) const ROW: &str = "kind, id, account, '' AS account_name, region, state, message, resource_type,
    coalesce(resource_name, regexp_replace(resource_arn, '^.*[:/]', ''), '') AS resource,
    vault, plan_id, plan_name, rule_id, rule_name, policy_made, planned, restore_testing_plan, created_by_job_id, size, created_at, completed_at";

/// Everything that has to do with a job, newest first: its parent and children; of a backup its copies (copies of the
/// same resource from its vault, until the next backup of the resource into it) and restores; of a copy or restore the
/// backup it was made from. AWS's answers name the recovery point at one end of a copy only, so the vaults decide.
const RELATED: &str = "
    WITH this AS (SELECT * FROM jobs WHERE kind = $1 AND id = $2 AND created_at = $3),
    next AS (
        SELECT min(n.created_at) AS at FROM jobs n, this t
        WHERE t.kind = 'backup' AND n.kind = 'backup' AND n.resource_arn = t.resource_arn
            AND n.vault_arn = t.vault_arn AND n.created_at > t.created_at
    ), origin AS (
        SELECT o.kind, o.id FROM jobs o, this t
        WHERE t.kind = 'copy' AND o.kind = 'backup' AND o.resource_arn = t.resource_arn
            AND o.vault_arn = t.source_vault_arn AND o.created_at <= t.created_at
        ORDER BY o.created_at DESC LIMIT 1
    ), found AS (
        SELECT j.kind, j.id, j.created_at FROM jobs j, this t WHERE j.id = t.parent_job_id AND j.kind = t.kind
        UNION SELECT j.kind, j.id, j.created_at FROM jobs j, this t WHERE j.parent_job_id = t.id AND j.kind = t.kind
        UNION SELECT j.kind, j.id, j.created_at FROM jobs j, this t, next
            WHERE t.kind = 'backup' AND j.kind = 'copy' AND j.resource_arn = t.resource_arn
                AND j.source_vault_arn = t.vault_arn AND j.created_at >= t.created_at
                AND (next.at IS NULL OR j.created_at < next.at)
        UNION SELECT j.kind, j.id, j.created_at FROM jobs j, this t
            WHERE t.kind <> j.kind AND j.resource_arn = t.resource_arn
                AND j.recovery_point_arn = t.recovery_point_arn
        UNION SELECT j.kind, j.id, j.created_at FROM jobs j JOIN origin USING (kind, id)
    )
    SELECT to_jsonb(r) FROM (SELECT ";
const RELATED_END: &str = " FROM jobs JOIN found USING (kind, id, created_at)
    ORDER BY created_at DESC, kind, id LIMIT 100) AS r";

#[derive(FromRow)]
struct StoredJob {
    job: Json<Job>,
    seen_at: OffsetDateTime,
}

impl Store {
    /// Brings jobs as AWS just told of them; months are added as they are needed. `now` is when AWS was asked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn upsert_jobs(&self, jobs: &[Job], now: OffsetDateTime) -> Result<Upserted, StoreError> {
        if jobs.is_empty() {
            return Ok(Upserted::default());
        }
        self.make_months(jobs).await?;
        let query = sqlx::query_scalar(AssertSqlSafe(upsert::SQL.as_str())).bind(json::rows(jobs)?).bind(now);
        let mut tx = self.begin().await?;
        let versions: Vec<i32> = query.fetch_all(&mut *tx).await?;
        plan_names::learn(&mut tx, jobs).await?;
        if !versions.is_empty() {
            news::tell(&mut tx, Topic::Jobs).await?;
        }
        tx.commit().await?;
        let new = versions.iter().filter(|version| **version == 1).count();
        Ok(Upserted { new: new as u64, changed: (versions.len() - new) as u64 })
    }

    async fn make_months(&self, jobs: &[Job]) -> Result<(), StoreError> {
        let mut firsts: Vec<OffsetDateTime> = jobs.iter().map(|job| first_of_month(job.created_at)).collect();
        firsts.sort_unstable();
        firsts.dedup();
        sqlx::query("SELECT make_job_months($1)").bind(firsts).execute(&self.pool).await?;
        Ok(())
    }

    /// Drops the months that end at or before a day, rows, counts and all; says how many.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where readers are in the way: try again later.
    pub async fn drop_jobs_before(&self, day: Date) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        // Whoever waits for the table's lock holds up all who come after.
        sqlx::query("SET LOCAL lock_timeout = '2s'").execute(&mut *tx).await?;
        let dropped: i32 =
            sqlx::query_scalar("SELECT drop_job_months($1)").bind(day).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(u64::try_from(dropped).unwrap_or_default())
    }

    /// A job, and when this form of it was first read.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn job(&self, kind: JobKind, id: &str) -> Result<Option<(Job, OffsetDateTime)>, StoreError> {
        let sql = "SELECT to_jsonb(j) AS job, seen_at FROM jobs j
            WHERE kind = $1 AND id = $2 ORDER BY created_at DESC LIMIT 1";
        let query = sqlx::query_as(sql).bind(kind.as_str()).bind(id.replace('\0', ""));
        let row: Option<StoredJob> = query.fetch_optional(&self.pool).await?;
        Ok(row.map(|row| (row.job.0, row.seen_at)))
    }

    /// Parent, children, copies, restores and origin of a job; at most 100, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn related_jobs(&self, job: &Job) -> Result<Vec<JobRow>, StoreError> {
        let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new(RELATED);
        query.push(ROW).push(RELATED_END);
        let query =
            sqlx::query_scalar(query.into_sql()).bind(job.kind.as_str()).bind(&job.id).bind(job.created_at);
        let rows: Vec<Json<JobRow>> = query.fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }
}

fn first_of_month(at: OffsetDateTime) -> OffsetDateTime {
    let day = at.to_offset(time::UtcOffset::UTC).date();
    day.replace_day(1).unwrap_or(day).midnight().assume_utc()
}

#[cfg(test)]
mod tests;
