//! How far the jobs of each Region and kind have been read, and which are to be followed to their end.

use model::{
    AccountId, JobKind,
    job::lists::{AccountsRead, JobListState, ListOutcome, OddRow},
};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, FromRow, types::Json};
use time::OffsetDateTime;

use crate::{Store, StoreError, json};

/// The most odd rows of a list that are kept; others are counted as “more”.
const ODD_ROWS: usize = 100;

/// How far the jobs of one Region and kind have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watermark {
    pub region: String,
    pub kind: JobKind,
    /// Jobs created before this are known.
    pub read_up_to: Option<OffsetDateTime>,
    /// When they were last asked for to the end; `None` if never.
    pub read_at: Option<OffsetDateTime>,
    /// How the last attempt ended.
    pub outcome: ListOutcome,
    /// Why they could not be read, in words; `None` if they could.
    pub problem: Option<String>,
    /// Where a reading that was broken off goes on: the caller's own words.
    pub page_cursor: Option<String>,
    /// When the jobs of our own account were read to the end, where AWS gives those alone.
    pub own_account_at: Option<OffsetDateTime>,
    /// When asking account by account was given up, since all were refused alike.
    pub accounts_refused_at: Option<OffsetDateTime>,
    /// Jobs created before this are to be read again once, the youngest first: they were read when less of them was kept.
    pub again_until: Option<OffsetDateTime>,
    /// Rows that could not be read, or not in full.
    pub odd_rows: Vec<OddJob>,
}

/// A row that could not be read, or not in full, and the question that brings it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OddJob {
    #[serde(flatten)]
    pub row: OddRow,
    /// The span of creation times that was asked for.
    #[serde(with = "time::serde::rfc3339::option")]
    pub created_after: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub created_before: Option<OffsetDateTime>,
    /// Or the end after which jobs were asked for.
    #[serde(with = "time::serde::rfc3339::option")]
    pub completed_after: Option<OffsetDateTime>,
    /// The one account that was asked for, if one was.
    pub account: Option<AccountId>,
    #[serde(with = "time::serde::rfc3339")]
    pub asked_at: OffsetDateTime,
}

impl OddJob {
    /// Whether both come from the same question.
    #[must_use]
    pub fn is_asked_like(&self, other: &Self) -> bool {
        let question = |odd: &Self| (odd.created_after, odd.created_before, odd.completed_after);
        question(self) == question(other) && self.account == other.account
    }
}

impl Watermark {
    /// A list of which nothing is known.
    #[must_use]
    pub fn new(region: impl Into<String>, kind: JobKind) -> Self {
        Self {
            region: region.into(),
            kind,
            read_up_to: None,
            read_at: None,
            outcome: ListOutcome::Untried,
            problem: None,
            page_cursor: None,
            own_account_at: None,
            accounts_refused_at: None,
            again_until: None,
            odd_rows: Vec::new(),
        }
    }

    /// Notes an odd row, a known one once; whether it is new.
    pub fn add_odd(&mut self, odd: OddJob) -> bool {
        let same = |known: &&mut OddJob| known.row.id == odd.row.id && known.row.member == odd.row.member;
        if let Some(known) = self.odd_rows.iter_mut().find(same) {
            known.row = odd.row;
            return false;
        }
        // One more than is shown says that there are more; a job that is not shown counts for more than one that is.
        let instead = self.odd_rows.iter().position(|known| known.row.kept && !odd.row.kept);
        match (self.odd_rows.len() <= ODD_ROWS, instead) {
            (true, _) => self.odd_rows.push(odd),
            (false, Some(place)) => {
                if let Some(known) = self.odd_rows.get_mut(place) {
                    *known = odd;
                }
            }
            (false, None) => return false,
        }
        true
    }

    /// What is known of it, for people; `accounts` where each is asked for by itself.
    fn state(self, accounts: Option<AccountsRead>) -> JobListState {
        JobListState {
            region: self.region,
            kind: self.kind,
            outcome: self.outcome,
            read_at: self.read_at,
            known_until: self.read_up_to.max(self.read_at),
            problem: self.problem,
            own_account_at: self.own_account_at,
            accounts,
            odd_more: self.odd_rows.len() > ODD_ROWS,
            odd: self.odd_rows.into_iter().take(ODD_ROWS).map(|odd| odd.row).collect(),
        }
    }
}

/// Jobs that have not ended, of a Region and kind, created before an instant.
pub(super) const OPEN: &str = "SELECT id FROM jobs WHERE region = $1 AND kind = $2 AND created_at < $3
    AND state = ANY (open_job_states()) ORDER BY created_at, id";

#[derive(FromRow)]
struct WatermarkRow {
    region: String,
    kind: String,
    read_up_to: Option<OffsetDateTime>,
    read_at: Option<OffsetDateTime>,
    outcome: String,
    problem: Option<String>,
    page_cursor: Option<String>,
    own_account_at: Option<OffsetDateTime>,
    accounts_refused_at: Option<OffsetDateTime>,
    again_until: Option<OffsetDateTime>,
    odd_rows: Json<Vec<OddJob>>,
}

