//! Which process syncs, and when.

use std::{
    env,
    process::{Command, Stdio},
    sync::atomic::Ordering,
    time::Duration,
};

use aws::{Aws, Rates};
use store::{
    Store, SyncPart,
    testing::{cut_connections, lock_holders, lock_waiters},
};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::world::{World, in_aws, now, pass, stored};
use crate::sync::{Options, Sync, channel, import};

fn seldom() -> Options {
    let long = Duration::from_secs(3600);
    let keep_jobs = time::Duration::days(3);
    Options { organization_every: long, jobs_every: long, keep_jobs, ..Options::default() }
}

fn readings(world: &World) -> usize {
    world.gate.asked.lock().unwrap().iter().filter(|name| *name == "ListRoots").count()
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} did not come");
        sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn one_process_syncs_until_it_ends_then_another_takes_over() {
    let world = World::new().await;
    let [(first, _), (second, asking)] = [world.sync_with(seldom()), world.sync_with(seldom())];
    let (stop_first, stop_second) = (CancellationToken::new(), CancellationToken::new());
    let first = tokio::spawn(first.run(stop_first.clone()));
    until("the first reading", async || !stored(world.store()).await.nodes.is_empty()).await;
    assert_eq!(readings(&world), 1);
    let second = tokio::spawn(second.run(stop_second.clone()));
    until("that the second waits", async || lock_waiters(world.store()).await == 1).await;
    assert_eq!(readings(&world), 1);
    asking.request(SyncPart::Organization);
    until("what the second was asked for, by the first", async || readings(&world) == 2).await;
    // To its end: one that is left half done is gone on with and not begun again.
    // The first reading makes two generations: the organization, and who is invalid in it.
    until("the end of it", async || world.store().load_snapshot().await.unwrap().generation > 2).await;
    stop_first.cancel();
    first.await.unwrap();
    until("the second's turn", async || readings(&world) == 3).await;
    stop_second.cancel();
    second.await.unwrap();
}

#[tokio::test]
async fn a_process_whose_lock_was_cut_notices_and_takes_it_again() {
    let world = World::new().await;
    let (sync, _) = world.sync_with(seldom());
    let stop = CancellationToken::new();
    let running = tokio::spawn(sync.run(stop.clone()));
    until("the first reading", async || !stored(world.store()).await.nodes.is_empty()).await;
    assert_eq!(lock_holders(world.store()).await, 1);
    cut_connections(world.store()).await;
    until("another lock", async || lock_holders(world.store()).await == 1).await;
    stop.cancel();
    running.await.unwrap();
    assert_eq!(lock_holders(world.store()).await, 0);
}

#[tokio::test]
async fn who_asks_for_jobs_has_the_organization_left_alone() {
    let world = World::new().await;
    let [(first, _), (second, asking)] = [world.sync_with(seldom()), world.sync_with(seldom())];
    let stop = CancellationToken::new();
    let store = world.store();
    let first = tokio::spawn(first.run(stop.clone()));
    let rested = async || {
        let freshness = store.freshness(now()).await.unwrap();
        freshness.running.is_none() && freshness.organization_at.is_some() && freshness.jobs_at.is_some()
    };
    until("the first reading", rested).await;
    let second = tokio::spawn(second.run(stop.clone()));
    pass(time::Duration::MINUTE);
    asking.request(SyncPart::Jobs);
    until("newer jobs", async || store.freshness(now()).await.unwrap().jobs_at == Some(now())).await;
    until("the request", async || store.sync_requests().await.unwrap().jobs == 1).await;
    assert_eq!(store.sync_requests().await.unwrap().organization, 0);
    assert_eq!(readings(&world), 1);
    stop.cancel();
    first.await.unwrap();
    second.await.unwrap();
}

#[tokio::test]
async fn progress_and_problems_are_told_while_it_runs() {
    let world = World::new().await;
    let stop = CancellationToken::new();
    *world.gate.answer.lock().unwrap() = Some(Box::new(|name, _, _| {
        (name == "ListAccounts").then(|| super::world::backup_error(400, "AccessDeniedException"))
    }));
    let (sync, asking) = world.sync_with(seldom());
    let running = tokio::spawn(sync.run(stop.clone()));
    let store = world.store();
    let now = super::world::now();
    until("the problem", async || {
        let problem = store.freshness(now).await.unwrap().problem.unwrap_or_default();
        problem.contains("organizations:ListAccounts")
    })
    .await;
    *world.gate.answer.lock().unwrap() = None;
    asking.request(SyncPart::Organization);
    until("the organization", async || store.freshness(now).await.unwrap().organization_at.is_some()).await;
    until("rest", async || {
        let freshness = store.freshness(now).await.unwrap();
        freshness.running.is_none() && freshness.problem.is_none() && freshness.jobs_at.is_some()
    })
    .await;
    stop.cancel();
    running.await.unwrap();
}

/// No test, but the other process of the one below.
#[tokio::test]
#[ignore = "runs until it is killed"]
async fn a_process_that_syncs() {
    let (Ok(database), Ok(address)) = (env::var("KILLED_DATABASE"), env::var("KILLED_AWS")) else { return };
    let store = Store::connect(&database, store::Options::default()).unwrap();
    let aws = Aws::connect(aws::Options::simulated(address, Rates::Off)).await.unwrap();
    let regions = vec!["eu-west-1".to_owned()];
    Sync::new(store, aws, now, regions, channel().1, seldom()).run(CancellationToken::new()).await;
}

#[tokio::test]
async fn when_the_process_that_syncs_is_killed_another_goes_on_where_it_stopped() {
    let world = World::new().await;
    world.sync().read_organization(None).await.unwrap();
    let whole = world.requests();
    let world = world.with_new_database().await;
    world.gate.asked.lock().unwrap().clear();
    world.gate.stop_at.store(whole / 2, Ordering::SeqCst);
    let mut killed = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "sync::tests::turns::a_process_that_syncs"])
        .env("KILLED_DATABASE", &world.database.url)
        .env("KILLED_AWS", &world.gated_address)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    until("half of it", async || world.requests() >= whole / 2).await;
    let (second, stop) = (world.sync_with(seldom()).0, CancellationToken::new());
    let second = tokio::spawn(second.run(stop.clone()));
    until("that the second waits", async || lock_waiters(world.store()).await == 1).await;
    // At once and without a word, as kill -9.
    killed.kill().unwrap();
    killed.wait().unwrap();
    world.gate.stop_at.store(0, Ordering::SeqCst);
    until("the organization", async || !stored(world.store()).await.nodes.is_empty()).await;
    assert_eq!(stored(world.store()).await, in_aws(&world.aws).await);
    let asked = world.gate.asked.lock().unwrap().iter().filter(|name| !name.starts_with('/')).count();
    assert!(asked <= whole + 3 * import::LANE + 9, "{asked} requests, {whole} without");
    stop.cancel();
    second.await.unwrap();
}
