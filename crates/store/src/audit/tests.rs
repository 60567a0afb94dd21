mod owner;

use model::access::Action;
use time::{Duration, macros::datetime};

use super::*;
use crate::testing::{TestDatabase, database};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

fn event(n: i64, action: AuditAction) -> NewAudit {
    let person = format!("user{}@example.com", n % 2);
    let actor = Actor { person, session: "5e5510".into(), address: "192.0.2.7".into() };
    NewAudit {
        subject: Named::new(format!("p-{n:08}"), format!("100%_{n}")),
        ..NewAudit::done(actor, action)
    }
}

async fn begin(db: &TestDatabase, n: i64, action: AuditAction) -> i64 {
    db.store.append_audit(&event(n, action), NOW + Duration::seconds(n)).await.unwrap()
}

fn ids(page: &Page<AuditEntry>) -> Vec<i64> {
    page.rows.iter().map(|e| e.id).collect()
}

async fn all(db: &TestDatabase) -> Vec<AuditEntry> {
    db.store.audit(AuditSearch::of_all(&AuditFilter::default(), Period::default())).await.unwrap().rows
}

#[tokio::test]
async fn an_entry_shows_what_came_of_it_once_that_is_known() {
    let db = database().await;
    let begun = NewAudit { outcome: AuditOutcome::Begun, ..event(1, AuditAction::PolicyCreated) };
    let entry = db.store.append_audit(&begun, NOW).await.unwrap();
    assert_eq!(all(&db).await[0].outcome, AuditOutcome::Begun);
    let detail = AuditDetail::Unknown { reason: "no answer".into() };
    let unknown = NewAudit { entry: Some(entry), outcome: AuditOutcome::Unknown, detail, ..begun.clone() };
    db.store.append_audit(&unknown, NOW + Duration::MINUTE).await.unwrap();
    assert_eq!(all(&db).await[0].outcome, AuditOutcome::Unknown);
    let request_ids = vec!["req-1".to_owned()];
    let settled = NewAudit { entry: Some(entry), outcome: AuditOutcome::Succeeded, request_ids, ..begun };
    db.store.append_audit(&settled, NOW + Duration::HOUR).await.unwrap();
    let [one] = &all(&db).await[..] else { panic!() };
    assert_eq!((one.id, one.at, one.outcome), (entry, NOW, AuditOutcome::Succeeded));
    assert_eq!((one.request_ids.as_slice(), one.address.as_str()), (&["req-1".to_owned()][..], "192.0.2.7"));
}

#[tokio::test]
async fn what_is_written_stays_written() {
    let db = database().await;
    begin(&db, 1, AuditAction::PolicyDeleted).await;
    for sql in
        ["UPDATE audit_events SET person = 'x'", "DELETE FROM audit_events", "TRUNCATE audit_events CASCADE"]
    {
        assert!(sqlx::query(sql).execute(&db.store.pool).await.is_err(), "{sql}");
    }
}

/// Every row has the next number and the hash that follows from its fields and the row before it; answers how many there are.
pub(crate) async fn chain_is_whole(store: &Store) -> usize {
    let mut walk = store.walk_audit_chain().await.unwrap();
    let mut count = 0;
    loop {
        match walk.step().await.unwrap() {
            ChainStep::Rows(rows) => count += rows.len(),
            ChainStep::Broken(fault) => panic!("{fault}"),
            ChainStep::End => return count,
        }
    }
}

#[tokio::test]
async fn every_row_is_chained_to_the_one_before_also_where_many_write_at_once() {
    let db = database().await;
    let other = Store::connect(&db.url, crate::Options::default()).unwrap();
    let writing = (0..40).map(|n| {
        let store = if n % 2 == 0 { &db.store } else { &other };
        let odd = ["Ünïcode 🦀", "a\0b", "12:34", "-", ""][n % 5].to_owned();
        let detail = AuditDetail::Text { text: odd.clone() };
        let target = (n % 3 == 0).then(|| Named::new("123456789012", odd));
        let step = (n % 4 == 0).then_some((ChangeId(7), 3));
        let event = NewAudit {
            detail,
            target,
            step,
            ..event(i64::try_from(n).unwrap(), AuditAction::PolicyAttached)
        };
        async move { store.append_audit(&event, NOW).await.unwrap() }
    });
    futures::future::join_all(writing).await;
    assert_eq!(chain_is_whole(&db.store).await, 40);
    other.close().await;
}

#[tokio::test]
async fn strangers_who_are_refused_again_and_again_are_counted_and_fill_no_list() {
    let db = database().await;
    let actor =
        |address: &str| Actor { person: "nobody".into(), session: String::new(), address: address.into() };
    for minute in [0, 1, 59, 61] {
        let now = NOW + Duration::minutes(minute);
        db.store.refuse_sign_in(actor("192.0.2.1"), now).await.unwrap();
    }
    db.store.refuse_sign_in(actor("192.0.2.2"), NOW).await.unwrap();
    let details: Vec<_> =
        all(&db).await.into_iter().rev().map(|entry| (entry.address, entry.detail)).collect();
    let more = |more| AuditDetail::RefusedSignIns { more };
    let expected =
        [("192.0.2.1", more(2)), ("192.0.2.1", AuditDetail::Nothing), ("192.0.2.2", AuditDetail::Nothing)];
    assert_eq!(details, expected.map(|(address, detail)| (address.to_owned(), detail)));
    assert_eq!(chain_is_whole(&db.store).await, 3);
}

