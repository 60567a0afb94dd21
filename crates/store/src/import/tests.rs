use model::organization::{AccountState, Attachment};
use time::macros::datetime;

use super::*;
use crate::{
    Snapshot,
    testing::{TestDatabase, database},
};

mod interleaved;

const NOW: OffsetDateTime = datetime!(2026-11-20 08:00 UTC);
const LATER: OffsetDateTime = datetime!(2026-11-20 09:00 UTC);
const ROOT: &str = "r-ab12";
const OU: &str = "ou-ab12-cdefgh34";
const ACCOUNT: &str = "123456789012";

pub(crate) fn node(id: &str, parent: Option<&str>) -> Node {
    let account = id.starts_with(|c: char| c.is_ascii_digit());
    Node {
        id: id.parse().unwrap(),
        parent: parent.map(|p| p.parse().unwrap()),
        name: format!("node {id}"),
        arn: format!("arn:{id}"),
        email: account.then(|| format!("{id}@example.com")),
        state: account.then_some(AccountState::PendingClosure),
        joined_at: account.then_some(NOW),
    }
}

pub(crate) fn policy(n: u32, content: &str) -> PolicyRecord {
    PolicyRecord {
        id: id(n),
        arn: format!("arn:p{n}"),
        name: format!("policy {n}"),
        description: String::new(),
        content: content.to_owned(),
    }
}

pub(crate) fn id(n: u32) -> PolicyId {
    format!("p-{n:08}").parse().unwrap()
}

fn target(id: &str) -> TargetId {
    id.parse().unwrap()
}

fn facts() -> OrganizationFacts {
    OrganizationFacts {
        id: "o-abc".into(),
        arn: "arn:o".into(),
        management_account: ACCOUNT.parse().unwrap(),
        all_features: true,
    }
}

/// Stages root, OU and account, and policies with the same text, attached as told.
async fn stage(db: &TestDatabase, import: i64, policies: &[(u32, &[&str])]) {
    let store = &db.store;
    store.stage_facts(import, &facts(), Some(true)).await.unwrap();
    let nodes = [node(ROOT, None), node(OU, Some(ROOT)), node(ACCOUNT, Some(OU))];
    store.stage_nodes(import, &nodes).await.unwrap();
    for (n, targets) in policies {
        store.stage_policies(import, &[policy(*n, "{}")]).await.unwrap();
        let targets: Vec<TargetId> = targets.iter().map(|t| target(t)).collect();
        store.stage_attachments(import, &id(*n), &targets).await.unwrap();
    }
}

/// Imports an organization as [`stage`] makes it.
pub(crate) async fn imported(db: &TestDatabase, policies: &[(u32, &[&str])], now: OffsetDateTime) {
    let import = db.store.begin_import(now).await.unwrap();
    stage(db, import.id, policies).await;
    db.store.promote(import.id, now).await.unwrap();
}

pub(crate) fn attached(snapshot: &Snapshot) -> Vec<(String, u32)> {
    let number = |a: &Attachment| a.policy.as_str()[2..].parse().unwrap();
    snapshot.attachments.iter().map(|a| (a.target.to_string(), number(a))).collect()
}

#[tokio::test]
async fn nothing_of_an_import_is_seen_until_all_of_it_is() {
    let db = database().await;
    let import = db.store.begin_import(NOW).await.unwrap();
    let before = db.store.load_snapshot().await.unwrap();
    stage(&db, import.id, &[(1, &[ROOT, ACCOUNT]), (2, &[ACCOUNT])]).await;
    assert_eq!(db.store.load_snapshot().await.unwrap(), before);
    assert_eq!((before.generation, before.facts, before.seen_at), (0, None, None));
    db.store.promote(import.id, LATER).await.unwrap();
    let after = db.store.load_snapshot().await.unwrap();
    assert_eq!(after.facts, Some(facts()));
    assert_eq!(after.nodes, [node(ACCOUNT, Some(OU)), node(OU, Some(ROOT)), node(ROOT, None)]);
    assert_eq!(attached(&after), [(ACCOUNT.into(), 1), (ACCOUNT.into(), 2), (ROOT.into(), 1)]);
    assert_eq!((after.generation, after.seen_at, after.policy_type_enabled), (1, Some(NOW), Some(true)));
    assert_eq!(after.policies[0].record, policy(1, "{}"));
    assert_eq!((after.policies[0].changed_at, after.policies[0].seen_at), (LATER, NOW));
    assert_eq!(db.store.generation().await.unwrap(), 1);
}

