//! Figures and choices, from what is counted by day.

use model::{
    JobState,
    overview::{Cause, DayOfJobs},
};
use sqlx::FromRow;
use time::{Date, OffsetDateTime, UtcOffset};

use super::JobQuery;
use crate::{Store, StoreError};

/// The values that jobs have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownChoices {
    pub regions: Vec<String>,
    pub resource_types: Vec<String>,
    /// At most 200, most used first.
    pub vaults: Vec<String>,
    /// Message categories of jobs that did not simply complete, at most 200; `""` for none.
    pub categories: Vec<String>,
}

#[derive(FromRow)]
struct DayRow {
    on_day: Date,
    completed: i64,
    with_issues: i64,
    failed: i64,
}

#[derive(FromRow)]
struct CauseRow {
    category: String,
    jobs: i64,
    accounts: i64,
    example: Option<String>,
}

/// Reasons of failure, of the day $1 and later ($2: its first instant), the $3 most frequent.
pub(super) const CAUSES: &str = "
    SELECT c.category, c.jobs, c.accounts, e.message AS example
    FROM (SELECT category, sum(jobs)::bigint AS jobs, count(DISTINCT account) FILTER (WHERE jobs > 0) AS accounts
        FROM job_counts
        WHERE span = 'day' AND on_day >= $1 AND state = ANY (failed_job_states()) AND account <> ''
        GROUP BY category HAVING sum(jobs) > 0 ORDER BY sum(jobs) DESC, category LIMIT $3) AS c
    LEFT JOIN LATERAL (SELECT of_state.message
        -- State by state along its index: no walk through all that went well, however rare the cause.
        FROM unnest(failed_job_states()) AS s (state) CROSS JOIN LATERAL
            (SELECT message, created_at FROM jobs
                WHERE created_at >= $2 AND state = s.state AND state <> 'completed' AND message IS NOT NULL
                    AND left(coalesce(message_category, ''), 100) = c.category
                ORDER BY created_at DESC, kind DESC, id DESC LIMIT 1) AS of_state
        ORDER BY of_state.created_at DESC LIMIT 1) AS e ON true
    ORDER BY c.jobs DESC, c.category";

impl Store {
    /// Jobs that have ended, by day of creation (UTC): every day of the range, both ends included, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn days_of_jobs(&self, from: Date, to: Date) -> Result<Vec<DayOfJobs>, StoreError> {
        let sql = "SELECT day::date AS on_day,
                coalesce(sum(jobs) FILTER (WHERE state = 'completed'), 0)::bigint AS completed,
                coalesce(sum(jobs) FILTER (WHERE state = ANY (job_states_with_issues())), 0)::bigint AS with_issues,
                coalesce(sum(jobs) FILTER (WHERE state = ANY (failed_job_states())), 0)::bigint AS failed
            FROM generate_series($1::date, $2::date, interval '1 day') AS day
            LEFT JOIN job_counts ON span = 'day' AND account = '' AND on_day = day::date AND on_day BETWEEN $1 AND $2
            GROUP BY day ORDER BY day";
        let rows: Vec<DayRow> = sqlx::query_as(sql).bind(from).bind(to).fetch_all(&self.pool).await?;
        let day = |row: DayRow| DayOfJobs {
            on: row.on_day,
            completed: unsigned(row.completed),
            with_issues: unsigned(row.with_issues),
            failed: unsigned(row.failed),
        };
        Ok(rows.into_iter().map(day).collect())
    }

    /// Jobs created at or after an instant that have ended; its day is the instant's.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn jobs_since(&self, since: OffsetDateTime) -> Result<DayOfJobs, StoreError> {
        let query = JobQuery { from: Some(since), ..JobQuery::default() };
        let counts = self.count_by_state(&query).await?;
        let of = |holds: fn(JobState) -> bool| {
            counts.iter().filter(|(state, _)| holds(*state)).map(|(_, total)| total.count).sum()
        };
        Ok(DayOfJobs {
            on: since.to_offset(UtcOffset::UTC).date(),
            completed: of(|state| state == JobState::Completed),
            with_issues: of(JobState::has_issues),
            failed: of(JobState::is_failed),
        })
    }

    /// The most frequent reasons why jobs failed, expired or were aborted, of those created on the instant's day (UTC) or
    /// later, most frequent first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn causes(&self, since: OffsetDateTime, limit: i64) -> Result<Vec<Cause>, StoreError> {
        let day = since.to_offset(UtcOffset::UTC).date();
        let query = sqlx::query_as(CAUSES).bind(day).bind(day.midnight().assume_utc()).bind(limit);
        let rows: Vec<CauseRow> = query.fetch_all(&self.pool).await?;
        let cause = |row: CauseRow| Cause {
            category: row.category,
            jobs: unsigned(row.jobs),
            accounts: unsigned(row.accounts),
            example: row.example.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(cause).collect())
    }

    /// What filters can be set to.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn job_choices(&self) -> Result<KnownChoices, StoreError> {
        let sql = "SELECT facet, value FROM
            (SELECT *, row_number() OVER (PARTITION BY facet ORDER BY jobs DESC, value) AS place FROM job_facets) AS f
            WHERE place <= 200 ORDER BY facet, place";
        let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&self.pool).await?;
        let of =
            |name: &str| rows.iter().filter(|(f, _)| f == name).map(|(_, v)| v.clone()).collect::<Vec<_>>();
        let (mut regions, mut resource_types) = (of("region"), of("resource_type"));
        regions.sort_unstable();
        resource_types.sort_unstable();
        let sql = "SELECT DISTINCT category FROM job_counts
            WHERE span = 'month' AND account = '' AND jobs > 0
                AND state = ANY (job_states_with_issues() || failed_job_states())
            ORDER BY category LIMIT 200";
        let categories = sqlx::query_scalar(sql).fetch_all(&self.pool).await?;
        Ok(KnownChoices { regions, resource_types, vaults: of("vault"), categories })
    }
}

fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
