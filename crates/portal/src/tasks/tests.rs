//! The real queue in a real database, with handlers and loops that misbehave.

use std::{
    cell::Cell,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use store::{NewTask, Store, TaskCount, testing::TestDatabase};
use time::{OffsetDateTime, macros::datetime};
use tokio::{
    sync::Semaphore,
    task::JoinHandle,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::PortalError;

const START: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);
const KIND: &str = "export";
const LEASE: Duration = Duration::from_secs(60);
/// Nothing that is waited for takes so long, on however busy a machine.
const HANGS: Duration = Duration::from_secs(60);

thread_local! {
    /// Each test runs on one thread and has its own time, which moves when it is told to.
    static LATER: Cell<time::Duration> = const { Cell::new(time::Duration::ZERO) };
    /// How many more readings of the clock panic.
    static BROKEN: Cell<u32> = const { Cell::new(0) };
}

fn now() -> OffsetDateTime {
    if let Some(left) = BROKEN.get().checked_sub(1) {
        BROKEN.set(left);
        panic!("the clock is broken");
    }
    START + LATER.get()
}

fn pass(time: Duration) {
    LATER.set(LATER.get() + time);
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < HANGS, "{what} did not come");
        sleep(Duration::from_millis(20)).await;
    }
}

/// A portal on a fresh database, without AWS.
async fn portal(database: &TestDatabase) -> Portal {
    let aws =
        aws::Aws::connect(aws::Options::simulated("http://127.0.0.1:1", aws::Rates::Off)).await.unwrap();
    Portal::new(crate::Parts {
        store: database.store.clone(),
        aws,
        clock: now,
        random: Box::new(StdRng::seed_from_u64(7)),
        simulated: true,
        regions: vec!["eu-west-1".into()],
        sync: sync::channel().0,
        providers: crate::Providers::default(),
    })
}

async fn put(portal: &Portal, key: &str) {
    let task = NewTask { kind: KIND, key: key.into(), payload: json!({}), run_at: now() };
    assert!(portal.store().put_task(&task).await.unwrap());
}

async fn count(portal: &Portal) -> TaskCount {
    let none = TaskCount { kind: KIND.into(), waiting: 0, leased: 0, failing: 0 };
    portal.store().task_counts(now()).await.unwrap().pop().unwrap_or(none)
}

/// Counts what runs, and lets it end when there is a permit.
#[derive(Clone)]
struct Gate {
    begun: Arc<AtomicUsize>,
    open: Arc<Semaphore>,
}

impl Gate {
    fn closed() -> Self {
        Self { begun: Arc::default(), open: Arc::new(Semaphore::new(0)) }
    }

    async fn pass(&self) {
        self.begun.fetch_add(1, Ordering::SeqCst);
        self.open.acquire().await.unwrap().forget();
    }

    fn begun(&self) -> usize {
        self.begun.load(Ordering::SeqCst)
    }

    /// A handler that passes here, and does not listen to anybody.
    fn handler(&self, at_once: usize) -> Handlers {
        let gate = self.clone();
        Handlers::default().with(KIND, at_once, move |_, _, _| {
            let gate = gate.clone();
            async move {
                gate.pass().await;
                Ok(Outcome::Done)
            }
        })
    }
}

fn often(lease: Duration) -> WorkerOptions {
    WorkerOptions { lease, look_every: Duration::from_millis(50), farewell: Duration::ZERO }
}

fn work(portal: &Portal, handlers: Handlers, options: WorkerOptions) -> (JoinHandle<()>, CancellationToken) {
    let stop = CancellationToken::new();
    (tokio::spawn(workers::run(portal.clone(), Arc::new(handlers), options, stop.clone())), stop)
}

async fn stopped((running, stop): (JoinHandle<()>, CancellationToken)) {
    stop.cancel();
    tokio::time::timeout(HANGS, running).await.unwrap().unwrap();
}

fn numbers(portal: &Portal) -> String {
    let mut registry = Registry::default();
    portal.register_metrics(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    text
}

#[tokio::test]
async fn a_sync_that_panics_is_started_again_and_counted() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    let background = Supervisor::with_pause(|| START, Duration::from_millis(10));
    let (_, wake) = sync::channel();
    BROKEN.set(1);
    let own = portal.clone();
    background
        .spawn("sync", move |stop| sync::run(own.clone(), wake.clone(), sync::Options::default(), stop));
    let result = async || database.store.freshness(START).await.unwrap().problem;
    until("the result of a sync", async || result().await.is_some()).await;
    let [sync] = background.loops().try_into().unwrap();
    assert_eq!(sync, LoopState { name: "sync", running: true, restarts: 1, failed_at: Some(START) });
    background.stop(HANGS).await;
    assert!(!background.loops()[0].running);
}

