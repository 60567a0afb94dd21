//! Signed heads of the audit list, and the keys that they are signed with.

use base64::{Engine, prelude::BASE64_STANDARD};
use model::audit::SignedHead;
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::{Store, StoreError};

/// Names the lock of the process that signs, among the database's advisory locks.
const SEALING: i64 = 0x686f_6c64_7365_616c;

/// The public half of a key that heads were signed with.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AuditKey {
    pub key_id: String,
    /// 32 bytes.
    pub public_key: Vec<u8>,
}

#[derive(FromRow)]
pub(super) struct HeadRow {
    seq: i64,
    hash: Vec<u8>,
    at: OffsetDateTime,
    key_id: String,
    signature: Vec<u8>,
}

impl From<HeadRow> for SignedHead {
    fn from(row: HeadRow) -> Self {
        Self {
            seq: row.seq,
            hash: hex::encode(row.hash),
            at: row.at,
            key: row.key_id,
            signature: BASE64_STANDARD.encode(row.signature),
        }
    }
}

/// When a head is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadDue {
    /// Where the newest was signed before this moment.
    Before(OffsetDateTime),
    /// Where there is an event after the newest.
    NewEvents,
}

impl Store {
    /// The seed of the key that this database keeps; `new` is it from now on where there is none. `key` is the public half
    /// of `new`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn own_audit_seed(
        &self,
        new: &[u8; 32],
        key: &AuditKey,
        now: OffsetDateTime,
    ) -> Result<Vec<u8>, StoreError> {
        let sql = "INSERT INTO audit_keys (key_id, public_key, seed, known_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING";
        let query = sqlx::query(sql).bind(&key.key_id).bind(&key.public_key).bind(&new[..]).bind(now);
        query.execute(&self.pool).await?;
        let seed = "SELECT seed FROM audit_keys WHERE seed IS NOT NULL";
        Ok(sqlx::query_scalar(seed).fetch_one(&self.pool).await?)
    }

    /// Keeps the public half of a key that is given from outside.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn know_audit_key(&self, key: &AuditKey, now: OffsetDateTime) -> Result<(), StoreError> {
        let sql = "INSERT INTO audit_keys (key_id, public_key, known_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let query = sqlx::query(sql).bind(&key.key_id).bind(&key.public_key).bind(now);
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// The public halves of all keys, the newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn audit_keys(&self) -> Result<Vec<AuditKey>, StoreError> {
        let sql = "SELECT key_id, public_key FROM audit_keys ORDER BY known_at DESC, key_id";
        Ok(sqlx::query_as(sql).fetch_all(&self.pool).await?)
    }

    /// Signs the newest event where that is due and nobody else does. `sign` gets its number and its hash.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn seal_audit(
        &self,
        due: HeadDue,
        sign: impl FnOnce(i64, &[u8]) -> SignedHead + Send,
    ) -> Result<Option<SignedHead>, StoreError> {
        let mut tx = self.begin().await?;
        let lock = sqlx::query_scalar("SELECT pg_try_advisory_xact_lock($1)").bind(SEALING);
        if !lock.fetch_one(&mut *tx).await? {
            return Ok(None);
        }
        let newest: Option<(i64, OffsetDateTime)> =
            sqlx::query_as("SELECT seq, at FROM audit_heads ORDER BY head_id DESC LIMIT 1")
                .fetch_optional(&mut *tx)
                .await?;
        let event: Option<(i64, Vec<u8>)> =
            sqlx::query_as("SELECT seq, hash FROM audit_events ORDER BY seq DESC LIMIT 1")
                .fetch_optional(&mut *tx)
                .await?;
        let Some((seq, hash)) = event else { return Ok(None) };
        let is_due = newest.is_none_or(|(signed, at)| match due {
            HeadDue::Before(moment) => at < moment,
            HeadDue::NewEvents => signed < seq,
        });
        if !is_due {
            return Ok(None);
        }
        let head = sign(seq, &hash);
        let signature = BASE64_STANDARD.decode(&head.signature).unwrap_or_default();
        let sql = "INSERT INTO audit_heads (seq, hash, at, key_id, signature) VALUES ($1, $2, $3, $4, $5)";
        let query = sqlx::query(sql).bind(seq).bind(&hash).bind(head.at).bind(&head.key).bind(signature);
        query.execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(Some(head))
    }

    /// The head that was signed last.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_audit_head(&self) -> Result<Option<SignedHead>, StoreError> {
        let sql = "SELECT seq, hash, at, key_id, signature FROM audit_heads ORDER BY head_id DESC LIMIT 1";
        let row: Option<HeadRow> = sqlx::query_as(sql).fetch_optional(&self.pool).await?;
        Ok(row.map(SignedHead::from))
    }

    /// Heads of the events after one and up to another, in their order.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn audit_heads(&self, after: i64, up_to: i64) -> Result<Vec<SignedHead>, StoreError> {
        let sql = "SELECT seq, hash, at, key_id, signature FROM audit_heads
            WHERE seq > $1 AND seq <= $2 ORDER BY seq, head_id";
        let rows: Vec<HeadRow> = sqlx::query_as(sql).bind(after).bind(up_to).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(SignedHead::from).collect())
    }
}
