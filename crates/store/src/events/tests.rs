use std::collections::BTreeMap;

use model::{
    audit::AuditDetail,
    change::{DetachPolicy, Effect, StepKind, StepState},
    organization::{AccountState, Node, NodeRef, OrganizationFacts, PolicyRef},
};
use time::{Duration, macros::datetime};

use super::*;
use crate::{
    Actor, NewChange, StepResult, StepRow,
    import::tests::{id, node, policy},
    testing::{TestDatabase, database},
};

mod ours;

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);
const LATER: OffsetDateTime = datetime!(2026-11-20 09:00 UTC);
const ROOT: &str = "r-ab12";
const OU: &str = "ou-ab12-cdefgh34";
const ACCOUNT: &str = "123456789012";

/// What an import reads.
#[derive(Clone)]
struct Read {
    organization: &'static str,
    policy_type: Option<bool>,
    nodes: Vec<Node>,
    policies: Vec<(model::organization::PolicyRecord, Vec<&'static str>)>,
}

/// Root, OU and account; policy 1 on the root, 2 on the account.
fn first() -> Read {
    Read {
        organization: "o-abc",
        policy_type: Some(true),
        nodes: vec![node(ROOT, None), node(OU, Some(ROOT)), node(ACCOUNT, Some(OU))],
        policies: vec![(policy(1, "{}"), vec![ROOT]), (policy(2, "{}"), vec![ACCOUNT])],
    }
}

async fn stage(db: &TestDatabase, read: &Read, at: OffsetDateTime) -> i64 {
    let import = db.store.begin_import(at).await.unwrap().id;
    let facts = OrganizationFacts {
        id: read.organization.into(),
        arn: String::new(),
        management_account: ACCOUNT.parse().unwrap(),
        all_features: true,
    };
    db.store.stage_facts(import, &facts, read.policy_type).await.unwrap();
    db.store.stage_nodes(import, &read.nodes).await.unwrap();
    for (policy, targets) in &read.policies {
        db.store.stage_policies(import, std::slice::from_ref(policy)).await.unwrap();
        let targets: Vec<_> = targets.iter().map(|target| target.parse().unwrap()).collect();
        db.store.stage_attachments(import, &policy.id, &targets).await.unwrap();
    }
    import
}

async fn import(db: &TestDatabase, read: &Read, at: OffsetDateTime) {
    let import = stage(db, read, at).await;
    db.store.promote(import, at).await.unwrap();
}

async fn all(db: &TestDatabase) -> Vec<Event> {
    let mut rows = db.store.events(&EventFilter::default(), &Visible::All).await.unwrap().rows;
    rows.reverse();
    rows
}

/// Kind, subject, target, before and after.
fn short(event: &Event) -> String {
    let Event { kind, subject, target, before, after, .. } = event;
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    format!("{} {subject} {target} {} {}", kind.as_str(), or_none(before), or_none(after))
}

async fn shorts(db: &TestDatabase) -> Vec<String> {
    all(db).await.iter().map(short).collect()
}

#[tokio::test]
async fn a_first_reading_and_one_without_changes_find_nothing() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    import(&db, &first(), LATER).await;
    assert_eq!(shorts(&db).await, Vec::<String>::new());
    let other =
        Read { organization: "o-other", nodes: vec![node("r-zz99", None)], policies: vec![], ..first() };
    import(&db, &other, LATER).await;
    assert_eq!(shorts(&db).await, Vec::<String>::new(), "another organization is not a changed one");
}

