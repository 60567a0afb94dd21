//! Brings the organization, its policies and all jobs from AWS into the store, again and again. Of all processes on one
//! database exactly one does so; another takes over when it ends.

mod error;
mod handle;
mod import;
mod invalid;
mod jobs;
mod progress;
mod regions;
mod settings;
#[cfg(test)]
mod tests;

use std::{
    future::Future,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws::Aws;
use model::news::Topic;
use store::{Heard, Store, StoreError, SyncLock, SyncPart, SyncRequests, Waited};
use time::OffsetDateTime;
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{Clock, Portal, PortalError};
use error::SyncError;
use handle::Bells;
use progress::Progress;

pub use handle::{SyncHandle, Wake, channel};

/// One call may wait so long for its turn and for AWS: nobody looks at a page meanwhile.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long a standby waits for the lock before it makes sure that its connection lives.
const STAND_BY: Duration = Duration::from_secs(20);
/// How often the one that syncs looks whether the lock is still its own and what it is asked for, where no news comes.
const WATCH: Duration = Duration::from_secs(10);
/// After the lock could not be asked for.
const ASK_AGAIN: Duration = Duration::from_secs(3);
/// After a failure; never later than the next turn.
const RETRY: Duration = Duration::from_secs(30);

/// How often what is read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// From the end of one reading of the organization to the next.
    pub organization_every: Duration,
    /// From the end of one reading of the jobs to the next.
    pub jobs_every: Duration,
    /// A refresh reads policies again as long as it reads the tree, and for at least so long; the rest have their turn
    /// the next time. What is new or renamed, and what was not read for an hour, is always read.
    pub policies_for: Duration,
    /// Jobs older than this are dropped, in whole months.
    pub keep_jobs: time::Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            organization_every: Duration::from_secs(600),
            jobs_every: Duration::from_secs(120),
            policies_for: Duration::from_secs(60),
            keep_jobs: time::Duration::days(400),
        }
    }
}

/// Syncs for a portal until cancelled.
pub async fn run(portal: Portal, wake: Wake, options: Options, stop: CancellationToken) {
    let inner = &portal.0;
    let (store, aws, regions) = (inner.store.clone(), inner.aws.clone(), inner.regions.clone());
    Sync::new(store, aws, inner.clock, regions, wake, options).run(stop).await;
}

/// The background sync of one process.
pub struct Sync {
    store: Store,
    aws: Aws,
    clock: Clock,
    /// Regions whose jobs are read in any case.
    configured: Vec<String>,
    /// Regions found in the policies.
    found: Mutex<Vec<String>>,
    bells: Arc<Bells>,
    options: Options,
    progress: Progress,
    /// The organization was read by this process.
    was_read: AtomicBool,
    /// Counts readings of jobs.
    round: AtomicUsize,
}

impl Sync {
    /// Puts the parts together.
    #[must_use]
    pub fn new(
        store: Store,
        aws: Aws,
        clock: Clock,
        regions: Vec<String>,
        wake: Wake,
        options: Options,
    ) -> Self {
        Self {
            store,
            aws: aws.with_deadline(PATIENCE),
            clock,
            configured: regions,
            found: Mutex::default(),
            bells: wake.0,
            options,
            progress: Progress::default(),
            was_read: AtomicBool::default(),
            round: AtomicUsize::default(),
        }
    }

