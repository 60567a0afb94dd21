//! What lists leave open: where an account stands, in which order policies are attached, and what they leave out.

use model::{PolicyId, TargetId, organization::Node};
use sqlx::types::Json;

use crate::{Store, StoreError};

impl Store {
    /// Accounts that were listed without their place.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staged_accounts_without_parent(&self, import: i64) -> Result<Vec<Node>, StoreError> {
        let sql = "SELECT to_jsonb(n) FROM staged_nodes n
            WHERE import_id = $1 AND parent IS NULL AND id ~ '^[0-9]' ORDER BY id";
        let rows: Vec<Json<Node>> = sqlx::query_scalar(sql).bind(import).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Accounts that readers see and that were not listed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn accounts_not_staged(&self, import: i64) -> Result<Vec<Node>, StoreError> {
        let sql = "SELECT to_jsonb(n) FROM nodes n WHERE id ~ '^[0-9]'
            AND id NOT IN (SELECT id FROM staged_nodes WHERE import_id = $1) ORDER BY id";
        let rows: Vec<Json<Node>> = sqlx::query_scalar(sql).bind(import).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Policies that readers see and that were not listed.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn policies_not_staged(&self, import: i64) -> Result<Vec<PolicyId>, StoreError> {
        let sql = "SELECT id FROM policies
            WHERE id NOT IN (SELECT id FROM staged_policies WHERE import_id = $1) ORDER BY id";
        self.staged_ids(import, sql).await
    }

    /// Forgets an account that was listed and then was gone.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unstage_node(&self, import: i64, node: &TargetId) -> Result<(), StoreError> {
        let sql = "DELETE FROM staged_nodes WHERE import_id = $1 AND id = $2";
        sqlx::query(sql).bind(import).bind(node.as_str()).execute(&self.pool).await?;
        Ok(())
    }

    /// Targets of several policies, of which at least one is new there, whose order was not read yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staged_targets_without_order(&self, import: i64) -> Result<Vec<TargetId>, StoreError> {
        let sql = "SELECT s.target FROM staged_attachments s
            LEFT JOIN attachments a ON a.policy = s.policy AND a.target = s.target
            WHERE s.import_id = $1 AND NOT s.removed
            GROUP BY s.target HAVING count(*) > 1 AND bool_or(s.place IS NULL AND NOT s.fixed AND a.policy IS NULL)
            ORDER BY s.target";
        self.staged_ids(import, sql).await
    }

    /// Notes the order of the policies on a target; any that is not among them comes last.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn stage_order(
        &self,
        import: i64,
        target: &TargetId,
        policies: &[PolicyId],
    ) -> Result<(), StoreError> {
        let policies: Vec<&str> = policies.iter().map(PolicyId::as_str).collect();
        let sql =
            "UPDATE staged_attachments SET place = coalesce(array_position($3::text[], policy), 1000000)
            WHERE import_id = $1 AND target = $2";
        sqlx::query(sql).bind(import).bind(target.as_str()).bind(policies).execute(&self.pool).await?;
        Ok(())
    }
}
