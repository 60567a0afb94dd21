//! Policies as the portal finds them in AWS when it is about to change them.

use model::{PolicyId, organization::PolicyRecord};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::not_ours;
use crate::{Store, StoreError};

/// Writes down how a policy differs from what readers see; one without a name is gone.
const FOUND: &str = concat!(
    "WITH found (kind, subject, subject_name, target, before, after, since) AS (
        SELECT 'policy_' || c.what, p.id, coalesce($2, p.name), '', c.before, c.after,
            CASE c.what WHEN 'edited' THEN p.seen_at ELSE least(o.seen_at, p.seen_at) END
        FROM policies p, organization o, LATERAL (VALUES
            ('deleted', p.content, $4), ('edited', p.content, $4), ('renamed', p.name, $2),
            ('described', p.description, $3)
        ) AS c (what, before, after)
        WHERE p.id = $1 AND o.seen_at IS NOT NULL AND (c.what = 'deleted') = ($4 IS NULL)
            AND c.before IS DISTINCT FROM c.after
            -- A text that was never read is not another now.
            AND (c.what, c.before) IS DISTINCT FROM ('edited', '')
    )
    INSERT INTO events (since, seen_at, kind, subject, subject_name, before, after)
    SELECT since, $5, kind, subject, subject_name, before, after FROM found f WHERE ",
    not_ours!()
);

impl Store {
    /// Writes a policy as AWS just told of it. Where it is not as it was seen last, and the portal is not about to change
    /// it, that is an event; where it is, readers need not read anew. Whether it is known: where another one is attached is not, so it is left to the next
    /// reading of the organization.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn see_policy(&self, policy: &PolicyRecord, now: OffsetDateTime) -> Result<bool, StoreError> {
        let mut tx = self.locked().await?;
        let PolicyRecord { id, arn, name, description, content } = policy;
        let differs: Option<bool> = sqlx::query_scalar(
            "SELECT (arn, name, description, content) <> ($2, $3, $4, $5) FROM policies WHERE id = $1",
        )
        .bind(id.as_str())
        .bind(arn)
        .bind(name)
        .bind(description)
        .bind(content)
        .fetch_optional(&mut *tx)
        .await?;
        if let Some(differs) = differs {
            note(&mut tx, id, Some([name, description, content]), now).await?;
            // Also where nothing differs: its age does, and an import under way may have read it before.
            crate::organization::write_policy(&mut tx, policy, now).await?;
            if differs {
                crate::organization::next_generation(&mut tx).await?;
            }
        }
        tx.commit().await?;
        Ok(differs.is_some())
    }

    /// Removes a policy that AWS does not know any more; an event where the portal is not about to delete it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn see_policy_gone(&self, policy: &PolicyId, now: OffsetDateTime) -> Result<(), StoreError> {
        let mut tx = self.locked().await?;
        note(&mut tx, policy, None, now).await?;
        if crate::organization::delete_policy(&mut tx, policy).await? {
            crate::organization::next_generation(&mut tx).await?;
        }
        Ok(tx.commit().await?)
    }
}

async fn note(
    connection: &mut PgConnection,
    policy: &PolicyId,
    found: Option<[&String; 3]>,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let of = |part: usize| found.map(|parts| parts[part]);
    let query = sqlx::query(FOUND).bind(policy.as_str()).bind(of(0)).bind(of(1)).bind(of(2)).bind(now);
    query.execute(connection).await?;
    Ok(())
}
