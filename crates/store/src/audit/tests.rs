use time::{Duration, macros::datetime};

use super::*;
use crate::testing::{TestDatabase, database};

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

async fn begin(db: &TestDatabase, n: i64, action: AuditAction) -> i64 {
    let audit = NewAudit {
        actor: format!("user{}@example.com", n % 2),
        action,
        target: format!("p-{n:08}"),
        target_name: format!("100%_{n}"),
    };
    db.store.begin_audit(audit, NOW + Duration::seconds(n)).await.unwrap()
}

fn ids(page: &Page<AuditEntry>) -> Vec<i64> {
    page.rows.iter().map(|e| e.id).collect()
}

#[tokio::test]
async fn an_entry_shows_what_came_of_it_once_that_is_known() {
    let db = database().await;
    let id = begin(&db, 1, AuditAction::PolicyCreated).await;
    let entry = |page: Page<AuditEntry>| page.rows.into_iter().next().unwrap();
    assert_eq!(entry(db.store.audit(&AuditFilter::default()).await.unwrap()).outcome, AuditOutcome::Begun);
    db.store.finish_audit(id, AuditOutcome::Failed, Some("req-1"), "denied", NOW).await.unwrap();
    let after = entry(db.store.audit(&AuditFilter::default()).await.unwrap());
    assert_eq!((after.outcome, after.detail.as_str()), (AuditOutcome::Failed, "denied"));
    assert_eq!((after.aws_request_id.as_deref(), after.at), (Some("req-1"), NOW + Duration::seconds(1)));
}

#[tokio::test]
async fn what_is_written_stays_written() {
    let db = database().await;
    let id = begin(&db, 1, AuditAction::PolicyDeleted).await;
    db.store.finish_audit(id, AuditOutcome::Succeeded, None, "", NOW).await.unwrap();
    let again = db.store.finish_audit(id, AuditOutcome::Failed, None, "", NOW).await.unwrap_err();
    assert_eq!(again.constraint(), Some("audit_outcomes_pkey"));
    for sql in [
        "UPDATE audit_entries SET actor = 'x'",
        "DELETE FROM audit_outcomes",
        "TRUNCATE audit_entries CASCADE",
    ] {
        assert!(sqlx::query(sql).execute(&db.store.pool).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn pages_lead_there_and_back_while_entries_arrive() {
    let db = database().await;
    for n in 0..120 {
        begin(&db, n, AuditAction::SignIn).await;
    }
    let page = async |cursor: &Option<String>| {
        let filter = AuditFilter { cursor: cursor.clone().unwrap_or_default(), ..AuditFilter::default() };
        db.store.audit(&filter).await.unwrap()
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
    let count = async |filter: AuditFilter| db.store.audit(&filter).await.unwrap().total.count;
    assert_eq!(count(AuditFilter { actor: "USER1".into(), ..Default::default() }).await, 1);
    assert_eq!(count(AuditFilter { actor: "user_@".into(), ..Default::default() }).await, 0);
    assert_eq!(count(AuditFilter { target: "100%_2".into(), ..Default::default() }).await, 1);
    assert_eq!(count(AuditFilter { target: "\\".into(), ..Default::default() }).await, 0);
    assert_eq!(count(AuditFilter { action: "policy_edited".into(), ..Default::default() }).await, 1);
    assert_eq!(count(AuditFilter { cursor: "nonsense".into(), ..Default::default() }).await, 2);
}
