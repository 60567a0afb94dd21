//! Signing the end of the audit list: hourly, and at the end of the process.

use std::{sync::Arc, time::Duration};

use model::audit::SignedHead;
use store::{HeadDue, StoreError};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::SigningKey;
use crate::{Portal, PortalError};

/// The age at which the newest head is followed by another.
const EVERY: time::Duration = time::Duration::HOUR;
/// Between looks how old it is.
const LOOK: Duration = Duration::from_secs(60);
/// The end of the process waits no longer for its last head.
const FAREWELL: Duration = Duration::from_secs(5);

/// Signs when it is due, again and again until cancelled. Of all processes on the database one does at a time.
pub(crate) async fn run(portal: Portal, stop: CancellationToken) {
    loop {
        let due = HeadDue::Before(portal.now() - EVERY);
        match stop.run_until_cancelled(portal.seal_audit(due)).await {
            None => return,
            Some(Ok(_)) => (),
            Some(Err(error)) => tracing::warn!(%error, "the end of the audit list could not be signed"),
        }
        if stop.run_until_cancelled(sleep(LOOK)).await.is_none() {
            return;
        }
    }
}

impl Portal {
    /// Signs the end of the audit list where that is due, and tells the log.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn seal_audit(&self, due: HeadDue) -> Result<Option<SignedHead>, PortalError> {
        let key = self.signing_key().await?;
        let now = self.now();
        let sealed = self.store().seal_audit(due, |seq, hash| key.sign(seq, hash, now)).await?;
        if let Some(SignedHead { seq, hash, at, key, signature }) = &sealed {
            tracing::info!(seq, hash, %at, key, signature, "the end of the audit list is signed");
        }
        Ok(sealed)
    }

    /// Signs what was written since the newest head, once nothing more is written by this process.
    pub async fn seal_audit_at_end(&self) {
        if !self.0.audit.is_begun() {
            return;
        }
        match timeout(FAREWELL, self.seal_audit(HeadDue::NewEvents)).await {
            Ok(Ok(_)) => (),
            Ok(Err(error)) => tracing::warn!(%error, "the end of the audit list could not be signed"),
            Err(_) => tracing::warn!("the end of the audit list could not be signed in time"),
        }
    }

    /// The key that was given, else the one that the database keeps; it is made where there is none yet.
    async fn signing_key(&self) -> Result<&Arc<SigningKey>, PortalError> {
        let key = self.0.audit.key.get_or_try_init(async || {
            let now = self.now();
            if let Some(given) = self.0.audit.options().key.clone() {
                self.store().know_audit_key(&given.public().stored(), now).await?;
                return Ok(given);
            }
            let seed = self.random_bytes::<32>();
            let unusable = || StoreError::Other("the key of the audit list cannot be used".into());
            let new = SigningKey::from_seed(&seed).ok_or_else(unusable)?;
            let kept = self.store().own_audit_seed(&seed, &new.public().stored(), now).await?;
            Ok::<_, StoreError>(Arc::new(SigningKey::from_seed(&kept).ok_or_else(unusable)?))
        });
        Ok(key.await?)
    }
}
