use std::sync::Arc;

use model::{
    AccountId, TargetId, TargetKind,
    organization::{AccountState, Attachment, Node, OrganizationFacts, PolicyRecord},
};
use policy::diff::ChangeKind;
use store::StoredPolicy;
use time::macros::{date, datetime};

use super::*;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

pub(crate) fn node(id: &str, parent: Option<&str>, name: &str) -> Node {
    let id: TargetId = id.parse().unwrap();
    Node {
        state: (id.kind() == TargetKind::Account).then_some(AccountState::Active),
        email: (id.kind() == TargetKind::Account).then(|| format!("{name}@example.com")),
        arn: format!("arn:aws:organizations::111111111111:x/{id}"),
        parent: parent.map(|p| p.parse().unwrap()),
        name: name.to_owned(),
        joined_at: None,
        id,
    }
}

pub(crate) fn policy(id: &str, content: &str) -> StoredPolicy {
    StoredPolicy {
        record: PolicyRecord {
            id: id.parse().unwrap(),
            arn: String::new(),
            name: id.to_uppercase(),
            description: String::new(),
            content: content.to_owned(),
        },
        changed_at: NOW,
        seen_at: NOW,
        targets_seen_at: NOW,
    }
}

pub(crate) fn attach(policy: &str, target: &str, position: i32) -> Attachment {
    Attachment { policy: policy.parse().unwrap(), target: target.parse().unwrap(), position }
}

pub(crate) const ROOT: &str = "r-ab12";
pub(crate) const OU: &str = "ou-ab12-aaaaaaaa";
pub(crate) const INNER: &str = "ou-ab12-bbbbbbbb";

/// Root with an account, an OU with two accounts and an OU of its own with one.
pub(crate) fn directory() -> Directory {
    Directory::build(snapshot(), NOW).unwrap()
}

pub(crate) fn snapshot() -> Snapshot {
    let plan = r#"{"plans":{"daily":{"regions":{"@@assign":["eu-west-1"]}}}}"#;
    let more = r#"{"plans":{"daily":{"regions":{"@@append":["us-east-1"]}}}}"#;
    let nodes = vec![
        node("444444444444", Some(INNER), "deep"),
        node("333333333333", Some(OU), "Zeta"),
        node("222222222222", Some(OU), "alpha"),
        node(INNER, Some(OU), "Inner"),
        node("111111111111", Some(ROOT), "management"),
        node(OU, Some(ROOT), "Production"),
        node(ROOT, None, "Root"),
    ];
    Snapshot {
        generation: 7,
        facts: Some(OrganizationFacts {
            id: "o-abcdefghij".into(),
            arn: String::new(),
            management_account: "111111111111".parse().unwrap(),
            all_features: true,
        }),
        nodes,
        policies: vec![policy("p-aaaaaaaa", plan), policy("p-bbbbbbbb", more), policy("p-cccccccc", "{")],
        attachments: vec![
            attach("p-aaaaaaaa", OU, 0),
            attach("p-bbbbbbbb", INNER, 0),
            attach("p-bbbbbbbb", "444444444444", 0),
            attach("p-cccccccc", ROOT, 0),
        ],
        policy_type_enabled: Some(true),
        seen_at: Some(NOW),
        invalid_in_aws: Some(["111111111111".parse().unwrap()].into()),
        unread: Vec::new(),
    }
}

#[test]
fn ous_stand_before_accounts_and_both_by_name_whatever_their_case() {
    let directory = directory();
    let names: Vec<&str> = directory.places.iter().map(|p| p.node.name.as_str()).collect();
    assert_eq!(names, ["Root", "Production", "Inner", "deep", "alpha", "Zeta", "management"]);
    let root = &directory.places[0];
    assert_eq!((root.accounts_below, root.ous_below), (4, 2));
}

#[test]
fn accounts_without_policies_of_their_own_share_what_applies_above() {
    let directory = directory();
    let at = |id: &str| &directory.place(&id.parse().unwrap()).unwrap().outcome;
    assert!(Arc::ptr_eq(at("222222222222"), at("333333333333")));
    assert!(Arc::ptr_eq(at("222222222222"), at(OU)));
    assert_eq!(
        at("444444444444").merged.to_json()["plans"]["daily"]["regions"],
        serde_json::json!(["eu-west-1", "us-east-1"])
    );
    assert!(at("111111111111").merged.is_empty());
}

#[test]
fn an_account_shows_its_own_origins_though_another_shares_its_result() {
    let mut snapshot = snapshot();
    snapshot.attachments.extend(["222222222222", "333333333333"].map(|id| attach("p-bbbbbbbb", id, 1)));
    let directory = Directory::build(snapshot, NOW).unwrap();
    let at = |id: &str| directory.place(&id.parse().unwrap()).unwrap();
    assert!(Arc::ptr_eq(&at("222222222222").outcome, &at("333333333333").outcome));
    let regions = policy::Path::of(["plans", "daily", "regions"]);
    for id in ["222222222222", "333333333333"] {
        let origins = directory.exact(at(id)).get(&regions).unwrap().origins();
        let targets: Vec<&str> = origins.iter().map(|(_, origin)| &*origin.source.target).collect();
        assert_eq!(targets, [OU, id]);
    }
    // The same policy from elsewhere, and never the OUs that it applies to as well.
    assert_eq!(["222222222222", "444444444444", INNER].map(|id| directory.sharing(at(id))), [3, 3, 3]);
    assert_eq!(directory.sharing(at("111111111111")), 1);
}

