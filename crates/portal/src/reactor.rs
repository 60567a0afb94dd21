//! What takes long to compute.

use crate::PortalError;

/// Runs slow arithmetic off the reactor.
pub(crate) async fn off_reactor<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PortalError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| PortalError::Internal(format!("a worker stopped: {e}")))
}
