//! How many jobs match: from the counts by day and month where those can tell, else by counting up to a bound, for a bounded time.

use model::{JobState, Total};
use sqlx::{Postgres, QueryBuilder};
use time::{Duration, OffsetDateTime, Time, UtcOffset};

use super::{
    JobQuery,
    query::{CATEGORY, CATEGORY_OF_JOB},
};
use crate::{
    Store, StoreError,
    keyset::{self, COUNT_BOUND},
};

/// A count is worth this much waiting.
const BUDGET: &str = "700ms";

impl Store {
    /// Jobs by state, in the order of the states; states without jobs are left out. Where counting came to its bound,
    /// all numbers are “at least”; where it took too long, all are “at least none”.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_by_state(&self, query: &JobQuery) -> Result<Vec<(JobState, Total)>, StoreError> {
        let by_count = query.is_counted();
        let sql = if by_count { counted(query) } else { counted_by_row(query) };
        let Some(rows) = self.budgeted(sql).await? else {
            let unknown = Total { count: 0, exact: false };
            return Ok(JobState::TABLE.iter().map(|(state, ..)| (*state, unknown)).collect());
        };
        let exact = by_count || rows.iter().map(|(_, n)| n).sum::<i64>() <= COUNT_BOUND;
        let mut totals = Vec::with_capacity(rows.len());
        for (name, count) in rows {
            let state = state_of(&name)?;
            totals.push((state, Total { count: u64::try_from(count).unwrap_or_default(), exact }));
        }
        totals.sort_by_key(|(state, _)| *state);
        Ok(totals)
    }

    /// The same of what is counted by day, however long it takes: an exact number or none.
    pub(super) async fn count_exactly(&self, query: &JobQuery) -> Result<Vec<(JobState, u64)>, StoreError> {
        let rows: Vec<(String, i64)> = counted(query).build_query_as().fetch_all(&self.pool).await?;
        let exact = |(name, n): (String, i64)| Ok((state_of(&name)?, u64::try_from(n).unwrap_or_default()));
        rows.into_iter().map(exact).collect()
    }

    /// All jobs that match. `seen` of them are on the page, so there are at least as many.
    pub(super) async fn count_jobs(&self, query: &JobQuery, seen: u64) -> Result<Total, StoreError> {
        if query.is_counted()
            && let Some(rows) = self.budgeted(counted(query)).await?
        {
            let sum = rows.iter().map(|(_, n)| n).sum::<i64>();
            return Ok(Total::exactly(u64::try_from(sum).unwrap_or_default()));
        }
        let mut sql = QueryBuilder::new("SELECT '', count(*) FROM (SELECT FROM jobs WHERE true");
        query.narrow(&mut sql);
        query.narrow_time(&mut sql);
        sql.push(" LIMIT ").push_bind(COUNT_BOUND + 1).push(") AS counted");
        let rows = self.budgeted(sql).await?;
        let counted = rows.and_then(|rows| rows.first().map(|(_, n)| keyset::total(*n)));
        Ok(counted.unwrap_or(Total { count: seen, exact: false }))
    }

    /// Runs a count; `None` where it took too long.
    async fn budgeted(
        &self,
        mut sql: QueryBuilder<Postgres>,
    ) -> Result<Option<Vec<(String, i64)>>, StoreError> {
        let mut tx = self.begin_within(BUDGET).await?;
        let counted: Result<Vec<(String, i64)>, sqlx::Error> = sql.build_query_as().fetch_all(&mut *tx).await;
        match counted.map_err(StoreError::from) {
            Ok(rows) => {
                tx.commit().await?;
                Ok(Some(rows))
            }
            Err(StoreError::TooSlow(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn state_of(name: &str) -> Result<JobState, StoreError> {
    let unknown = || StoreError::corrupt("job state", format!("“{name}” is not in the table"));
    JobState::from_name(name).ok_or_else(unknown)
}

/// Numbers by state: whole months and days from the counts, what is left of the first and last day from the rows.
fn counted(query: &JobQuery) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT state, sum(n)::bigint FROM (SELECT '' AS state, 0 AS n");
    for (source, from, until) in pieces(query.from, query.until) {
        match source {
            Source::Months | Source::Days => count_counts(&mut sql, query, source, from, until),
            Source::Rows => count_rows(&mut sql, query, from, until),
        }
    }
    sql.push(") AS parts GROUP BY state HAVING sum(n) > 0");
    sql
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Months,
    Days,
    Rows,
}

/// A part of a range of time; `None` is without end.
type Piece = (Source, Option<OffsetDateTime>, Option<OffsetDateTime>);

/// Cuts a range into whole months, whole days and rests.
fn pieces(from: Option<OffsetDateTime>, until: Option<OffsetDateTime>) -> Vec<Piece> {
    let (first_day, last_day) = (from.map(midnight_after), until.map(midnight_before));
    if empty(first_day, last_day) {
        return vec![(Source::Rows, from, until)];
    }
    let (first_month, last_month) = (first_day.map(month_after), last_day.map(month_before));
    let mut pieces = if empty(first_month, last_month) {
        vec![(Source::Days, first_day, last_day)]
    } else {
        vec![
            (Source::Days, first_day, first_month),
            (Source::Months, first_month, last_month),
            (Source::Days, last_month, last_day),
        ]
    };
    pieces.extend([(Source::Rows, from, first_day), (Source::Rows, last_day, until)]);
    // The rests at an open end are no rests.
    pieces.retain(|(source, from, until)| *source == Source::Months || from != until);
    pieces
}

/// Whether nothing lies between; an open end always leaves something.
fn empty(from: Option<OffsetDateTime>, until: Option<OffsetDateTime>) -> bool {
    from.zip(until).is_some_and(|(from, until)| from >= until)
}

fn count_counts(
    sql: &mut QueryBuilder<Postgres>,
    query: &JobQuery,
    source: Source,
    from: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
) {
    let span = if source == Source::Months { "month" } else { "day" };
    sql.push(format_args!(" UNION ALL SELECT state, sum(jobs) FROM job_counts WHERE span = '{span}'"));
    query.narrow_counted(sql, CATEGORY);
    if query.is_of_all() {
        sql.push(" AND account = ''");
    }
    if let Some(from) = from {
        sql.push(" AND on_day >= ").push_bind(from.date());
    }
    if let Some(until) = until {
        sql.push(" AND on_day < ").push_bind(until.date());
    }
    sql.push(" GROUP BY state");
}

fn count_rows(
    sql: &mut QueryBuilder<Postgres>,
    query: &JobQuery,
    from: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
) {
    sql.push(" UNION ALL SELECT state, count(*) FROM jobs WHERE true");
    query.narrow_counted(sql, CATEGORY_OF_JOB);
    JobQuery { from, until, ..JobQuery::default() }.narrow_time(sql);
    sql.push(" GROUP BY state");
}

/// Numbers by state of the newest jobs that match.
fn counted_by_row(query: &JobQuery) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT state, count(*) FROM (SELECT state FROM jobs WHERE true");
    query.narrow(&mut sql);
    query.narrow_time(&mut sql);
    sql.push(" ORDER BY created_at DESC LIMIT ").push_bind(COUNT_BOUND + 1);
    sql.push(") AS newest GROUP BY state");
    sql
}

pub(super) fn midnight_before(at: OffsetDateTime) -> OffsetDateTime {
    at.to_offset(UtcOffset::UTC).replace_time(Time::MIDNIGHT)
}

fn month_before(at: OffsetDateTime) -> OffsetDateTime {
    let first = midnight_before(at);
    first.replace_day(1).unwrap_or(first)
}

fn month_after(at: OffsetDateTime) -> OffsetDateTime {
    let before = month_before(at);
    if before == at { before } else { month_before(before.saturating_add(Duration::days(31))) }
}

pub(super) fn midnight_after(at: OffsetDateTime) -> OffsetDateTime {
    let before = midnight_before(at);
    if before == at { before } else { before.saturating_add(Duration::DAY) }
}
