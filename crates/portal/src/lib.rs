//! Use cases and background sync: the only place that authorizes and audits.
//!
//! A use case does the same four things in the same order: authorize the caller, act, write the audit entry, answer
//! with a view type. A write to AWS refreshes what it changed in the store before it answers.

mod attachments;
mod audit;
mod caller;
mod coverage;
mod directory;
mod effective;
mod error;
mod events;
mod jobs;
mod organization;
mod overview;
mod people;
mod permissions;
mod policies;
mod seen;
mod settings;
pub mod sync;
pub mod tasks;
mod tree;

use std::sync::{Arc, Mutex, PoisonError};

use model::access::{Action, may};
use time::OffsetDateTime;
use tokio::sync::RwLock;

pub use caller::Caller;
pub use error::PortalError;
pub use people::{NewAdministrator, SignInRefusal, WELCOME_HOURS};

use directory::Directory;

/// The clock: only the binary reads the real one.
pub type Clock = fn() -> OffsetDateTime;
/// The random source of salts and one-time tokens.
pub type Random = Box<dyn rand::RngCore + Send>;

/// What the portal is made of.
pub struct Parts {
    pub store: store::Store,
    pub aws: aws::Aws,
    pub clock: Clock,
    pub random: Random,
    /// True where AWS is the simulator: every page says so.
    pub simulated: bool,
    /// Regions whose jobs are read.
    pub regions: Vec<String>,
    /// Wakes the sync loop.
    pub sync: sync::SyncHandle,
}

/// The use cases. Cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    store: store::Store,
    aws: aws::Aws,
    clock: Clock,
    random: Mutex<Random>,
    simulated: bool,
    regions: Vec<String>,
    sync: sync::SyncHandle,
    background: tasks::Supervisor,
    task_runs: tasks::TaskRuns,
    /// The organization as of one generation: shared by all requests until the store has a newer one.
    directory: RwLock<Option<Arc<Directory>>>,
    /// What AWS allowed when it was asked last.
    permissions: tokio::sync::Mutex<Option<model::permissions::Permissions>>,
}

impl Portal {
    /// Puts the parts together. Reads nothing yet.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { store, aws, clock, random, simulated, regions, sync } = parts;
        Self(Arc::new(Inner {
            store,
            aws,
            clock,
            random: Mutex::new(random),
            simulated,
            regions,
            sync,
            background: tasks::Supervisor::new(clock),
            task_runs: tasks::TaskRuns::default(),
            directory: RwLock::new(None),
            permissions: tokio::sync::Mutex::default(),
        }))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ready(&self) -> Result<(), PortalError> {
        Ok(self.store().ping().await?)
    }

    /// News from now on, of all processes on the database.
    #[must_use]
    pub fn news(&self) -> store::News {
        self.store().subscribe()
    }

    fn store(&self) -> &store::Store {
        &self.0.store
    }

    fn aws(&self) -> &aws::Aws {
        &self.0.aws
    }

    fn now(&self) -> OffsetDateTime {
        (self.0.clock)()
    }

    /// Fills bytes from the random source.
    fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.random.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }

    /// The organization as of the newest generation. One small query where nothing changed.
    async fn directory(&self) -> Result<Arc<Directory>, PortalError> {
        let generation = self.store().generation().await?;
        if let Some(known) = self.0.directory.read().await.as_ref().filter(|d| d.generation == generation) {
            return Ok(known.clone());
        }
        let mut slot = self.0.directory.write().await;
        if let Some(known) = slot.as_ref().filter(|d| d.generation >= generation) {
            return Ok(known.clone());
        }
        let snapshot = self.store().load_snapshot().await?;
        let now = self.now();
        // Parsing and merging thousands of accounts is work for a thread of its own, not for the reactor.
        let built = tokio::task::spawn_blocking(move || Arc::new(Directory::build(snapshot, now)))
            .await
            .map_err(|e| PortalError::Internal(format!("building the directory: {e}")))?;
        *slot = Some(built.clone());
        Ok(built)
    }
}

/// Refuses callers whose role does not allow the action.
fn authorize(caller: &Caller, action: Action) -> Result<(), PortalError> {
    if may(caller.role(), action) { Ok(()) } else { Err(PortalError::Denied { role: caller.role(), action }) }
}

/// Runs slow arithmetic off the reactor.
pub(crate) async fn off_reactor<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, PortalError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| PortalError::Internal(format!("a worker stopped: {e}")))
}
