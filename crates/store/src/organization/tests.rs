use futures::future::join_all;
use time::macros::datetime;

use super::*;
use crate::{
    import::tests::{attached, id, imported, policy},
    testing::database,
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);
const LATER: OffsetDateTime = datetime!(2026-11-20 09:00 UTC);

fn root() -> TargetId {
    "r-ab12".parse().unwrap()
}

#[tokio::test]
async fn a_policy_counts_as_changed_when_its_text_is_another() {
    let db = database().await;
    let times = async || {
        let stored = db.store.load_snapshot().await.unwrap().policies.remove(0);
        (stored.changed_at, stored.seen_at)
    };
    db.store.put_policy(&policy(1, "{}"), NOW).await.unwrap();
    db.store.put_policy(&policy(1, "{}"), LATER).await.unwrap();
    assert_eq!(times().await, (NOW, LATER));
    db.store.put_policy(&policy(1, "{ }"), LATER).await.unwrap();
    assert_eq!(times().await, (LATER, LATER));
}

#[tokio::test]
async fn every_change_makes_a_next_generation() {
    let db = database().await;
    imported(&db, &[(1, &[])], NOW).await;
    let store = &db.store;
    let mut last = store.generation().await.unwrap();
    let mut grown = async |what: &str| {
        let now = store.generation().await.unwrap();
        assert!(now > last, "{what}");
        last = now;
    };
    store.put_policy(&policy(2, "{}"), NOW).await.unwrap();
    grown("put_policy").await;
    store.put_attachment(&id(2), &root()).await.unwrap();
    grown("put_attachment").await;
    store.remove_attachment(&id(2), &root()).await.unwrap();
    grown("remove_attachment").await;
    store.remove_policy(&id(2)).await.unwrap();
    grown("remove_policy").await;
    store.set_policy_type(true).await.unwrap();
    grown("set_policy_type").await;
    store.clear_attachments().await.unwrap();
    grown("clear_attachments").await;
}

#[tokio::test]
async fn attaching_twice_keeps_one_attachment_in_its_place() {
    let db = database().await;
    imported(&db, &[(1, &[]), (2, &[])], NOW).await;
    for n in [2, 1, 2] {
        db.store.put_attachment(&id(n), &root()).await.unwrap();
    }
    let snapshot = db.store.load_snapshot().await.unwrap();
    assert_eq!(attached(&snapshot), [2, 1].map(|n| (root().to_string(), n)));
}

#[tokio::test]
async fn policies_attached_at_once_all_find_a_place_of_their_own() {
    let db = database().await;
    let policies: Vec<(u32, &[&str])> = (1..=8).map(|n| (n, &[] as &[&str])).collect();
    imported(&db, &policies, NOW).await;
    let (ids, root) = ((1..=8).map(id).collect::<Vec<_>>(), root());
    for result in join_all(ids.iter().map(|id| db.store.put_attachment(id, &root))).await {
        result.unwrap();
    }
    let mut places: Vec<i32> =
        db.store.load_snapshot().await.unwrap().attachments.iter().map(|a| a.position).collect();
    places.sort_unstable();
    assert_eq!(places, (0..8).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_removed_policy_takes_its_attachments_with_it() {
    let db = database().await;
    imported(&db, &[(1, &["r-ab12", "123456789012"]), (2, &["r-ab12"])], NOW).await;
    db.store.remove_policy(&id(1)).await.unwrap();
    let snapshot = db.store.load_snapshot().await.unwrap();
    assert_eq!((snapshot.policies.len(), attached(&snapshot)), (1, vec![("r-ab12".to_owned(), 2)]));
}

#[tokio::test]
async fn attaching_where_nothing_is_known_yet_is_left_to_the_next_import() {
    let db = database().await;
    db.store.put_attachment(&id(1), &root()).await.unwrap();
    assert_eq!(db.store.load_snapshot().await.unwrap().attachments, []);
}

#[tokio::test]
async fn what_aws_finds_invalid_is_a_new_generation_only_where_it_is_news() {
    let db = database().await;
    let now = OffsetDateTime::UNIX_EPOCH;
    let told = async |accounts: Option<&[&str]>| {
        let ids = accounts.map(|ids| ids.iter().map(|id| id.parse().unwrap()).collect::<Vec<AccountId>>());
        db.store.set_invalid_accounts(ids.as_deref(), now).await.unwrap();
        let snapshot = db.store.load_snapshot().await.unwrap();
        let known =
            snapshot.invalid_in_aws.map(|ids| ids.iter().map(ToString::to_string).collect::<Vec<_>>());
        (snapshot.generation, known)
    };
    let ids = |ids: &[&str]| Some(ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
    assert_eq!(told(None).await, (0, None));
    assert_eq!(told(Some(&[])).await, (1, ids(&[])), "none is another thing than not known");
    assert_eq!(
        told(Some(&["222222222222", "111111111111", "111111111111"])).await,
        (2, ids(&["111111111111", "222222222222"]))
    );
    assert_eq!(
        told(Some(&["111111111111", "222222222222"])).await,
        (2, ids(&["111111111111", "222222222222"]))
    );
    assert_eq!(told(None).await, (3, None));
}
