use std::{collections::BTreeSet, sync::Arc};

use model::{
    Role,
    audit::{AuditAction, AuditDetail, AuditOutcome},
    change::Named,
};
use store::{Actor, HeadDue, NewAudit, testing::TestDatabase};
use time::{OffsetDateTime, macros::datetime};

use super::*;
use crate::{Origin, Parts, sync};

pub(super) const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);

/// A portal without AWS.
pub(super) async fn portal_on(db: &TestDatabase) -> Portal {
    let aws = aws::Aws::connect(aws::Options::simulated("http://127.0.0.1:1", aws::Rates::Off));
    Portal::new(Parts {
        store: db.store.clone(),
        aws: aws.await.unwrap(),
        clock: || NOW,
        random: Box::new(<rand::rngs::StdRng as rand::SeedableRng>::seed_from_u64(7)),
        simulated: true,
        regions: Vec::new(),
        sync: sync::channel().0,
        providers: crate::Providers::default(),
    })
}

async fn person(portal: &Portal, role: Role) -> Caller {
    person_confirmed(portal, role, Some(NOW)).await
}

async fn person_confirmed(portal: &Portal, role: Role, at: Option<OffsetDateTime>) -> Caller {
    let user = store::testing::person(&format!("{}@example.com", role.as_str()), role);
    let id = portal.store().create_user(user, NOW).await.unwrap();
    let origin = Origin { session: "5e55".into(), address: "192.0.2.7".into() };
    portal.caller(id, origin, at).await.unwrap().unwrap()
}

async fn write(db: &TestDatabase, names: impl IntoIterator<Item = String>) {
    for name in names {
        let actor = Actor { person: "ada@example.com".into(), ..Actor::default() };
        let subject = Named::new("p-12345678", name);
        let event = NewAudit { subject, ..NewAudit::done(actor, AuditAction::PolicyEdited) };
        db.store.append_audit(&event, NOW).await.unwrap();
    }
}

fn denied<T>(result: Result<T, PortalError>) -> bool {
    matches!(result, Err(PortalError::Denied(_)))
}

async fn of_action(portal: &Portal, admin: &Caller, action: AuditAction) -> Vec<AuditEntry> {
    let filter = AuditFilter { action: action.as_str().into(), ..AuditFilter::default() };
    portal.audit(admin, &filter).await.unwrap().rows
}

#[tokio::test]
async fn whoever_is_refused_is_in_the_list_with_what_they_may_not_and_how_often() {
    let db = store::testing::database().await;
    let portal = portal_on(&db).await;
    let (viewer, admin) = (person(&portal, Role::Viewer).await, person(&portal, Role::Administrator).await);
    for _ in 0..3 {
        assert!(denied(portal.audit(&viewer, &AuditFilter::default()).await));
    }
    assert!(denied(portal.request_sync(&viewer, true).await));
    let entries = of_action(&portal, &admin, AuditAction::AccessRefused).await;
    let told: Vec<_> = entries.iter().map(|e| (e.actor.as_str(), e.outcome, e.detail.clone())).collect();
    let refused = |action, more| {
        (
            "viewer@example.com",
            AuditOutcome::Failed,
            AuditDetail::AccessRefused { action, unconfirmed: false, more },
        )
    };
    assert_eq!(told, [refused(Action::Sync, 0), refused(Action::ReadAudit, 2)]);
    assert!(entries.iter().all(|entry| entry.address == "192.0.2.7"));
    assert_eq!(entries[1].detail.words(), "May not read the audit list. And 2 more in the same hour.");
}

#[tokio::test]
async fn who_may_but_has_not_shown_lately_that_it_is_they_is_told_apart() {
    let db = store::testing::database().await;
    let portal = portal_on(&db).await;
    let auditor = person(&portal, Role::Auditor).await;
    let admin = person_confirmed(&portal, Role::Administrator, None).await;
    let policy = "p-12345678".parse().unwrap();
    assert!(denied(portal.delete_policy(&admin, &policy).await));
    let entries = of_action(&portal, &auditor, AuditAction::AccessRefused).await;
    let words: Vec<_> = entries.iter().map(|entry| entry.detail.words()).collect();
    assert_eq!(words, ["Without a fresh password or factor, may not delete policies."]);
}

#[tokio::test]
async fn a_refusal_that_cannot_be_written_down_is_a_refusal_all_the_same() {
    let db = store::testing::database().await;
    let portal = portal_on(&db).await;
    let viewer = person(&portal, Role::Viewer).await;
    db.refuse_inserts("audit_events", "53100").await;
    assert!(denied(portal.audit(&viewer, &AuditFilter::default()).await));
    assert!(denied(portal.export_audit(&viewer, AuditFilter::default(), ExportFormat::Csv).await));
}

#[tokio::test]
async fn a_time_that_is_none_is_told_at_its_field() {
    let db = store::testing::database().await;
    let portal = portal_on(&db).await;
    let admin = person(&portal, Role::Administrator).await;
    let filter = AuditFilter { from: "yesterday".into(), ..AuditFilter::default() };
    let Err(PortalError::Invalid(problems)) = portal.audit(&admin, &filter).await else { panic!() };
    assert_eq!(problems[0].field, "from");
    let begun = portal.export_audit(&admin, filter, ExportFormat::JsonLines).await;
    assert!(matches!(begun, Err(PortalError::Invalid(_))));
    assert!(of_action(&portal, &admin, AuditAction::AuditExported).await.is_empty());
}

async fn exported(
    portal: &Portal,
    by: &Caller,
    filter: AuditFilter,
    format: ExportFormat,
) -> (usize, String) {
    let mut export = portal.export_audit(by, filter, format).await.unwrap();
    let (mut parts, mut file) = (0, Vec::new());
    while let Some(part) = export.next().await.unwrap() {
        parts += 1;
        file.extend(part);
    }
    (parts, String::from_utf8(file).unwrap())
}