#[tokio::test]
async fn an_inconsistent_organization_is_not_taken_over_and_says_what_is_wrong() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT])], NOW).await;
    let before = db.store.load_snapshot().await.unwrap();
    let import = db.store.begin_import(LATER).await.unwrap();
    stage(&db, import.id, &[(1, &["999999999999"])]).await;
    let lost = ["ou-ab12-aaaaaaaa", "ou-ab12-bbbbbbbb"];
    let circle = [node(lost[0], Some(lost[1])), node(lost[1], Some(lost[0])), node("r-zz99", None)];
    db.store.stage_nodes(import.id, &circle).await.unwrap();
    db.store.stage_policies(import.id, &[policy(2, "")]).await.unwrap();
    let StoreError::Inconsistent { problems } = db.store.promote(import.id, LATER).await.unwrap_err() else {
        panic!("another error");
    };
    let said = problems.join("\n");
    for part in [
        "there are 2 roots",
        "ou-ab12-aaaaaaaa hangs on ou-ab12-bbbbbbbb",
        "the text of p-00000002 was not read",
        "the targets of p-00000002 were not read",
        "p-00000001 is attached to 999999999999, which does not exist",
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    assert_eq!(db.store.load_snapshot().await.unwrap(), before);
    assert!(!db.store.begin_import(LATER).await.unwrap().resumed, "the next import begins anew");
}

#[tokio::test]
async fn an_empty_import_does_not_empty_the_organization() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT])], NOW).await;
    let import = db.store.begin_import(LATER).await.unwrap();
    assert!(matches!(db.store.promote(import.id, LATER).await, Err(StoreError::Inconsistent { .. })));
    assert_eq!(db.store.load_snapshot().await.unwrap().nodes.len(), 3);
}

#[tokio::test]
async fn an_interrupted_import_goes_on_where_it_stopped_unless_it_is_old() {
    let db = database().await;
    let first = db.store.begin_import(NOW).await.unwrap();
    assert_eq!(db.store.import_step(first.id, "accounts").await.unwrap(), None);
    db.store.save_step(first.id, "accounts", false, Some("page 7")).await.unwrap();
    db.store.save_step(first.id, "policies", true, None).await.unwrap();
    db.store.stage_policies(first.id, &[policy(1, ""), policy(2, ""), policy(3, "")]).await.unwrap();
    db.store.stage_policies(first.id, &[policy(2, "{}")]).await.unwrap();
    db.store.stage_policies(first.id, &[policy(2, "")]).await.unwrap();
    db.store.stage_attachments(first.id, &id(1), &[]).await.unwrap();
    let again = db.store.begin_import(LATER).await.unwrap();
    assert_eq!((again.id, again.resumed, again.begun_at), (first.id, true, NOW));
    let step = db.store.import_step(again.id, "accounts").await.unwrap();
    assert_eq!(step, Some(StepState { done: false, cursor: Some("page 7".into()) }));
    assert!(db.store.import_step(again.id, "policies").await.unwrap().unwrap().done);
    let due = |n| DuePolicy { policy: id(n), must: true };
    assert_eq!(db.store.staged_texts_due(again.id, Some(NOW)).await.unwrap(), [due(1), due(3)]);
    assert_eq!(db.store.staged_targets_due(again.id, Some(NOW)).await.unwrap(), [due(2), due(3)]);
    db.store.unstage_policy(again.id, &id(3)).await.unwrap();
    assert_eq!(db.store.staged_texts_due(again.id, Some(NOW)).await.unwrap(), [due(1)]);
    let old = db.store.begin_import(NOW + Duration::hours(7)).await.unwrap();
    assert!(!old.resumed);
    let late = db.store.stage_nodes(first.id, &[node(ROOT, None)]).await.unwrap_err();
    assert_eq!(late.constraint(), Some("staged_nodes_import_id_fkey"));
    assert!(matches!(db.store.promote(first.id, LATER).await, Err(StoreError::WrongRowCount { .. })));
}

