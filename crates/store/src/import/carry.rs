//! A refresh need not read every policy anew: what it leaves out is carried over from what readers see, with its age.

use model::PolicyId;
use sqlx::FromRow;
use time::OffsetDateTime;

use super::unread;
use crate::{Store, StoreError};

/// A policy of which something was not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuePolicy {
    pub policy: PolicyId,
    /// Nothing is known that could be carried over, or what is known must have changed or is too old.
    pub must: bool,
}

#[derive(FromRow)]
struct DueRow {
    id: String,
    must: bool,
}

/// Texts that the import has not read. AWS changes name and description together with the text, so another name makes
/// it likely that the text is another too.
const TEXTS: &str = "
    SELECT s.id, p.id IS NULL OR $2::timestamptz IS NULL OR p.seen_at < $2
        OR (p.name, p.description) <> (s.name, s.description) AS must
    FROM staged_policies s LEFT JOIN policies p USING (id)
    WHERE s.import_id = $1 AND NOT s.removed AND s.content IS NULL
    ORDER BY must DESC, p.seen_at, s.listed";

/// Policies whose targets the import has not read. All attachments go when the policy type is switched off.
const TARGETS: &str = "
    SELECT s.id, p.id IS NULL OR $2::timestamptz IS NULL OR p.targets_seen_at < $2
        OR i.policy_type_enabled IS DISTINCT FROM o.policy_type_enabled AS must
    FROM staged_policies s JOIN imports i USING (import_id) CROSS JOIN organization o LEFT JOIN policies p USING (id)
    WHERE s.import_id = $1 AND NOT s.removed AND NOT s.targets_read
    ORDER BY must DESC, p.targets_seen_at, s.listed";

const CARRY: [&str; 2] = [
    "INSERT INTO staged_attachments (import_id, policy, target)
        SELECT s.import_id, a.policy, a.target FROM staged_policies s JOIN attachments a ON a.policy = s.id
        WHERE s.import_id = $1 AND NOT s.removed AND NOT s.targets_read
        ON CONFLICT ON CONSTRAINT staged_attachments_pkey DO NOTHING",
    "UPDATE staged_policies s
        SET content = coalesce(s.content, p.content), targets_read = true,
            text_seen_at = CASE WHEN s.content IS NULL THEN p.seen_at ELSE s.text_seen_at END,
            targets_seen_at = CASE WHEN s.targets_read THEN s.targets_seen_at ELSE p.targets_seen_at END
        FROM policies p
        WHERE s.import_id = $1 AND p.id = s.id AND NOT s.removed AND (s.content IS NULL OR NOT s.targets_read)",
];

/// Attachments that were carried over and whose target has gone since.
pub(super) const GONE: &str = "
    DELETE FROM staged_attachments a USING staged_policies s
    WHERE a.import_id = $1 AND NOT a.fixed AND s.import_id = $1 AND s.id = a.policy
        AND s.targets_seen_at IS NOT NULL
        AND a.target NOT IN (SELECT id FROM staged_nodes WHERE import_id = $1)";

impl Store {
    /// Policies that were listed and whose text was not read yet: first those that must be read, which are those that
    /// are new or renamed and those that were last read before `fresh_since` (`None`: all); then those read longest ago.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staged_texts_due(
        &self,
        import: i64,
        fresh_since: Option<OffsetDateTime>,
    ) -> Result<Vec<DuePolicy>, StoreError> {
        self.due(TEXTS, import, fresh_since).await
    }

    /// Policies that were listed and whose targets were not read yet, in the order of [`Store::staged_texts_due`]. Where
    /// the policy type was switched, all must be read. Call it after [`Store::stage_facts`].
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staged_targets_due(
        &self,
        import: i64,
        fresh_since: Option<OffsetDateTime>,
    ) -> Result<Vec<DuePolicy>, StoreError> {
        self.due(TARGETS, import, fresh_since).await
    }

    async fn due(
        &self,
        sql: &'static str,
        import: i64,
        fresh_since: Option<OffsetDateTime>,
    ) -> Result<Vec<DuePolicy>, StoreError> {
        let rows: Vec<DueRow> =
            sqlx::query_as(sql).bind(import).bind(fresh_since).fetch_all(&self.pool).await?;
        let due = |DueRow { id, must }: DueRow| {
            let policy = id.parse().map_err(|e| StoreError::corrupt("id", e))?;
            Ok(DuePolicy { policy, must })
        };
        rows.into_iter().map(due).collect()
    }

    /// Carries over, of policies that are known, what the import has not read; of those that are not, what could not be read
    /// is left empty. Targets that are gone fall away when the
    /// import is promoted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn carry_policies(&self, import: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        // The portal's changes come before or after, not in between.
        sqlx::query("SELECT FROM organization FOR UPDATE").execute(&mut *tx).await?;
        for sql in CARRY.into_iter().chain(unread::SETTLE) {
            sqlx::query(sql).bind(import).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }
}
