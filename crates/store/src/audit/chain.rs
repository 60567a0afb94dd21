//! The chain of the audit list, walked and computed again without the functions of the database.

use sha2::{Digest, Sha256};
use sqlx::{FromRow, PgConnection};

use crate::{Store, StoreError};

/// Rows that are read at once.
const PAGE: i64 = 1000;

/// What a row is chained by.
pub type ChainHash = [u8; 32];

/// What is wrong with the chain, at the first row where something is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    #[error("entry {seq} is missing: entry {found} stands in its place")]
    Missing { seq: i64, found: i64 },
    #[error("entry {seq} is there more than once")]
    Twice { seq: i64 },
    #[error("entry {seq} was changed: its hash is not that of its content")]
    Changed { seq: i64 },
    #[error(
        "entry {seq} is not chained to the entry before it: that one, or one before it, was written anew"
    )]
    Unchained { seq: i64 },
    #[error("entry {seq} was changed: its {column} cannot have been written by Holdfast")]
    Odd { seq: i64, column: &'static str },
    #[error("{rows} entries are there up to {last}, not {walked}: some have no number, or that of another")]
    Unnumbered { rows: i64, walked: i64, last: i64 },
}

impl ChainFault {
    /// Number of the first row that is wrong.
    #[must_use]
    pub fn seq(&self) -> i64 {
        match self {
            Self::Missing { seq, .. }
            | Self::Twice { seq }
            | Self::Changed { seq }
            | Self::Unchained { seq }
            | Self::Odd { seq, .. } => *seq,
            Self::Unnumbered { last, .. } => last.saturating_add(1),
        }
    }
}

/// What a step of the walk came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainStep {
    /// These are right: numbers and hashes, in order.
    Rows(Vec<(i64, ChainHash)>),
    /// The next one is wrong; the walk ends.
    Broken(ChainFault),
    /// There are no more.
    End,
}

/// A row as it is hashed. Whoever owns the table can let any column be empty, so each may be.
#[derive(FromRow)]
struct ChainRow {
    seq: i64,
    entry: Option<i64>,
    micros: Option<i64>,
    person: Option<String>,
    session: Option<String>,
    address: Option<String>,
    action: Option<String>,
    subject: Option<String>,
    subject_name: Option<String>,
    target: Option<String>,
    target_name: Option<String>,
    change_id: Option<i64>,
    step: Option<i32>,
    outcome: Option<String>,
    request_ids: Option<Vec<Option<String>>>,
    detail: Option<String>,
    previous_hash: Option<Vec<u8>>,
    hash: Option<Vec<u8>>,
}

/// Request ids are hashed with a space between them, and times as microseconds: what would read alike is not taken.
const ROWS: &str = "SELECT seq, entry,
        CASE WHEN isfinite(at) THEN (extract(epoch FROM at) * 1000000)::bigint END AS micros,
        person, session, address, action, subject, subject_name, target, target_name, change_id, step, outcome,
        CASE WHEN coalesce(array_ndims(request_ids), 1) = 1 THEN request_ids END AS request_ids,
        detail::text AS detail, previous_hash, hash
    FROM audit_events WHERE seq > $1 ORDER BY seq LIMIT $2";

impl ChainRow {
    /// The hash of a right row that comes after one with that number and hash.
    fn check(&self, (before, previous): &(i64, ChainHash)) -> Result<ChainHash, ChainFault> {
        let seq = self.seq;
        let expected = before + 1;
        if seq == *before && seq > 0 {
            return Err(ChainFault::Twice { seq });
        }
        if seq != expected {
            return Err(ChainFault::Missing { seq: expected, found: seq });
        }
        let ids = self.ids().ok_or(ChainFault::Odd { seq, column: "request ids" })?;
        let micros = self.micros.ok_or(ChainFault::Odd { seq, column: "time" })?;
        if self.previous_hash.as_deref() != Some(previous) {
            return Err(ChainFault::Unchained { seq });
        }
        let hash = self.hash(previous, micros, &ids);
        if self.hash.as_deref() == Some(&hash) { Ok(hash) } else { Err(ChainFault::Changed { seq }) }
    }