#[tokio::test]
async fn what_the_portal_writes_during_an_import_is_not_undone_by_what_was_read_before() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT]), (2, &[ROOT]), (3, &[OU])], NOW).await;
    let import = db.store.begin_import(LATER).await.unwrap();
    // The portal edits 1, deletes 3, makes 4, attaches 4 and detaches 2, half of it before and half after the import
    // has staged what it read earlier.
    db.store.put_policy(&policy(1, "{\"new\":1}"), LATER).await.unwrap();
    db.store.remove_policy(&id(3)).await.unwrap();
    db.store.remove_attachment(&id(2), &target(ROOT)).await.unwrap();
    stage(&db, import.id, &[(1, &[ROOT]), (2, &[ROOT]), (3, &[OU])]).await;
    db.store.put_policy(&policy(4, "{}"), LATER).await.unwrap();
    db.store.put_attachment(&id(4), &target(ACCOUNT)).await.unwrap();
    let seen = db.store.load_snapshot().await.unwrap();
    db.store.promote(import.id, LATER).await.unwrap();
    let after = db.store.load_snapshot().await.unwrap();
    assert_eq!(attached(&after), [(ACCOUNT.into(), 4), (ROOT.into(), 1)]);
    assert_eq!(after.attachments, seen.attachments);
    let records = |s: &Snapshot| s.policies.iter().map(|p| p.record.clone()).collect::<Vec<_>>();
    assert_eq!(records(&after), records(&seen));
    assert_eq!(after.policies[0].record.content, "{\"new\":1}");
    assert_eq!((after.policies[0].changed_at, after.policies[1].changed_at), (LATER, NOW));
}

#[tokio::test]
async fn a_policy_type_switched_off_during_an_import_stays_off_and_takes_its_attachments_with_it() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT])], NOW).await;
    let import = db.store.begin_import(LATER).await.unwrap();
    stage(&db, import.id, &[(1, &[ROOT])]).await;
    db.store.set_policy_type(false).await.unwrap();
    db.store.clear_attachments().await.unwrap();
    stage(&db, import.id, &[(1, &[ROOT]), (2, &[OU])]).await;
    db.store.put_attachment(&id(1), &target(ACCOUNT)).await.unwrap();
    db.store.promote(import.id, LATER).await.unwrap();
    let after = db.store.load_snapshot().await.unwrap();
    assert_eq!((attached(&after), after.policy_type_enabled), (vec![(ACCOUNT.into(), 1)], Some(false)));
}

#[tokio::test]
async fn attachments_keep_their_order_and_new_ones_follow() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT]), (2, &[ROOT]), (3, &[])], NOW).await;
    // Policy 1 is detached and attached again, so it is younger than 2; AWS goes on listing 1 first.
    db.store.remove_attachment(&id(1), &target(ROOT)).await.unwrap();
    db.store.put_attachment(&id(1), &target(ROOT)).await.unwrap();
    imported(&db, &[(1, &[ROOT]), (2, &[ROOT]), (3, &[ROOT])], LATER).await;
    let after = db.store.load_snapshot().await.unwrap();
    assert_eq!(attached(&after), [2, 1, 3].map(|n| (ROOT.to_owned(), n)));
}

#[tokio::test]
async fn what_is_gone_in_aws_goes_here_too() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT]), (2, &[ACCOUNT])], NOW).await;
    let import = db.store.begin_import(LATER).await.unwrap();
    db.store.stage_facts(import.id, &facts(), None).await.unwrap();
    db.store.stage_nodes(import.id, &[node(ROOT, None)]).await.unwrap();
    db.store.stage_policies(import.id, &[policy(1, "{}")]).await.unwrap();
    db.store.stage_attachments(import.id, &id(1), &[]).await.unwrap();
    db.store.promote(import.id, LATER).await.unwrap();
    let after = db.store.load_snapshot().await.unwrap();
    assert_eq!((after.nodes.len(), after.policies.len(), after.attachments.len()), (1, 1, 0));
    assert_eq!(after.policies[0].changed_at, NOW);
    assert_eq!(after.policy_type_enabled, None);
}

