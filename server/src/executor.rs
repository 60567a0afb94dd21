//! Where pages spawn what they wait for: on tokio, under the id and the span of their request.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use portal::incident;
use tracing::Instrument;

struct OfRequests;

impl CustomExecutor for OfRequests {
    fn spawn(&self, work: PinnedFuture<()>) {
        tokio::spawn(incident::inherit(work).in_current_span());
    }

    fn spawn_local(&self, work: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(incident::inherit(work).in_current_span());
    }

    /// Tokio needs no help.
    fn poll_local(&self) {}
}

/// Once in a process, before any page is listed or rendered; again does nothing.
pub fn init() {
    // An error says that it was done.
    let _ = Executor::init_custom_executor(OfRequests);
}
