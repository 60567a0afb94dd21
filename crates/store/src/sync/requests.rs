//! Asking the one that syncs, whichever process that is.

use model::news::Topic;

use super::SyncPart;
use crate::{Store, StoreError, news};

/// How often each part was asked for so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct SyncRequests {
    pub organization: i64,
    pub jobs: i64,
}

impl Store {
    /// Asks for a part.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn request_sync(&self, part: SyncPart) -> Result<(), StoreError> {
        let sql = match part {
            SyncPart::Organization => "UPDATE sync_requests SET requests = requests + 1",
            SyncPart::Jobs => "UPDATE sync_requests SET jobs_requests = jobs_requests + 1",
        };
        let mut tx = self.begin().await?;
        sqlx::query(sql).execute(&mut *tx).await?;
        news::tell(&mut tx, Topic::SyncRequest).await?;
        Ok(tx.commit().await?)
    }

    /// How often each part was asked for so far.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn sync_requests(&self) -> Result<SyncRequests, StoreError> {
        let sql = "SELECT requests AS organization, jobs_requests AS jobs FROM sync_requests";
        Ok(sqlx::query_as(sql).fetch_one(&self.pool).await?)
    }
}