#[tokio::test]
async fn every_kind_of_change_is_told_with_before_and_after() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    let mut read = first();
    read.policy_type = Some(false);
    read.nodes[1].name = "renamed".into();
    read.nodes[2] = Node {
        parent: Some(ROOT.parse().unwrap()),
        state: Some(AccountState::Suspended),
        ..read.nodes[2].clone()
    };
    read.nodes.push(node("999999999999", Some(OU)));
    read.policies = vec![
        (
            model::organization::PolicyRecord {
                name: "other".into(),
                description: "said".into(),
                ..policy(1, "{\"plans\":{}}")
            },
            vec![OU],
        ),
        (policy(3, "{}"), vec![]),
    ];
    import(&db, &read, LATER).await;
    assert_eq!(
        shorts(&db).await,
        [
            "switch_turned policy_type  on off",
            "account_added 999999999999  - renamed (ou-ab12-cdefgh34)",
            "account_moved 123456789012  node ou-ab12-cdefgh34 (ou-ab12-cdefgh34) node r-ab12 (r-ab12)",
            "account_state 123456789012  pending_closure suspended",
            "ou_renamed ou-ab12-cdefgh34  node ou-ab12-cdefgh34 renamed",
            "policy_created p-00000003  - {}",
            "policy_deleted p-00000002  {} -",
            "policy_described p-00000001   said",
            "policy_edited p-00000001  {} {\"plans\":{}}",
            "policy_renamed p-00000001  policy 1 other",
            "policy_attached p-00000001 ou-ab12-cdefgh34 - -",
            "policy_detached p-00000001 r-ab12 - -",
            "policy_detached p-00000002 123456789012 - -",
        ]
    );
    let events = all(&db).await;
    assert!(events.iter().all(|event| (event.since, event.seen_at) == (NOW, LATER)));
    assert_eq!((events[10].subject_name.as_str(), events[10].target_name.as_str()), ("other", "renamed"));
    import(&db, &read, LATER).await;
    assert_eq!(all(&db).await, events, "it is told once");
}

#[tokio::test]
async fn what_goes_with_an_account_that_left_is_not_told_beside_it() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    let mut read = first();
    read.nodes.truncate(1);
    read.policies[1].1.clear();
    import(&db, &read, LATER).await;
    assert_eq!(
        shorts(&db).await,
        [
            "account_removed 123456789012  node ou-ab12-cdefgh34 (ou-ab12-cdefgh34) -",
            "ou_removed ou-ab12-cdefgh34  node r-ab12 (r-ab12) -",
        ]
    );
}

#[tokio::test]
async fn what_the_portal_writes_before_or_while_it_is_read_is_not_told() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    db.store.put_policy(&policy(3, "{}"), NOW).await.unwrap();
    // Read before the portal's changes that follow, but with the one above.
    let mut read = first();
    read.policies.push((policy(3, "{}"), vec![]));
    let import = stage(&db, &read, LATER).await;
    db.store.put_policy(&policy(1, "{\"plans\":{}}"), LATER).await.unwrap();
    db.store.put_policy(&policy(4, "{}"), LATER).await.unwrap();
    db.store.put_attachment(&id(4), &OU.parse().unwrap()).await.unwrap();
    db.store.remove_attachment(&id(2), &ACCOUNT.parse().unwrap()).await.unwrap();
    db.store.remove_policy(&id(2)).await.unwrap();
    db.store.set_policy_type(false).await.unwrap();
    db.store.clear_attachments().await.unwrap();
    db.store.promote(import, LATER).await.unwrap();
    assert_eq!(shorts(&db).await, Vec::<String>::new());
}

/// A change set of one step that was sent to AWS and not answered yet.
async fn sent(db: &TestDatabase, kind: StepKind, effects: &[Effect]) -> StepRow {
    let change = NewChange {
        title: String::new(),
        actor: Actor::default(),
        user: 1,
        resumes: false,
        steps: vec![(kind, Vec::new())],
    };
    let (id, _) = db.store.begin_change(&change, NOW, None).await.unwrap();
    let mut step = db.store.steps(id).await.unwrap().remove(0);
    assert!(db.store.send_step(&mut step, effects, NOW).await.unwrap());
    step
}

/// The kind of a step says nothing here: what counts is what it changes.
fn any_kind() -> StepKind {
    let (policy, target) = (
        PolicyRef { id: id(1), name: String::new() },
        NodeRef { id: OU.parse().unwrap(), name: String::new() },
    );
    StepKind::DetachPolicy(DetachPolicy { policy, target })
}