    /// Syncs while this process has the lock, and waits for it while another has it. Can be cancelled at any point, as
    /// the process can be killed at any point: what was finished is not repeated.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            match stop.run_until_cancelled(self.stand_by()).await {
                None => return,
                Some(Ok(lock)) => self.hold(lock, &stop).await,
                Some(Err(error)) => {
                    tracing::warn!(%error, "cannot ask for the sync lock");
                    stop.run_until_cancelled(self.pass_on(sleep(ASK_AGAIN))).await;
                }
            }
        }
    }

    /// Waits for the lock on a connection that is kept.
    async fn stand_by(&self) -> Result<SyncLock, StoreError> {
        let mut standby = self.store.sync_standby().await?;
        loop {
            standby = match self.pass_on(standby.wait(STAND_BY)).await? {
                Waited::Locked(lock) => return Ok(lock),
                Waited::Still(standby) => standby,
            };
            tracing::debug!("another process syncs");
        }
    }

    /// Waits, and passes on what is asked for meanwhile to the process that syncs.
    async fn pass_on<T>(&self, waiting: impl Future<Output = T>) -> T {
        tokio::pin!(waiting);
        loop {
            let part = tokio::select! {
                waited = &mut waiting => return waited,
                () = self.bells.organization.notified() => SyncPart::Organization,
                () = self.bells.jobs.notified() => SyncPart::Jobs,
            };
            if let Err(error) = self.store.request_sync(part).await {
                tracing::warn!(%error, "the request for a sync cannot be passed on");
            }
        }
    }

    /// Reads one part once, without asking for the lock: for those who are alone on their database.
    ///
    /// # Errors
    /// Where AWS or the database fails; what could not be read of the jobs is noted with their Region instead.
    pub async fn read_once(&self, part: SyncPart) -> Result<(), PortalError> {
        let problem = match part {
            SyncPart::Organization => self.read_organization(None).await?,
            SyncPart::Jobs => self.read_jobs().await?,
        };
        Ok(self.store.set_sync_result(part, (self.clock)(), problem.as_deref()).await?)
    }

    async fn hold(&self, lock: SyncLock, stop: &CancellationToken) {
        tracing::info!("this process syncs");
        tokio::select! {
            () = stop.cancelled() => {
                // Whoever looks is not to see work where there is none.
                let _ = self.store.set_sync_progress(None, (self.clock)()).await;
                lock.release().await;
            }
            () = self.watch(&lock) => tracing::warn!("the sync lock was lost"),
            () = self.work() => (),
        }
    }

    /// Passes on what other processes are asked for, until the lock is lost.
    async fn watch(&self, lock: &SyncLock) {
        let mut news = self.store.subscribe();
        let mut known: Option<SyncRequests> = None;
        while lock.is_held().await {
            let asked = self.store.sync_requests().await.ok();
            if let (Some(before), Some(now)) = (known, asked) {
                let rings = [
                    (SyncPart::Organization, now.organization > before.organization),
                    (SyncPart::Jobs, now.jobs > before.jobs),
                ];
                rings
                    .iter()
                    .filter(|(_, asked)| *asked)
                    .for_each(|(part, _)| self.bells.of(*part).notify_one());
            }
            known = asked.or(known);
            let concerned = async {
                while !matches!(news.next().await, Heard::Gap | Heard::Changed(Topic::SyncRequest)) {}
            };
            // Without news (the connection for it may be the one that is lost) it looks all the same.
            let _ = timeout(WATCH, concerned).await;
        }
    }

    async fn work(&self) {
        tokio::join!(
            self.again(
                SyncPart::Organization,
                self.options.organization_every,
                &self.bells.organization,
                |asked| self.read_organization(asked),
            ),
            self.again(SyncPart::Jobs, self.options.jobs_every, &self.bells.jobs, |_| self.read_jobs()),
            self.progress.tell(&self.store, self.clock),
        );
    }

    /// Reads a part, notes how it went, rests, and so on without end. `read` is told when somebody asked for it, if so.
    async fn again<F: Future<Output = Result<Option<String>, SyncError>>>(
        &self,
        part: SyncPart,
        every: Duration,
        bell: &Notify,
        read: impl Fn(Option<OffsetDateTime>) -> F,
    ) {
        let mut asked = None;
        loop {
            let (problem, pause) = match read(asked).await {
                Ok(problem) => {
                    asked = None;
                    (problem, every)
                }
                Err(error) => (Some(in_words(part, &error)), every.min(RETRY)),
            };
            self.progress.rest(part);
            if let Some(problem) = &problem {
                tracing::warn!(?part, problem, "sync");
            }
            if let Err(error) = self.store.set_sync_result(part, (self.clock)(), problem.as_deref()).await {
                tracing::warn!(%error, "the result of the sync cannot be noted");
            }
            tokio::select! {
                () = sleep(pause) => (),
                () = bell.notified() => asked = Some((self.clock)()),
            }
        }
    }

    /// Reads the organization and takes it over; whoever `asked` for it wants to see everything as it is since then.
    async fn read_organization(&self, asked: Option<OffsetDateTime>) -> Result<Option<String>, SyncError> {
        self.read_settings().await?;
        let (read, told) = tokio::join!(self.import(asked), self.read_invalid());
        read?;
        told?;
        // Jobs of Regions that were not known, and of accounts that were not known.
        if self.find_regions().await? || !self.was_read.swap(true, Ordering::Relaxed) {
            self.bells.jobs.notify_one();
        }
        Ok(None)
    }

    /// An organization that changed so much while it was read that the parts do not fit is read again, a few times.
    async fn import(&self, asked: Option<OffsetDateTime>) -> Result<(), SyncError> {
        let mut left = 3;
        loop {
            left -= 1;
            match Box::pin(self.import_once(asked)).await {
                Err(SyncError::Store(StoreError::Inconsistent { problems })) if left > 0 => {
                    tracing::info!(?problems, "the organization changed while it was read; reading it again");
                }
                read => return read,
            }
        }
    }
}

/// What a failure means for people, with a next step where there is one.
fn in_words(part: SyncPart, error: &SyncError) -> String {
    let what = match part {
        SyncPart::Organization => "The organization",
        SyncPart::Jobs => "Jobs",
    };
    match error {
        SyncError::Aws(error) => {
            let said = model::Failure::from(crate::error::aws_code(error)).explain().text;
            format!("{what} could not be read. {said}")
        }
        SyncError::Store(StoreError::Inconsistent { .. }) => {
            format!("{what} keeps changing while it is read; what is shown is older.")
        }
        SyncError::Store(error) => format!("{what} could not be kept: {error}"),
    }
}