#[tokio::test]
async fn a_loop_that_ends_unasked_is_started_again_and_one_that_was_told_to_end_is_not() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    let starts = Arc::new(AtomicUsize::new(0));
    let counted = starts.clone();
    portal.background().spawn("short", move |stop| {
        let start = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            if start == 1 {
                stop.cancelled().await;
            }
        }
    });
    portal.background().spawn("short", |_| async { panic!("a second loop of the same name") });
    until("the second start", async || starts.load(Ordering::SeqCst) == 2).await;
    let numbers = numbers(&portal);
    assert!(numbers.contains("holdfast_background_restarts_total{task=\"short\"} 1"), "{numbers}");
    assert!(numbers.contains("holdfast_background_up{task=\"short\"} 1"), "{numbers}");
    portal.background().stop(HANGS).await;
    assert_eq!(starts.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn loops_that_do_not_end_when_told_are_cut_off() {
    let background = Supervisor::new(|| START);
    let alive = Arc::new(());
    let held = Arc::downgrade(&alive);
    background.spawn("stubborn", move |_| {
        let alive = alive.clone();
        async move {
            std::future::pending::<()>().await;
            drop(alive);
        }
    });
    background.stop(Duration::from_millis(10)).await;
    until("the end", async || held.strong_count() == 0).await;
}

#[tokio::test]
async fn a_worker_that_dies_loses_its_task_to_another_when_the_lease_ends() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    put(&portal, "a").await;
    let (dead, second) = (Gate::closed(), Gate::closed());
    let (first, _) = work(&portal, dead.handler(2), often(LEASE));
    until("the first", async || dead.begun() == 1).await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    let other = work(&portal, second.handler(2), often(LEASE));
    // It has looked for tasks, and found the other one only.
    put(&portal, "b").await;
    until("a task of its own", async || second.begun() == 1).await;
    assert_eq!(count(&portal).await.leased, 2);
    pass(LEASE);
    until("the task of the dead", async || second.begun() == 2).await;
    second.open.add_permits(2);
    until("the end of both", async || count(&portal).await.leased == 0).await;
    assert_eq!(count(&portal).await.waiting, 0);
    stopped(other).await;
}

#[tokio::test]
async fn a_lease_is_renewed_while_its_task_runs() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    put(&portal, "a").await;
    let gate = Gate::closed();
    let working = work(&portal, gate.handler(1), often(Duration::from_millis(300)));
    until("the handler", async || gate.begun() == 1).await;
    pass(LEASE);
    until("a lease until later", async || count(&portal).await.leased == 1).await;
    gate.open.add_permits(1);
    until("the end", async || count(&portal).await.leased == 0).await;
    assert_eq!((gate.begun(), count(&portal).await.waiting), (1, 0));
    stopped(working).await;
}

#[tokio::test]
async fn whose_lease_is_lost_is_told_and_what_comes_of_it_does_not_count() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    put(&portal, "a").await;
    let gate = Gate::closed();
    let inside = gate.clone();
    let handlers = Handlers::default().with(KIND, 1, move |_, _, stop| {
        let gate = inside.clone();
        async move {
            gate.pass().await;
            stop.cancelled().await;
            Ok(Outcome::Done)
        }
    });
    let options = WorkerOptions { farewell: HANGS, ..often(Duration::from_millis(300)) };
    let working = work(&portal, handlers, options);
    until("the handler", async || gate.begun() == 1).await;
    // Another process, whose clock runs ahead.
    let ahead = now() + LEASE * 10;
    let taken = portal.store().take_task(&[KIND], ahead, ahead + LEASE).await.unwrap().unwrap();
    gate.open.add_permits(1);
    until("the end", async || numbers(&portal).contains("outcome=\"lost\"} 1")).await;
    assert_eq!(taken.attempts, 2);
    assert!(portal.store().finish_task(&taken).await.unwrap(), "it is still there");
    stopped(working).await;
}

#[tokio::test]
async fn at_the_end_tasks_come_to_a_safe_point_and_are_given_back() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    put(&portal, "a").await;
    let gate = Gate::closed();
    let inside = gate.clone();
    let polite = Handlers::default().with(KIND, 1, move |portal, _, stop| {
        let gate = inside.clone();
        async move {
            stop.cancelled().await;
            gate.pass().await;
            Ok(Outcome::Again { at: portal.now() })
        }
    });
    let (running, stop) = work(&portal, polite, WorkerOptions { farewell: HANGS, ..often(LEASE) });
    until("the lease", async || count(&portal).await.leased == 1).await;
    stop.cancel();
    until("that the handler was told", async || gate.begun() == 1).await;
    put(&portal, "b").await;
    assert_eq!(count(&portal).await, TaskCount { kind: KIND.into(), waiting: 1, leased: 1, failing: 0 });
    assert!(!running.is_finished(), "the safe point is waited for");
    gate.open.add_permits(1);
    stopped((running, stop)).await;
    assert_eq!(count(&portal).await, TaskCount { kind: KIND.into(), waiting: 2, leased: 0, failing: 0 });
}

