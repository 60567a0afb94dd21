//! The list of jobs: filter, order, pages.

use std::{fmt, str::FromStr};

use model::{AccountId, JobKind, JobState, Page, Total, job::JobRow};
use sqlx::{Postgres, QueryBuilder, types::Json};
use time::OffsetDateTime;

use super::{Extent, ROW};
use crate::{
    Store, StoreError,
    keyset::{self, Seek, Slice},
    pool::SEARCH_WITHIN,
};

/// What jobs to find: the members of one list are alternatives, different fields all must hold; an empty list asks
/// nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobQuery {
    pub kinds: Vec<JobKind>,
    pub states: Vec<JobState>,
    /// Also of accounts that left the organization.
    pub accounts: Vec<AccountId>,
    /// The part of the organization whose jobs these are.
    pub extent: Extent,
    pub resource_types: Vec<String>,
    pub regions: Vec<String>,
    pub vaults: Vec<String>,
    /// AWS's message categories; `""` for none.
    pub categories: Vec<String>,
    pub policy_made: Option<bool>,
    /// Created at or after.
    pub from: Option<OffsetDateTime>,
    /// Created before.
    pub until: Option<OffsetDateTime>,
    /// Ids, or their beginnings, in any case of letters.
    pub job_ids: Vec<String>,
    /// Part of a resource's name or ARN, a plan's name or id, a rule's name, or AWS's message.
    pub text: String,
    /// A page's `next` or `previous`; empty for the first page.
    pub cursor: String,
    /// Rows on a page.
    pub size: u16,
}

/// So many accounts are looked up one by one.
const FEW: usize = 200;

/// A message category where jobs are counted.
pub(super) const CATEGORY: &str = "category";
/// The same of a job, as it is counted.
pub(super) const CATEGORY_OF_JOB: &str = "left(coalesce(message_category, ''), 100)";

/// Where a job stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    created_at: OffsetDateTime,
    kind: String,
    id: String,
}

impl Store {
    /// A page of jobs, newest first, without account names.
    ///
    /// # Errors
    /// [`StoreError::TooSlow`] where the filter leaves so little of so much that it takes too long to find.
    pub async fn jobs(&self, query: &JobQuery) -> Result<Page<JobRow>, StoreError> {
        let Some(query) = self.within_months(query).await? else { return Ok(Page::empty()) };
        let query = &query;
        let size = usize::from(query.size.max(1));
        let Slice { rows, next, previous } =
            keyset::page(&query.cursor, size, key_of, |seek| self.job_rows(query, seek)).await?;
        let total = match (&next, &previous) {
            (None, None) => Total::exactly(rows.len() as u64),
            _ => self.count_jobs(query, rows.len() as u64).await?,
        };
        Ok(Page { rows, total, next, previous })
    }

    /// The same filter, bounded by the months in which there are jobs of the sort at all: one that leaves nothing would
    /// otherwise be looked for in all rows. `None` where there are no such months.
    async fn within_months(&self, query: &JobQuery) -> Result<Option<JobQuery>, StoreError> {
        let mut sql = QueryBuilder::new(
            "SELECT min(on_day)::timestamp AT TIME ZONE 'UTC', (max(on_day) + interval '1 month') AT TIME ZONE 'UTC'
             FROM job_counts WHERE span = 'month' AND jobs > 0",
        );
        if self.has_few_accounts(query).await? {
            query.narrow_counted(&mut sql, CATEGORY);
        } else {
            // Of many accounts, one or the other has jobs in any month.
            let all = JobQuery { accounts: Vec::new(), extent: Extent::All, ..query.clone() };
            all.narrow_counted(&mut sql, CATEGORY);
            sql.push(
                " AND account = '' AND EXISTS (SELECT FROM job_counts WHERE span = 'month' AND jobs > 0",
            );
            query.narrow_counted(&mut sql, CATEGORY);
            sql.push(")");
        }
        let (first, last): (Option<OffsetDateTime>, Option<OffsetDateTime>) =
            sql.build_query_as().fetch_one(&self.pool).await?;
        let Some((first, last)) = first.zip(last) else { return Ok(None) };
        let from = query.from.map_or(first, |from| from.max(first));
        let until = query.until.map_or(last, |until| until.min(last));
        Ok(Some(JobQuery { from: Some(from), until: Some(until), ..query.clone() }))
    }

    /// Whether the filter leaves so few accounts that they are looked up one by one.
    async fn has_few_accounts(&self, query: &JobQuery) -> Result<bool, StoreError> {
        if (1..=FEW).contains(&query.accounts.len()) {
            return Ok(true);
        }
        let Extent::Within(places) = &query.extent else { return Ok(false) };
        let places: Vec<String> = places.iter().map(ToString::to_string).collect();
        let sql =
            "SELECT count(*) FROM (SELECT FROM account_ancestors WHERE ancestor = ANY($1) LIMIT $2) AS a";
        let bound = i64::try_from(FEW + 1).unwrap_or(i64::MAX);
        let found: i64 = sqlx::query_scalar(sql).bind(places).bind(bound).fetch_one(&self.pool).await?;
        Ok(found < bound)
    }

