//! Which work there is in the queue, and who does it.

use std::{collections::BTreeMap, future::Future, pin::Pin};

use store::Task;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::{Portal, PortalError};

/// What came of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is over and leaves the queue.
    Done,
    /// There is more to be done at or after a moment, which may be now. Not a failure.
    Again { at: OffsetDateTime },
    /// It failed, for the reason given, and is tried again: at the moment given, or else after a pause that doubles with
    /// each failure in a row.
    Failed { problem: String, at: Option<OffsetDateTime> },
}

type Running = Pin<Box<dyn Future<Output = Result<Outcome, PortalError>> + Send>>;
type Handle = Box<dyn Fn(Portal, Task, CancellationToken) -> Running + Send + Sync>;

/// Who does one kind of work.
pub(super) struct Handler {
    pub at_once: usize,
    pub handle: Handle,
}

/// Kind of task → who does it.
#[derive(Default)]
pub struct Handlers(BTreeMap<&'static str, Handler>);

impl Handlers {
    /// Adds a kind; a process runs at most `at_once` tasks of it at a time.
    ///
    /// A task is done at least once: after a crash, or where its end cannot be written down, it is done again, so a handler
    /// looks at what is there already. `Err` counts as a failure, and so does a panic. The token is cancelled when the
    /// process ends and when the lease was lost to another one: the handler then comes to a safe point soon and answers
    /// [`Outcome::Again`] with the present, which gives the task back.
    #[must_use]
    pub fn with<F>(
        mut self,
        kind: &'static str,
        at_once: usize,
        handle: impl Fn(Portal, Task, CancellationToken) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Outcome, PortalError>> + Send + 'static,
    {
        let handle: Handle = Box::new(move |portal, task, stop| Box::pin(handle(portal, task, stop)));
        self.0.insert(kind, Handler { at_once, handle });
        self
    }

    /// The kinds.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    pub(super) fn get(&self, kind: &str) -> Option<&Handler> {
        self.0.get(kind)
    }
}
