//! The audit list. Rows are added and never changed: the database itself refuses.

use model::{
    Page,
    audit::{AuditAction, AuditEntry, AuditFilter, AuditOutcome},
};
use sqlx::{FromRow, Postgres, QueryBuilder};
use time::OffsetDateTime;

use crate::{
    Store, StoreError,
    keyset::{self, COUNT_BOUND, Seek},
};

/// Rows on a page.
const SIZE: usize = 50;

/// What somebody is about to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// Sign-in name, or what was typed where a sign-in is refused.
    pub actor: String,
    pub action: AuditAction,
    /// Id of what it is done to; empty where there is none.
    pub target: String,
    /// The target's name now.
    pub target_name: String,
}

#[derive(FromRow)]
struct AuditRow {
    audit_id: i64,
    begun_at: OffsetDateTime,
    actor: String,
    action: String,
    target: String,
    target_name: String,
    outcome: Option<String>,
    aws_request_id: Option<String>,
    detail: Option<String>,
}

impl TryFrom<AuditRow> for AuditEntry {
    type Error = StoreError;
    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        let unknown =
            |name: &str| StoreError::corrupt("audit action", format!("“{name}” is not in the table"));
        Ok(Self {
            id: row.audit_id,
            at: row.begun_at,
            actor: row.actor,
            action: AuditAction::from_name(&row.action).ok_or_else(|| unknown(&row.action))?,
            target: row.target,
            target_name: row.target_name,
            outcome: match row.outcome.as_deref() {
                None => AuditOutcome::Begun,
                Some("succeeded") => AuditOutcome::Succeeded,
                Some(_) => AuditOutcome::Failed,
            },
            aws_request_id: row.aws_request_id,
            detail: row.detail.unwrap_or_default(),
        })
    }
}

impl Store {
    /// Writes what is about to be done; answers the entry's id. Where this fails, it must not be done.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn begin_audit(&self, audit: NewAudit, now: OffsetDateTime) -> Result<i64, StoreError> {
        let sql = "INSERT INTO audit_entries (begun_at, actor, action, target, target_name)
            VALUES ($1, $2, $3, $4, $5) RETURNING audit_id";
        let query = sqlx::query_scalar(sql).bind(now).bind(clean(&audit.actor)).bind(audit.action.as_str());
        let query = query.bind(clean(&audit.target)).bind(clean(&audit.target_name));
        Ok(query.fetch_one(&self.pool).await?)
    }

    /// Writes what came of it: once, and for good. `Begun` is not an outcome and writes nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on `audit_outcomes_pkey` where it was written before, and on
    /// `audit_outcomes_audit_id_fkey` where nothing was begun under this id.
    pub async fn finish_audit(
        &self,
        id: i64,
        outcome: AuditOutcome,
        aws_request_id: Option<&str>,
        detail: &str,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let outcome = match outcome {
            AuditOutcome::Begun => return Ok(()),
            AuditOutcome::Succeeded => "succeeded",
            AuditOutcome::Failed => "failed",
        };
        let sql = "INSERT INTO audit_outcomes (audit_id, ended_at, outcome, aws_request_id, detail)
            VALUES ($1, $2, $3, $4, $5)";
        let query =
            sqlx::query(sql).bind(id).bind(now).bind(outcome).bind(aws_request_id).bind(clean(detail));
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// A page of the audit list, newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn audit(&self, filter: &AuditFilter) -> Result<Page<AuditEntry>, StoreError> {
        let key = |row: &AuditRow| row.audit_id;
        let slice = keyset::page(&filter.cursor, SIZE, key, |seek| self.audit_rows(filter, seek)).await?;
        let mut count = QueryBuilder::new("SELECT count(*) FROM (SELECT FROM audit_entries e WHERE true");
        narrow(&mut count, filter);
        count.push(" LIMIT ").push_bind(COUNT_BOUND + 1).push(") counted");
        let counted: i64 = count.build_query_scalar().fetch_one(&self.pool).await?;
        slice.into_page(keyset::total(counted))
    }

    async fn audit_rows(&self, filter: &AuditFilter, seek: Seek<i64>) -> Result<Vec<AuditRow>, StoreError> {
        let mut query = QueryBuilder::new(
            "SELECT e.*, o.outcome, o.aws_request_id, o.detail
             FROM audit_entries e LEFT JOIN audit_outcomes o USING (audit_id) WHERE true",
        );
        narrow(&mut query, filter);
        seek.finish(&mut query, "audit_id", SIZE);
        Ok(query.build_query_as().fetch_all(&self.pool).await?)
    }
}

fn narrow(query: &mut QueryBuilder<Postgres>, filter: &AuditFilter) {
    if !filter.actor.is_empty() {
        query.push(" AND e.actor ILIKE ").push_bind(keyset::anywhere(&filter.actor));
    }
    if !filter.action.is_empty() {
        query.push(" AND e.action = ").push_bind(clean(&filter.action));
    }
    if !filter.target.is_empty() {
        let pattern = keyset::anywhere(&filter.target);
        query.push(" AND (e.target ILIKE ").push_bind(pattern.clone());
        query.push(" OR e.target_name ILIKE ").push_bind(pattern).push(")");
    }
}

/// Postgres keeps no text with a zero in it, and an entry must be kept.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

#[cfg(test)]
mod tests;
