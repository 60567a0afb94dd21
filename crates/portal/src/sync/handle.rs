//! Asking for a sync, within a process.

use std::sync::Arc;

use store::SyncPart;
use tokio::sync::Notify;

/// Asks for a sync now. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct SyncHandle(Arc<Bells>);

/// The other end of a [`SyncHandle`].
#[derive(Clone, Debug)]
pub struct Wake(pub(super) Arc<Bells>);

#[derive(Debug, Default)]
pub(super) struct Bells {
    pub(super) organization: Notify,
    pub(super) jobs: Notify,
}

impl SyncHandle {
    /// Asks for a part now; a reading that runs already is followed by another.
    pub fn request(&self, part: SyncPart) {
        self.0.of(part).notify_one();
    }
}

/// A way to ask for a sync, and its other end for [`run`](super::run).
#[must_use]
pub fn channel() -> (SyncHandle, Wake) {
    let handle = SyncHandle::default();
    let wake = Wake(handle.0.clone());
    (handle, wake)
}

impl Bells {
    pub(super) fn of(&self, part: SyncPart) -> &Notify {
        match part {
            SyncPart::Organization => &self.organization,
            SyncPart::Jobs => &self.jobs,
        }
    }
}
