//! Gates: calls stop at a chosen moment of their way until a test lets them go on.

use crate::pattern::like;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Semaphore, watch};

/// Where on its way a call is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// It has arrived whole, and the endpoint knows nothing of it.
    Arrived,
    /// The endpoint has answered, and the client knows nothing of it.
    Executed,
}

/// The handle of a gate; dropping it opens the gate.
#[derive(Debug)]
pub struct Gate(Arc<Bar>);

impl Gate {
    pub(super) fn new(bar: Arc<Bar>) -> Self {
        Self(bar)
    }

    /// How many calls wait. Those whose client has gone away meanwhile are among them.
    pub fn waiting(&self) -> usize {
        *self.0.waiting.borrow()
    }

    /// Waits until at least this many calls wait.
    pub async fn arrived(&self, count: usize) {
        // The sender lives as long as the gate.
        let _ = self.0.waiting.subscribe().wait_for(|waiting| *waiting >= count).await;
    }

    /// Lets this many calls go on, the longest waiting first; if fewer wait, then the next ones to come.
    pub fn pass(&self, count: usize) {
        self.0.permits.add_permits(count);
    }

    /// Lets every call go on, and holds no more.
    pub fn open(self) {
        drop(self);
    }

    /// Ends the connections of those that wait, and holds no more: what has arrived is never carried out, what has
    /// been executed is never told.
    pub fn discard(self) {
        self.0.discard();
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.0.permits.close();
    }
}

/// What calls wait at.
#[derive(Debug)]
pub(super) struct Bar {
    operation: String,
    moment: Moment,
    /// Closed once the gate is gone.
    permits: Semaphore,
    is_discarded: AtomicBool,
    waiting: watch::Sender<usize>,
}

impl Bar {
    pub fn new(operation: String, moment: Moment) -> Self {
        let (waiting, _) = watch::channel(0);
        Self { operation, moment, permits: Semaphore::new(0), is_discarded: AtomicBool::new(false), waiting }
    }

    pub fn is_for(&self, operation: &str, moment: Moment) -> bool {
        self.moment == moment && like(&self.operation, operation)
    }

    pub fn is_gone(&self) -> bool {
        self.permits.is_closed()
    }

    /// Waits to be let through; false if the call is to end here.
    pub async fn wait(&self) -> bool {
        self.waiting.send_modify(|waiting| *waiting += 1);
        let permit = self.permits.acquire().await;
        self.waiting.send_modify(|waiting| *waiting -= 1);
        match permit {
            Ok(permit) => {
                permit.forget();
                true
            }
            Err(_) => !self.is_discarded.load(Ordering::Acquire),
        }
    }

    pub fn discard(&self) {
        self.is_discarded.store(true, Ordering::Release);
        self.permits.close();
    }
}
