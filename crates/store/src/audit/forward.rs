//! How far the audit list was sent on: a cursor for each destination, moved by one process at a time.

use model::{
    audit::{AuditEvent, AuditRecord, ForwardProblem, Forwarding},
    change::Named,
};
use serde_json::Value;
use sqlx::{FromRow, Postgres, Transaction, types::Json};
use time::OffsetDateTime;

use super::heads::HeadRow;
use crate::{Store, StoreError};

/// Events that are sent at once, and heads.
const BATCH: i64 = 200;

/// What was sent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
struct Position {
    seq: i64,
    head_id: i64,
}

/// The turn of one process to send on. Others pass it over until this ends.
#[derive(Debug)]
pub struct ForwardTurn {
    tx: Transaction<'static, Postgres>,
    destination: String,
    position: Position,
    failed: bool,
}

#[derive(FromRow)]
struct EventRow {
    seq: i64,
    entry: i64,
    at: OffsetDateTime,
    person: String,
    session: String,
    address: String,
    action: String,
    subject: String,
    subject_name: String,
    target: String,
    target_name: String,
    change_id: Option<i64>,
    step: Option<i32>,
    outcome: String,
    request_ids: Vec<String>,
    detail: Json<Value>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

impl From<EventRow> for AuditEvent {
    fn from(row: EventRow) -> Self {
        Self {
            seq: row.seq,
            entry: row.entry,
            at: row.at,
            person: row.person,
            session: row.session,
            address: row.address,
            action: row.action,
            subject: Named { id: row.subject, name: row.subject_name },
            target: (!row.target.is_empty()).then_some(Named { id: row.target, name: row.target_name }),
            change: row.change_id,
            step: row.step,
            outcome: row.outcome,
            request_ids: row.request_ids,
            detail: row.detail.0,
            previous_hash: hex::encode(row.previous_hash),
            hash: hex::encode(row.hash),
        }
    }
}

#[derive(FromRow)]
struct HeadAt {
    head_id: i64,
    #[sqlx(flatten)]
    head: HeadRow,
}

impl Store {
    /// Makes the cursor of a destination, before the first event, unless it has one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn begin_forwarding(&self, destination: &str) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO audit_forwards (destination, seq, head_id) VALUES ($1, 0, 0) ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(destination).execute(&self.pool).await?;
        Ok(())
    }

    /// Takes the turn to send on to a destination; `None` where another process has it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forward_turn(&self, destination: &str) -> Result<Option<ForwardTurn>, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "SELECT seq, head_id, problem IS NOT NULL FROM audit_forwards WHERE destination = $1
            FOR UPDATE SKIP LOCKED";
        let row: Option<(i64, i64, bool)> =
            sqlx::query_as(sql).bind(destination).fetch_optional(&mut *tx).await?;
        Ok(row.map(|(seq, head_id, failed)| ForwardTurn {
            tx,
            destination: destination.to_owned(),
            position: Position { seq, head_id },
            failed,
        }))
    }

    /// How far sending on to a destination has come; `None` where it never began.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn audit_forwarding(&self, destination: &str) -> Result<Option<Forwarding>, StoreError> {
        let sql =
            "SELECT greatest(coalesce((SELECT max(seq) FROM audit_events), 0) - seq, 0), sent_at, problem,
                failing_since
            FROM audit_forwards WHERE destination = $1";
        type Row = (i64, Option<OffsetDateTime>, Option<String>, Option<OffsetDateTime>);
        let row: Option<Row> = sqlx::query_as(sql).bind(destination).fetch_optional(&self.pool).await?;
        Ok(row.map(|(behind, sent_at, problem, since)| Forwarding {
            destination: destination.to_owned(),
            behind: u64::try_from(behind).unwrap_or_default(),
            sent_at,
            problem: problem.zip(since).map(|(reason, since)| ForwardProblem { reason, since }),
        }))
    }
}

impl ForwardTurn {
    /// What comes next, in order: events, and heads after the events that they name. Empty where all was sent.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn next(&mut self) -> Result<Vec<AuditRecord>, StoreError> {
        let sql = "SELECT * FROM audit_events WHERE seq > $1 ORDER BY seq LIMIT $2";
        let query = sqlx::query_as(sql).bind(self.position.seq).bind(BATCH);
        let events: Vec<EventRow> = query.fetch_all(&mut *self.tx).await?;
        if let Some(last) = events.last() {
            self.position.seq = last.seq;
        }
        let sql = "SELECT head_id, seq, hash, at, key_id, signature FROM audit_heads
            WHERE head_id > $1 AND seq <= $2 ORDER BY head_id LIMIT $3";
        let query = sqlx::query_as(sql).bind(self.position.head_id).bind(self.position.seq).bind(BATCH);
        let heads: Vec<HeadAt> = query.fetch_all(&mut *self.tx).await?;
        if let Some(last) = heads.last() {
            self.position.head_id = last.head_id;
        }
        let events = events.into_iter().map(|row| AuditRecord::Event(Box::new(row.into())));
        Ok(events.chain(heads.into_iter().map(|row| AuditRecord::Head(row.head.into()))).collect())
    }

    /// Says that all of [`Self::next`] arrived, and gives the turn back.
    ///
    /// # Errors
    /// Where the database fails: then it is sent again.
    pub async fn sent(mut self, now: OffsetDateTime) -> Result<(), StoreError> {
        let sql = "UPDATE audit_forwards SET seq = $2, head_id = $3, sent_at = $4, problem = NULL, failing_since = NULL
            WHERE destination = $1";
        let Position { seq, head_id } = self.position;
        let query = sqlx::query(sql).bind(&self.destination).bind(seq).bind(head_id).bind(now);
        query.execute(&mut *self.tx).await?;
        Ok(self.tx.commit().await?)
    }

    /// Gives the turn back where there was nothing to send, and nothing is wrong.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn idle(mut self) -> Result<(), StoreError> {
        if self.failed {
            let sql = "UPDATE audit_forwards SET problem = NULL, failing_since = NULL WHERE destination = $1";
            sqlx::query(sql).bind(&self.destination).execute(&mut *self.tx).await?;
        }
        Ok(self.tx.commit().await?)
    }

    /// Says why it could not be sent, and gives the turn back.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn failed(mut self, problem: &str, now: OffsetDateTime) -> Result<(), StoreError> {
        let sql = "UPDATE audit_forwards SET problem = $2, failing_since = coalesce(failing_since, $3)
            WHERE destination = $1";
        let query = sqlx::query(sql).bind(&self.destination).bind(problem.replace('\0', "")).bind(now);
        query.execute(&mut *self.tx).await?;
        Ok(self.tx.commit().await?)
    }
}
