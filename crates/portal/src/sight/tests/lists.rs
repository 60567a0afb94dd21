//! What was done and what changed, for somebody who has a part of the organization.

use model::{
    FailureCode,
    access::{Grant, Role},
    audit::{AuditAction, AuditFilter},
    change::{AttachPolicy, ChangeId, DetachPolicy, Named, RegisterAdministrator, StepKind},
    event::EventFilter,
    organization::{Node, PolicyRef},
};
use store::{Actor, NewAudit, NewChange};
use time::Duration;

use super::{
    use_cases::{House, import},
    *,
};
use crate::audit::ExportFormat;

fn policy() -> PolicyRef {
    PolicyRef { id: "p-aaaaaaaa".parse().unwrap(), name: "P".into() }
}

fn node(id: &str) -> NodeRef {
    NodeRef { id: id.parse().unwrap(), name: id.into() }
}

fn entry(person: &str, action: AuditAction, subject: &str, target: Option<&str>) -> NewAudit {
    let actor = Actor { person: person.into(), ..Actor::default() };
    NewAudit {
        subject: Named::new(subject, subject),
        target: target.map(|id| Named::new(id, id)),
        ..NewAudit::done(actor, action)
    }
}

#[tokio::test]
async fn the_audit_list_and_its_file_have_what_concerns_a_part_and_what_its_owner_did() {
    let House { db, portal, all, part } = &House::new().await;
    use AuditAction::{
        AccessRefused, AdministratorRegistered, PersonInvited, PolicyAttached, PolicyCreated, PolicyDetached,
        PolicyEdited, SettingTurnedOff, SignIn, SyncRequested,
    };
    let seen = [
        entry("bob", PolicyAttached, "p-aaaaaaaa", Some(DEEP)),
        entry("bob", PolicyDetached, "p-aaaaaaaa", Some(INNER)),
        // On the way: it applies below.
        entry("bob", PolicyAttached, "p-aaaaaaaa", Some(ROOT)),
        entry("bob", PolicyCreated, "", None),
        entry("bob", PolicyEdited, "p-bbbbbbbb", None),
        entry("bob", SettingTurnedOff, "policy_type", None),
        entry("bob", AdministratorRegistered, ZETA, None),
        entry("bob", AccessRefused, "p-aaaaaaaa", Some(ZETA)),
        entry(all.email(), SignIn, "", None),
        entry(all.email(), PolicyAttached, "p-aaaaaaaa", Some(MANAGEMENT)),
    ];
    let unseen = [
        entry("bob", PolicyAttached, "p-aaaaaaaa", Some(ALPHA)),
        entry("bob", PolicyDetached, "p-aaaaaaaa", Some("ou-ab12-zzzzzzzz")),
        entry("bob", AdministratorRegistered, MANAGEMENT, None),
        entry("bob", PersonInvited, "carol", None),
        entry("bob", SignIn, "", None),
        entry("bob", SyncRequested, "", None),
        entry("bob", AccessRefused, "p-aaaaaaaa", Some(ALPHA)),
    ];
    let mut wanted = Vec::new();
    for event in &seen {
        wanted.insert(0, db.store.append_audit(event, NOW).await.unwrap());
    }
    for event in &unseen {
        db.store.append_audit(event, NOW).await.unwrap();
    }
    let filter = AuditFilter::default();
    let page = portal.audit(part, &filter).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), wanted);
    assert_eq!(page.total.count, 10, "counted as listed");
    assert_eq!(portal.audit(all, &filter).await.unwrap().total.count, 17);
    let by_name = AuditFilter { target: ALPHA.into(), ..filter.clone() };
    assert_eq!(portal.audit(part, &by_name).await.unwrap().rows, [], "a filter widens nothing");

    assert!(portal.audit_proof(part).await.unwrap().is_none());
    assert!(portal.audit_proof(all).await.unwrap().is_some());

    let mut file = portal.export_audit(part, filter, ExportFormat::JsonLines).await.unwrap();
    let mut lines = String::new();
    while let Some(part) = file.next().await.unwrap() {
        lines += &String::from_utf8(part).unwrap();
    }
    assert_eq!(lines.lines().count(), 10);
    assert!(!lines.contains(ALPHA) && !lines.contains("carol"), "{lines}");
}

#[tokio::test]
async fn somebody_who_reads_everything_and_audits_a_part_sees_the_entries_of_that_part() {
    let House { db, portal, all, .. } = &House::new().await;
    for target in [DEEP, ALPHA] {
        let event = entry("bob", AuditAction::PolicyAttached, "p-aaaaaaaa", Some(target));
        db.store.append_audit(&event, NOW).await.unwrap();
    }
    let grants = [(Role::Viewer, Scope::All), (Role::Auditor, Scope::Below(ids(&[INNER])))];
    let mixed = all.clone().with_grants(grants.map(|(role, scope)| Grant { role, scope }).to_vec());
    let page = portal.audit(&mixed, &AuditFilter::default()).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.target.clone().unwrap().id).collect::<Vec<_>>(), [DEEP]);
    assert!(portal.target(&mixed, &ALPHA.parse().unwrap()).await.is_ok());
    let viewer = all.clone().with_grants(vec![Grant { role: Role::Viewer, scope: Scope::All }]);
    let refused = portal.audit(&viewer, &AuditFilter::default()).await.unwrap_err().into_failure();
    assert!(matches!(refused.code, FailureCode::Denied { .. }), "{refused:?}");
}

