//! The running simulator: the world, its clock, and everything that stands between a request and the world.

use crate::control::faults::{Fault, Faults};
use crate::journal::{Beginning, Journal, StartError, whole_milliseconds};
use crate::options::Options;
use crate::rates::Buckets;
use crate::service::handler::{Access, Handler, Run};
use crate::service::organizations::grants;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::errors;
use crate::wire::operation::{Operation, Route};
use crate::world::World;
use crate::{hash, seed};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use time::{Duration, OffsetDateTime};

/// A simulator; clones share one world.
#[derive(Clone)]
pub struct Simulator(Arc<Inner>);

struct Inner {
    options: Options,
    world: RwLock<World>,
    journal: Mutex<Journal>,
    buckets: Buckets,
    faults: Mutex<Faults>,
    calls: Mutex<Calls>,
    /// Milliseconds that the control endpoint moved the clock by.
    offset: AtomicI64,
    requests: AtomicU64,
}

/// Calls received, by IAM action: all, and those of each session of a role.
#[derive(Default)]
struct Calls {
    all: BTreeMap<String, u64>,
    sessions: BTreeMap<String, BTreeMap<String, u64>>,
}

impl Simulator {
    /// Generates the organization and replays the changes of the state file, if there is one.
    ///
    /// # Errors
    /// If the state file cannot be read or belongs to another organization or seed.
    pub fn new(options: Options) -> Result<Self, StartError> {
        let mut journal = Journal::open(&options)?;
        let mut world = seed::world(&options, journal.start());
        journal.replay(&mut world)?;
        let offset = journal.clock_offset();
        Ok(Self(Arc::new(Inner {
            world: RwLock::new(world),
            journal: Mutex::new(journal),
            buckets: Buckets::default(),
            faults: Mutex::default(),
            calls: Mutex::default(),
            offset: AtomicI64::new(offset),
            requests: AtomicU64::new(0),
            options,
        })))
    }

    /// The time as AWS would tell it here.
    pub fn now(&self) -> OffsetDateTime {
        (self.0.options.now)() + Duration::milliseconds(self.0.offset.load(Ordering::Relaxed))
    }

    /// Whether the clock may be moved by this much: jobs are computed for a few centuries.
    pub(crate) fn can_move_clock(&self, offset: Duration) -> bool {
        (self.0.options.now)().checked_add(offset).is_some_and(|now| (2001..=2400).contains(&now.year()))
    }

    /// Moves the clock by this much against the real one.
    pub(crate) fn set_clock_offset(&self, offset: Duration) -> Result<(), StartError> {
        let milliseconds = i64::try_from(offset.whole_milliseconds()).unwrap_or_default();
        self.0.offset.store(milliseconds, Ordering::Relaxed);
        lock(&self.0.journal).set_clock_offset(milliseconds)
    }

    /// Goes back to the seed's own world, or to that of another seed.
    pub(crate) fn reset(&self, beginning: Beginning) -> Result<(), StartError> {
        // The world before the journal, as in every write.
        let mut world = self.0.world.write().unwrap_or_else(PoisonError::into_inner);
        let mut journal = lock(&self.0.journal);
        journal.begin(beginning)?;
        *world = seed::world(&journal.options(&self.0.options), journal.start());
        self.0.offset.store(0, Ordering::Relaxed);
        self.faults().clear();
        self.forget_calls();
        Ok(())
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.0.faults)
    }

    /// Calls received so far, by IAM action.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        lock(&self.0.calls).all.clone()
    }

    /// Calls received so far with the credentials of AssumeRole, by the session's name and IAM action.
    pub fn sessions(&self) -> BTreeMap<String, BTreeMap<String, u64>> {
        lock(&self.0.calls).sessions.clone()
    }

    pub(crate) fn forget_calls(&self) {
        *lock(&self.0.calls) = Calls::default();
    }

    /// The id of a new request, in the form of a UUID.
    pub(crate) fn request_id(&self) -> String {
        let number = self.0.requests.fetch_add(1, Ordering::Relaxed);
        // The time keeps the ids of several runs on one state file apart.
        let time = self.now().unix_timestamp().unsigned_abs();
        hash::uuid(self.0.options.seed, &[hash::text("request"), number, time])
    }

    /// Counts a call and takes the fault that is set for it.
    pub(crate) fn arrive(
        &self,
        operation: &'static Operation,
        session: Option<&str>,
        input: &Map<String, Value>,
    ) -> Option<Fault> {
        let mut calls = lock(&self.0.calls);
        if let Some(session) = session {
            let of_session = calls.sessions.entry(session.to_owned()).or_default();
            *of_session.entry(operation.qualified()).or_default() += 1;
        }
        *calls.all.entry(operation.qualified()).or_default() += 1;
        drop(calls);
        self.faults().take(operation, input)
    }

    /// Runs a call against the world.
    pub(crate) fn run(&self, handler: &Handler, call: &Call) -> Answer {
        self.throttle(handler, call)?;
        call.check()?;
        match handler.run {
            Run::Read(read) => {
                let world = self.0.world.read().unwrap_or_else(PoisonError::into_inner);
                permit(&world, handler, call)?;
                read(&world, call)
            }
            Run::Write(write) => {
                let mut world = self.0.world.write().unwrap_or_else(PoisonError::into_inner);
                permit(&world, handler, call)?;
                let answer = write(&mut world, call)?;
                self.keep(call)?;
                Ok(answer)
            }
        }
    }

    /// Makes a change of the control endpoint, as the management account.
    pub(crate) fn change(&self, handler: &'static Handler, input: Map<String, Value>) -> Answer {
        let account = self.with_world(|world| world.management.clone());
        let now = whole_milliseconds(self.now());
        let operation = &handler.operation;
        self.run(handler, &Call { operation, account, session: false, region: String::new(), now, input })
    }

    pub(crate) fn with_world<T>(&self, read: impl FnOnce(&World) -> T) -> T {
        read(&self.0.world.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn throttle(&self, handler: &Handler, call: &Call) -> Result<(), AwsError> {
        let Some(rate) = handler.rate else { return Ok(()) };
        let Options { rates, .. } = self.0.options;
        if self.0.buckets.admit(rates, rate, call.operation.name, &call.account, call.now) {
            return Ok(());
        }
        Err(errors::throttled(call.operation))
    }

    fn keep(&self, call: &Call) -> Result<(), AwsError> {
        lock(&self.0.journal).add(call).map_err(|error| {
            tracing::error!(%error, "the state file cannot be written");
            errors::internal(call.operation)
        })
    }
}

/// Whether the caller's place in the organization allows the call.
fn permit(world: &World, handler: &Handler, call: &Call) -> Result<(), AwsError> {
    if call.operation.route == Route::Target && !world.accounts.contains_key(&call.account) {
        let message = "Your account isn't a member of an organization.";
        return Err(AwsError::new("AWSOrganizationsNotInUseException", message));
    }
    let may = || grants::allow(world, call);
    let permitted = call.account == world.management
        || match handler.access {
            Access::Everyone => true,
            Access::Readers => world.is_delegate(&call.account) || may(),
            Access::Delegates => may(),
            Access::Management => false,
        };
    if permitted { Ok(()) } else { Err(AwsError::no_access()) }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
