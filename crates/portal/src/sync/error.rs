//! Why a sync fails.

use aws::AwsError;
use store::StoreError;

use crate::PortalError;

/// Why a part of the sync failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SyncError {
    #[error(transparent)]
    Aws(#[from] AwsError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<SyncError> for PortalError {
    fn from(error: SyncError) -> Self {
        match error {
            SyncError::Aws(error) => error.into(),
            SyncError::Store(error) => error.into(),
        }
    }
}
