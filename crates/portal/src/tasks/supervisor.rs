//! Keeps loops running: one that panics or ends unasked is started again, and that is told.

use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::FutureExt;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use time::OffsetDateTime;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::panic::panic_text;
use crate::{Clock, incident};

/// The pause after the first failure; each failure that follows doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A loop that has run so long is sound: its next failure is a first one.
const SOUND: Duration = Duration::from_secs(600);

/// How a loop is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoopState {
    pub name: &'static str,
    /// False between a failure and the restart.
    pub running: bool,
    pub restarts: u64,
    /// When it panicked or ended unasked last.
    pub failed_at: Option<OffsetDateTime>,
}

/// Runs named loops until it is told to stop. Clones are the same supervisor.
#[derive(Clone)]
pub struct Supervisor(Arc<Inner>);

struct Inner {
    clock: Clock,
    first_pause: Duration,
    stop: CancellationToken,
    running: Mutex<JoinSet<()>>,
    states: Mutex<BTreeMap<&'static str, LoopState>>,
    restarts: Family<Named, Counter>,
    up: Family<Named, Gauge>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Named {
    task: &'static str,
}

impl Supervisor {
    /// Runs nothing yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self::with_pause(clock, FIRST_PAUSE)
    }

    pub(super) fn with_pause(clock: Clock, first_pause: Duration) -> Self {
        Self(Arc::new(Inner {
            clock,
            first_pause,
            stop: CancellationToken::new(),
            running: Mutex::default(),
            states: Mutex::default(),
            restarts: Family::default(),
            up: Family::default(),
        }))
    }

    /// Runs a loop: `make` is called for each start, with what tells the loop to end. A name that runs already is left
    /// alone. Must be called within a tokio runtime.
    pub fn spawn<F>(&self, name: &'static str, make: impl Fn(CancellationToken) -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        if self.stops() || self.states().contains_key(name) {
            return;
        }
        let begun = LoopState { name, running: true, restarts: 0, failed_at: None };
        self.states().insert(name, begun);
        drop(self.0.restarts.get_or_create(&Named { task: name }));
        self.0.up.get_or_create(&Named { task: name }).set(1);
        let supervisor = self.clone();
        let keeping = async move { supervisor.keep(name, make).await };
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner).spawn(keeping);
    }

    /// The loops, by name.
    #[must_use]
    pub fn loops(&self) -> Vec<LoopState> {
        self.states().values().cloned().collect()
    }

    /// Tells all loops to end, and waits for them at most so long; what runs on then is cut off.
    pub async fn stop(&self, at_most: Duration) {
        self.0.stop.cancel();
        let mut running = std::mem::take(&mut *self.0.running.lock().unwrap_or_else(PoisonError::into_inner));
        let ended = async { while running.join_next().await.is_some() {} };
        if timeout(at_most, ended).await.is_err() {
            let left: Vec<_> = self.loops().iter().filter(|l| l.running).map(|l| l.name).collect();
            tracing::warn!(?left, "background work was cut off");
        }
    }

    pub(super) fn register_metrics(&self, registry: &mut Registry) {
        let help = "Background loops that were started again after they had panicked or ended unasked";
        registry.register("holdfast_background_restarts", help, self.0.restarts.clone());
        let help = "Whether a background loop runs; 0 between a failure and the restart";
        registry.register("holdfast_background_up", help, self.0.up.clone());
    }

    async fn keep<F: Future<Output = ()>>(
        &self,
        name: &'static str,
        make: impl Fn(CancellationToken) -> F + Sync,
    ) {
        let stop = &self.0.stop;
        let mut pause = self.0.first_pause;
        for start in 1_u64.. {
            let begun = Instant::now();
            let run = incident::within(format!("{name}-{start}"), async { make(stop.child_token()).await });
            let ended = AssertUnwindSafe(run).catch_unwind().await;
            if stop.is_cancelled() {
                break;
            }
            if begun.elapsed() > SOUND {
                pause = self.0.first_pause;
            }
            let why = match &ended {
                Ok(()) => "ended unasked",
                Err(panic) => panic_text(&**panic),
            };
            tracing::error!(name, why, ?pause, "a background loop stopped; it is started again");
            self.failed(name);
            if stop.run_until_cancelled(sleep(pause)).await.is_none() {
                break;
            }
            self.restarted(name);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        self.set(name, |state| state.running = false);
    }

    fn failed(&self, name: &'static str) {
        let now = (self.0.clock)();
        self.set(name, |state| {
            state.running = false;
            state.failed_at = Some(now);
        });
    }

    fn restarted(&self, name: &'static str) {
        self.0.restarts.get_or_create(&Named { task: name }).inc();
        self.set(name, |state| {
            state.running = true;
            state.restarts += 1;
        });
    }

    fn set(&self, name: &'static str, change: impl FnOnce(&mut LoopState)) {
        if let Some(state) = self.states().get_mut(name) {
            change(state);
            self.0.up.get_or_create(&Named { task: name }).set(i64::from(state.running));
        }
    }

    fn stops(&self) -> bool {
        self.0.stop.is_cancelled()
    }

    fn states(&self) -> MutexGuard<'_, BTreeMap<&'static str, LoopState>> {
        self.0.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