#[tokio::test]
async fn who_is_refused_again_and_again_is_counted_by_action_and_hour() {
    let db = database().await;
    let refuse = async |person: &str, action, minute| {
        let actor = Actor { person: person.into(), session: "5e55".into(), address: "192.0.2.1".into() };
        let subject = Named::new("123456789012", "Payments");
        let refused = RefusedAccess { actor, action, unconfirmed: false, subject, target: None };
        db.store.refuse_access(refused, NOW + Duration::minutes(minute)).await.unwrap();
    };
    for minute in [0, 1, 59, 61] {
        refuse("ada", Action::AttachPolicy, minute).await;
    }
    refuse("ada", Action::Sync, 2).await;
    refuse("ben", Action::Sync, 2).await;
    let told: Vec<_> = all(&db).await.into_iter().rev().map(|entry| (entry.actor, entry.detail)).collect();
    let refused = |who: &str, action, more| {
        (who.to_owned(), AuditDetail::AccessRefused { action, unconfirmed: false, more })
    };
    let expected = [
        refused("ada", Action::AttachPolicy, 2),
        refused("ada", Action::AttachPolicy, 0),
        refused("ada", Action::Sync, 0),
        refused("ben", Action::Sync, 0),
    ];
    assert_eq!(told, expected);
    let rows = all(&db).await;
    assert!(rows.iter().all(|e| e.subject.name == "Payments" && e.outcome == AuditOutcome::Failed));
    assert_eq!(chain_is_whole(&db.store).await, 4);
}

#[tokio::test]
async fn a_period_leaves_what_began_from_one_moment_on_and_before_another() {
    let db = database().await;
    for n in 0..4 {
        begin(&db, n, AuditAction::SignIn).await;
    }
    let at = |n| Some(NOW + Duration::seconds(n));
    let found = async |from, until| {
        let page = db
            .store
            .audit(AuditSearch::of_all(&AuditFilter::default(), Period { from, until }))
            .await
            .unwrap();
        (ids(&page), page.total.count)
    };
    assert_eq!(found(at(1), None).await, (vec![4, 3, 2], 3));
    assert_eq!(found(None, at(1)).await, (vec![1], 1));
    assert_eq!(found(at(1), at(3)).await, (vec![3, 2], 2));
    let (filter, period) = (AuditFilter::default(), Period { from: at(1), until: None });
    let older = db.store.audit_before(AuditSearch::of_all(&filter, period), 4, 1).await;
    assert_eq!(
        older.unwrap().iter().map(|e| e.id).collect::<Vec<_>>(),
        [3, 2],
        "one more than asked for at most"
    );
}

#[tokio::test]
async fn who_attached_what_to_an_account_is_one_question() {
    let db = database().await;
    let attach = |n, target: &str| NewAudit {
        target: Some(Named::new(target, "payments")),
        ..event(n, AuditAction::PolicyAttached)
    };
    for (n, target) in [(1, "111122223333"), (2, "444455556666"), (3, "111122223333")] {
        db.store.append_audit(&attach(n, target), NOW).await.unwrap();
    }
    let found = async |target: &str| {
        let filter = AuditFilter { target: target.into(), ..AuditFilter::default() };
        db.store.audit(AuditSearch::of_all(&filter, Period::default())).await.unwrap().rows
    };
    let rows = found("111122223333").await;
    let what: Vec<_> = rows.iter().map(|e| (e.actor.as_str(), e.subject.id.as_str())).collect();
    assert_eq!(what, [("user1@example.com", "p-00000003"), ("user1@example.com", "p-00000001")]);
    assert_eq!(found("pay").await.len(), 3, "by a part of the name");
    assert_eq!(found("p-00000002").await.len(), 1);
}

#[tokio::test]
async fn pages_lead_there_and_back_while_entries_arrive() {
    let db = database().await;
    for n in 0..120 {
        begin(&db, n, AuditAction::SignIn).await;
    }
    let page = async |cursor: &Option<String>| {
        let filter = AuditFilter { cursor: cursor.clone().unwrap_or_default(), ..AuditFilter::default() };
        db.store.audit(AuditSearch::of_all(&filter, Period::default())).await.unwrap()
    };
    let first = page(&None).await;
    assert_eq!((first.rows.len(), first.total.count, first.previous.is_none()), (50, 120, true));
    begin(&db, 120, AuditAction::SignIn).await;
    let second = page(&first.next).await;
    let third = page(&second.next).await;
    let seen = [ids(&first), ids(&second), ids(&third)].concat();
    assert_eq!(seen.len(), 120);
    assert!(seen.windows(2).all(|w| w[0] > w[1]));
    assert_eq!(third.next, None);
    assert_eq!(ids(&page(&third.previous).await), ids(&second));
    // Before the second page there are 51 by now: the newest 50 would not join it, so the step shows its neighbours.
    let back = page(&second.previous).await;
    assert_eq!(ids(&back), ids(&first));
    let top = page(&back.previous).await;
    assert_eq!((top.rows.len(), top.previous.is_none()), (50, true));
}

#[tokio::test]
async fn filters_take_special_characters_literally() {
    let db = database().await;
    begin(&db, 1, AuditAction::SignIn).await;
    begin(&db, 2, AuditAction::PolicyEdited).await;
    let count = async |filter: AuditFilter| {
        db.store.audit(AuditSearch::of_all(&filter, Period::default())).await.unwrap().total.count
    };
    assert_eq!(count(AuditFilter { actor: "USER1".into(), ..Default::default() }).await, 1);
    assert_eq!(count(AuditFilter { actor: "user_@".into(), ..Default::default() }).await, 0);
    assert_eq!(count(AuditFilter { target: "100%_2".into(), ..Default::default() }).await, 1);
    assert_eq!(count(AuditFilter { target: "\\".into(), ..Default::default() }).await, 0);
    assert_eq!(count(AuditFilter { action: "policy_edited".into(), ..Default::default() }).await, 1);
    assert_eq!(count(AuditFilter { cursor: "nonsense".into(), ..Default::default() }).await, 2);
}