#[tokio::test]
async fn an_export_has_all_that_the_filter_leaves_in_parts_and_is_an_entry_itself() {
    let db = store::testing::database().await;
    let portal = portal_on(&db).await;
    let (auditor, admin) = (person(&portal, Role::Auditor).await, person(&portal, Role::Administrator).await);
    write(&db, (0..1100).map(|n| format!("Daily {n}"))).await;
    write(&db, ["=1+1, \"x\"".to_owned()]).await;
    let all = AuditFilter { cursor: "o5".into(), ..AuditFilter::default() };
    let (parts, file) = exported(&portal, &auditor, all, ExportFormat::JsonLines).await;
    let entries: Vec<AuditEntry> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: BTreeSet<i64> = entries.iter().map(|entry| entry.id).collect();
    assert_eq!((entries.len(), ids.len(), parts), (1101, 1101, 3), "each once, and not all at once");
    assert!(entries.is_sorted_by(|a, b| a.id > b.id));
    let some = AuditFilter { target: "=1+1".into(), ..AuditFilter::default() };
    let (_, file) = exported(&portal, &auditor, some, ExportFormat::Csv).await;
    let rows: Vec<&str> = file.split_terminator("\r\n").collect();
    assert_eq!(rows.len(), 2, "{file}");
    assert!(
        rows[0].starts_with("entry,time,person,") && rows[1].contains(",\"'=1+1, \"\"x\"\"\","),
        "{file}"
    );
    let events = of_action(&portal, &admin, AuditAction::AuditExported).await;
    let told: Vec<_> = events.iter().map(|e| (e.actor.as_str(), e.detail.words())).collect();
    let by = "auditor@example.com";
    let [one, other] = ["Entries of target=%3D1%2B1, as csv.", "All entries, as jsonl."].map(str::to_owned);
    assert_eq!(told, [(by, one), (by, other)]);
    // Nothing but the names.
    let none = AuditFilter { actor: "nobody".into(), ..AuditFilter::default() };
    assert_eq!(exported(&portal, &auditor, none, ExportFormat::Csv).await.1.lines().count(), 1);
}

#[tokio::test]
async fn an_export_that_cannot_be_written_down_is_refused_and_one_that_breaks_off_is_an_error() {
    let db = store::testing::database().await;
    let portal = portal_on(&db).await;
    let auditor = person(&portal, Role::Auditor).await;
    write(&db, (0..3).map(|n| n.to_string())).await;
    db.refuse_inserts("audit_events", "53100").await;
    let all = || AuditFilter::default();
    assert!(portal.export_audit(&auditor, all(), ExportFormat::Csv).await.is_err());
    db.allow_inserts("audit_events").await;
    let mut export = portal.export_audit(&auditor, all(), ExportFormat::Csv).await.unwrap();
    db.store.close().await;
    assert!(export.next().await.is_err());
}

#[tokio::test]
async fn the_end_of_the_list_is_signed_when_it_is_due_by_one_process_with_one_key() {
    let db = store::testing::database().await;
    let (one, other) = (portal_on(&db).await, portal_on(&db).await);
    let hour = HeadDue::Before(NOW - time::Duration::HOUR);
    assert_eq!(one.seal_audit(hour).await.unwrap(), None, "there is nothing to sign");
    write(&db, ["a".to_owned()]).await;
    let first = one.seal_audit(hour).await.unwrap().unwrap();
    assert_eq!((first.seq, first.at), (1, NOW));
    assert_eq!(other.seal_audit(hour).await.unwrap(), None, "it was signed within the hour");
    assert_eq!(other.seal_audit(HeadDue::NewEvents).await.unwrap(), None);
    write(&db, ["b".to_owned()]).await;
    let second = other.seal_audit(HeadDue::NewEvents).await.unwrap().unwrap();
    assert_eq!((second.seq, &second.key), (2, &first.key), "the key of the database");
    let due = HeadDue::Before(NOW + time::Duration::SECOND);
    assert_eq!(one.seal_audit(due).await.unwrap().unwrap().seq, 2, "an hour without events is signed, too");
    // A key that is given comes before that of the database, and both are known.
    let given = Arc::new(SigningKey::from_seed(&[9; 32]).unwrap());
    let with_key = portal_on(&db).await;
    with_key.0.audit.begin(Options { key: Some(given.clone()), forward: None });
    write(&db, ["c".to_owned()]).await;
    with_key.seal_audit_at_end().await;
    let newest = db.store.newest_audit_head().await.unwrap().unwrap();
    assert!(newest.seq == 3 && given.public().signed(&newest));
    let keys = db.store.audit_keys().await.unwrap();
    let keys: Vec<_> = keys.iter().filter_map(|key| PublicKey::from_bytes(&key.public_key)).collect();
    let Verdict::Whole(whole) = verify(&db.store, &keys, &Kept::default(), |_, _| ()).await.unwrap() else {
        panic!()
    };
    assert_eq!((whole.entries, whole.signed, whole.proven, keys.len()), (3, 4, 3, 2));
    let admin = person(&one, Role::Administrator).await;
    let proof = one.audit_proof(&admin).await.unwrap().unwrap();
    assert_eq!((proof.head, proof.forwarding), (Some(newest), None));
}

#[tokio::test]
async fn a_process_that_never_came_so_far_signs_nothing_at_its_end() {
    let db = store::testing::database().await;
    write(&db, ["a".to_owned()]).await;
    portal_on(&db).await.seal_audit_at_end().await;
    assert_eq!(db.store.newest_audit_head().await.unwrap(), None);
    assert!(db.store.audit_keys().await.unwrap().is_empty(), "and makes no key");
}