    async fn job_rows(&self, query: &JobQuery, seek: Seek<Key>) -> Result<Vec<JobRow>, StoreError> {
        let mut sql = QueryBuilder::new("SELECT to_jsonb(r) FROM (SELECT ");
        sql.push(ROW).push(" FROM jobs WHERE true");
        query.narrow(&mut sql);
        query.narrow_time(&mut sql);
        if let Seek::Older(key) | Seek::Newer(key) = &seek {
            sql.push(" AND (created_at, kind, id) ").push(if seek.is_newer() { ">" } else { "<" });
            sql.push(" (").push_bind(key.created_at);
            sql.push(", ").push_bind(key.kind.clone()).push(", ").push_bind(key.id.clone()).push(")");
        }
        let way = if seek.is_newer() { "" } else { " DESC" };
        sql.push(format_args!(" ORDER BY created_at{way}, kind{way}, id{way} LIMIT "));
        sql.push_bind(keyset::limit(usize::from(query.size.max(1))));
        sql.push(") AS r");
        let mut tx = self.begin_within(SEARCH_WITHIN).await?;
        let rows: Vec<Json<JobRow>> = sql.build_query_scalar().fetch_all(&mut *tx).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }
}

impl JobQuery {
    /// Adds the conditions, each beginning with AND, but those on time.
    pub(super) fn narrow(&self, sql: &mut QueryBuilder<Postgres>) {
        self.narrow_counted(sql, CATEGORY_OF_JOB);
        any(sql, "vault", &self.vaults);
        if let Some(made) = self.policy_made {
            sql.push(" AND policy_made = ").push_bind(made);
        }
        if !self.job_ids.is_empty() {
            sql.push(" AND (false");
            for id in &self.job_ids {
                // The column's collation is "C": there, `lower` folds ASCII alone.
                sql.push(" OR lower(id) LIKE ").push_bind(beginning(&id.to_ascii_lowercase()));
            }
            sql.push(")");
        }
        let text = self.text.trim();
        if !text.is_empty() {
            let pattern = keyset::anywhere(text);
            sql.push(" AND (false");
            for column in ["resource_name", "resource_arn", "plan_name", "plan_id", "rule_name", "message"] {
                sql.push(" OR ").push(column).push(" ILIKE ").push_bind(pattern.clone());
            }
            // Names that AWS tells with other jobs alone.
            for (name, rule) in [("plan_name", "''"), ("rule_name", "rule_id")] {
                sql.push(format_args!(
                    " OR ({name} IS NULL AND plan_id IS NOT NULL AND (account, region, plan_id, {rule}) IN
                        (SELECT account, region, plan_id, rule_id FROM plan_names WHERE name ILIKE "
                ))
                .push_bind(pattern.clone())
                .push("))");
            }
            sql.push(")");
        }
    }

    /// Whether it asks for all accounts together.
    pub(super) fn is_of_all(&self) -> bool {
        self.accounts.is_empty() && self.extent == Extent::All
    }

    /// Adds the conditions on what is counted by day. `category` is what the table calls it.
    pub(super) fn narrow_counted(&self, sql: &mut QueryBuilder<Postgres>, category: &str) {
        let names = |kinds: &[JobKind]| kinds.iter().map(|k| k.as_str().to_owned()).collect::<Vec<_>>();
        any(sql, "kind", &names(&self.kinds));
        any(sql, "state", &self.states.iter().map(|s| s.as_str().to_owned()).collect::<Vec<_>>());
        any(sql, "region", &self.regions);
        any(sql, "resource_type", &self.resource_types);
        any(sql, category, &self.categories);
        any(sql, "account", &self.accounts.iter().map(ToString::to_string).collect::<Vec<_>>());
        self.extent.narrow(sql);
    }

    pub(super) fn narrow_time(&self, sql: &mut QueryBuilder<Postgres>) {
        if let Some(from) = self.from {
            sql.push(" AND created_at >= ").push_bind(from);
        }
        if let Some(until) = self.until {
            sql.push(" AND created_at < ").push_bind(until);
        }
    }

    /// Whether the counts by day can answer, at least for whole days.
    pub(super) fn is_counted(&self) -> bool {
        self.vaults.is_empty()
            && self.policy_made.is_none()
            && self.job_ids.is_empty()
            && self.text.trim().is_empty()
    }
}

fn any(sql: &mut QueryBuilder<Postgres>, column: &str, values: &[String]) {
    if let [value] = values {
        sql.push(format_args!(" AND {column} = ")).push_bind(value.replace('\0', ""));
    } else if !values.is_empty() {
        let values: Vec<String> = values.iter().map(|v| v.replace('\0', "")).collect();
        sql.push(format_args!(" AND {column} = ANY(")).push_bind(values).push(")");
    }
}

/// A pattern for LIKE that finds texts which begin so.
fn beginning(text: &str) -> String {
    keyset::anywhere(text).trim_start_matches('%').to_owned()
}

fn key_of(row: &JobRow) -> Key {
    Key { created_at: row.created_at, kind: row.kind.as_str().to_owned(), id: row.id.clone() }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micros = self.created_at.unix_timestamp_nanos() / 1000;
        write!(f, "{micros}.{}.{}", self.kind, self.id)
    }
}

impl FromStr for Key {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let read = || {
            let mut parts = text.splitn(3, '.');
            let micros: i128 = parts.next()?.parse().ok()?;
            let created_at = OffsetDateTime::from_unix_timestamp_nanos(micros.checked_mul(1000)?).ok()?;
            // Postgres's calendar begins later than ours.
            let created_at = Some(created_at).filter(|at| at.year() >= 1)?;
            let kind = JobKind::from_name(parts.next()?)?.as_str().to_owned();
            let id = parts.next().filter(|id| !id.contains('\0'))?.to_owned();
            Some(Self { created_at, kind, id })
        };
        read().ok_or(())
    }
}
