//! What goes on beside requests: loops that a supervisor keeps running, and the workers of the task queue.

mod handlers;
mod housekeeping;
mod panic;
mod runs;
mod supervisor;
#[cfg(test)]
mod tests;
mod workers;

use std::sync::Arc;

use prometheus_client::registry::Registry;
use store::REFRESH_SESSION;

use crate::{
    Portal, audit,
    change::{RUN_CHANGE_SET, SETTLE_STEP},
    sync,
};
pub use handlers::{Handlers, Outcome};
pub(crate) use runs::TaskRuns;
pub use supervisor::{LoopState, Supervisor};
pub use workers::Options as WorkerOptions;

/// How the loops run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub sync: sync::Options,
    pub workers: WorkerOptions,
    pub audit: audit::Options,
}

/// Change sets that a process carries out in the background at once, and steps that it settles.
const CHANGES_AT_ONCE: usize = 2;
/// Sessions that a process refreshes at once; each holds a connection to the database meanwhile.
const REFRESHES_AT_ONCE: usize = 3;

/// Everything that this version does from the queue. A new kind is a function in a file of its own and a line here; put
/// its tasks into the queue with [`store::Store::put_task`], or within the transaction that they belong to.
#[must_use]
pub fn handlers() -> Handlers {
    Handlers::default()
        .with(RUN_CHANGE_SET, CHANGES_AT_ONCE, |portal, task, stop| async move {
            portal.run_change_set(&task, &stop).await
        })
        .with(SETTLE_STEP, CHANGES_AT_ONCE, |portal, task, _| async move { portal.settle_step(&task).await })
        .with(REFRESH_SESSION, REFRESHES_AT_ONCE, |portal, task, _| async move {
            portal.refresh_session(&task).await
        })
}

/// Starts the loops that need the database and its schema; they run until the supervisor stops.
pub fn start(portal: &Portal, wake: &sync::Wake, handlers: Handlers, options: Options) {
    let background = portal.background();
    let Options { sync: sync_options, workers: worker_options, audit: audit_options } = options;
    let (own, wake) = (portal.clone(), wake.clone());
    background.spawn("sync", move |stop| sync::run(own.clone(), wake.clone(), sync_options, stop));
    let store = portal.store().clone();
    background.spawn("news", move |stop| {
        let store = store.clone();
        async move {
            stop.run_until_cancelled(store.listen()).await;
        }
    });
    let own = portal.clone();
    background.spawn("housekeeping", move |stop| housekeeping::run(own.clone(), stop));
    let forward = audit_options.forward.clone();
    portal.0.audit.begin(audit_options);
    if let Some(forward) = forward {
        let own = portal.clone();
        background
            .spawn("audit-forward", move |stop| audit::forward_events(own.clone(), forward.clone(), stop));
    }
    let own = portal.clone();
    background.spawn("audit-heads", move |stop| audit::sign_heads(own.clone(), stop));
    let (own, handlers) = (portal.clone(), Arc::new(handlers));
    background.spawn("tasks", move |stop| workers::run(own.clone(), handlers.clone(), worker_options, stop));
}

/// Asks once what AWS allows, and logs what is missing. Needs no database.
pub fn start_permissions(portal: &Portal) {
    let own = portal.clone();
    portal.background().spawn("permissions", move |stop| {
        let own = own.clone();
        async move {
            stop.run_until_cancelled(own.report_permissions()).await;
            stop.cancelled().await;
        }
    });
}

impl Portal {
    /// Keeps the loops of this process running.
    #[must_use]
    pub fn background(&self) -> &Supervisor {
        &self.0.background
    }

    /// Adds the numbers of loops and tasks of this process.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.background().register_metrics(registry);
        let help = "Tasks that this process took and let go of, by what came of it";
        registry.register("holdfast_task_runs", help, self.0.task_runs.clone());
    }
}
