//! The background sync (being written).

use std::sync::Arc;

use tokio::sync::Notify;

/// Wakes the sync loop.
#[derive(Clone, Debug, Default)]
pub struct SyncHandle(Arc<Notify>);

impl SyncHandle {
    /// Asks for a sync now.
    pub fn request(&self) {
        self.0.notify_one();
    }
}