impl TryFrom<WatermarkRow> for Watermark {
    type Error = StoreError;
    fn try_from(row: WatermarkRow) -> Result<Self, StoreError> {
        let unknown = |what, name: &str| StoreError::corrupt(what, format!("“{name}” is not in the table"));
        Ok(Self {
            kind: JobKind::from_name(&row.kind).ok_or_else(|| unknown("job kind", &row.kind))?,
            outcome: ListOutcome::from_name(&row.outcome)
                .ok_or_else(|| unknown("outcome of a list", &row.outcome))?,
            region: row.region,
            read_up_to: row.read_up_to,
            read_at: row.read_at,
            problem: row.problem,
            page_cursor: row.page_cursor,
            own_account_at: row.own_account_at,
            accounts_refused_at: row.accounts_refused_at,
            again_until: row.again_until,
            odd_rows: row.odd_rows.0,
        })
    }
}

impl Store {
    /// All watermarks, by Region and kind.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn watermarks(&self) -> Result<Vec<Watermark>, StoreError> {
        let rows: Vec<WatermarkRow> = sqlx::query_as("SELECT * FROM job_watermarks ORDER BY region, kind")
            .fetch_all(&self.pool)
            .await?;
        rows.into_iter().map(Watermark::try_from).collect()
    }

    /// What of each list was read, by Region and kind.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn job_lists(&self) -> Result<Vec<JobListState>, StoreError> {
        let (marks, accounts) = tokio::try_join!(self.watermarks(), self.accounts_read())?;
        let state = |mark: Watermark| {
            let key = (mark.region.clone(), mark.kind);
            let read = accounts.get(&key).copied();
            mark.state(read)
        };
        Ok(marks.into_iter().map(state).collect())
    }

    /// Writes a watermark whole.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_watermark(&self, mark: &Watermark) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO job_watermarks (region, kind, read_up_to, read_at, outcome, problem, page_cursor,
                own_account_at, accounts_refused_at, again_until, odd_rows)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT ON CONSTRAINT job_watermarks_pkey DO UPDATE SET read_up_to = excluded.read_up_to,
                read_at = excluded.read_at, outcome = excluded.outcome, problem = excluded.problem,
                page_cursor = excluded.page_cursor, own_account_at = excluded.own_account_at,
                accounts_refused_at = excluded.accounts_refused_at,
                again_until = excluded.again_until, odd_rows = excluded.odd_rows";
        let query = sqlx::query(sql).bind(&mark.region).bind(mark.kind.as_str()).bind(mark.read_up_to);
        let query = query.bind(mark.read_at).bind(mark.outcome.as_str()).bind(&mark.problem);
        let query = query.bind(&mark.page_cursor).bind(mark.own_account_at).bind(mark.accounts_refused_at);
        let query = query.bind(mark.again_until);
        query.bind(json::rows(&mark.odd_rows)?).execute(&self.pool).await?;
        Ok(())
    }

    /// Forgets the Regions that are read no more: their age must not count.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keep_watermarks_of(&self, regions: &[String]) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for table in ["job_watermarks", "job_account_reads"] {
            let sql = format!("DELETE FROM {table} WHERE region <> ALL ($1)");
            sqlx::query(AssertSqlSafe(sql)).bind(regions).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Adds the lists of these Regions that are not there: what was not tried yet is known to be missing.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_watermarks_of(&self, regions: &[String]) -> Result<(), StoreError> {
        let kinds = JobKind::ALL.map(|kind| kind.as_str().to_owned());
        let sql = "INSERT INTO job_watermarks (region, kind)
            SELECT region, kind FROM unnest($1::text[]) AS r (region), unnest($2::text[]) AS k (kind)
            ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(regions).bind(kinds.as_slice()).execute(&self.pool).await?;
        Ok(())
    }

    /// Regions with jobs that are open and were created on the day of an instant or later, or with any that were created
    /// on the day of another, younger one or later.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn regions_of_jobs(
        &self,
        open_since: OffsetDateTime,
        any_since: OffsetDateTime,
    ) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT region FROM job_counts
            WHERE span = 'day' AND account = '' AND jobs > 0 AND on_day >= $1 AND (on_day >= $2
                OR state = ANY (open_job_states())) ORDER BY region";
        let day = |at: OffsetDateTime| at.to_offset(time::UtcOffset::UTC).date();
        Ok(sqlx::query_scalar(sql).bind(day(open_since)).bind(day(any_since)).fetch_all(&self.pool).await?)
    }

    /// Ids of jobs that have not ended, of one Region and kind, created before an instant, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn open_jobs(
        &self,
        region: &str,
        kind: JobKind,
        created_before: OffsetDateTime,
    ) -> Result<Vec<String>, StoreError> {
        let query = sqlx::query_scalar(OPEN).bind(region).bind(kind.as_str()).bind(created_before);
        Ok(query.fetch_all(&self.pool).await?)
    }
}
