//! Takes tasks from the queue and has them done, a bounded number at a time.

use std::{collections::BTreeMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use model::news::Topic;
use store::{Heard, News, StoreError, Task};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::sleep,
};
use tokio_util::sync::CancellationToken;

use super::{
    handlers::{Handlers, Outcome},
    panic::panic_text,
    runs::Run,
};
use crate::{Portal, PortalError, incident};

/// How long a task rests after its first failure in a row; doubled with each.
const FIRST_PAUSE: time::Duration = time::Duration::seconds(5);
const LONGEST_PAUSE: time::Duration = time::Duration::minutes(15);
const MOMENT: Duration = Duration::from_millis(100);
/// Between attempts to write down how a task ended.
const RETRY: Duration = Duration::from_secs(1);

/// How tasks are taken.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// For how long a task is taken; renewed while it runs. Others get the tasks of a process that died after so long.
    pub lease: Duration,
    /// How often the queue is looked at where no news comes.
    pub look_every: Duration,
    /// How long tasks that run at the end may take to come to a safe point.
    pub farewell: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(60),
            look_every: Duration::from_secs(30),
            farewell: Duration::from_secs(45),
        }
    }
}

/// Takes and does tasks until cancelled; then lets those that run come to a safe point, and gives them back.
pub(super) async fn run(portal: Portal, handlers: Arc<Handlers>, options: Options, stop: CancellationToken) {
    let free: BTreeMap<&'static str, Arc<Semaphore>> = handlers
        .kinds()
        .filter_map(|kind| Some((kind, Arc::new(Semaphore::new(handlers.get(kind)?.at_once)))))
        .collect();
    let mut running = JoinSet::new();
    let mut news = portal.store().subscribe();
    while !stop.is_cancelled() {
        let pause = match take_all(&portal, &free, options, &stop, |task, permit| {
            let work = Work { portal: portal.clone(), task, options, stop: stop.clone() };
            let id = format!("task-{}.{}", work.task.id, work.task.attempts);
            running.spawn(incident::within(id, work.run(handlers.clone(), permit)));
        })
        .await
        {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!(%error, "no task can be taken");
                options.look_every
            }
        };
        tokio::select! {
            () = stop.cancelled() => (),
            Some(_) = running.join_next() => (),
            () = concerned(&mut news) => (),
            () = sleep(pause) => (),
        }
    }
    while running.join_next().await.is_some() {}
}

/// Waits for news of the queue.
async fn concerned(news: &mut News) {
    while !matches!(news.next().await, Heard::Gap | Heard::Changed(Topic::Tasks)) {}
}

/// Takes what is due, as far as there is room; says when to look again.
async fn take_all(
    portal: &Portal,
    free: &BTreeMap<&'static str, Arc<Semaphore>>,
    options: Options,
    stop: &CancellationToken,
    mut begin: impl FnMut(Task, OwnedSemaphorePermit),
) -> Result<Duration, StoreError> {
    loop {
        let kinds: Vec<&str> =
            free.iter().filter(|(_, free)| free.available_permits() > 0).map(|(kind, _)| *kind).collect();
        if stop.is_cancelled() || kinds.is_empty() {
            return Ok(options.look_every);
        }
        let now = portal.now();
        let Some(task) = portal.store().take_task(&kinds, now, now + options.lease).await? else {
            let next = portal.store().next_task_at(&kinds).await?;
            let rest = next.map(|next| Duration::try_from(next - portal.now()).unwrap_or_default());
            // One that is due and cannot be taken is just being taken by somebody else.
            return Ok(rest.map_or(options.look_every, |rest| rest.max(MOMENT)).min(options.look_every));
        };
        if let Some(permit) =
            free.get(task.kind.as_str()).and_then(|free| free.clone().try_acquire_owned().ok())
        {
            begin(task, permit);
        }
    }
}

/// A task that this process has taken.
struct Work {
    portal: Portal,
    task: Task,
    options: Options,
    stop: CancellationToken,
}

/// How the handler was left.
enum Left {
    Ended(Result<Outcome, PortalError>),
    Panicked(String),
    /// It came to no safe point in time, and was dropped.
    CutOff,
    /// Another process has the task by now: nothing that came of it here counts.
    LostLease,
}

