use std::collections::BTreeSet;

use serde_json::json;
use time::{Duration, macros::datetime};

use super::*;
use crate::testing::database;

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);
const LEASE: Duration = Duration::seconds(30);
const KINDS: [&str; 1] = ["export"];

fn task(key: &str, run_at: OffsetDateTime) -> NewTask {
    NewTask { kind: "export", key: key.into(), payload: json!({"of": key}), run_at }
}

#[tokio::test]
async fn a_task_is_taken_once_when_it_is_due_and_is_gone_when_it_is_done() {
    let store = database().await;
    let store = &store.store;
    assert!(store.put_task(&task("a", NOW + LEASE)).await.unwrap());
    assert!(!store.put_task(&task("a", NOW)).await.unwrap(), "one of a kind and key");
    assert_eq!(store.take_task(&KINDS, NOW, NOW + LEASE).await.unwrap(), None, "it is not due");
    let due = NOW + LEASE;
    assert_eq!(store.take_task(&["other"], due, due + LEASE).await.unwrap(), None);
    let taken = store.take_task(&KINDS, due, due + LEASE).await.unwrap().unwrap();
    assert_eq!((taken.key.as_str(), &taken.payload, taken.attempts), ("a", &json!({"of": "a"}), 1));
    assert_eq!(store.take_task(&KINDS, due, due + LEASE).await.unwrap(), None, "it is under way");
    assert!(store.finish_task(&taken).await.unwrap());
    assert!(store.put_task(&task("a", NOW)).await.unwrap(), "it can be asked for again");
}

#[tokio::test]
async fn whose_lease_has_ended_loses_the_task_to_the_next_and_can_no_longer_touch_it() {
    let store = database().await;
    let store = &store.store;
    store.put_task(&task("a", NOW)).await.unwrap();
    let first = store.take_task(&KINDS, NOW, NOW + LEASE).await.unwrap().unwrap();
    assert!(store.renew_task(&first, NOW + LEASE * 2).await.unwrap());
    assert_eq!(store.take_task(&KINDS, NOW + LEASE, NOW + LEASE * 3).await.unwrap(), None, "it was renewed");
    let later = NOW + LEASE * 2;
    let second = store.take_task(&KINDS, later, later + LEASE).await.unwrap().unwrap();
    assert_eq!((second.id, second.attempts), (first.id, 2));
    assert!(!store.renew_task(&first, later + LEASE).await.unwrap());
    assert!(!store.finish_task(&first).await.unwrap());
    assert!(!store.put_off_task(&first, later, None).await.unwrap());
    assert!(store.put_off_task(&second, later, Some("AWS does not answer")).await.unwrap());
    let counts = store.task_counts(later).await.unwrap();
    assert_eq!(counts, [TaskCount { kind: "export".into(), waiting: 1, leased: 0, failing: 1 }]);
    let third = store.take_task(&KINDS, later, later + LEASE).await.unwrap().unwrap();
    assert_eq!((third.attempts, third.failures), (3, 1));
}

#[tokio::test]
async fn failures_are_counted_until_a_task_ends_without_one() {
    let store = database().await;
    let store = &store.store;
    store.put_task(&task("a", NOW)).await.unwrap();
    for (failures, problem) in [(0, Some("away")), (1, Some("away")), (2, None), (0, None)] {
        let taken = store.take_task(&KINDS, NOW, NOW + LEASE).await.unwrap().unwrap();
        assert_eq!(taken.failures, failures);
        assert!(store.put_off_task(&taken, NOW, problem).await.unwrap());
    }
}

#[tokio::test]
async fn the_next_task_is_due_when_it_may_run_and_nobody_has_it() {
    let store = database().await;
    let store = &store.store;
    let next = async || store.next_task_at(&KINDS).await.unwrap();
    assert_eq!(next().await, None);
    store.put_task(&task("later", NOW + LEASE * 3)).await.unwrap();
    assert_eq!(next().await, Some(NOW + LEASE * 3));
    store.put_task(&task("now", NOW)).await.unwrap();
    assert_eq!(next().await, Some(NOW));
    store.take_task(&KINDS, NOW, NOW + LEASE).await.unwrap().unwrap();
    assert_eq!(next().await, Some(NOW + LEASE), "when the lease ends");
    assert_eq!(store.next_task_at(&["other"]).await.unwrap(), None);
}

#[tokio::test]
async fn many_workers_at_once_take_every_task_exactly_once() {
    let store = database().await;
    let store = &store.store;
    for n in 0..40 {
        store.put_task(&task(&n.to_string(), NOW)).await.unwrap();
    }
    let worker = async || {
        let mut taken = Vec::new();
        while let Some(task) = store.take_task(&KINDS, NOW, NOW + LEASE).await.unwrap() {
            taken.push(task.key);
        }
        taken
    };
    let all: Vec<String> = futures::future::join_all((0..8).map(|_| worker())).await.concat();
    assert_eq!((all.len(), all.iter().collect::<BTreeSet<_>>().len()), (40, 40));
}
