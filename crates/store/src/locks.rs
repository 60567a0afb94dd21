//! Locks on what is changed in AWS: of all processes on the database, one at a time changes a subject.

use sqlx::{Postgres, Transaction};

use crate::{Store, StoreError};

/// How long somebody waits for another's change of the same subject: longer than one step takes.
const PATIENCE: &str = "60s";
/// Names our locks among the database's advisory locks.
const SEED: i64 = 0x686f_6c64;

/// What is locked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// As `policy:p-12345678`.
    pub key: String,
    /// Whether others may share it who only need that nobody has it to himself.
    pub shared: bool,
}

impl Subject {
    /// Nobody else has it meanwhile.
    #[must_use]
    pub fn alone(key: impl Into<String>) -> Self {
        Self { key: key.into(), shared: false }
    }

    /// Nobody has it alone meanwhile.
    #[must_use]
    pub fn shared(key: impl Into<String>) -> Self {
        Self { key: key.into(), shared: true }
    }
}

/// Locks that are held. They end when this is dropped, and with the process.
#[derive(Debug)]
pub struct SubjectLocks {
    _tx: Transaction<'static, Postgres>,
}

impl Store {
    /// Waits until all subjects are free, and takes them, always in the same order.
    ///
    /// # Errors
    /// [`StoreError::Locked`] where another keeps one for long; else where the database fails.
    pub async fn lock_subjects(&self, subjects: &[Subject]) -> Result<SubjectLocks, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "SELECT set_config('lock_timeout', $1, true), set_config('statement_timeout', '0', true)",
        )
        .bind(PATIENCE)
        .execute(&mut *tx)
        .await?;
        let mut subjects: Vec<&Subject> = subjects.iter().collect();
        subjects.sort_unstable();
        subjects.dedup();
        for subject in subjects {
            let sql = if subject.shared {
                "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, $2))"
            } else {
                "SELECT pg_advisory_xact_lock(hashtextextended($1, $2))"
            };
            sqlx::query(sql).bind(&subject.key).bind(SEED).execute(&mut *tx).await?;
        }
        Ok(SubjectLocks { _tx: tx })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::database;

    #[tokio::test]
    async fn a_subject_is_held_by_one_at_a_time_or_shared_by_many() {
        let db = database().await;
        let (policy, all) = (Subject::alone("policy:p-1"), [Subject::alone("attachments")]);
        let held = db.store.lock_subjects(&[policy.clone(), Subject::shared("attachments")]).await.unwrap();
        let shared = db.store.lock_subjects(&[Subject::shared("attachments")]).await.unwrap();
        let mut waiting = Box::pin(db.store.lock_subjects(std::slice::from_ref(&policy)));
        let mut alone = Box::pin(db.store.lock_subjects(&all));
        // They are in the server's queue, and stay there, while the lock is held.
        loop {
            assert!(
                futures::poll!(waiting.as_mut()).is_pending() && futures::poll!(alone.as_mut()).is_pending()
            );
            let sql = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
            let queued: i64 = sqlx::query_scalar(sql).fetch_one(&db.store.pool).await.unwrap();
            if queued == 2 {
                break;
            }
        }
        drop((held, shared));
        waiting.await.unwrap();
        alone.await.unwrap();
    }
}
