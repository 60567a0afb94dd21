//! What AWS itself makes of the effective policies.

use aws::AwsErrorKind;

use super::{Sync, error::SyncError};

impl Sync {
    /// Asks which accounts have an invalid effective policy, so that AWS keeps to an older one. Where AWS does not tell,
    /// what Holdfast computes stands alone, and the permissions page says what is missing.
    pub(super) async fn read_invalid(&self) -> Result<(), SyncError> {
        let told = match self.aws.invalid_accounts().await {
            Ok(accounts) => Some(accounts),
            // Off: no policy applies, so none is invalid.
            Err(error) if error.is_not_found() => Some(Vec::new()),
            Err(error) if matches!(error.kind, AwsErrorKind::Denied { .. } | AwsErrorKind::NotAvailable) => {
                tracing::debug!(%error, "AWS does not tell which effective policies are invalid");
                None
            }
            // It will pass: what AWS told before is worth more than nothing, and nobody is to look sound meanwhile.
            Err(error) => {
                tracing::warn!(%error, "which effective policies are invalid could not be read");
                return Ok(());
            }
        };
        Ok(self.store.set_invalid_accounts(told.as_deref(), (self.clock)()).await?)
    }
}
