//! How many jobs match: from the counts by day where those can tell, else by counting up to a bound, for a bounded time.

use model::{JobState, Total};
use sqlx::{Postgres, QueryBuilder};
use time::{Duration, OffsetDateTime, Time, UtcOffset};

use super::JobQuery;
use crate::{
    Store, StoreError,
    keyset::{self, COUNT_BOUND},
};

/// A count is worth this much waiting.
const BUDGET: &str = "1500ms";
/// Rows that are looked at for numbers by state.
const STATES_BOUND: i64 = 50_000;

impl Store {
    /// Jobs by state, in the order of the states; states without jobs are left out. All at-least numbers where counting
    /// came to its bound.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_by_state(&self, query: &JobQuery) -> Result<Vec<(JobState, Total)>, StoreError> {
        let counted = if query.is_counted() {
            self.budgeted(counted_by_day(query)).await?.map(|rows| (rows, true))
        } else {
            let rows = self.budgeted(counted_by_row(query)).await?;
            rows.map(|rows| {
                let exact = rows.iter().map(|(_, n)| n).sum::<i64>() <= STATES_BOUND;
                (rows, exact)
            })
        };
        let (rows, exact) = counted.unwrap_or_default();
        let mut totals = Vec::with_capacity(rows.len());
        for (name, count) in rows {
            let unknown = || StoreError::corrupt("job state", format!("“{name}” is not in the table"));
            let state = JobState::from_name(&name).ok_or_else(unknown)?;
            totals.push((state, Total { count: u64::try_from(count).unwrap_or_default(), exact }));
        }
        totals.sort_by_key(|(state, _)| *state);
        Ok(totals)
    }

    /// All jobs that match. `seen` of them are on the page, so there are at least as many.
    pub(super) async fn count_jobs(&self, query: &JobQuery, seen: u64) -> Result<Total, StoreError> {
        if query.is_counted()
            && let Some(rows) = self.budgeted(counted_by_day(query)).await?
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

/// Numbers by state: whole days from the counts, what is left of the first and last day from the rows.
fn counted_by_day(query: &JobQuery) -> QueryBuilder<Postgres> {
    let first = query.from.map(midnight_after);
    let last = query.until.map(midnight_before);
    let mut sql = QueryBuilder::new("SELECT state, sum(n)::bigint FROM (");
    if let (Some(first), Some(last)) = (first, last)
        && first >= last
    {
        rows_between(&mut sql, query, query.from, query.until);
    } else {
        sql.push("SELECT state, sum(jobs) AS n FROM job_days WHERE true");
        query.narrow_counted(&mut sql);
        if query.accounts.is_none() {
            sql.push(" AND account = ''");
        }
        if let Some(first) = first {
            sql.push(" AND on_day >= ").push_bind(first.date());
        }
        if let Some(last) = last {
            sql.push(" AND on_day < ").push_bind(last.date());
        }
        sql.push(" GROUP BY state");
        if first != query.from {
            sql.push(" UNION ALL ");
            rows_between(&mut sql, query, query.from, first);
        }
        if last != query.until {
            sql.push(" UNION ALL ");
            rows_between(&mut sql, query, last, query.until);
        }
    }
    sql.push(") AS parts GROUP BY state HAVING sum(n) > 0");
    sql
}

fn rows_between(
    sql: &mut QueryBuilder<Postgres>,
    query: &JobQuery,
    from: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
) {
    sql.push("SELECT state, count(*) AS n FROM jobs WHERE true");
    query.narrow_counted(sql);
    JobQuery { from, until, ..JobQuery::default() }.narrow_time(sql);
    sql.push(" GROUP BY state");
}

/// Numbers by state of the newest jobs that match.
fn counted_by_row(query: &JobQuery) -> QueryBuilder<Postgres> {
    let mut sql = QueryBuilder::new("SELECT state, count(*) FROM (SELECT state FROM jobs WHERE true");
    query.narrow(&mut sql);
    query.narrow_time(&mut sql);
    sql.push(" ORDER BY created_at DESC LIMIT ").push_bind(STATES_BOUND + 1);
    sql.push(") AS newest GROUP BY state");
    sql
}

pub(super) fn midnight_before(at: OffsetDateTime) -> OffsetDateTime {
    at.to_offset(UtcOffset::UTC).replace_time(Time::MIDNIGHT)
}

pub(super) fn midnight_after(at: OffsetDateTime) -> OffsetDateTime {
    let before = midnight_before(at);
    if before == at { before } else { before.saturating_add(Duration::DAY) }
}
