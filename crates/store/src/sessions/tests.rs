use std::sync::Mutex;

use model::{Role, audit::AuditAction};
use serde_json::json;
use time::macros::datetime;
use tower_sessions::session_store::SessionStore as _;

use super::*;
use crate::{
    Actor, EndedAtProvider,
    testing::{TestDatabase, database, person},
};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

/// A store whose clock the test moves.
fn sessions(db: &TestDatabase) -> (SessionStore, Arc<Mutex<OffsetDateTime>>) {
    let hand = Arc::new(Mutex::new(NOW));
    let read = hand.clone();
    (SessionStore::new(db.store.clone(), move || *read.lock().unwrap()), hand)
}

async fn ada(db: &TestDatabase) -> UserId {
    db.store.create_user(person("ada@example.com", Role::Viewer), NOW).await.unwrap()
}

fn ended() -> NewAudit {
    NewAudit::done(Actor::default(), AuditAction::SessionsEnded)
}

fn record(user: Option<UserId>) -> Record {
    let data = user.map(|id| (SESSION_USER.to_owned(), json!(id))).into_iter().collect();
    Record { id: Id::default(), data, expiry_date: NOW + Duration::minutes(30) }
}

#[tokio::test]
async fn a_session_comes_back_as_it_was_and_its_id_is_nowhere_in_the_table() {
    let db = database().await;
    let (sessions, _) = sessions(&db);
    let mut record = record(Some(ada(&db).await));
    record.data.insert("note".into(), json!("a zero \u{0} and “quotes”"));
    sessions.create(&mut record).await.unwrap();
    assert_eq!(sessions.load(&record.id).await.unwrap(), Some(record.clone()));
    let found: Vec<u8> =
        sqlx::query_scalar("SELECT id_hash FROM sessions").fetch_one(&db.store.pool).await.unwrap();
    assert_eq!(found, Sha256::digest(record.id.0.to_le_bytes()).to_vec());
    assert_eq!(sessions.load(&Id::default()).await.unwrap(), None);
}

#[tokio::test]
async fn an_unused_session_ends() {
    let db = database().await;
    let (sessions, clock) = sessions(&db);
    let mut record = record(None);
    sessions.create(&mut record).await.unwrap();
    *clock.lock().unwrap() = NOW + Duration::minutes(30);
    assert_eq!(sessions.load(&record.id).await.unwrap(), None);
    assert_eq!(db.store.delete_expired_sessions(NOW + Duration::minutes(30)).await.unwrap(), 1);
}