#[test]
fn figures_count_active_accounts_and_name_the_invalid_ones() {
    let mut snapshot = snapshot();
    let alpha = snapshot.nodes.iter_mut().find(|n| n.name == "alpha").unwrap();
    alpha.state = Some(AccountState::Suspended);
    let figures = Directory::build(snapshot, NOW).unwrap().figures;
    let invalid: Vec<&str> = figures.invalid.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(invalid, ["deep", "Zeta", "management"]);
    assert_eq!((figures.active, figures.other, figures.ous), (3, 1, 2));
    assert_eq!((figures.without_plan, figures.distinct), (1, 3));
}

#[test]
fn a_preview_tells_what_a_change_would_do_and_changes_nothing() {
    let directory = directory();
    let attach = |target: &str| Action::Attach { policy: "p-bbbbbbbb".into(), target: target.into() };
    let groups = directory.preview(&[attach(OU)]).unwrap();
    let accounts: Vec<&[String]> = groups.iter().map(|group| &*group.accounts).collect();
    assert_eq!(accounts, [["222222222222", "333333333333"]], "the innermost account has it already");
    assert_eq!(groups[0].changes[0].kind, ChangeKind::RegionAdded);
    assert_eq!(directory.preview(&[attach(OU)]).unwrap(), groups);
    assert!(directory.preview(&[attach("999999999999")]).is_err());
}

#[test]
fn while_the_policy_type_is_off_nothing_applies_and_nothing_is_invalid_whatever_was_read_before() {
    let off = Snapshot { policy_type_enabled: Some(false), ..snapshot() };
    let directory = Directory::build(off, NOW).unwrap();
    assert_eq!((directory.figures.without_plan, directory.figures.distinct), (4, 1));
    assert!(
        directory.figures.invalid.is_empty()
            && directory.places.iter().all(|place| place.policies.is_empty())
    );
}

#[test]
fn findings_are_good_for_a_day() {
    // Archiving needs 28 days between the next two runs, which are those of January and of a year later until the
    // 21st, and those of one January after it.
    let plan = r#"{"plans":{"p":{"regions":{"@@assign":["eu-west-1"]},"rules":{"r":{
        "target_backup_vault_name":{"@@assign":"Main"},
        "schedule_expression":{"@@assign":"cron(0 5 1,21 1 ? *)"},
        "lifecycle":{"opt_in_to_archive_for_supported_resources":{"@@assign":"true"},
            "move_to_cold_storage_after_days":{"@@assign":"30"},"delete_after_days":{"@@assign":"365"}}}},
        "selections":{"tags":{"t":{"iam_role_arn":{"@@assign":"arn:aws:iam::$account:role/B"},
            "tag_key":{"@@assign":"b"},"tag_value":{"@@assign":["y"]}}}}}}}"#;
    let on = |now: OffsetDateTime| {
        let mut snapshot = snapshot();
        plan.clone_into(&mut snapshot.policies[0].record.content);
        Directory::build(snapshot, now).unwrap()
    };
    let (one, next) = (on(datetime!(2027-01-20 12:00 UTC)), on(datetime!(2027-01-21 12:00 UTC)));
    let invalid =
        |directory: &Directory| directory.place(&"222222222222".parse().unwrap()).unwrap().is_invalid();
    assert_eq!((invalid(&one), invalid(&next)), (false, true));
    assert!(one.serves(7, date!(2027 - 01 - 20)) && !one.serves(7, date!(2027 - 01 - 21)));
    assert!(next.serves(7, date!(2027 - 01 - 20)), "asked a moment before midnight");
    assert!(next.serves(6, date!(2027 - 01 - 21)) && !next.serves(8, date!(2027 - 01 - 21)));
}

#[test]
fn a_policy_that_cannot_be_read_applies_nothing_and_says_why() {
    let directory = directory();
    let entry = &directory.policies[&"p-cccccccc".parse::<PolicyId>().unwrap()];
    assert!(!entry.problems.is_empty());
    assert!(directory.places[0].outcome.merged.is_empty());
}

#[test]
fn account_names_are_told_for_members_only() {
    let directory = directory();
    assert_eq!(directory.account_name(&"222222222222".parse::<AccountId>().unwrap()), "alpha");
    assert_eq!(directory.account_name(&"999999999999".parse::<AccountId>().unwrap()), "");
    assert_eq!(directory.organization_name().as_deref(), Some("management"));
}

#[test]
fn a_place_is_as_old_as_the_oldest_reading_that_it_rests_on() {
    let mut directory = directory();
    let hours = |n| NOW - time::Duration::hours(n);
    let read = |directory: &mut Directory, id: &str, text, targets| {
        let stored = &mut directory.policies.get_mut(&id.parse::<PolicyId>().unwrap()).unwrap().stored;
        (stored.seen_at, stored.targets_seen_at) = (text, targets);
    };
    let at =
        |directory: &Directory, id: &str| directory.seen_at(directory.place(&id.parse().unwrap()).unwrap());
    assert_eq!(at(&directory, "222222222222"), Some(NOW));
    read(&mut directory, "p-bbbbbbbb", hours(3), NOW);
    assert_eq!(at(&directory, "222222222222"), Some(NOW), "its text does not apply there");
    assert_eq!(at(&directory, "444444444444"), Some(hours(3)));
    // Whatever it is attached to by now.
    read(&mut directory, "p-bbbbbbbb", NOW, hours(1));
    assert_eq!(at(&directory, "222222222222"), Some(hours(1)));
}
