use model::session::SyncProgress;
use serde_json::json;
use time::{OffsetDateTime, macros::datetime};
use tokio::task::JoinHandle;

use super::{publisher::BUFFERED, *};
use crate::{
    NewTask, Options, SyncPart,
    testing::{TestDatabase, cut_connections, database},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);
/// News that has not come by then does not come, on however busy a machine.
const HANGS: Duration = Duration::from_secs(60);

async fn next(news: &mut News) -> Heard {
    timeout(HANGS, news.next()).await.unwrap()
}

/// Everything that is heard until a topic that the test tells at the end.
async fn up_to(news: &mut News, last: Topic) -> Vec<Heard> {
    let mut all = Vec::new();
    while all.last() != Some(&Heard::Changed(last)) {
        all.push(next(news).await);
    }
    all
}

/// Another process on the same database, which listens.
async fn listening(db: &TestDatabase) -> (Store, News, JoinHandle<()>) {
    let store = Store::connect(&db.url, Options { max_connections: 1, ..Options::default() }).unwrap();
    let mut news = store.subscribe();
    let own = store.clone();
    let listening = tokio::spawn(async move { own.listen().await });
    assert_eq!(next(&mut news).await, Heard::Gap, "what was before is not known");
    (store, news, listening)
}

async fn said(store: &Store, topic: Topic) {
    let mut tx = store.begin().await.unwrap();
    tell(&mut tx, topic).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn another_process_hears_what_was_committed_and_nothing_else() {
    let db = database().await;
    let (_, mut news, _) = listening(&db).await;
    let mut tx = db.store.begin().await.unwrap();
    tell(&mut tx, Topic::Change(1)).await.unwrap();
    tx.rollback().await.unwrap();
    let mut tx = db.store.begin().await.unwrap();
    tell(&mut tx, Topic::Change(2)).await.unwrap();
    said(&db.store, Topic::Change(3)).await;
    tx.commit().await.unwrap();
    assert_eq!(next(&mut news).await, Heard::Changed(Topic::Change(3)));
    assert_eq!(next(&mut news).await, Heard::Changed(Topic::Change(2)), "told when it can be read");
}

#[tokio::test]
async fn whoever_writes_tells_of_it() {
    let db = database().await;
    let (store, mut news, _) = listening(&db).await;
    let task = NewTask { kind: "export", key: "a".into(), payload: json!({}), run_at: NOW };
    let heard = async |news: &mut News, topic: Topic| {
        let end = Topic::Change(0);
        said(&db.store, end).await;
        assert_eq!(up_to(news, end).await, [Heard::Changed(topic), Heard::Changed(end)]);
    };
    db.store.set_sync_result(SyncPart::Jobs, NOW, Some("AWS is away.")).await.unwrap();
    heard(&mut news, Topic::Sync).await;
    let progress = SyncProgress { step: "accounts".into(), done: 20, of: None };
    db.store.set_sync_progress(Some(progress), NOW).await.unwrap();
    heard(&mut news, Topic::Sync).await;
    db.store.set_sync_progress(None, NOW).await.unwrap();
    heard(&mut news, Topic::Sync).await;
    db.store.request_sync(SyncPart::Organization).await.unwrap();
    heard(&mut news, Topic::SyncRequest).await;
    db.store.clear_attachments().await.unwrap();
    heard(&mut news, Topic::Organization).await;
    db.store.set_invalid_accounts(Some(&[]), NOW).await.unwrap();
    heard(&mut news, Topic::Organization).await;
    db.store.put_task(&task).await.unwrap();
    heard(&mut news, Topic::Tasks).await;
    let taken = store.take_task(&["export"], NOW, NOW).await.unwrap().unwrap();
    db.store.put_off_task(&taken, NOW, None).await.unwrap();
    heard(&mut news, Topic::Tasks).await;
}

#[tokio::test]
async fn after_a_lost_connection_everybody_is_told_of_the_gap() {
    let db = database().await;
    let (_, mut news, _) = listening(&db).await;
    cut_connections(&db.store).await;
    assert_eq!(next(&mut news).await, Heard::Gap);
    said(&db.store, Topic::Jobs).await;
    assert_eq!(next(&mut news).await, Heard::Changed(Topic::Jobs));
}

#[tokio::test]
async fn who_lags_behind_is_told_of_the_gap() {
    let db = database().await;
    let mut news = db.store.subscribe();
    for n in 0..=BUFFERED {
        db.store.news.publish(Heard::Changed(Topic::Change(n.try_into().unwrap())));
    }
    assert_eq!(next(&mut news).await, Heard::Gap);
    assert_eq!(next(&mut news).await, Heard::Changed(Topic::Change(1)), "and then of the rest");
}

#[tokio::test]
async fn while_the_database_is_away_nothing_is_told() {
    let store = Store::connect("postgres://nobody@127.0.0.1:1/none", Options::default()).unwrap();
    let mut news = store.subscribe();
    let mut failed = false;
    assert!(matches!(store.listen_once(&mut failed).await, StoreError::Unavailable(_)));
    assert!(!failed);
    assert!(futures::poll!(Box::pin(news.next())).is_pending());
}