async fn change(house: &House, person: &str, steps: Vec<StepKind>) -> ChangeId {
    let change = NewChange {
        title: "A change".into(),
        actor: Actor { person: person.into(), ..Actor::default() },
        user: house.all.user_id(),
        resumes: false,
        steps: steps.into_iter().map(|step| (step, Vec::new())).collect(),
    };
    house.db.store.begin_change(&change, NOW, None).await.unwrap().0
}

#[tokio::test]
async fn change_sets_show_the_steps_that_may_be_seen_and_count_the_others() {
    let house = &House::new().await;
    let House { portal, all, part, .. } = house;
    let attach =
        |id: &str| StepKind::AttachPolicy(AttachPolicy { policy: policy(), target: node(id), export: None });
    let detach = |id: &str| StepKind::DetachPolicy(DetachPolicy { policy: policy(), target: node(id) });
    let register = |id: &str| {
        StepKind::RegisterAdministrator(RegisterAdministrator {
            account: id.parse().unwrap(),
            name: id.into(),
        })
    };
    let inside = change(house, "bob", vec![attach(DEEP), detach(OU)]).await;
    let mixed = change(house, "bob", vec![attach(ALPHA), attach(ZETA), register(MANAGEMENT)]).await;
    let outside = change(house, "bob", vec![attach(ALPHA), register(MANAGEMENT)]).await;
    let own = change(house, part.email(), vec![attach(ALPHA)]).await;
    let listed = async |caller: &Caller| {
        portal.changes(caller).await.unwrap().iter().map(|set| set.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(part).await, [own, mixed, inside]);
    assert_eq!(listed(all).await, [own, outside, mixed, inside]);
    let steps = async |caller: &Caller, id| {
        let set = portal.change(caller, id).await.unwrap();
        let targets = set.steps.iter().map(|step| step.target.clone().unwrap_or(step.subject.clone()).id);
        (targets.collect::<Vec<_>>().join(" "), set.elsewhere)
    };
    assert_eq!(steps(part, inside).await, (format!("{DEEP} {OU}"), 0));
    assert_eq!(steps(part, mixed).await, (ZETA.to_owned(), 2));
    assert_eq!(steps(part, own).await, (ALPHA.to_owned(), 0));
    assert_eq!(steps(all, mixed).await, (format!("{ALPHA} {ZETA} {MANAGEMENT}"), 0));
    let refused = portal.change(part, outside).await.unwrap_err().into_failure();
    assert!(matches!(refused.code, FailureCode::NotFound { .. }), "{refused:?}");
}

#[tokio::test]
async fn what_changed_elsewhere_is_not_named_also_not_where_something_came_from_or_went() {
    const SECRET: &str = "ou-ab12-ssssssss";
    let House { db, portal, all, .. } = &House::new().await;
    let mut next = snapshot();
    let production = next.nodes.iter().find(|node| node.id.as_str() == OU).unwrap().clone();
    next.nodes.push(Node { id: SECRET.parse().unwrap(), name: "Secret".into(), ..production });
    for (id, parent) in [(ALPHA, INNER), (DEEP, ROOT), (ZETA, SECRET)] {
        let node = next.nodes.iter_mut().find(|node| node.id.as_str() == id).unwrap();
        node.parent = Some(parent.parse().unwrap());
    }
    import(db, next, NOW + Duration::HOUR).await;
    let seen = async |places: &[&str]| {
        let scope = if places.is_empty() { Scope::All } else { Scope::Below(ids(places)) };
        let caller = all.clone().with_grants(vec![Grant { role: Role::Auditor, scope }]);
        let page = portal.events(&caller, &EventFilter::default()).await.unwrap();
        assert_eq!(page.total.count, page.rows.len() as u64);
        let told = page.rows.into_iter().map(|event| {
            let [before, after] = [event.before, event.after].map(Option::unwrap_or_default);
            format!("{} {}: {before} > {after}", event.kind.as_str(), event.subject)
        });
        let mut told: Vec<String> = told.collect();
        told.sort();
        told
    };
    let named = |name: &str, id: &str| format!("{name} ({id})");
    let (root, ou) = (named("Root", ROOT), named("Production", OU));
    let (inner, secret) = (named("Inner", INNER), named("Secret", SECRET));
    let elsewhere = "Elsewhere in the organization";
    let alpha = format!("account_moved {ALPHA}: {ou} > {inner}");
    let deep = format!("account_moved {DEEP}: {inner} > {root}");
    let zeta = |from: &str, to: &str| format!("account_moved {ZETA}: {from} > {to}");
    let added = format!("ou_added {SECRET}:  > {root}");
    assert_eq!(seen(&[]).await, [alpha.clone(), zeta(&ou, &secret), deep.clone(), added.clone()]);
    // What left Inner is told of there; Zeta and the OU are nobody's business.
    assert_eq!(seen(&[INNER]).await, [alpha.clone(), deep.clone()]);
    // The new OU is on the way to Zeta, the old one no more.
    assert_eq!(seen(&[ZETA]).await, [zeta(elsewhere, &secret), added]);
    assert_eq!(seen(&[OU]).await, [alpha, zeta(&ou, elsewhere), deep]);
    let left = format!("account_moved {DEEP}: {elsewhere} > {root}");
    assert_eq!(seen(&[DEEP]).await, [left]);
}