#[tokio::test]
async fn a_task_that_comes_to_no_safe_point_is_dropped_and_then_given_back() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    put(&portal, "a").await;
    let gate = Gate::closed();
    let working = work(&portal, gate.handler(2), often(LEASE));
    until("the handler", async || gate.begun() == 1).await;
    stopped(working).await;
    assert_eq!(count(&portal).await, TaskCount { kind: KIND.into(), waiting: 1, leased: 0, failing: 0 });
    assert!(numbers(&portal).contains("outcome=\"cut_off\"} 1"), "{}", numbers(&portal));
}

#[tokio::test]
async fn failures_and_panics_put_a_task_off_ever_longer_until_it_succeeds() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    put(&portal, "a").await;
    let handlers = Handlers::default().with(KIND, 1, |_, task, _| async move {
        match task.attempts {
            1 => panic!("a mistake of ours"),
            2 => Err(PortalError::Internal("AWS is away".into())),
            3 => Ok(Outcome::Failed { problem: "closed on Sundays".into(), at: None }),
            _ => Ok(Outcome::Done),
        }
    });
    let working = work(&portal, handlers, often(LEASE));
    let failing =
        async || count(&portal).await == TaskCount { failing: 1, waiting: 1, ..count(&portal).await };
    for (outcome, rest) in [("panicked\"} 1", 5), ("failed\"} 1", 10), ("failed\"} 2", 20)] {
        until(outcome, async || numbers(&portal).contains(outcome)).await;
        assert!(failing().await);
        let due = portal.store().next_task_at(&[KIND]).await.unwrap().unwrap();
        assert_eq!(due - now(), time::Duration::seconds(rest), "{outcome}");
        pass(Duration::from_secs(rest.unsigned_abs()));
    }
    until("success", async || numbers(&portal).contains("outcome=\"done\"} 1")).await;
    assert_eq!(portal.store().next_task_at(&[KIND]).await.unwrap(), None);
    stopped(working).await;
}

#[tokio::test]
async fn a_task_that_another_process_puts_into_the_queue_is_taken_at_once() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    let own = portal.store().clone();
    let listening = tokio::spawn(async move { own.listen().await });
    let gate = Gate::closed();
    let seldom = WorkerOptions { look_every: HANGS * 60, ..often(LEASE) };
    let working = work(&portal, gate.handler(1), seldom);
    put(&portal, "a").await;
    until("the first", async || gate.begun() == 1).await;
    gate.open.add_permits(1);
    until("that it is done", async || portal.store().next_task_at(&[KIND]).await.unwrap().is_none()).await;
    let other = Store::connect(&database.url, store::Options::default()).unwrap();
    let task = NewTask { kind: KIND, key: "b".into(), payload: json!({}), run_at: now() };
    assert!(other.put_task(&task).await.unwrap());
    until("the second", async || gate.begun() == 2).await;
    stopped(working).await;
    listening.abort();
}

#[tokio::test]
async fn no_more_tasks_of_a_kind_run_at_once_than_may() {
    let database = store::testing::database().await;
    let portal = portal(&database).await;
    for key in ["a", "b", "c", "d", "e"] {
        put(&portal, key).await;
    }
    let (gate, other) = (Gate::closed(), Gate::closed());
    let inside = other.clone();
    let handlers = gate.handler(2).with("other", 1, move |_, _, _| {
        let gate = inside.clone();
        async move {
            gate.pass().await;
            Ok(Outcome::Done)
        }
    });
    let working = work(&portal, handlers, often(LEASE));
    until("as many as may", async || gate.begun() == 2).await;
    let task = NewTask { kind: "other", key: String::new(), payload: json!({}), run_at: now() };
    portal.store().put_task(&task).await.unwrap();
    until("another kind, which has room of its own", async || other.begun() == 1).await;
    assert_eq!(gate.begun(), 2);
    gate.open.add_permits(1);
    until("the next", async || gate.begun() == 3).await;
    assert_eq!(portal.store().task_counts(now()).await.unwrap()[0].leased, 2);
    gate.open.add_permits(4);
    other.open.add_permits(1);
    until("the end of all", async || portal.store().task_counts(now()).await.unwrap().is_empty()).await;
    stopped(working).await;
}