    /// The request ids as they are hashed; `None` where another list would read alike.
    fn ids(&self) -> Option<String> {
        let ids: Option<Vec<&str>> = self.request_ids.as_ref()?.iter().map(Option::as_deref).collect();
        let ids = ids?;
        ids.iter().all(|id| !id.is_empty() && !id.contains(' ')).then(|| ids.join(" "))
    }

    fn hash(&self, previous: &ChainHash, micros: i64, ids: &str) -> ChainHash {
        let number = |n: Option<i64>| n.map(|n| n.to_string());
        let fields = [
            Some(self.seq.to_string()),
            number(self.entry),
            Some(micros.to_string()),
            self.person.clone(),
            self.session.clone(),
            self.address.clone(),
            self.action.clone(),
            self.subject.clone(),
            self.subject_name.clone(),
            self.target.clone(),
            self.target_name.clone(),
            number(self.change_id),
            number(self.step.map(i64::from)),
            self.outcome.clone(),
            Some(ids.to_owned()),
            self.detail.clone(),
        ];
        let mut hash = Sha256::new();
        hash.update(previous);
        for field in fields {
            match field {
                Some(field) => hash.update(format!("{}:{field}", field.len())),
                None => hash.update("-"),
            }
        }
        hash.finalize().into()
    }
}

/// A walk from the first row to the newest, on a connection of its own.
#[derive(Debug)]
pub struct ChainWalk {
    connection: PgConnection,
    newest: i64,
    /// Number and hash of the row that was walked last.
    last: (i64, ChainHash),
    walked: i64,
    fault: Option<ChainFault>,
}

impl Store {
    /// Begins a walk along the whole audit list. It reads, and waits for nobody.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn walk_audit_chain(&self) -> Result<ChainWalk, StoreError> {
        let mut connection = self.dedicated(&[("default_transaction_read_only", "on")]).await?;
        let newest: Option<i64> =
            sqlx::query_scalar("SELECT max(seq) FROM audit_events").fetch_one(&mut connection).await?;
        let first = (0, Sha256::digest("").into());
        Ok(ChainWalk { connection, newest: newest.unwrap_or_default(), last: first, walked: 0, fault: None })
    }
}

impl ChainWalk {
    /// Number of the newest row when the walk began; 0 where there was none.
    #[must_use]
    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// Number and hash of the last row that is right; 0 where there is none.
    #[must_use]
    pub fn last(&self) -> (i64, ChainHash) {
        self.last
    }

    /// Reads the next rows and computes them again.
    ///
    /// # Errors
    /// Where the database fails, or a column is not of its type.
    pub async fn step(&mut self) -> Result<ChainStep, StoreError> {
        if let Some(fault) = self.fault.take() {
            return Ok(ChainStep::Broken(fault));
        }
        // The first page has whatever stands before 1, too.
        let after = if self.walked == 0 { i64::MIN } else { self.last.0 };
        let rows: Vec<ChainRow> =
            sqlx::query_as(ROWS).bind(after).bind(PAGE).fetch_all(&mut self.connection).await?;
        if rows.is_empty() {
            return self.end().await;
        }
        let mut right = Vec::with_capacity(rows.len());
        for row in rows {
            match row.check(&self.last) {
                Ok(hash) => self.last = (row.seq, hash),
                Err(fault) => {
                    self.fault = Some(fault);
                    break;
                }
            }
            self.walked += 1;
            right.push(self.last);
        }
        Ok(ChainStep::Rows(right))
    }

    /// Rows that have no number, or one that a row of a page before had, are passed over by the walk: they are counted.
    async fn end(&mut self) -> Result<ChainStep, StoreError> {
        let sql = "SELECT count(*) FROM audit_events WHERE seq IS NULL OR seq <= $1";
        let (last, walked) = (self.last.0, self.walked);
        let rows: i64 = sqlx::query_scalar(sql).bind(last).fetch_one(&mut self.connection).await?;
        Ok(if rows == walked {
            ChainStep::End
        } else {
            ChainStep::Broken(ChainFault::Unnumbered { rows, walked, last })
        })
    }
}

#[cfg(test)]
mod tests;
