//! Asking the one that syncs, whichever process that is.

use crate::{Store, StoreError};

impl Store {
    /// Asks for a sync.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn request_sync(&self) -> Result<(), StoreError> {
        sqlx::query("UPDATE sync_requests SET requests = requests + 1").execute(&self.pool).await?;
        Ok(())
    }

    /// How often a sync was asked for so far.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sync_requests(&self) -> Result<i64, StoreError> {
        Ok(sqlx::query_scalar("SELECT requests FROM sync_requests").fetch_one(&self.pool).await?)
    }
}