async fn end(db: &TestDatabase, step: &StepRow, state: StepState) {
    let result = StepResult { state, request_id: None, failure: None, detail: AuditDetail::Nothing };
    assert!(db.store.end_step(step, &result, LATER).await.unwrap());
}

const TEXT: &str = "{\"plans\":{}}";

#[tokio::test]
async fn what_the_portal_has_written_to_aws_and_not_yet_here_is_its_own_however_long_that_takes() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    let edited = |n| Effect::of(EventKind::PolicyEdited, id(n)).becoming(TEXT);
    let created = Effect {
        subject_name: Some("policy 3".into()),
        ..Effect::any(EventKind::PolicyCreated).becoming("{}")
    };
    sent(&db, any_kind(), &[created]).await;
    // AWS did it, and the database was away when that was to be shown.
    let done = sent(&db, any_kind(), &[edited(1)]).await;
    end(&db, &done, StepState::Done).await;
    let unknown = sent(&db, any_kind(), &[Effect::of(EventKind::PolicyAttached, id(1)).at(OU)]).await;
    end(&db, &unknown, StepState::Unknown).await;
    let failed = sent(&db, any_kind(), &[edited(2)]).await;
    end(&db, &failed, StepState::Failed).await;
    let mut read = first();
    read.policies[0] =
        (model::organization::PolicyRecord { content: TEXT.into(), ..policy(1, "") }, vec![ROOT, OU]);
    read.policies[1].0.content = TEXT.into();
    read.policies.push((policy(3, "{}"), vec![]));
    import(&db, &read, LATER + Duration::DAY).await;
    assert_eq!(shorts(&db).await, ["policy_edited p-00000002  {} {\"plans\":{}}"]);
}

#[tokio::test]
async fn what_others_change_while_the_portal_changes_something_else_of_the_same_policy_is_told() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    // Attached elsewhere, edited to another text, and shown since.
    sent(&db, any_kind(), &[Effect::of(EventKind::PolicyAttached, id(1)).at(ACCOUNT)]).await;
    sent(&db, any_kind(), &[Effect::of(EventKind::PolicyEdited, id(1)).becoming("{\"ours\":1}")]).await;
    let shown = sent(&db, any_kind(), &[Effect::of(EventKind::PolicyDetached, id(2)).at(ACCOUNT)]).await;
    end(&db, &shown, StepState::Done).await;
    db.store.step_refreshed(&shown).await.unwrap();
    // An OU may be called as a policy that is being made.
    let created = Effect { subject_name: Some("Payments".into()), ..Effect::any(EventKind::PolicyCreated) };
    sent(&db, any_kind(), &[created]).await;
    let mut read = first();
    read.nodes[1].name = "Payments".into();
    read.policies[0] = (policy(1, TEXT), vec![ROOT, OU]);
    read.policies[1] = (policy(2, "{}"), vec![]);
    import(&db, &read, LATER).await;
    assert_eq!(
        shorts(&db).await,
        [
            "ou_renamed ou-ab12-cdefgh34  node ou-ab12-cdefgh34 Payments",
            "policy_edited p-00000001  {} {\"plans\":{}}",
            "policy_attached p-00000001 ou-ab12-cdefgh34 - -",
            "policy_detached p-00000002 123456789012 - -",
        ]
    );
}

#[tokio::test]
async fn a_policy_type_that_was_seen_changing_is_told_when_it_has_changed() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    let minute = |n| NOW + Duration::minutes(n);
    let see = async |policy_type, at| import(&db, &Read { policy_type, ..first() }, at).await;
    see(None, minute(10)).await;
    see(None, minute(20)).await;
    assert_eq!(db.store.load_snapshot().await.unwrap().policy_type_enabled, None, "nobody knows");
    see(Some(false), minute(30)).await;
    see(Some(false), minute(40)).await;
    assert_eq!(shorts(&db).await, ["switch_turned policy_type  on off"]);
    let event = all(&db).await.remove(0);
    assert_eq!((event.since, event.seen_at), (NOW, minute(30)));
    // What the portal turns is known before AWS has carried it out.
    db.store.set_policy_type(true).await.unwrap();
    see(None, minute(50)).await;
    see(Some(true), minute(60)).await;
    assert_eq!(shorts(&db).await.len(), 1);
}

