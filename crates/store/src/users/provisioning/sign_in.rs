//! Who somebody is, who comes from a provider with a directory.

use time::OffsetDateTime;

use super::{ProvisionedKey, rights};
use crate::{Identity, Store, StoreError, UserId};

/// Somebody that a directory knows, who comes from its provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedSignIn {
    /// `None` where an administrator deleted them.
    pub user: Option<UserId>,
    /// The keys of their groups.
    pub groups: Vec<String>,
}

impl Store {
    /// Whom a directory names by the value of a claim; `None` where it is nobody.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn provisioned_sign_in(
        &self,
        issuer: &str,
        (person_key, group_key): (ProvisionedKey, ProvisionedKey),
        value: &str,
    ) -> Result<Option<ProvisionedSignIn>, StoreError> {
        let sql = "SELECT person_id, user_id FROM provisioned_people
            WHERE issuer = $1 AND CASE WHEN $2 THEN external_id ELSE user_name END = $3";
        let by_id = person_key == ProvisionedKey::ExternalId;
        let query = sqlx::query_as(sql).bind(issuer).bind(by_id).bind(value);
        let mut connection = self.pool.acquire().await?;
        let found: Option<(String, Option<UserId>)> = query.fetch_optional(&mut *connection).await?;
        let Some((person, user)) = found else { return Ok(None) };
        let groups = rights::keys_of(&mut connection, group_key, &person).await?;
        Ok(Some(ProvisionedSignIn { user, groups }))
    }

    /// Notes by which identity somebody came, and the value of the claim by which a directory names them. False where the
    /// identity is somebody else's.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn note_directory_identity(
        &self,
        user: UserId,
        identity: &Identity,
        directory_key: &str,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO identities AS i (issuer, subject, user_id, linked_at, directory_key)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT ON CONSTRAINT identities_pkey DO UPDATE SET directory_key = excluded.directory_key
            WHERE i.user_id = excluded.user_id";
        let query = sqlx::query(sql).bind(&identity.issuer).bind(&identity.subject).bind(user);
        let query = query.bind(now).bind(directory_key);
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }
}
