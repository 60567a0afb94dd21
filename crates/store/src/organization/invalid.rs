//! Accounts whose effective policy AWS finds invalid.

use std::collections::BTreeSet;

use model::AccountId;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::generation::next_generation;
use crate::{Store, StoreError};

impl Store {
    /// Notes which accounts AWS finds invalid; `None` where it does not tell.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_invalid_accounts(
        &self,
        accounts: Option<&[AccountId]>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let wanted = accounts.map(|accounts| accounts.iter().cloned().collect::<BTreeSet<_>>());
        let mut tx = self.locked().await?;
        if invalid_accounts(&mut tx).await? != wanted {
            let ids: Vec<&str> = wanted.iter().flatten().map(AccountId::as_str).collect();
            sqlx::query("DELETE FROM invalid_accounts").execute(&mut *tx).await?;
            let put = "INSERT INTO invalid_accounts (account) SELECT unnest($1::text[])";
            sqlx::query(put).bind(ids).execute(&mut *tx).await?;
            next_generation(&mut tx).await?;
        }
        let seen = "UPDATE organization SET invalid_seen_at = $1";
        sqlx::query(seen).bind(wanted.is_some().then_some(now)).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }
}

/// What AWS told last; `None` where it does not tell.
pub(super) async fn invalid_accounts(
    connection: &mut PgConnection,
) -> Result<Option<BTreeSet<AccountId>>, StoreError> {
    let known = "SELECT invalid_seen_at IS NOT NULL FROM organization";
    if !sqlx::query_scalar::<_, bool>(known).fetch_one(&mut *connection).await? {
        return Ok(None);
    }
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT account FROM invalid_accounts").fetch_all(connection).await?;
    let ids = ids.iter().map(|id| id.parse().map_err(|e| StoreError::corrupt("account", e)));
    Ok(Some(ids.collect::<Result<_, _>>()?))
}