/// Policies whose text or targets are to be read, with whether they must be.
fn due(rows: Vec<DuePolicy>) -> Vec<(PolicyId, bool)> {
    rows.into_iter().map(|due| (due.policy, due.must)).collect()
}

#[tokio::test]
async fn what_is_new_renamed_or_old_must_be_read_and_the_rest_comes_oldest_first() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT]), (2, &[OU]), (3, &[OU])], NOW).await;
    let minute = Duration::MINUTE;
    db.store.put_policy(&policy(1, "{}"), NOW + minute).await.unwrap();
    let import = db.store.begin_import(LATER).await.unwrap().id;
    db.store.stage_facts(import, &facts(), Some(true)).await.unwrap();
    let renamed = PolicyRecord { name: "other".into(), ..policy(3, "") };
    db.store.stage_policies(import, &[policy(1, ""), policy(2, ""), renamed, policy(4, "")]).await.unwrap();
    let texts = async |since| due(db.store.staged_texts_due(import, since).await.unwrap());
    let targets = async |since| due(db.store.staged_targets_due(import, since).await.unwrap());
    assert_eq!(texts(Some(NOW)).await, [(id(3), true), (id(4), true), (id(2), false), (id(1), false)]);
    assert_eq!(
        texts(Some(NOW + minute)).await,
        [(id(2), true), (id(3), true), (id(4), true), (id(1), false)]
    );
    assert_eq!(texts(None).await, [(id(2), true), (id(3), true), (id(1), true), (id(4), true)]);
    assert_eq!(targets(Some(NOW)).await, [(id(4), true), (id(1), false), (id(2), false), (id(3), false)]);
    // Switched off and on again, who knows.
    db.store.stage_facts(import, &facts(), Some(false)).await.unwrap();
    assert!(targets(Some(NOW)).await.iter().all(|(_, must)| *must));
}

#[tokio::test]
async fn what_a_refresh_leaves_out_is_carried_over_with_its_age() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT, ACCOUNT]), (2, &[OU, ROOT]), (3, &[OU])], NOW).await;
    let import = db.store.begin_import(LATER).await.unwrap().id;
    db.store.stage_facts(import, &facts(), Some(true)).await.unwrap();
    // The account is gone since.
    db.store.stage_nodes(import, &[node(ROOT, None), node(OU, Some(ROOT))]).await.unwrap();
    db.store.stage_policies(import, &[policy(1, ""), policy(2, ""), policy(3, "")]).await.unwrap();
    db.store.stage_policies(import, &[policy(2, "{\"new\":1}")]).await.unwrap();
    db.store.stage_attachments(import, &id(3), &[target(OU), target(ROOT)]).await.unwrap();
    // The portal detaches and edits, before and after.
    db.store.remove_attachment(&id(2), &target(OU)).await.unwrap();
    db.store.carry_policies(import).await.unwrap();
    db.store.put_policy(&policy(1, "{\"ours\":1}"), LATER + Duration::MINUTE).await.unwrap();
    db.store.carry_policies(import).await.unwrap();
    db.store.promote(import, LATER).await.unwrap();
    let after = db.store.load_snapshot().await.unwrap();
    assert_eq!(attached(&after), [(OU.into(), 3), (ROOT.into(), 1), (ROOT.into(), 2), (ROOT.into(), 3)]);
    let known = after.policies.iter().map(|p| (p.record.content.as_str(), p.seen_at, p.targets_seen_at));
    let expected =
        [("{\"ours\":1}", LATER + Duration::MINUTE, NOW), ("{\"new\":1}", LATER, NOW), ("{}", NOW, LATER)];
    assert_eq!(known.collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn what_the_portal_attached_to_a_place_that_the_import_has_not_seen_is_not_dropped() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT])], NOW).await;
    let import = db.store.begin_import(LATER).await.unwrap().id;
    db.store.stage_facts(import, &facts(), Some(true)).await.unwrap();
    db.store.stage_nodes(import, &[node(ROOT, None)]).await.unwrap();
    db.store.stage_policies(import, &[policy(1, "")]).await.unwrap();
    db.store.put_attachment(&id(1), &target(OU)).await.unwrap();
    db.store.carry_policies(import).await.unwrap();
    assert!(matches!(db.store.promote(import, LATER).await, Err(StoreError::Inconsistent { .. })));
    let after = db.store.load_snapshot().await.unwrap();
    assert_eq!(attached(&after), [(OU.into(), 1), (ROOT.into(), 1)]);
}

