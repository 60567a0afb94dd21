use futures::future::join_all;
use model::{Role, access::Rights, team::rights};
use time::macros::datetime;

use super::*;
use crate::testing::{TestDatabase, database, person};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);
const LATER: OffsetDateTime = datetime!(2026-11-20 09:00 UTC);

fn user(email: &str) -> NewUser {
    person(email, Role::Administrator)
}

#[tokio::test]
async fn a_user_is_found_whatever_the_case_of_the_address() {
    let db = database().await;
    let id = db.store.create_user(user(" Ada@Example.com"), NOW).await.unwrap();
    let found = db.store.user_by_email("ADA@example.COM ").await.unwrap().unwrap();
    assert_eq!((found.id, found.email.as_str()), (id, "ada@example.com"));
    assert_eq!(rights(&found.given), Rights::everywhere(Role::Administrator));
    assert_eq!(db.store.user_by_id(id).await.unwrap(), Some(found));
    assert_eq!(db.store.user_by_email("bob@example.com").await.unwrap(), None);
}

#[tokio::test]
async fn an_address_in_another_case_is_the_same_address() {
    let db = database().await;
    db.store.create_user(user("ada@example.com"), NOW).await.unwrap();
    let error = db.store.create_user(user("ADA@example.com"), NOW).await.unwrap_err();
    assert_eq!(error.constraint(), Some("users_email_key"));
}

#[tokio::test]
async fn a_welcome_link_works_until_its_end_and_is_used_up() {
    let db = database().await;
    db.store.put_welcome_token("one", LATER).await.unwrap();
    let first =
        async |now| db.store.create_first_administrator(user("ada@example.com"), "one", now).await.unwrap();
    assert_eq!(first(LATER).await, None);
    assert_eq!(links(&db).await, 1, "a refused try takes nothing");
    assert!(first(NOW).await.is_some());
    assert_eq!(links(&db).await, 0);
}

async fn links(db: &TestDatabase) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM welcome_tokens").fetch_one(&db.store.pool).await.unwrap()
}

#[tokio::test]
async fn of_many_who_want_to_be_the_first_administrator_one_is() {
    let db = database().await;
    for token in ["a", "b"] {
        db.store.put_welcome_token(token, LATER).await.unwrap();
    }
    let tries = (0..8).map(|n| {
        let store = db.store.clone();
        async move {
            let token = if n % 2 == 0 { "a" } else { "b" };
            store.create_first_administrator(user(&format!("ada{n}@example.com")), token, NOW).await.unwrap()
        }
    });
    let results = join_all(tries).await;
    assert_eq!(results.iter().filter(|r| r.is_some()).count(), 1, "{results:?}");
    assert_eq!(db.store.count_users().await.unwrap(), 1);
    assert_eq!(links(&db).await, 0, "other links end too");
}

#[tokio::test]
async fn a_wrong_link_makes_nobody_an_administrator() {
    let db = database().await;
    let result = db.store.create_first_administrator(user("ada@example.com"), "guess", NOW).await.unwrap();
    assert_eq!((result, db.store.count_users().await.unwrap()), (None, 0));
}