impl Work {
    async fn run(self, handlers: Arc<Handlers>, permit: OwnedSemaphorePermit) {
        let failed = |problem| Outcome::Failed { problem, at: None };
        let (outcome, counted) = match self.handle(&handlers).await {
            Left::Ended(Ok(outcome)) => {
                let counted = match outcome {
                    Outcome::Done => "done",
                    Outcome::Again { .. } => "again",
                    Outcome::Failed { .. } => "failed",
                };
                (outcome, counted)
            }
            Left::Ended(Err(error)) => (failed(error.to_string()), "failed"),
            Left::Panicked(said) => (failed(format!("it panicked: {said}")), "panicked"),
            Left::CutOff => (Outcome::Again { at: self.portal.now() }, "cut_off"),
            Left::LostLease => return self.count("lost"),
        };
        self.settle(&outcome, counted).await;
        drop(permit);
    }

    /// Runs the handler under a lease that is renewed.
    async fn handle(&self, handlers: &Handlers) -> Left {
        let Some(handler) = handlers.get(&self.task.kind) else {
            return Left::Ended(Err(PortalError::Internal(format!("nobody does {}", self.task.kind))));
        };
        let stop = self.stop.child_token();
        let run = async { (handler.handle)(self.portal.clone(), self.task.clone(), stop.clone()).await };
        let mut run = Box::pin(AssertUnwindSafe(run).catch_unwind());
        let left = |ended| match ended {
            Ok(result) => Left::Ended(result),
            Err(panic) => {
                let panic: Box<dyn std::any::Any + Send> = panic;
                Left::Panicked(panic_text(&*panic).to_owned())
            }
        };
        let cut_off = async {
            stop.cancelled().await;
            sleep(self.options.farewell).await;
        };
        tokio::pin!(cut_off);
        tokio::select! {
            biased;
            ended = &mut run => return left(ended),
            () = &mut cut_off => return Left::CutOff,
            () = self.keep_lease() => stop.cancel(),
        }
        tracing::warn!(kind = self.task.kind, key = self.task.key, "the lease of a task was lost");
        tokio::select! {
            _ = run => (),
            () = cut_off => (),
        }
        Left::LostLease
    }

    /// Renews the lease until it is lost.
    async fn keep_lease(&self) {
        let mut held_until = self.portal.now() + self.options.lease;
        loop {
            sleep(self.options.lease / 3).await;
            let until = self.portal.now() + self.options.lease;
            match self.portal.store().renew_task(&self.task, until).await {
                Ok(true) => held_until = until,
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(%error, kind = self.task.kind, "the lease of a task cannot be renewed");
                    if self.portal.now() >= held_until {
                        return;
                    }
                }
            }
        }
    }

    /// Writes down what came of it; tried again while the lease lasts, so that work that was done is not done again.
    async fn settle(&self, outcome: &Outcome, counted: &'static str) {
        let until = self.portal.now() + self.options.lease;
        loop {
            match self.write(outcome).await {
                Ok(true) => return self.count(counted),
                Ok(false) => return self.count("lost"),
                Err(error) if self.stop.is_cancelled() || self.portal.now() >= until => {
                    tracing::error!(%error, kind = self.task.kind, "how a task ended cannot be written");
                    return;
                }
                Err(_) => sleep(RETRY).await,
            }
        }
    }

    async fn write(&self, outcome: &Outcome) -> Result<bool, StoreError> {
        let (store, task) = (self.portal.store(), &self.task);
        match outcome {
            Outcome::Done => store.finish_task(task).await,
            Outcome::Again { at } => store.put_off_task(task, *at, None).await,
            Outcome::Failed { problem, at } => {
                tracing::warn!(kind = task.kind, key = task.key, problem, "a task failed");
                let at = at.unwrap_or_else(|| self.portal.now() + pause_after(task.failures));
                store.put_off_task(task, at, Some(problem)).await
            }
        }
    }

    fn count(&self, outcome: &'static str) {
        let run = Run { kind: self.task.kind.clone(), outcome };
        self.portal.0.task_runs.get_or_create(&run).inc();
    }
}

/// How long a task rests that had failed so often in a row before.
fn pause_after(failures: i32) -> time::Duration {
    (FIRST_PAUSE * 2_i32.saturating_pow(failures.clamp(0, 16).unsigned_abs())).min(LONGEST_PAUSE)
}
