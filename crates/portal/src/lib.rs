//! Use cases and background sync: the only place that authorizes and audits.
//!
//! A use case does the same four things in the same order: authorize the caller, act, write the audit entry, answer
//! with a view type. A write to AWS refreshes what it changed in the store before it answers.

mod access;
mod attachments;
pub mod audit;
#[cfg(any(test, feature = "bench"))]
#[doc(hidden)]
pub mod bench;
mod caller;
mod change;
mod clock;
mod directory;
mod directory_cache;
mod effective;
mod error;
mod events;
pub mod incident;
mod jobs;
mod live;
mod organization;
mod overview;
mod people;
mod permissions;
mod policies;
mod reactor;
mod readings;
mod seen;
mod settings;
mod sight;
pub mod sync;
mod targets;
pub mod tasks;
mod tree;

use std::sync::{Arc, Mutex, PoisonError};

use time::OffsetDateTime;
use tokio::sync::{OnceCell, Semaphore};

pub use caller::{Caller, Origin};
pub use change::{RUN_CHANGE_SET, SETTLE_STEP, Unsettled};
pub use clock::Clock;
pub use error::PortalError;
pub use people::provisioning;
pub use people::{
    AssertedPerson, BROWSER_DAYS, DeviceCodes, Entry, Invitation, Joining, LINK_HOURS, NewAdministrator,
    PasskeyJoining, PendingPasskey, PendingSignIn, ProviderAnswer, ProviderEntry, ProviderRefusal,
    ProviderSources, Providers, ProvidersError, RelyingParty, SignInPurpose, SignInRefusal, TokenAnswer,
    TokenWish, TrialError, Visitor, WELCOME_HOURS, turn_local_sign_in_on,
};

use directory::Directory;
use directory_cache::DirectoryCache;
use live::Live;
pub(crate) use reactor::off_reactor;

/// Far fewer than the connections that a process has.
const STEPS_AT_ONCE: usize = 4;

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
    /// Where people sign in beside local accounts.
    pub providers: Providers,
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
    /// Steps of change sets that this process carries out at once: each holds a connection to the database.
    steps_at_once: Semaphore,
    directories: DirectoryCache,
    /// Set where AWS told nothing to our account when permissions were checked last.
    outsider: Mutex<Option<model::session::Outsider>>,
    hashing: people::Hashing,
    providers: Providers,
    sealing_key: OnceCell<Vec<u8>>,
    readings: Readings,
    audit: audit::Keeping,
}

/// What pages ask AWS while somebody waits.
#[derive(Default)]
struct Readings {
    permissions: Live<(), model::permissions::Permissions>,
    settings: Live<(), Arc<settings::answers::Answers>>,
    regions: Live<String, model::settings::opt_in::RegionState>,
    effective: Live<model::AccountId, Arc<Result<aws::Effective, aws::AwsError>>>,
    invalid: Live<model::AccountId, Option<Vec<model::organization::EffectiveProblem>>>,
    people: live::People,
}

impl Portal {
    /// Puts the parts together. Reads nothing yet.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        let Parts { store, aws, clock, random, simulated, regions, sync, providers } = parts;
        Self(Arc::new(Inner {
            directories: DirectoryCache::new(store.clone(), clock),
            store,
            aws,
            clock,
            random: Mutex::new(random),
            simulated,
            regions,
            sync,
            background: tasks::Supervisor::new(clock),
            task_runs: tasks::TaskRuns::default(),
            steps_at_once: Semaphore::new(STEPS_AT_ONCE),
            outsider: Mutex::default(),
            hashing: people::Hashing::default(),
            providers,
            sealing_key: OnceCell::new(),
            readings: Readings::default(),
            audit: audit::Keeping::default(),
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

    /// The newest organization with all that is in it, whoever asks: for changes, which are authorized one by one, and for
    /// what no person reads. Use cases that read take [`Portal::sight`].
    async fn unscoped_directory(&self) -> Result<Arc<Directory>, PortalError> {
        self.0.directories.newest().await
    }
}
