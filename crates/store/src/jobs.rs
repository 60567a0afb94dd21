//! Backup, copy and restore jobs of all accounts and Regions.

use model::{
    JobKind,
    job::{Job, JobRow},
};
use sqlx::{FromRow, types::Json};
use time::{Date, OffsetDateTime};

use crate::{Store, StoreError, json};

mod choices;
mod counts;
mod extent;
mod figures;
mod query;
mod watermarks;

pub use choices::KnownChoices;
pub use extent::Extent;
pub use query::JobQuery;
pub use watermarks::Watermark;

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
    vault, plan_name, rule_name, policy_made, size, created_at, completed_at";

/// Writes what differs. What AWS says of a job replaces what is known, with three exceptions: a job that has ended is
/// never open again; what was asked for earlier never replaces what was asked for later; and a fact that one answer
/// leaves out, as lists do, stays.
const UPSERT: &str = "
    INSERT INTO jobs AS j (kind, id, account, region, state, message, message_category, resource_type, resource_arn,
        resource_name, vault, vault_arn, source_vault_arn, recovery_point_arn, created_resource_arn, role_arn, plan_id,
        plan_name, rule_name, policy_made, parent_job_id, is_parent, size, percent, created_at, completed_at, start_by,
        seen_at)
    SELECT DISTINCT ON (id, kind, created_at) kind, id, account, region, state, message, message_category,
        resource_type, resource_arn, resource_name, vault, vault_arn, source_vault_arn, recovery_point_arn,
        created_resource_arn, role_arn, plan_id, plan_name, rule_name, policy_made, parent_job_id, is_parent, size,
        percent, created_at, completed_at, start_by, $2
    FROM jsonb_to_recordset($1) AS n (kind text, id text, account text, region text, state text, message text,
        message_category text, resource_type text, resource_arn text, resource_name text, vault text, vault_arn text,
        source_vault_arn text, recovery_point_arn text, created_resource_arn text, role_arn text, plan_id text,
        plan_name text, rule_name text, policy_made boolean, parent_job_id text, is_parent boolean, size bigint,
        percent smallint, created_at timestamptz, completed_at timestamptz, start_by timestamptz)
    ORDER BY id, kind, created_at, state IN ('created', 'pending', 'running', 'aborting', 'unknown')
    ON CONFLICT ON CONSTRAINT jobs_pkey DO UPDATE SET
        account = excluded.account, region = excluded.region, state = excluded.state, message = excluded.message,
        message_category = excluded.message_category,
        resource_type = coalesce(excluded.resource_type, j.resource_type),
        resource_arn = coalesce(excluded.resource_arn, j.resource_arn),
        resource_name = coalesce(excluded.resource_name, j.resource_name),
        vault = coalesce(excluded.vault, j.vault), vault_arn = coalesce(excluded.vault_arn, j.vault_arn),
        source_vault_arn = coalesce(excluded.source_vault_arn, j.source_vault_arn),
        recovery_point_arn = coalesce(excluded.recovery_point_arn, j.recovery_point_arn),
        created_resource_arn = coalesce(excluded.created_resource_arn, j.created_resource_arn),
        role_arn = coalesce(excluded.role_arn, j.role_arn), plan_id = coalesce(excluded.plan_id, j.plan_id),
        plan_name = coalesce(excluded.plan_name, j.plan_name), rule_name = coalesce(excluded.rule_name, j.rule_name),
        policy_made = excluded.policy_made OR j.policy_made,
        parent_job_id = coalesce(excluded.parent_job_id, j.parent_job_id),
        is_parent = excluded.is_parent OR j.is_parent, size = coalesce(excluded.size, j.size),
        percent = coalesce(excluded.percent, j.percent),
        completed_at = coalesce(excluded.completed_at, j.completed_at),
        start_by = coalesce(excluded.start_by, j.start_by), seen_at = excluded.seen_at, version = j.version + 1
    WHERE excluded.seen_at >= j.seen_at
        AND (j.state IN ('created', 'pending', 'running', 'aborting', 'unknown')
            OR excluded.state NOT IN ('created', 'pending', 'running', 'aborting', 'unknown'))
        AND (j.account, j.region, j.state, j.message, j.message_category, j.resource_type, j.resource_arn,
                j.resource_name, j.vault, j.vault_arn, j.source_vault_arn, j.recovery_point_arn,
                j.created_resource_arn, j.role_arn, j.plan_id, j.plan_name, j.rule_name, j.policy_made,
                j.parent_job_id, j.is_parent, j.size, j.percent, j.completed_at, j.start_by)
            IS DISTINCT FROM (excluded.account, excluded.region, excluded.state, excluded.message,
                excluded.message_category, coalesce(excluded.resource_type, j.resource_type),
                coalesce(excluded.resource_arn, j.resource_arn), coalesce(excluded.resource_name, j.resource_name),
                coalesce(excluded.vault, j.vault), coalesce(excluded.vault_arn, j.vault_arn),
                coalesce(excluded.source_vault_arn, j.source_vault_arn),
                coalesce(excluded.recovery_point_arn, j.recovery_point_arn),
                coalesce(excluded.created_resource_arn, j.created_resource_arn),
                coalesce(excluded.role_arn, j.role_arn), coalesce(excluded.plan_id, j.plan_id),
                coalesce(excluded.plan_name, j.plan_name), coalesce(excluded.rule_name, j.rule_name),
                excluded.policy_made OR j.policy_made, coalesce(excluded.parent_job_id, j.parent_job_id),
                excluded.is_parent OR j.is_parent, coalesce(excluded.size, j.size),
                coalesce(excluded.percent, j.percent), coalesce(excluded.completed_at, j.completed_at),
                coalesce(excluded.start_by, j.start_by))
    RETURNING version";

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
        let query = sqlx::query_scalar(UPSERT).bind(json::rows(jobs)?).bind(now);
        let versions: Vec<i32> = query.fetch_all(&self.pool).await?;
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
    /// [`StoreError::TooSlow`] where readers are in the way: try again later.
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
