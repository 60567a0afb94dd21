//! How far the jobs of each Region and kind have been read, and which are to be followed to their end.

use model::JobKind;
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::{Store, StoreError};

/// How far the jobs of one Region and kind have been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watermark {
    pub region: String,
    pub kind: JobKind,
    /// Jobs created before this are known.
    pub read_up_to: Option<OffsetDateTime>,
    /// When they were last asked for to the end; `None` if never.
    pub read_at: Option<OffsetDateTime>,
    /// Why they could not be read, in words; `None` if they could.
    pub problem: Option<String>,
    /// Where a reading that was broken off goes on: the caller's own words.
    pub page_cursor: Option<String>,
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
    problem: Option<String>,
    page_cursor: Option<String>,
}

impl TryFrom<WatermarkRow> for Watermark {
    type Error = StoreError;
    fn try_from(row: WatermarkRow) -> Result<Self, StoreError> {
        let WatermarkRow { region, kind, read_up_to, read_at, problem, page_cursor } = row;
        let unknown = || StoreError::corrupt("job kind", format!("“{kind}” is not in the table"));
        let kind = JobKind::from_name(&kind).ok_or_else(unknown)?;
        Ok(Self { region, kind, read_up_to, read_at, problem, page_cursor })
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

    /// Writes a watermark whole.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_watermark(&self, mark: &Watermark) -> Result<(), StoreError> {
        let sql = "INSERT INTO job_watermarks (region, kind, read_up_to, read_at, problem, page_cursor)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT ON CONSTRAINT job_watermarks_pkey DO UPDATE SET read_up_to = excluded.read_up_to,
                read_at = excluded.read_at, problem = excluded.problem, page_cursor = excluded.page_cursor";
        let query = sqlx::query(sql).bind(&mark.region).bind(mark.kind.as_str()).bind(mark.read_up_to);
        let query = query.bind(mark.read_at).bind(&mark.problem).bind(&mark.page_cursor);
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// Forgets the Regions that are read no more: their age must not count.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn keep_watermarks_of(&self, regions: &[String]) -> Result<(), StoreError> {
        let query = sqlx::query("DELETE FROM job_watermarks WHERE region <> ALL ($1)").bind(regions);
        query.execute(&self.pool).await?;
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
