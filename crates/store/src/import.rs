//! An organization that is being read from AWS: staged until it is whole, resumed after an interruption, then promoted.

use model::{
    PolicyId, TargetId,
    organization::{Node, OrganizationFacts, Part, PolicyRecord},
};
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};

use crate::{Store, StoreError, json};

mod ancestors;
mod carry;
mod drift;
mod places;
mod promote;
mod unread;

pub use carry::DuePolicy;
pub(crate) use unread::unread_parts;

/// An import that was interrupted is resumed if it is younger than this.
const RESUMABLE: Duration = Duration::hours(6);

/// The clocks of two processes differ by less. One that was begun later than that was begun by a clock that was wrong,
/// and so would be the age of all that it brings.
const CLOCKS: Duration = Duration::minutes(5);

/// The import under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Import {
    pub id: i64,
    /// Begun by an earlier process: finished steps need not be repeated.
    pub resumed: bool,
    pub begun_at: OffsetDateTime,
}

/// How far a step has come.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StepState {
    pub done: bool,
    /// Where it goes on: the caller's own words.
    pub cursor: Option<String>,
}

impl Store {
    /// Resumes the import that was interrupted, or begins one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn begin_import(&self, now: OffsetDateTime) -> Result<Import, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("SELECT FROM organization FOR UPDATE").execute(&mut *tx).await?;
        sqlx::query("DELETE FROM imports WHERE begun_at NOT BETWEEN $1 AND $2")
            .bind(now - RESUMABLE)
            .bind(now + CLOCKS)
            .execute(&mut *tx)
            .await?;
        let open: Option<(i64, OffsetDateTime)> =
            sqlx::query_as("SELECT import_id, begun_at FROM imports").fetch_optional(&mut *tx).await?;
        let import = match open {
            Some((id, begun_at)) => Import { id, resumed: true, begun_at },
            None => {
                let sql = "INSERT INTO imports (begun_at) VALUES ($1) RETURNING import_id";
                let id = sqlx::query_scalar(sql).bind(now).fetch_one(&mut *tx).await?;
                Import { id, resumed: false, begun_at: now }
            }
        };
        tx.commit().await?;
        Ok(import)
    }

    /// Gives an import up, with everything staged.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn discard_import(&self, import: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM imports WHERE import_id = $1").bind(import).execute(&self.pool).await?;
        Ok(())
    }

    /// How far a step of an import has come; `None` where it was not begun.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn import_step(&self, import: i64, step: &str) -> Result<Option<StepState>, StoreError> {
        let sql = "SELECT done, cursor FROM import_steps WHERE import_id = $1 AND step = $2";
        Ok(sqlx::query_as(sql).bind(import).bind(step).fetch_optional(&self.pool).await?)
    }

    /// Notes how far a step has come. Call it after staging what was read.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] on `import_steps_import_id_fkey` where the import is not under way any more; so for all
    /// that follows, on the constraint of its table.
    pub async fn save_step(
        &self,
        import: i64,
        step: &str,
        done: bool,
        cursor: Option<&str>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO import_steps (import_id, step, done, cursor) VALUES ($1, $2, $3, $4)
            ON CONFLICT ON CONSTRAINT import_steps_pkey DO UPDATE SET done = excluded.done, cursor = excluded.cursor";
        sqlx::query(sql).bind(import).bind(step).bind(done).bind(cursor).execute(&self.pool).await?;
        Ok(())
    }

    /// Stages the organization itself, and whether the policy type is on (`None` where that cannot be known).
    ///
    /// # Errors
    /// [`StoreError::WrongRowCount`] where the import is not under way any more.
    pub async fn stage_facts(
        &self,
        import: i64,
        facts: &OrganizationFacts,
        policy_type_enabled: Option<bool>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE imports SET facts = $2,
                policy_type_enabled = CASE WHEN policy_type_fixed THEN policy_type_enabled ELSE $3 END
            WHERE import_id = $1";
        let query = sqlx::query(sql).bind(import).bind(Json(facts)).bind(policy_type_enabled);
        crate::rows::exactly_one("import under way", query.execute(&self.pool).await?.rows_affected())
    }

    /// Stages nodes; one that was staged before is replaced.
    ///
    /// # Errors
    /// As [`Store::save_step`].
    pub async fn stage_nodes(&self, import: i64, nodes: &[Node]) -> Result<(), StoreError> {
        let sql = "INSERT INTO staged_nodes (import_id, id, parent, name, arn, email, state, joined_at)
            SELECT DISTINCT ON (n.id) $1, n.* FROM jsonb_to_recordset($2) AS n
                (id text, parent text, name text, arn text, email text, state text, joined_at timestamptz)
            ON CONFLICT ON CONSTRAINT staged_nodes_pkey DO UPDATE SET parent = excluded.parent, name = excluded.name,
                arn = excluded.arn, email = excluded.email, state = excluded.state, joined_at = excluded.joined_at";
        sqlx::query(sql).bind(import).bind(json::rows(nodes)?).execute(&self.pool).await?;
        Ok(())
    }

    /// Stages policies. One with an empty text has not been read yet: its text is kept where an earlier call brought
    /// it. What the portal wrote since the import began stays.
    ///
    /// # Errors
    /// As [`Store::save_step`].
    pub async fn stage_policies(&self, import: i64, policies: &[PolicyRecord]) -> Result<(), StoreError> {
        let sql = "INSERT INTO staged_policies AS s (import_id, id, arn, name, description, content)
            SELECT $1, p.id, p.arn, p.name, p.description, nullif(p.content, '')
            FROM ROWS FROM (jsonb_to_recordset($2)
                AS (id text, arn text, name text, description text, content text)) WITH ORDINALITY
                AS p (id, arn, name, description, content, place)
            ORDER BY p.place
            ON CONFLICT ON CONSTRAINT staged_policies_pkey DO UPDATE SET arn = excluded.arn, name = excluded.name,
                description = excluded.description, content = coalesce(excluded.content, s.content)
            WHERE NOT s.fixed";
        sqlx::query(sql).bind(import).bind(json::rows(policies)?).execute(&self.pool).await?;
        Ok(())
    }

    /// Stages a policy with its text, if it is listed and was not found gone since. What the portal wrote since the import
    /// began stays.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn stage_text(&self, import: i64, policy: &PolicyRecord) -> Result<(), StoreError> {
        let sql = "UPDATE staged_policies SET arn = $3, name = $4, description = $5, content = $6
            WHERE import_id = $1 AND id = $2 AND NOT fixed";
        let query = sqlx::query(sql).bind(import).bind(policy.id.as_str()).bind(&policy.arn);
        let query = query.bind(&policy.name).bind(&policy.description).bind(&policy.content);
        query.execute(&self.pool).await?;
        unread::read(&self.pool, import, Part::PolicyText, &policy.id).await
    }

    /// Forgets a policy that was listed and then was gone, and where it was attached.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unstage_policy(&self, import: i64, policy: &PolicyId) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        for sql in [
            "DELETE FROM staged_policies WHERE import_id = $1 AND id = $2 AND NOT fixed",
            "DELETE FROM staged_attachments WHERE import_id = $1 AND policy = $2 AND NOT fixed",
        ] {
            sqlx::query(sql).bind(import).bind(policy.as_str()).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Stages all targets of a policy, in place of those staged before, and notes that they were read; not of one that was
    /// found gone since. What the portal attached or detached since the import began stays.
    ///
    /// # Errors
    /// As [`Store::save_step`].
    pub async fn stage_attachments(
        &self,
        import: i64,
        policy: &PolicyId,
        targets: &[TargetId],
    ) -> Result<(), StoreError> {
        let targets: Vec<&str> = targets.iter().map(TargetId::as_str).collect();
        let mut tx = self.begin().await?;
        // First: whoever finds meanwhile that the policy is gone comes before or after.
        let read = "UPDATE staged_policies SET targets_read = true WHERE import_id = $1 AND id = $2";
        let listed = sqlx::query(read).bind(import).bind(policy.as_str()).execute(&mut *tx).await?;
        if listed.rows_affected() == 0 {
            return Ok(tx.rollback().await?);
        }
        let gone = "DELETE FROM staged_attachments WHERE import_id = $1 AND policy = $2 AND NOT fixed";
        sqlx::query(gone).bind(import).bind(policy.as_str()).execute(&mut *tx).await?;
        // The share lock lets a clearing of all attachments come before or after, not in between.
        let put = "INSERT INTO staged_attachments (import_id, policy, target)
            SELECT i.import_id, $2, t FROM (SELECT import_id, attachments_cleared FROM imports
                WHERE import_id = $1 FOR SHARE) AS i CROSS JOIN unnest($3::text[]) AS t
            WHERE NOT i.attachments_cleared
            ON CONFLICT ON CONSTRAINT staged_attachments_pkey DO NOTHING";
        sqlx::query(put).bind(import).bind(policy.as_str()).bind(targets).execute(&mut *tx).await?;
        unread::read(&mut *tx, import, Part::PolicyTargets, policy).await?;
        Ok(tx.commit().await?)
    }

    /// Roots and OUs staged so far: where a walk of the tree goes on.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staged_containers(&self, import: i64) -> Result<Vec<TargetId>, StoreError> {
        let sql = "SELECT id FROM staged_nodes WHERE import_id = $1 AND id !~ '^[0-9]' ORDER BY id";
        self.staged_ids(import, sql).await
    }

    /// Places that hold others and were not staged themselves.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn staged_parents_not_staged(&self, import: i64) -> Result<Vec<TargetId>, StoreError> {
        let sql = "SELECT DISTINCT parent FROM staged_nodes WHERE import_id = $1 AND parent NOT IN
            (SELECT id FROM staged_nodes WHERE import_id = $1) ORDER BY parent";
        self.staged_ids(import, sql).await
    }

    async fn staged_ids<T>(&self, import: i64, sql: &'static str) -> Result<Vec<T>, StoreError>
    where
        T: std::str::FromStr<Err = model::IdError>,
    {
        let ids: Vec<String> = sqlx::query_scalar(sql).bind(import).fetch_all(&self.pool).await?;
        ids.iter().map(|id| id.parse().map_err(|e| StoreError::corrupt("id", e))).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests;
