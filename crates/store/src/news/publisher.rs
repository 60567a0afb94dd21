//! News within a process.

use model::news::Topic;
use tokio::sync::broadcast;

/// A subscriber who is further behind is told that anything may have changed.
pub(super) const BUFFERED: usize = 256;
/// What a subscriber hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// This changed.
    Changed(Topic),
    /// News may have been missed: anything may have changed.
    Gap,
}

/// Gives news to the subscribers of one process.
#[derive(Clone, Debug)]
pub(crate) struct Publisher(broadcast::Sender<Heard>);

impl Default for Publisher {
    fn default() -> Self {
        Self(broadcast::channel(BUFFERED).0)
    }
}

impl Publisher {
    pub(super) fn subscribe(&self) -> broadcast::Receiver<Heard> {
        self.0.subscribe()
    }

    pub(super) fn publish(&self, heard: Heard) {
        // Nobody listening is no failure.
        let _ = self.0.send(heard);
    }
}
