//! Parts of the organization that an import could not read.

use model::{
    PolicyId, TargetId,
    organization::{Part, UnreadPart},
};
use sqlx::{FromRow, PgConnection};
use time::OffsetDateTime;

use crate::{Store, StoreError};

/// Policies whose document or targets could not be read and of which nothing older is known: taken over as unread.
pub(super) const SETTLE: [&str; 2] = [
    "UPDATE staged_policies s SET content = '' FROM staged_unread_parts u
        WHERE s.import_id = $1 AND s.content IS NULL AND u.import_id = $1 AND u.part = 'policy_text' AND u.id = s.id",
    "UPDATE staged_policies s SET targets_read = true FROM staged_unread_parts u
        WHERE s.import_id = $1 AND NOT s.targets_read AND u.import_id = $1 AND u.part = 'policy_targets' AND u.id = s.id",
];

/// What could not be read now takes the place of what could not before.
pub(super) const TAKE_OVER: [&str; 2] = [
    "DELETE FROM unread_parts WHERE (part, id) NOT IN
        (SELECT part, id FROM staged_unread_parts WHERE import_id = $1)",
    "INSERT INTO unread_parts (part, id, reason, since)
        SELECT u.part, u.id, u.reason, i.begun_at FROM staged_unread_parts u JOIN imports i USING (import_id)
        WHERE import_id = $1
        ON CONFLICT ON CONSTRAINT unread_parts_pkey DO UPDATE SET reason = excluded.reason",
];

#[derive(FromRow)]
struct UnreadRow {
    part: String,
    id: String,
    reason: String,
    since: OffsetDateTime,
}

impl Store {
    /// Notes that a part could not be read: what is known of it is carried over.
    ///
    /// # Errors
    /// As [`Store::save_step`].
    pub async fn stage_unread(
        &self,
        import: i64,
        part: Part,
        id: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO staged_unread_parts (import_id, part, id, reason) VALUES ($1, $2, $3, $4)
            ON CONFLICT ON CONSTRAINT staged_unread_parts_pkey DO UPDATE SET reason = excluded.reason";
        sqlx::query(sql).bind(import).bind(part.as_str()).bind(id).bind(reason).execute(&self.pool).await?;
        Ok(())
    }

    /// Stages the OUs that were known directly in a place whose OUs could not be read; their ids.
    ///
    /// # Errors
    /// As [`Store::save_step`].
    pub async fn carry_ous(&self, import: i64, parent: &TargetId) -> Result<Vec<TargetId>, StoreError> {
        let sql = "INSERT INTO staged_nodes (import_id, id, parent, name, arn, email, state, joined_at)
            SELECT $1, id, parent, name, arn, email, state, joined_at FROM nodes WHERE parent = $2 AND id ~ '^ou-'
            ON CONFLICT ON CONSTRAINT staged_nodes_pkey DO NOTHING RETURNING id";
        let ids: Vec<String> =
            sqlx::query_scalar(sql).bind(import).bind(parent.as_str()).fetch_all(&self.pool).await?;
        ids.iter().map(|id| id.parse().map_err(|e| StoreError::corrupt("id", e))).collect()
    }
}

/// A part of a policy was read after all: in a reading that goes on where it broke off.
pub(super) async fn read<'c>(
    executor: impl sqlx::PgExecutor<'c>,
    import: i64,
    part: Part,
    policy: &PolicyId,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM staged_unread_parts WHERE import_id = $1 AND part = $2 AND id = $3";
    sqlx::query(sql).bind(import).bind(part.as_str()).bind(policy.as_str()).execute(executor).await?;
    Ok(())
}

/// What readers are told could not be read.
pub(crate) async fn unread_parts(connection: &mut PgConnection) -> Result<Vec<UnreadPart>, StoreError> {
    let sql = "SELECT part, id, reason, since FROM unread_parts ORDER BY part, id";
    let rows: Vec<UnreadRow> = sqlx::query_as(sql).fetch_all(connection).await?;
    // A part that only a newer version knows is that version's to tell.
    let known = rows.into_iter().filter_map(|UnreadRow { part, id, reason, since }| {
        Some(UnreadPart { part: Part::from_name(&part)?, id, reason, since })
    });
    Ok(known.collect())
}
