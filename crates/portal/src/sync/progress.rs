//! What the sync does now, for all processes to show.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use model::session::SyncProgress;
use store::{Store, SyncPart};
use tokio::time::{Instant, sleep};

use crate::clock::Clock;

/// How often a change is told.
const TELL: Duration = Duration::from_millis(500);
/// How often it is told without change: others take silence for death.
const STILL_HERE: Duration = Duration::from_secs(30);

/// What each part does. Kept in memory, told to the store at leisure: reading never waits for it.
#[derive(Debug, Default)]
pub(super) struct Progress(Mutex<Parts>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parts {
    organization: Option<SyncProgress>,
    jobs: Option<SyncProgress>,
}

impl Parts {
    fn part(&mut self, part: SyncPart) -> &mut Option<SyncProgress> {
        match part {
            SyncPart::Organization => &mut self.organization,
            SyncPart::Jobs => &mut self.jobs,
        }
    }
}

impl Progress {
    /// A part begins a step with so many things to read, where known.
    pub fn begin(&self, part: SyncPart, step: impl Into<String>, of: Option<u64>) {
        self.change(|parts| *parts.part(part) = Some(SyncProgress { step: step.into(), done: 0, of }));
    }

    /// So many things more were read.
    pub fn add(&self, part: SyncPart, more: usize) {
        self.change(|parts| {
            if let Some(progress) = parts.part(part) {
                progress.done += more as u64;
            }
        });
    }

    /// A part rests.
    pub fn rest(&self, part: SyncPart) {
        self.change(|parts| *parts.part(part) = None);
    }

    fn change(&self, change: impl FnOnce(&mut Parts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Tells the store, without end. The organization comes first: without it jobs have no names.
    pub async fn tell(&self, store: &Store, clock: Clock) {
        let mut told: Option<(Option<SyncProgress>, Instant)> = None;
        loop {
            let parts = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let now = parts.organization.or(parts.jobs);
            let news = told.as_ref().is_none_or(|(before, at)| *before != now || at.elapsed() > STILL_HERE);
            if news {
                match store.set_sync_progress(now.clone(), clock()).await {
                    Ok(()) => told = Some((now, Instant::now())),
                    Err(error) => tracing::debug!(%error, "progress cannot be told"),
                }
            }
            sleep(TELL).await;
        }
    }
}
