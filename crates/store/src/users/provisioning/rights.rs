//! What the groups of a directory stand for.

use model::{
    audit::{AuditAction, AuditDetail},
    team::GivenGrant,
};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{ProvisionedKey, ProvisioningDirectory, subject};
use crate::{
    NewAudit, Store, StoreError, UserId, audit,
    users::{
        end_sessions,
        identities::{mapped_grants, replace_mapped},
        team::lock,
    },
};

impl Store {
    /// Maps the groups of all people of a directory anew: the mapping of the configuration may be another one.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn map_provisioned(
        &self,
        directory: &ProvisioningDirectory<'_>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        lock(&mut tx).await?;
        let sql = "SELECT person_id FROM provisioned_people WHERE issuer = $1 AND user_id IS NOT NULL";
        let people: Vec<String> = sqlx::query_scalar(sql).bind(directory.issuer).fetch_all(&mut *tx).await?;
        let mut events = Vec::new();
        for person in people {
            events.extend(map(&mut tx, directory, &person, now).await?);
        }
        for event in &events {
            audit::append(&mut tx, event, now).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Puts what somebody's groups stand for now in the place of what they stood for. Who may more or less signs in anew.
pub(super) async fn map(
    connection: &mut PgConnection,
    directory: &ProvisioningDirectory<'_>,
    person: &str,
    now: OffsetDateTime,
) -> Result<Option<NewAudit>, StoreError> {
    let Some(map) = directory.map else { return Ok(None) };
    // Who has a password signs in by that alone, and what their groups stood for has gone.
    let sql = "SELECT user_id FROM provisioned_people JOIN users USING (user_id)
        WHERE person_id = $1 AND password_hash IS NULL";
    let user: Option<UserId> = sqlx::query_scalar(sql).bind(person).fetch_optional(&mut *connection).await?;
    let Some(user) = user else { return Ok(None) };
    let after = map(&keys_of(connection, directory.group_key, person).await?);
    let before = mapped_grants(connection, user, directory.provider).await?;
    if before == after {
        return Ok(None);
    }
    replace_mapped(connection, user, directory.provider, &after, now).await?;
    end_sessions(connection, user).await?;
    Ok(Some(changed(directory, subject(connection, user).await?, before, after)))
}

fn changed(
    directory: &ProvisioningDirectory<'_>,
    subject: model::change::Named,
    before: Vec<GivenGrant>,
    after: Vec<GivenGrant>,
) -> NewAudit {
    NewAudit {
        subject,
        detail: AuditDetail::Rights { before, after },
        ..NewAudit::done(directory.actor.clone(), AuditAction::GroupsMapped)
    }
}

/// The keys of somebody's groups.
pub(super) async fn keys_of(
    connection: &mut PgConnection,
    key: ProvisionedKey,
    person: &str,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT CASE WHEN $2 THEN g.external_id ELSE g.display_name END
        FROM provisioned_groups g JOIN provisioned_members m USING (group_id)
        WHERE m.person_id = $1 ORDER BY g.created_at, g.group_id";
    let by_id = key == ProvisionedKey::ExternalId;
    let keys: Vec<Option<String>> =
        sqlx::query_scalar(sql).bind(person).bind(by_id).fetch_all(connection).await?;
    Ok(keys.into_iter().flatten().collect())
}
