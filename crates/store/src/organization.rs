//! The organization as readers see it, and the portal's own changes to it, which appear at once.

mod generation;
mod invalid;

use std::collections::BTreeSet;

use model::{
    AccountId, PolicyId, TargetId,
    organization::{Attachment, Node, OrganizationFacts, PolicyRecord, UnreadPart},
};
use sqlx::{FromRow, PgConnection, Postgres, Transaction, types::Json};
use time::OffsetDateTime;

use crate::{Store, StoreError, import::unread_parts};

pub(crate) use generation::next_generation;

/// The whole organization as of one generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Grows with every change.
    pub generation: i64,
    /// `None` before the first import.
    pub facts: Option<OrganizationFacts>,
    /// By id.
    pub nodes: Vec<Node>,
    /// By id.
    pub policies: Vec<StoredPolicy>,
    /// By target, then position.
    pub attachments: Vec<Attachment>,
    /// Whether backup policies take effect; `None` where it is not known.
    pub policy_type_enabled: Option<bool>,
    /// When the reading of the organization began; `None` before the first import.
    pub seen_at: Option<OffsetDateTime>,
    /// Accounts whose effective policy AWS finds invalid; `None` where it does not tell.
    pub invalid_in_aws: Option<BTreeSet<AccountId>>,
    /// What could not be read when the rest was. The text of a policy among these is empty where it was never read.
    pub unread: Vec<UnreadPart>,
}

/// A policy, and how old the knowledge of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPolicy {
    pub record: PolicyRecord,
    /// When another text, name or description was last seen.
    pub changed_at: OffsetDateTime,
    /// When its name, description and text were last read from AWS.
    pub seen_at: OffsetDateTime,
    /// When its targets were last read from AWS.
    pub targets_seen_at: OffsetDateTime,
}

#[derive(FromRow)]
struct OrganizationRow {
    generation: i64,
    facts: Option<Json<OrganizationFacts>>,
    policy_type_enabled: Option<bool>,
    seen_at: Option<OffsetDateTime>,
}

#[derive(FromRow)]
struct PolicyRow {
    record: Json<PolicyRecord>,
    changed_at: OffsetDateTime,
    seen_at: OffsetDateTime,
    targets_seen_at: OffsetDateTime,
}