#[tokio::test]
async fn what_the_portal_itself_finds_changed_before_it_writes_is_told() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    let theirs = policy(1, "{\"plans\":{}}");
    for _ in 0..2 {
        assert!(db.store.see_policy(&theirs, LATER).await.unwrap());
    }
    db.store.see_policy_gone(&id(2), LATER).await.unwrap();
    db.store.see_policy_gone(&id(2), LATER).await.unwrap();
    // Its own change, read back.
    sent(&db, any_kind(), &[Effect::of(EventKind::PolicyEdited, id(1)).becoming("{\"ours\":1}")]).await;
    db.store.see_policy(&policy(1, "{\"ours\":1}"), LATER).await.unwrap();
    let told = ["policy_edited p-00000001  {} {\"plans\":{}}", "policy_deleted p-00000002  {} -"];
    assert_eq!(shorts(&db).await, told);
    assert_eq!((all(&db).await[0].since, all(&db).await[0].seen_at), (NOW, LATER));
    let known = db.store.load_snapshot().await.unwrap().policies;
    assert_eq!(known.len(), 1);
    assert_eq!((known[0].record.content.as_str(), known[0].seen_at), ("{\"ours\":1}", LATER));
    // Where it is attached is not known, so it is left to the next reading.
    assert!(!db.store.see_policy(&policy(3, "{}"), LATER).await.unwrap());
    assert_eq!(db.store.load_snapshot().await.unwrap().policies.len(), 1);
}

#[tokio::test]
async fn a_policy_that_is_as_it_was_makes_nobody_read_anew_and_is_younger_all_the_same() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    let generation = async || db.store.generation().await.unwrap();
    let before = generation().await;
    assert!(db.store.see_policy(&policy(1, "{}"), LATER).await.unwrap());
    assert!(!db.store.see_policy(&policy(3, "{}"), LATER).await.unwrap());
    db.store.see_policy_gone(&id(3), LATER).await.unwrap();
    assert_eq!(generation().await, before);
    assert_eq!(db.store.load_snapshot().await.unwrap().policies[0].seen_at, LATER);
    let changes = [
        policy(1, "{ }"),
        model::organization::PolicyRecord { name: "other".into(), ..policy(1, "{ }") },
        model::organization::PolicyRecord {
            name: "other".into(),
            arn: "arn:other".into(),
            ..policy(1, "{ }")
        },
    ];
    for (n, changed) in (1..).zip(&changes) {
        for _ in 0..2 {
            db.store.see_policy(changed, LATER).await.unwrap();
            assert_eq!(generation().await, before + n);
        }
    }
    for _ in 0..2 {
        db.store.see_policy_gone(&id(1), LATER).await.unwrap();
        assert_eq!(generation().await, before + 4);
    }
}

