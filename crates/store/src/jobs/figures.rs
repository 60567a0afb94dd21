//! Figures and choices, from what is counted by day.

use model::{
    JobState,
    overview::{Cause, DayOfJobs},
};
use sqlx::{FromRow, Postgres, QueryBuilder};
use time::{Date, OffsetDateTime, UtcOffset};

use super::{Extent, JobQuery, KnownChoices};
use crate::{Store, StoreError};

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

/// Reasons of failure since a day, the most frequent first.
pub(super) fn causes_of(extent: &Extent, day: Date, limit: i64) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new(
        "SELECT c.category, c.jobs, c.accounts, e.message AS example
        FROM (SELECT category, sum(jobs)::bigint AS jobs, count(DISTINCT account) FILTER (WHERE jobs > 0) AS accounts
            FROM job_counts
            WHERE span = 'day' AND state = ANY (failed_job_states()) AND account <> '' AND on_day >= ",
    );
    sql.push_bind(day);
    extent.narrow(&mut sql);
    sql.push(" GROUP BY category HAVING sum(jobs) > 0 ORDER BY sum(jobs) DESC, category LIMIT ");
    sql.push_bind(limit).push(
        ") AS c
        LEFT JOIN LATERAL (SELECT of_state.message
            -- State by state along its index: no walk through all that went well, however rare the cause.
            FROM unnest(failed_job_states()) AS s (state) CROSS JOIN LATERAL
                (SELECT message, created_at FROM jobs
                    WHERE state = s.state AND state <> 'completed' AND message IS NOT NULL
                        AND left(coalesce(message_category, ''), 100) = c.category AND created_at >= ",
    );
    sql.push_bind(day.midnight().assume_utc());
    extent.narrow(&mut sql);
    sql.push(
        " ORDER BY created_at DESC, kind DESC, id DESC LIMIT 1) AS of_state
            ORDER BY of_state.created_at DESC LIMIT 1) AS e ON true
        ORDER BY c.jobs DESC, c.category",
    );
    sql
}

impl Store {
    /// Jobs that have ended, by day of creation (UTC): every day of the range, both ends included, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn days_of_jobs(
        &self,
        extent: &Extent,
        from: Date,
        to: Date,
    ) -> Result<Vec<DayOfJobs>, StoreError> {
        let mut sql = QueryBuilder::new(
            "SELECT day::date AS on_day,
                coalesce(sum(jobs) FILTER (WHERE state = 'completed'), 0)::bigint AS completed,
                coalesce(sum(jobs) FILTER (WHERE state = ANY (job_states_with_issues())), 0)::bigint
                    AS with_issues,
                coalesce(sum(jobs) FILTER (WHERE state = ANY (failed_job_states())), 0)::bigint AS failed
            FROM generate_series(",
        );
        sql.push_bind(from).push("::date, ").push_bind(to).push(
            "::date, interval '1 day') AS day
            LEFT JOIN (SELECT on_day, state, sum(jobs) AS jobs FROM job_counts WHERE span = 'day' AND on_day BETWEEN ",
        );
        sql.push_bind(from).push(" AND ").push_bind(to);
        extent.narrow_counts(&mut sql);
        sql.push(" GROUP BY on_day, state) AS c ON c.on_day = day::date GROUP BY day ORDER BY day");
        let rows: Vec<DayRow> = sql.build_query_as().fetch_all(&self.pool).await?;
        let day = |row: DayRow| DayOfJobs {
            on: row.on_day,
            completed: unsigned(row.completed),
            with_issues: unsigned(row.with_issues),
            failed: unsigned(row.failed),
        };
        Ok(rows.into_iter().map(day).collect())
    }

    /// Jobs created at or after an instant, and before another, that have ended; its day is the first instant's.
    ///
    /// # Errors
    /// Where the database fails, or cannot count them in time: no number is better than a wrong one.
    pub async fn jobs_between(
        &self,
        extent: &Extent,
        since: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<DayOfJobs, StoreError> {
        // Whole days are counted already, and hardly any job is dated ahead: cheaper than the rows of a day.
        let from = |at| JobQuery { extent: extent.clone(), from: Some(at), ..JobQuery::default() };
        let (all, ahead) = (from(since), from(until));
        let (counts, ahead) = tokio::try_join!(self.count_exactly(&all), self.count_exactly(&ahead))?;
        let sum = |counts: &[(JobState, u64)], holds: fn(JobState) -> bool| {
            counts.iter().filter(|(state, _)| holds(*state)).map(|(_, jobs)| *jobs).sum::<u64>()
        };
        let of = |holds| sum(&counts, holds).saturating_sub(sum(&ahead, holds));
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
    pub async fn causes(
        &self,
        extent: &Extent,
        since: OffsetDateTime,
        limit: i64,
    ) -> Result<Vec<Cause>, StoreError> {
        let day = since.to_offset(UtcOffset::UTC).date();
        let mut sql = causes_of(extent, day, limit);
        let rows: Vec<CauseRow> = sql.build_query_as().fetch_all(&self.pool).await?;
        let cause = |row: CauseRow| Cause {
            category: row.category,
            jobs: unsigned(row.jobs),
            accounts: unsigned(row.accounts),
            example: row.example.unwrap_or_default(),
        };
        Ok(rows.into_iter().map(cause).collect())
    }

    /// What filters can be set to. Of a part of the organization the vaults are those of its newest jobs.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn job_choices(&self, extent: &Extent) -> Result<KnownChoices, StoreError> {
        if *extent != Extent::All {
            return self.choices_within(extent).await;
        }
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
