//! Takes an import over: all of it in one transaction, or nothing.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{ancestors, carry, drift, unread};
use crate::{Store, StoreError};

/// What is wrong with the staged organization, one row each, at most twenty.
const PROBLEMS: &str = "
    WITH RECURSIVE tree AS (
        SELECT id FROM staged_nodes WHERE import_id = $1 AND parent IS NULL
        UNION SELECT n.id FROM staged_nodes n JOIN tree ON n.parent = tree.id WHERE n.import_id = $1
    ), wanted AS (
        SELECT a.policy, a.target FROM staged_attachments a LEFT JOIN staged_policies p USING (import_id)
        WHERE a.import_id = $1 AND NOT a.removed AND a.policy = p.id AND NOT p.removed
    )
    SELECT * FROM (
        SELECT 'the organization itself was not read' FROM imports WHERE import_id = $1 AND facts IS NULL
        UNION ALL
        SELECT format('there are %s roots', count(*)) FROM staged_nodes
            WHERE import_id = $1 AND parent IS NULL HAVING count(*) <> 1
        UNION ALL
        SELECT format('%s hangs on %s, which leads to no root', id, parent) FROM staged_nodes
            WHERE import_id = $1 AND parent IS NOT NULL AND id NOT IN (SELECT id FROM tree)
        UNION ALL
        SELECT format('the text of %s was not read', id) FROM staged_policies
            WHERE import_id = $1 AND content IS NULL AND NOT removed
        UNION ALL
        SELECT format('the targets of %s were not read', id) FROM staged_policies
            WHERE import_id = $1 AND NOT targets_read AND NOT removed
        UNION ALL
        SELECT format('%s is attached to %s, which does not exist', policy, target) FROM wanted
            WHERE target NOT IN (SELECT id FROM staged_nodes WHERE import_id = $1)
        UNION ALL
        SELECT format('%s is attached to %s and was not listed', policy, target) FROM staged_attachments
            WHERE import_id = $1 AND NOT removed
                AND policy NOT IN (SELECT id FROM staged_policies WHERE import_id = $1)
    ) AS problems LIMIT 20";

/// The steps, in order. Rows that stay as they are are not written.
const STEPS: [&str; 6] = [
    "INSERT INTO nodes AS n (id, parent, name, arn, email, state, joined_at)
        SELECT id, parent, name, arn, email, state, joined_at FROM staged_nodes WHERE import_id = $1
        ON CONFLICT ON CONSTRAINT nodes_pkey DO UPDATE SET parent = excluded.parent, name = excluded.name,
            arn = excluded.arn, email = excluded.email, state = excluded.state, joined_at = excluded.joined_at
        WHERE n IS DISTINCT FROM excluded",
    "INSERT INTO policies AS p (id, arn, name, description, content, changed_at, seen_at, targets_seen_at)
        SELECT s.id, s.arn, s.name, s.description, s.content, i.promoted_at, coalesce(s.text_seen_at, i.begun_at),
            coalesce(s.targets_seen_at, i.begun_at)
        FROM staged_policies s JOIN imports i USING (import_id) WHERE import_id = $1 AND NOT removed
        ON CONFLICT ON CONSTRAINT policies_pkey DO UPDATE SET arn = excluded.arn, name = excluded.name,
            description = excluded.description, content = excluded.content,
            seen_at = greatest(p.seen_at, excluded.seen_at),
            targets_seen_at = greatest(p.targets_seen_at, excluded.targets_seen_at),
            changed_at = CASE WHEN (p.name, p.description, p.content)
                IS DISTINCT FROM (excluded.name, excluded.description, excluded.content)
                THEN excluded.changed_at ELSE p.changed_at END",
    "DELETE FROM policies WHERE id NOT IN (SELECT id FROM staged_policies WHERE import_id = $1 AND NOT removed)",
    "DELETE FROM nodes WHERE id NOT IN (SELECT id FROM staged_nodes WHERE import_id = $1)",
    "DELETE FROM attachments WHERE (policy, target) NOT IN
        (SELECT policy, target FROM staged_attachments WHERE import_id = $1 AND NOT removed)",
    // Attachments that are known keep their places; new ones follow in the order in which AWS lists the policies.
    "INSERT INTO attachments (policy, target, position)
        SELECT a.policy, a.target, coalesce((SELECT max(position) FROM attachments k WHERE k.target = a.target), -1)
            + row_number() OVER (PARTITION BY a.target ORDER BY a.place, p.listed)
        FROM staged_attachments a JOIN staged_policies p ON p.import_id = a.import_id AND p.id = a.policy
        WHERE a.import_id = $1 AND NOT a.removed AND NOT p.removed
            AND NOT EXISTS (SELECT FROM attachments k WHERE k.policy = a.policy AND k.target = a.target)",
];

impl Store {
    /// Puts the staged organization in the place of the one that readers see. All its facts are as old as the beginning
    /// of the import, but for texts and targets that were carried over; texts that were the same before keep the time of
    /// their last change. What somebody changed outside the portal becomes an event.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] where what was staged does not fit together: readers keep what they have, and the
    /// import is given up, so that the next one begins anew. [`StoreError::WrongRowCount`] where the import is not under
    /// way any more.
    pub async fn promote(&self, import: i64, now: OffsetDateTime) -> Result<(), StoreError> {
        let mut tx = self.change().await?;
        sqlx::query("SET LOCAL statement_timeout = '5min'").execute(&mut *tx).await?;
        let open =
            sqlx::query("UPDATE imports SET promoted_at = $2 WHERE import_id = $1").bind(import).bind(now);
        crate::rows::exactly_one("import under way", open.execute(&mut *tx).await?.rows_affected())?;
        sqlx::query(carry::GONE).bind(import).execute(&mut *tx).await?;
        let problems: Vec<String> = sqlx::query_scalar(PROBLEMS).bind(import).fetch_all(&mut *tx).await?;
        if !problems.is_empty() {
            tx.rollback().await?;
            self.discard_import(import).await?;
            return Err(StoreError::Inconsistent { problems });
        }
        drift::note(&mut tx, import).await?;
        take_over(&mut tx, import).await?;
        Ok(tx.commit().await?)
    }
}

async fn take_over(connection: &mut PgConnection, import: i64) -> Result<(), StoreError> {
    for sql in STEPS.into_iter().chain(unread::TAKE_OVER) {
        sqlx::query(sql).bind(import).execute(&mut *connection).await?;
    }
    ancestors::refresh(connection).await?;
    let head = "UPDATE organization o SET facts = i.facts, policy_type_enabled = i.policy_type_enabled,
        policy_type_known = coalesce(i.policy_type_enabled, o.policy_type_known),
        policy_type_known_at = CASE WHEN i.policy_type_enabled IS NULL THEN o.policy_type_known_at ELSE i.begun_at END,
        seen_at = i.begun_at FROM imports i WHERE i.import_id = $1";
    sqlx::query(head).bind(import).execute(&mut *connection).await?;
    sqlx::query("DELETE FROM imports WHERE import_id = $1").bind(import).execute(connection).await?;
    Ok(())
}