#[tokio::test]
async fn a_setting_changed_elsewhere_is_told_once_and_one_that_the_portal_changed_is_not() {
    let db = database().await;
    let known = async || db.store.seen_settings().await.unwrap().remove("area");
    let values = |on: bool| BTreeMap::from([("one".to_owned(), if on { "on" } else { "off" }.to_owned())]);
    let change = |on: bool| ChangedSetting {
        kind: EventKind::SwitchTurned,
        subject: "one".into(),
        subject_name: String::new(),
        before: Some(if on { "off" } else { "on" }.into()),
        after: Some(if on { "on" } else { "off" }.into()),
    };
    let see = async |on: bool, known: Option<SeenSettings>, changed: &[ChangedSetting], at| {
        db.store.see_settings("area", &values(on), known.as_ref(), changed, at).await.unwrap();
    };
    // Of what was never read, nothing is known.
    db.store.set_seen("area", "one", Some("off")).await.unwrap();
    assert_eq!(known().await, None);
    see(true, None, &[], NOW).await;
    see(false, known().await, &[change(false)], LATER).await;
    assert_eq!(shorts(&db).await, ["switch_turned one  on off"]);
    assert_eq!((all(&db).await[0].since, all(&db).await[0].seen_at), (NOW, LATER));
    // Asked before the portal changed it, answered after.
    let before = known().await;
    db.store.set_seen("area", "one", Some("on")).await.unwrap();
    see(false, before, &[change(false)], LATER).await;
    assert_eq!(known().await.unwrap().settings, values(true));
    // Changed by the portal, and not yet noted.
    sent(&db, any_kind(), &[Effect::of(EventKind::SwitchTurned, "one").becoming("off")]).await;
    see(false, known().await, &[change(false)], LATER).await;
    assert_eq!(known().await.unwrap().settings, values(false));
    db.store.set_seen("area", "one", None).await.unwrap();
    assert_eq!(known().await.unwrap().settings, BTreeMap::new());
    assert_eq!(shorts(&db).await.len(), 1);
}

#[tokio::test]
async fn the_list_is_narrowed_paged_and_never_changed() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    let mut read = first();
    let accounts = (0..60).map(|n| node(&format!("{n:012}"), Some(OU)));
    read.nodes.extend(accounts);
    read.policies[0].0.name = "100%_sure".into();
    import(&db, &read, LATER).await;
    let page = async |filter: EventFilter| db.store.events(&filter, &Visible::All).await.unwrap();
    let newest = page(EventFilter::default()).await;
    assert_eq!((newest.rows.len(), newest.total.count), (25, 61));
    assert_eq!(newest.rows[0].kind, EventKind::PolicyRenamed);
    let next = page(EventFilter { cursor: newest.next.clone().unwrap(), ..EventFilter::default() }).await;
    assert_eq!(next.rows[0].id, newest.rows[24].id - 1);
    let back = page(EventFilter { cursor: next.previous.unwrap(), ..EventFilter::default() }).await;
    assert_eq!(back.rows, newest.rows);
    let named = page(EventFilter { subject: "%_S".into(), ..EventFilter::default() }).await;
    assert_eq!(named.total.count, 1);
    let of_kind = page(EventFilter { kind: "account_added".into(), ..EventFilter::default() }).await;
    assert_eq!(of_kind.total.count, 60);
    for sql in ["UPDATE events SET kind = 'x'", "DELETE FROM events", "TRUNCATE events"] {
        assert!(sqlx::query(sql).execute(&db.store.pool).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn a_change_of_a_policy_is_as_old_as_the_last_reading_of_its_text_or_targets() {
    let db = database().await;
    import(&db, &first(), NOW).await;
    // This reading leaves the policies to the next one.
    let carried = db.store.begin_import(NOW + Duration::minutes(10)).await.unwrap().id;
    let facts = db.store.load_snapshot().await.unwrap().facts.unwrap();
    db.store.stage_facts(carried, &facts, Some(true)).await.unwrap();
    db.store.stage_nodes(carried, &first().nodes).await.unwrap();
    db.store.stage_policies(carried, &[policy(1, ""), policy(2, "")]).await.unwrap();
    db.store.carry_policies(carried).await.unwrap();
    db.store.promote(carried, NOW + Duration::minutes(11)).await.unwrap();
    assert_eq!(shorts(&db).await, Vec::<String>::new());
    let mut read = first();
    read.nodes[1].name = "renamed".into();
    read.policies = vec![(policy(1, "{\"plans\":{}}"), vec![OU]), (policy(2, "{}"), vec![ACCOUNT])];
    import(&db, &read, LATER).await;
    let found = all(&db).await;
    let since: Vec<_> = found.iter().map(|event| (event.kind.as_str(), event.since)).collect();
    let tree = NOW + Duration::minutes(10);
    let expected =
        [("ou_renamed", tree), ("policy_edited", NOW), ("policy_attached", NOW), ("policy_detached", NOW)];
    assert_eq!(since, expected);
}