impl Store {
    /// Changes whenever anything of the organization changes: what was built from a snapshot is good until then.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn generation(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT generation FROM organization").fetch_one(&self.pool).await?)
    }

    /// Reads everything, as of one moment.
    ///
    /// # Errors
    /// Where the database fails, or holds what no version wrote.
    pub async fn load_snapshot(&self) -> Result<Snapshot, StoreError> {
        let mut tx = self.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let head: OrganizationRow =
            sqlx::query_as("SELECT generation, facts, policy_type_enabled, seen_at FROM organization")
                .fetch_one(&mut *tx)
                .await?;
        let policies: Vec<PolicyRow> = sqlx::query_as(
            "SELECT to_jsonb(p) AS record, changed_at, seen_at, targets_seen_at FROM policies p ORDER BY id",
        )
        .fetch_all(&mut *tx)
        .await?;
        let nodes = all(&mut tx, "SELECT to_jsonb(n) FROM nodes n ORDER BY id").await?;
        let attachments =
            all(&mut tx, "SELECT to_jsonb(a) FROM attachments a ORDER BY target, position").await?;
        let invalid_in_aws = invalid::invalid_accounts(&mut tx).await?;
        let unread = unread_parts(&mut tx).await?;
        tx.commit().await?;
        let stored = |row: PolicyRow| {
            let PolicyRow { record, changed_at, seen_at, targets_seen_at } = row;
            StoredPolicy { record: record.0, changed_at, seen_at, targets_seen_at }
        };
        Ok(Snapshot {
            generation: head.generation,
            facts: head.facts.map(|facts| facts.0),
            nodes,
            policies: policies.into_iter().map(stored).collect(),
            attachments,
            policy_type_enabled: head.policy_type_enabled,
            seen_at: head.seen_at,
            invalid_in_aws,
            unread,
        })
    }

    /// The documents of all policies.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn policy_texts(&self) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar("SELECT content FROM policies").fetch_all(&self.pool).await?)
    }

    /// Writes a policy as AWS just returned it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_policy(&self, policy: &PolicyRecord, now: OffsetDateTime) -> Result<(), StoreError> {
        let mut tx = self.change().await?;
        write_policy(&mut tx, policy, now).await?;
        Ok(tx.commit().await?)
    }

    /// Removes a policy that AWS has no more, with its attachments.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_policy(&self, policy: &PolicyId) -> Result<(), StoreError> {
        let mut tx = self.change().await?;
        delete_policy(&mut tx, policy).await?;
        Ok(tx.commit().await?)
    }

    /// Attaches a policy, as the youngest of the target's. One that is attached already keeps its place.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_attachment(&self, policy: &PolicyId, target: &TargetId) -> Result<(), StoreError> {
        let live = "INSERT INTO attachments (policy, target, position)
            SELECT $1, $2, coalesce((SELECT max(position) + 1 FROM attachments WHERE target = $2), 0)
            WHERE EXISTS (SELECT FROM policies WHERE id = $1) AND EXISTS (SELECT FROM nodes WHERE id = $2)
            ON CONFLICT ON CONSTRAINT attachments_pkey DO NOTHING";
        self.change_attachment(live, policy, target, false).await
    }

    /// Detaches a policy.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_attachment(&self, policy: &PolicyId, target: &TargetId) -> Result<(), StoreError> {
        let live = "DELETE FROM attachments WHERE policy = $1 AND target = $2";
        self.change_attachment(live, policy, target, true).await
    }

    async fn change_attachment(
        &self,
        live: &'static str,
        policy: &PolicyId,
        target: &TargetId,
        removed: bool,
    ) -> Result<(), StoreError> {
        let mut tx = self.change().await?;
        sqlx::query(live).bind(policy.as_str()).bind(target.as_str()).execute(&mut *tx).await?;
        let staged = "INSERT INTO staged_attachments (import_id, policy, target, fixed, removed)
            SELECT import_id, $1, $2, true, $3 FROM imports
            ON CONFLICT ON CONSTRAINT staged_attachments_pkey DO UPDATE SET fixed = true, removed = excluded.removed";
        let staged = sqlx::query(staged).bind(policy.as_str()).bind(target.as_str()).bind(removed);
        staged.execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// Notes that the policy type was switched on or off.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_policy_type(&self, enabled: bool) -> Result<(), StoreError> {
        let mut tx = self.change().await?;
        for sql in [
            "UPDATE organization SET policy_type_enabled = $1, policy_type_known = $1, policy_type_known_at = seen_at",
            "UPDATE imports SET policy_type_enabled = $1, policy_type_fixed = true",
        ] {
            sqlx::query(sql).bind(enabled).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Notes that the organization has all features from now on.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_all_features(&self) -> Result<(), StoreError> {
        let mut tx = self.change().await?;
        for sql in [
            "UPDATE organization SET facts = jsonb_set(facts, '{all_features}', 'true') WHERE facts IS NOT NULL",
            "UPDATE imports SET facts = jsonb_set(facts, '{all_features}', 'true') WHERE facts IS NOT NULL",
        ] {
            sqlx::query(sql).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Removes all attachments: what AWS does when the policy type is switched off.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn clear_attachments(&self) -> Result<(), StoreError> {
        let mut tx = self.change().await?;
        for sql in [
            "DELETE FROM attachments",
            "DELETE FROM staged_attachments",
            "UPDATE imports SET attachments_cleared = true",
        ] {
            sqlx::query(sql).execute(&mut *tx).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Begins a change to the organization: changes follow one another.
    pub(crate) async fn change(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut tx = self.begin().await?;
        next_generation(&mut tx).await?;
        Ok(tx)
    }

    /// Begins what may come to a change, or to none: no other change runs meanwhile.
    pub(crate) async fn locked(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("SELECT FROM organization FOR UPDATE").execute(&mut *tx).await?;
        Ok(tx)
    }
}

/// Writes a policy, for readers and for the import under way.
pub(crate) async fn write_policy(
    connection: &mut PgConnection,
    policy: &PolicyRecord,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    // One that nobody knew until now has just been made: it has no targets but those that the portal gives it.
    let staged = "INSERT INTO staged_policies AS s
            (import_id, id, arn, name, description, content, targets_read, fixed)
        SELECT import_id, $1, $2, $3, $4, $5, NOT EXISTS (SELECT FROM policies WHERE id = $1), true FROM imports
        ON CONFLICT ON CONSTRAINT staged_policies_pkey DO UPDATE SET arn = excluded.arn, name = excluded.name,
            description = excluded.description, content = excluded.content, fixed = true, removed = false";
    let live = "INSERT INTO policies AS p (id, arn, name, description, content, changed_at, seen_at, targets_seen_at)
        VALUES ($1, $2, $3, $4, $5, $6, $6, $6)
        ON CONFLICT ON CONSTRAINT policies_pkey DO UPDATE SET arn = excluded.arn, name = excluded.name,
            description = excluded.description, content = excluded.content, seen_at = excluded.seen_at,
            changed_at = CASE WHEN (p.name, p.description, p.content)
                IS DISTINCT FROM (excluded.name, excluded.description, excluded.content)
                THEN excluded.changed_at ELSE p.changed_at END";
    for sql in [
        "DELETE FROM unread_parts WHERE part = 'policy_text' AND id = $1",
        "DELETE FROM staged_unread_parts WHERE part = 'policy_text' AND id = $1",
    ] {
        sqlx::query(sql).bind(policy.id.as_str()).execute(&mut *connection).await?;
    }
    for (sql, at) in [(staged, None), (live, Some(now))] {
        let query = sqlx::query(sql).bind(policy.id.as_str()).bind(&policy.arn).bind(&policy.name);
        let query = query.bind(&policy.description).bind(&policy.content);
        let query = if at.is_some() { query.bind(at) } else { query };
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Removes a policy, for readers and for the import under way; whether readers saw it.
pub(crate) async fn delete_policy(
    connection: &mut PgConnection,
    policy: &PolicyId,
) -> Result<bool, StoreError> {
    let staged = "INSERT INTO staged_policies (import_id, id, arn, name, description, fixed, removed)
        SELECT import_id, $1, '', '', '', true, true FROM imports
        ON CONFLICT ON CONSTRAINT staged_policies_pkey DO UPDATE SET fixed = true, removed = true";
    sqlx::query(staged).bind(policy.as_str()).execute(&mut *connection).await?;
    let live = sqlx::query("DELETE FROM policies WHERE id = $1").bind(policy.as_str());
    Ok(live.execute(connection).await?.rows_affected() > 0)
}

/// Rows whose columns are called as the fields of the model.
async fn all<T>(connection: &mut PgConnection, sql: &'static str) -> Result<Vec<T>, StoreError>
where
    T: serde::de::DeserializeOwned + Send + Unpin + 'static,
{
    let rows: Vec<Json<T>> = sqlx::query_scalar(sql).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

#[cfg(test)]
mod tests;
