//! What others undo again and again in AWS.

use model::{PolicyId, TargetId};

use crate::{Store, StoreError};

/// Targets that the portal attached a policy to and that others detached it from within the hour, twice or more often.
const UNDONE: &str = "
    SELECT e.target FROM events e
    WHERE e.kind = 'policy_detached' AND e.subject = $1 AND EXISTS (
        SELECT FROM audit_events a JOIN change_steps s ON s.change_id = a.change_id AND s.n = a.step
        WHERE a.entry = a.seq AND a.action = 'policy_attached' AND a.subject = e.subject AND a.target = e.target
            AND s.state = 'done' AND s.ended_at BETWEEN e.seen_at - interval '1 hour' AND e.seen_at)
    GROUP BY e.target HAVING count(*) > 1 ORDER BY e.target LIMIT 20";

impl Store {
    /// Targets from which somebody else takes a policy again that the portal attached: another tool may look after it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn undone_attachments(&self, policy: &PolicyId) -> Result<Vec<TargetId>, StoreError> {
        let targets: Vec<String> =
            sqlx::query_scalar(UNDONE).bind(policy.as_str()).fetch_all(&self.pool).await?;
        targets.iter().map(|id| id.parse().map_err(|e| StoreError::corrupt("target", e))).collect()
    }
}
