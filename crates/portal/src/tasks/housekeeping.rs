//! Removes what has expired.

use std::time::Duration;

use store::StoreError;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::Portal;

/// Between rounds.
const EVERY: Duration = Duration::from_secs(3600);
/// After a round that failed.
const RETRY: Duration = Duration::from_secs(60);

/// Tidies up again and again until cancelled.
pub(super) async fn run(portal: Portal, stop: CancellationToken) {
    loop {
        let pause = match round(&portal).await {
            Ok(()) => EVERY,
            Err(error) => {
                tracing::warn!(%error, "housekeeping failed");
                RETRY
            }
        };
        if stop.run_until_cancelled(sleep(pause)).await.is_none() {
            return;
        }
    }
}

async fn round(portal: &Portal) -> Result<(), StoreError> {
    let (store, now) = (portal.store(), portal.now());
    store.delete_expired_sessions(now).await?;
    store.forget_browsers(now).await?;
    store.forget_attempts(now - time::Duration::DAY).await
}
