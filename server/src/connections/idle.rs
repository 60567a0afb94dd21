//! Which connections are idle: nothing was asked on them yet, or all that was asked is answered.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// All idle connections. Clones share them.
#[derive(Clone, Default)]
pub struct Idle(Arc<Inner>);

#[derive(Default)]
struct Inner {
    state: Mutex<State>,
    entered: Notify,
}

#[derive(Default)]
struct State {
    /// Grows with every connection that becomes idle.
    last: u64,
    /// By when they became idle.
    idle: BTreeMap<u64, CancellationToken>,
}

/// A connection, idle or not. Leaves with this value.
pub struct Presence {
    all: Idle,
    /// When it became idle; `None` while something is answered.
    since: Mutex<Option<u64>>,
    close: CancellationToken,
}

/// That a connection is not idle. Ends with this value.
pub struct Busy(Arc<Presence>);

impl Idle {
    /// A new connection, idle at first.
    #[must_use]
    pub fn enter(&self) -> Arc<Presence> {
        let presence =
            Presence { all: self.clone(), since: Mutex::default(), close: CancellationToken::new() };
        presence.rest();
        Arc::new(presence)
    }

    /// Closes the connection that has been idle for the longest time. False where none is.
    pub fn close_oldest(&self) -> bool {
        let oldest = self.state().idle.pop_first();
        oldest.map(|(_, close)| close.cancel()).is_some()
    }

    /// Waits until one becomes idle.
    pub async fn entered(&self) {
        self.0.entered.notified().await;
    }

    /// Never held across a wait.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Presence {
    /// Something is asked. `None` where the connection is being closed: then nothing of it may be done.
    #[must_use]
    pub fn begin(self: &Arc<Self>) -> Option<Busy> {
        self.leave().then(|| Busy(self.clone()))
    }

    /// Whether it was idle, and is so no more for anybody who looks for one.
    pub fn close_if_idle(&self) -> bool {
        self.leave()
    }

    /// Waits until it is to be closed.
    pub async fn closed(&self) {
        self.close.cancelled().await;
    }

    fn leave(&self) -> bool {
        let since = self.since.lock().unwrap_or_else(PoisonError::into_inner).take();
        since.is_some_and(|since| self.all.state().idle.remove(&since).is_some())
    }

    fn rest(&self) {
        let mut state = self.all.state();
        state.last += 1;
        let since = state.last;
        state.idle.insert(since, self.close.clone());
        drop(state);
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = Some(since);
        self.all.0.entered.notify_one();
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.rest();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_is_idle_for_the_longest_time_is_closed_and_none_that_is_asked_something() {
        let idle = Idle::default();
        let [first, second, third] = [idle.enter(), idle.enter(), idle.enter()];
        let busy = first.begin().unwrap();
        drop(second.begin().unwrap());
        assert!(idle.close_oldest() && third.close.is_cancelled());
        assert!(third.begin().is_none(), "nothing is begun on one that is being closed");
        assert!(idle.close_oldest() && second.close.is_cancelled());
        assert!(!idle.close_oldest() && !first.close.is_cancelled(), "it is busy");
        drop(busy);
        assert!(idle.close_oldest() && first.close.is_cancelled());
        let fourth = idle.enter();
        drop(fourth);
        assert!(!idle.close_oldest(), "it has gone");
    }
}