#[tokio::test]
async fn a_session_in_use_ends_after_twelve_hours() {
    let db = database().await;
    let (sessions, clock) = sessions(&db);
    let mut record = record(None);
    sessions.create(&mut record).await.unwrap();
    record.expiry_date = NOW + Duration::days(7);
    sessions.save(&record).await.unwrap();
    *clock.lock().unwrap() = NOW + Duration::hours(12) - Duration::seconds(1);
    let loaded = sessions.load(&record.id).await.unwrap().unwrap();
    assert_eq!(loaded.expiry_date, NOW + Duration::hours(12));
    *clock.lock().unwrap() = NOW + Duration::hours(12);
    assert_eq!(sessions.load(&record.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_taken_id_is_replaced() {
    let db = database().await;
    let (sessions, _) = sessions(&db);
    let mut first = record(None);
    sessions.create(&mut first).await.unwrap();
    let mut second = record(Some(ada(&db).await));
    second.id = first.id;
    sessions.create(&mut second).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(sessions.load(&first.id).await.unwrap(), Some(first));
}

#[tokio::test]
async fn ending_a_users_sessions_ends_them_even_for_a_request_under_way() {
    let db = database().await;
    let (sessions, _) = sessions(&db);
    let user = ada(&db).await;
    let (mut his, mut other) = (record(Some(user)), record(None));
    sessions.create(&mut his).await.unwrap();
    sessions.create(&mut other).await.unwrap();
    assert_eq!(db.store.end_sessions_of(user, &ended(), NOW).await.unwrap(), 1);
    sessions.save(&his).await.unwrap();
    assert_eq!(sessions.load(&his.id).await.unwrap(), None);
    assert!(sessions.load(&other.id).await.unwrap().is_some());
}

#[tokio::test]
async fn disabling_a_user_ends_their_sessions() {
    let db = database().await;
    let (sessions, _) = sessions(&db);
    let user = ada(&db).await;
    let mut record = record(Some(user));
    sessions.create(&mut record).await.unwrap();
    db.store.set_user_disabled(user, true, &ended(), NOW).await.unwrap().unwrap();
    assert_eq!(sessions.load(&record.id).await.unwrap(), None);
    assert!(db.store.user_by_id(user).await.unwrap().unwrap().disabled);
}

#[tokio::test]
async fn a_refused_form_and_the_data_of_its_session_do_not_overwrite_each_other() {
    let db = database().await;
    let (sessions, _) = sessions(&db);
    let mut record = record(Some(ada(&db).await));
    sessions.create(&mut record).await.unwrap();
    // One request marks the session as used, another keeps a form meanwhile.
    let mut first = sessions.load(&record.id).await.unwrap().unwrap();
    assert!(sessions.keep_refused_form(&record.id, "/policies/new", "{}").await.unwrap());
    first.data.insert("seen_at".into(), json!(1));
    sessions.save(&first).await.unwrap();
    assert_eq!(sessions.load(&record.id).await.unwrap().unwrap().data["seen_at"], json!(1));
    let take = async |page| sessions.take_refused_form(&record.id, page, Duration::MINUTE).await.unwrap();
    assert_eq!(take("/policies").await, None, "another page leaves it");
    assert_eq!(take("/policies/new").await.as_deref(), Some("{}"));
    assert_eq!(take("/policies/new").await, None, "it is given back once");
    assert_eq!(sessions.load(&record.id).await.unwrap().unwrap().data["seen_at"], json!(1));
}

#[tokio::test]
async fn a_refused_form_is_dropped_when_nobody_comes_for_it_and_with_its_session() {
    let db = database().await;
    let (sessions, clock) = sessions(&db);
    let mut record = record(None);
    sessions.create(&mut record).await.unwrap();
    assert!(sessions.keep_refused_form(&record.id, "/jobs", "{}").await.unwrap());
    *clock.lock().unwrap() = NOW + Duration::MINUTE;
    let take = async |page| sessions.take_refused_form(&record.id, page, Duration::MINUTE).await.unwrap();
    assert_eq!(take("/other").await, None);
    *clock.lock().unwrap() = NOW;
    assert_eq!(take("/jobs").await, None, "it was dropped");
    sessions.delete(&record.id).await.unwrap();
    assert!(!sessions.keep_refused_form(&record.id, "/jobs", "{}").await.unwrap());
}

#[tokio::test]
async fn people_see_their_own_sessions_and_end_one_or_all_others() {
    let db = database().await;
    let (sessions, _) = sessions(&db);
    let user = ada(&db).await;
    let mut names = Vec::new();
    for (n, browser) in ["Firefox on Linux", "Safari on iPhone", "Chrome on Windows"].into_iter().enumerate()
    {
        let mut record = record(Some(user));
        record.data.insert(SESSION_BROWSER.into(), json!(browser));
        record.data.insert(SESSION_ADDRESS.into(), json!("192.0.2.7"));
        record.data.insert(SESSION_SEEN.into(), json!(NOW.unix_timestamp() + 60 * n as i64));
        sessions.create(&mut record).await.unwrap();
        names.push(session_name(&record.id));
    }
    sessions.create(&mut record(None)).await.unwrap();
    let seen = async || db.store.sessions_of(user, &names[0], NOW).await.unwrap();
    let [first, second, third] = seen().await.try_into().unwrap();
    assert!(first.current && first.browser == "Firefox on Linux" && first.address == "192.0.2.7");
    assert_eq!((second.browser.as_str(), second.used_at), ("Chrome on Windows", NOW + Duration::minutes(2)));
    assert_eq!((third.name.as_str(), third.current), (names[1].as_str(), false));
    assert!(!db.store.end_session(user + 1, &names[2], &ended(), NOW).await.unwrap(), "it is another's");
    assert!(db.store.end_session(user, &names[2], &ended(), NOW).await.unwrap());
    assert_eq!(seen().await.len(), 2);
    assert_eq!(db.store.end_other_sessions(user, &names[0], &ended(), NOW).await.unwrap(), 1);
    assert_eq!(seen().await.into_iter().map(|one| one.name).collect::<Vec<_>>(), [names[0].clone()]);
}

#[tokio::test]
async fn a_session_of_a_provider_ends_in_time_and_by_the_providers_word() {
    let db = database().await;
    let (sessions, clock) = sessions(&db);
    let user = ada(&db).await;
    let begin = async |subject: &str, sid: Option<&str>| {
        let provider = ProviderSession {
            provider: "corp".into(),
            issuer: "https://id.example.com".into(),
            subject: subject.into(),
            sid: sid.map(str::to_owned),
            id_token: String::new(),
            ends_at: (NOW + Duration::HOUR).unix_timestamp(),
        };
        let mut record = record(Some(user));
        record.expiry_date = NOW + Duration::DAY;
        record.data.insert(SESSION_PROVIDER.into(), serde_json::to_value(provider).unwrap());
        sessions.create(&mut record).await.unwrap();
        record.id
    };
    let tokens = std::sync::atomic::AtomicU32::new(0);
    let end = async |subject: Option<&str>, sid: Option<&str>| {
        let named = EndedAtProvider {
            subject: subject.map(str::to_owned),
            sid: sid.map(str::to_owned),
            token: tokens.fetch_add(1, std::sync::atomic::Ordering::Relaxed).to_string(),
            token_expires_at: NOW + Duration::HOUR,
        };
        let end = || db.store.end_provider_sessions("https://id.example.com", &named, |_| ended(), NOW);
        let count = end().await.unwrap().unwrap();
        assert_eq!(end().await.unwrap(), None, "no token is followed twice");
        count
    };
    let first = begin("ada", Some("one")).await;
    begin("ada", Some("two")).await;
    begin("ada", None).await;
    assert_eq!(end(None, None).await, 0);
    assert_eq!(end(Some("bob"), Some("one")).await, 0);
    assert_eq!(end(None, Some("two")).await, 1);
    assert!(sessions.load(&first).await.unwrap().is_some());
    *clock.lock().unwrap() = NOW + Duration::HOUR;
    assert_eq!(sessions.load(&first).await.unwrap(), None, "in any case");
    *clock.lock().unwrap() = NOW;
    assert_eq!(end(Some("ada"), None).await, 2);
    assert_eq!(sessions.load(&first).await.unwrap(), None);
}

#[tokio::test]
async fn of_many_who_take_a_sign_in_that_is_under_way_one_has_it() {
    let db = database().await;
    let (sessions, clock) = sessions(&db);
    let mut record = record(None);
    record.data.insert(SESSION_PENDING.into(), json!({"state": "s"}));
    sessions.create(&mut record).await.unwrap();
    let taken =
        futures::future::join_all((0..8).map(|_| sessions.take_pending(&record.id, SESSION_PENDING))).await;
    let taken: Vec<_> = taken.into_iter().filter_map(Result::unwrap).collect();
    assert_eq!(taken, [json!({"state": "s"})]);
    let left = sessions.load(&record.id).await.unwrap().unwrap();
    assert!(left.data.is_empty(), "the session goes on");
    record.id = Id::default();
    sessions.create(&mut record).await.unwrap();
    *clock.lock().unwrap() = record.expiry_date;
    assert_eq!(sessions.take_pending(&record.id, SESSION_PENDING).await.unwrap(), None, "too late");
}