#[tokio::test]
async fn a_clearing_of_all_attachments_is_not_undone_by_what_is_carried_over() {
    let db = database().await;
    for clear_first in [true, false] {
        imported(&db, &[(1, &[ROOT]), (2, &[OU])], NOW).await;
        let import = db.store.begin_import(LATER).await.unwrap().id;
        db.store.stage_facts(import, &facts(), Some(true)).await.unwrap();
        let nodes = [node(ROOT, None), node(OU, Some(ROOT)), node(ACCOUNT, Some(OU))];
        db.store.stage_nodes(import, &nodes).await.unwrap();
        db.store.stage_policies(import, &[policy(1, ""), policy(2, "")]).await.unwrap();
        for clear in [clear_first, !clear_first] {
            match clear {
                true => db.store.clear_attachments().await.unwrap(),
                false => db.store.carry_policies(import).await.unwrap(),
            }
        }
        db.store.promote(import, LATER).await.unwrap();
        assert_eq!(attached(&db.store.load_snapshot().await.unwrap()), []);
    }
}

#[tokio::test]
async fn a_policy_that_goes_while_it_is_read_leaves_nothing_behind_that_does_not_fit() {
    let db = database().await;
    let import = db.store.begin_import(NOW).await.unwrap().id;
    stage(&db, import, &[(1, &[ROOT]), (2, &[ROOT]), (3, &[ROOT])]).await;
    // Its targets were read before it went, or were on their way when it was found gone.
    db.store.unstage_policy(import, &id(2)).await.unwrap();
    db.store.unstage_policy(import, &id(3)).await.unwrap();
    db.store.stage_attachments(import, &id(3), &[target(OU)]).await.unwrap();
    db.store.promote(import, NOW).await.unwrap();
    assert_eq!(attached(&db.store.load_snapshot().await.unwrap()), [(ROOT.into(), 1)]);
}

#[tokio::test]
async fn a_text_that_comes_after_its_policy_was_found_gone_does_not_bring_it_back() {
    let db = database().await;
    imported(&db, &[(1, &[ROOT])], NOW).await;
    let import = db.store.begin_import(LATER).await.unwrap().id;
    stage(&db, import, &[]).await;
    db.store.stage_policies(import, &[policy(1, "")]).await.unwrap();
    db.store.unstage_policy(import, &id(1)).await.unwrap();
    db.store.stage_text(import, &policy(1, "{}")).await.unwrap();
    db.store.carry_policies(import).await.unwrap();
    db.store.promote(import, LATER).await.unwrap();
    assert_eq!(db.store.load_snapshot().await.unwrap().policies, []);
}

#[tokio::test]
async fn an_import_that_began_in_the_future_is_not_gone_on_with() {
    let db = database().await;
    db.store.begin_import(LATER).await.unwrap();
    let import = db.store.begin_import(NOW).await.unwrap();
    assert_eq!((import.resumed, import.begun_at), (false, NOW));
}

#[tokio::test]
async fn a_walk_of_the_tree_finds_the_places_that_it_staged() {
    let db = database().await;
    let import = db.store.begin_import(NOW).await.unwrap();
    stage(&db, import.id, &[]).await;
    assert_eq!(db.store.staged_containers(import.id).await.unwrap(), [target(OU), target(ROOT)]);
    db.store.discard_import(import.id).await.unwrap();
    assert_eq!(db.store.staged_containers(import.id).await.unwrap(), []);
    let sql = "SELECT count(*) FROM staged_nodes";
    let left: i64 = sqlx::query_scalar(sql).fetch_one(&db.store.pool).await.unwrap();
    assert_eq!(left, 0, "no account either");
}
