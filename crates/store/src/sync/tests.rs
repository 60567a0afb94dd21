use model::{JobKind, job::lists::ListOutcome};
use time::macros::datetime;

use super::*;
use crate::{
    Watermark,
    testing::{TestDatabase, database, lock_waiters},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

/// Longer than anything here takes.
const HANGS: Wait = Wait::from_secs(60);

/// The lock, where nobody has it.
async fn lock(db: &TestDatabase) -> Option<SyncLock> {
    match db.store.sync_standby().await.unwrap().wait(Wait::from_millis(1)).await.unwrap() {
        Waited::Locked(lock) => Some(lock),
        Waited::Still(_) => None,
    }
}

#[tokio::test]
async fn one_process_holds_the_lock_and_the_one_that_waits_gets_it_when_the_first_is_gone() {
    let db = database().await;
    let first = lock(&db).await.unwrap();
    assert!(first.is_held().await);
    assert!(lock(&db).await.is_none());
    let standby = db.store.sync_standby().await.unwrap();
    let Waited::Still(standby) = standby.wait(Wait::from_millis(1)).await.unwrap() else { panic!() };
    // On the same connection.
    let waiting = tokio::spawn(standby.wait(HANGS));
    while lock_waiters(&db.store).await == 0 {
        tokio::time::sleep(Wait::from_millis(20)).await;
    }
    drop(first);
    let Waited::Locked(second) = waiting.await.unwrap().unwrap() else { panic!() };
    assert!(second.is_held().await);
    second.release().await;
    assert!(lock(&db).await.is_some(), "a release is waited for");
}

#[tokio::test]
async fn a_lock_whose_connection_was_cut_says_so_and_a_wait_too() {
    let db = database().await;
    let held = lock(&db).await.unwrap();
    let waiting = tokio::spawn(db.store.sync_standby().await.unwrap().wait(HANGS));
    while lock_waiters(&db.store).await == 0 {
        tokio::time::sleep(Wait::from_millis(20)).await;
    }
    let sql = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_locks
        WHERE locktype = 'advisory' AND granted = $1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    // First who waits: it would get the lock of the other.
    for granted in [false, true] {
        let cut: i64 = sqlx::query_scalar(sql).bind(granted).fetch_one(&db.store.pool).await.unwrap();
        assert_eq!(cut, 1);
    }
    assert!(!held.is_held().await);
    assert!(matches!(waiting.await.unwrap(), Err(StoreError::Unavailable(_))));
    assert!(lock(&db).await.is_some());
}

#[tokio::test]
async fn progress_shows_while_it_is_fresh() {
    let db = database().await;
    let progress = SyncProgress { step: "accounts".into(), done: 20, of: Some(250) };
    db.store.set_sync_progress(Some(progress.clone()), NOW).await.unwrap();
    let running = async |at| db.store.freshness(at).await.unwrap().running;
    assert_eq!(running(NOW + Duration::minutes(1)).await, Some(progress));
    assert_eq!(running(NOW + Duration::minutes(5)).await, None);
    db.store.set_sync_progress(None, NOW).await.unwrap();
    assert_eq!(running(NOW).await, None);
}

#[tokio::test]
async fn a_problem_shows_until_its_part_succeeds() {
    let db = database().await;
    let problem = async || db.store.freshness(NOW).await.unwrap().problem;
    assert_eq!(problem().await, None);
    db.store.set_sync_result(SyncPart::Organization, NOW, Some("AWS denied it.")).await.unwrap();
    db.store.set_sync_result(SyncPart::Jobs, NOW, None).await.unwrap();
    assert_eq!(problem().await.as_deref(), Some("AWS denied it."));
    db.store.set_sync_result(SyncPart::Organization, NOW, None).await.unwrap();
    assert_eq!(problem().await, None);
}

#[tokio::test]
async fn jobs_are_as_old_as_the_region_that_was_read_longest_ago() {
    let db = database().await;
    let mark = |region: &str, read_at, outcome| Watermark {
        read_at,
        outcome,
        ..Watermark::new(region, JobKind::Backup)
    };
    let jobs_at = async || db.store.freshness(NOW).await.unwrap().jobs_at;
    assert_eq!(jobs_at().await, None);
    db.store.set_watermark(&mark("eu-west-1", Some(NOW), ListOutcome::Read)).await.unwrap();
    db.store
        .set_watermark(&mark("us-east-1", Some(NOW - Duration::hours(1)), ListOutcome::Read))
        .await
        .unwrap();
    assert_eq!(jobs_at().await, Some(NOW - Duration::hours(1)));
    db.store.set_watermark(&mark("ap-south-1", None, ListOutcome::Untried)).await.unwrap();
    assert_eq!(jobs_at().await, None, "one Region was never read");
    for outcome in [ListOutcome::NotAvailable, ListOutcome::Denied, ListOutcome::Failed] {
        db.store.set_watermark(&mark("ap-south-1", None, outcome)).await.unwrap();
        assert_eq!(jobs_at().await, None, "{outcome:?}: no whole reading was made");
        let freshness = db.store.freshness(NOW).await.unwrap();
        assert_eq!((freshness.newest_jobs_at, freshness.jobs_not_available), (Some(NOW), false));
    }
    db.store.keep_watermarks_of(&["eu-west-1".to_owned()]).await.unwrap();
    assert_eq!(jobs_at().await, Some(NOW));
}
