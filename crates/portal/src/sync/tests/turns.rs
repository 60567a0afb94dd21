//! Which process syncs, and when.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::world::{World, stored};
use crate::sync::Options;

fn seldom() -> Options {
    let long = Duration::from_secs(3600);
    Options { organization_every: long, jobs_every: long, ..Options::default() }
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
    sleep(Duration::from_secs(1)).await;
    assert_eq!(readings(&world), 1, "the second waits");
    asking.request();
    until("what the second was asked for, by the first", async || readings(&world) == 2).await;
    // To its end: one that is left half done is gone on with and not begun again.
    until("the end of it", async || world.store().load_snapshot().await.unwrap().generation > 1).await;
    stop_first.cancel();
    first.await.unwrap();
    until("the second's turn", async || readings(&world) == 3).await;
    stop_second.cancel();
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
    asking.request();
    until("the organization", async || store.freshness(now).await.unwrap().organization_at.is_some()).await;
    until("rest", async || {
        let freshness = store.freshness(now).await.unwrap();
        freshness.running.is_none() && freshness.problem.is_none() && freshness.jobs_at.is_some()
    })
    .await;
    stop.cancel();
    running.await.unwrap();
}
