use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use time::{OffsetDateTime, macros::datetime};

use super::outcome::Walk;
use super::*;
use crate::diff::{ChangeKind, diff_effective};
use crate::{Document, fragment::Fragment, merge::Merged};

const NOW: OffsetDateTime = datetime!(2026-03-10 12:00 UTC);

fn compile(json: &Value) -> Arc<Fragment> {
    Arc::new(Fragment::of(&Document::parse(&json.to_string()).unwrap()))
}

fn plan(name: &str, regions: &[&str]) -> Value {
    json!({"plans": {name: {
        "regions": {"@@assign": regions},
        "rules": {"nightly": {"target_backup_vault_name": {"@@assign": "Main"}}},
        "selections": {"tags": {"all": {
            "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/Backup"},
            "tag_key": {"@@assign": "backup"},
            "tag_value": {"@@assign": ["yes"]},
        }}},
    }}})
}

fn node(id: &str, parent: Option<&str>, kind: NodeKind) -> Node {
    Node { id: id.into(), parent: parent.map(Into::into), kind }
}

/// r ── prod ── a1, a2; r ── test ── a3; a4 directly below r.
fn nodes() -> Vec<Node> {
    vec![
        node("r", None, NodeKind::Root),
        node("prod", Some("r"), NodeKind::Ou),
        node("test", Some("r"), NodeKind::Ou),
        node("a1", Some("prod"), NodeKind::Account),
        node("a2", Some("prod"), NodeKind::Account),
        node("a3", Some("test"), NodeKind::Account),
        node("a4", Some("r"), NodeKind::Account),
    ]
}

fn build(attachments: &[(&str, &[&str])]) -> Result<Organization, OrganizationError> {
    let policies = [
        ("base", plan("base", &["eu-west-1"])),
        ("same", plan("base", &["eu-west-1"])),
        ("more", json!({"plans": {"base": {"regions": {"@@append": ["us-east-1"]}}}})),
        ("none", json!({"plans": {"base": {"regions": {"@@assign": []}}}})),
    ];
    let attachments = attachments
        .iter()
        .map(|(target, ids)| ((*target).into(), ids.iter().map(|id| (*id).into()).collect()));
    Organization::new(nodes(), policies.map(|(id, json)| (id.into(), compile(&json))), attachments)
}

fn attach(policy: &str, target: &str) -> Action {
    Action::Attach { policy: policy.into(), target: target.into() }
}

/// The groups as sorted account ids with the kinds of change.
fn preview(attachments: &[(&str, &[&str])], actions: &[Action]) -> Vec<(Vec<String>, Vec<ChangeKind>)> {
    let groups = simulate(&build(attachments).unwrap(), actions, NOW).unwrap();
    let accounts = |group: &Group| group.accounts.iter().map(ToString::to_string).collect();
    groups
        .iter()
        .map(|group| (accounts(group), group.changes.iter().map(|change| change.kind).collect()))
        .collect()
}

fn ids(ids: &[&str]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

mod effective {
    use super::*;

    #[test]
    fn accounts_without_policies_of_their_own_share_one_result() {
        let organization = build(&[("r", &["base"]), ("a2", &["more"])]).unwrap();
        let effective = Effective::of(organization.clone().into(), NOW);
        assert!(Arc::ptr_eq(effective.get("a1").unwrap(), effective.get("a3").unwrap()));
        assert!(!Arc::ptr_eq(effective.get("a1").unwrap(), effective.get("a2").unwrap()));
        assert_eq!((effective.ways(), effective.iter().count()), (2, 4));
    }

    #[test]
    fn accounts_of_one_ou_with_equal_policies_of_their_own_share_one_result() {
        let organization = build(&[("r", &["base"]), ("a1", &["more"]), ("a2", &["more"])]).unwrap();
        let effective = Effective::of(organization.clone().into(), NOW);
        assert!(Arc::ptr_eq(effective.get("a1").unwrap(), effective.get("a2").unwrap()));
        let exact = effective.exact("a2").unwrap();
        let (_, origin) = &exact.get(&crate::Path::of(["plans", "base", "regions"])).unwrap().origins()[1];
        assert_eq!(&*origin.source.target, "a2");
    }

    #[test]
    fn an_invalid_result_says_why() {
        let organization = build(&[("r", &["base"]), ("test", &["none"])]).unwrap();
        let effective = Effective::of(organization.clone().into(), NOW);
        assert_eq!(effective.get("a1").unwrap().errors, []);
        assert_eq!(effective.get("a3").unwrap().errors[0].path, "plans/base/regions");
    }

    #[test]
    fn the_place_of_an_account_counts_from_the_root_down() {
        let organization = build(&[("prod", &["more"]), ("r", &["base"])]).unwrap();
        let effective = Effective::of(organization.into(), NOW);
        let regions = &effective.exact("a1").unwrap().to_json()["plans"]["base"]["regions"];
        assert_eq!(regions, &json!(["eu-west-1", "us-east-1"]));
        assert!(effective.exact("nobody").is_none());
    }

    #[test]
    fn a_root_and_an_ou_have_what_an_account_directly_below_them_has() {
        let organization = build(&[("r", &["base"]), ("prod", &["more"]), ("a1", &["none"])]).unwrap();
        let effective = Effective::of(organization.into(), NOW);
        let at = |id: &str| effective.get(id).unwrap();
        assert!(Arc::ptr_eq(at("prod"), at("a2")) && Arc::ptr_eq(at("r"), at("a4")));
        assert!(Arc::ptr_eq(at("test"), at("r")) && !Arc::ptr_eq(at("prod"), at("a1")));
        let position = effective.organization().position("prod").unwrap();
        assert!(Arc::ptr_eq(effective.at(position).unwrap(), at("prod")));
    }

    #[test]
    fn equal_results_have_one_number_wherever_their_values_are_from() {
        let attachments: [(&str, &[&str]); 3] = [("prod", &["base"]), ("a3", &["same"]), ("a4", &["more"])];
        let effective = Effective::of(build(&attachments).unwrap().into(), NOW);
        let result = |id: &str| effective.result(effective.organization().position(id).unwrap()).unwrap();
        assert_eq!((result("a1"), result("a2")), (result("a3"), result("prod")));
        assert_ne!(result("a1"), result("a4"));
        assert_eq!(result("r"), result("test"));
        let all: std::collections::BTreeSet<usize> = PLACES.map(result).into();
        assert_eq!(all, (0..3).collect());
        assert_eq!(effective.result(PLACES.len()), None);
    }
}

mod changes {
    use super::*;

    #[test]
    fn attaching_reaches_everything_below_the_target() {
        let found = preview(&[("r", &["base"])], &[attach("more", "prod")]);
        assert_eq!(found, [(ids(&["a1", "a2"]), vec![ChangeKind::RegionAdded])]);
    }

    #[test]
    fn accounts_to_which_the_same_happens_are_one_group() {
        let found = preview(&[("r", &["base"])], &[attach("more", "prod"), attach("more", "a4")]);
        assert_eq!(found, [(ids(&["a1", "a2", "a4"]), vec![ChangeKind::RegionAdded])]);
    }

    #[test]
    fn detaching_takes_away() {
        let found = preview(
            &[("test", &["base"])],
            &[Action::Detach { policy: "base".into(), target: "test".into() }],
        );
        assert_eq!(found, [(ids(&["a3"]), vec![ChangeKind::PlanLost])]);
    }

    #[test]
    fn a_change_that_comes_to_the_same_policy_is_none() {
        assert_eq!(preview(&[("r", &["base"])], &[attach("same", "prod")]), []);
        assert_eq!(preview(&[("r", &["base"])], &[attach("base", "r")]), []);
    }

    #[test]
    fn editing_reaches_every_target_of_the_policy() {
        let content = compile(&plan("base", &["eu-west-1", "us-east-1"]));
        let edit = Action::Edit { policy: "base".into(), content };
        let found = preview(&[("prod", &["base"]), ("a4", &["base"])], &[edit]);
        assert_eq!(found, [(ids(&["a1", "a2", "a4"]), vec![ChangeKind::RegionAdded])]);
    }

    #[test]
    fn detaching_and_attaching_again_gives_another_policy_the_first_say() {
        let detach = Action::Detach { policy: "base".into(), target: "test".into() };
        let mut organization = build(&[("test", &["base", "none"])]).unwrap();
        let regions = |organization: &Organization| {
            let merged = crate::merge::merge(&organization.levels("a3").unwrap()).to_json();
            merged["plans"]["base"]["regions"].clone()
        };
        assert_eq!(regions(&organization), json!(["eu-west-1"]));
        organization.apply(&attach("base", "test")).unwrap();
        assert_eq!(regions(&organization), json!(["eu-west-1"]), "what is attached stays where it is");
        organization.apply(&detach).unwrap();
        organization.apply(&attach("base", "test")).unwrap();
        assert_eq!(regions(&organization), json!([]));
    }

    #[test]
    fn a_new_policy_can_be_written_and_attached_at_once() {
        let content = compile(&plan("second", &["eu-west-1"]));
        let actions = [Action::Edit { policy: "new".into(), content }, attach("new", "a4")];
        assert_eq!(preview(&[("r", &["base"])], &actions), [(ids(&["a4"]), vec![ChangeKind::PlanAdded])]);
    }

    #[test]
    fn deleting_detaches_everywhere() {
        let found =
            preview(&[("prod", &["base"]), ("a4", &["base"])], &[Action::Delete { policy: "base".into() }]);
        assert_eq!(found, [(ids(&["a1", "a2", "a4"]), vec![ChangeKind::PlanLost])]);
    }

    #[test]
    fn a_moved_account_leaves_what_its_old_parent_gave() {
        let action = Action::Move { node: "a3".into(), parent: "prod".into() };
        let found = preview(&[("r", &["base"]), ("prod", &["more"])], &[action]);
        assert_eq!(found, [(ids(&["a3"]), vec![ChangeKind::RegionAdded])]);
    }

    #[test]
    fn a_moved_ou_takes_its_accounts_along() {
        let action = Action::Move { node: "prod".into(), parent: "test".into() };
        let found = preview(&[("test", &["base"])], &[action]);
        assert_eq!(found, [(ids(&["a1", "a2"]), vec![ChangeKind::PlanAdded])]);
    }

    #[test]
    fn a_group_tells_when_aws_would_keep_the_last_valid_policy() {
        let organization = build(&[("r", &["base"])]).unwrap();
        let groups = simulate(&organization, &[attach("none", "a1")], NOW).unwrap();
        assert_eq!((groups[0].errors_before.len(), groups[0].errors_after.len()), (0, 1));
        assert_eq!(groups[0].after["plans"]["base"]["regions"], json!([]));
        let wire = serde_json::to_string(&groups[0]).unwrap();
        assert_eq!(serde_json::from_str::<Group>(&wire).unwrap(), groups[0]);
    }

    #[test]
    fn accounts_that_differ_elsewhere_but_change_alike_are_one_group() {
        let second = compile(&plan("second", &["eu-west-1"]));
        let mut organization = build(&[("r", &["base"])]).unwrap();
        organization.apply(&Action::Edit { policy: "second".into(), content: second }).unwrap();
        organization.apply(&attach("second", "a1")).unwrap();
        let groups = simulate(&organization, &[attach("more", "prod")], NOW).unwrap();
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].accounts, ids(&["a1", "a2"]));
    }

    #[test]
    fn accounts_that_reach_the_same_result_from_elsewhere_are_two_groups() {
        let actions = [attach("base", "r"), attach("more", "prod"), attach("more", "test")];
        let found = preview(&[("test", &["base"])], &actions);
        let expected = [
            (ids(&["a1", "a2"]), vec![ChangeKind::PlanAdded]),
            (ids(&["a3"]), vec![ChangeKind::RegionAdded]),
            (ids(&["a4"]), vec![ChangeKind::PlanAdded]),
        ];
        assert_eq!(found, expected);
    }
}

mod refusals {
    use super::*;

    fn refused(action: &Action) -> OrganizationError {
        let organization = build(&[("r", &["base"])]).unwrap();
        simulate(&organization, std::slice::from_ref(action), NOW).unwrap_err()
    }

    #[test]
    fn actions_name_what_is_there() {
        assert_eq!(refused(&attach("no", "r")), OrganizationError::UnknownPolicy { id: "no".into() });
        assert_eq!(refused(&attach("base", "no")), OrganizationError::UnknownNode { id: "no".into() });
        let detach = Action::Detach { policy: "base".into(), target: "a1".into() };
        assert!(matches!(refused(&detach), OrganizationError::NotAttached { .. }));
        let delete = Action::Delete { policy: "no".into() };
        assert!(matches!(refused(&delete), OrganizationError::UnknownPolicy { .. }));
    }

    #[test]
    fn nothing_moves_below_itself_or_below_an_account() {
        let moved =
            |node: &str, parent: &str| refused(&Action::Move { node: node.into(), parent: parent.into() });
        assert_eq!(moved("prod", "prod"), OrganizationError::Cycle { id: "prod".into() });
        assert_eq!(moved("r", "test"), OrganizationError::Cycle { id: "r".into() });
        assert_eq!(moved("a1", "a2"), OrganizationError::BelowAccount { parent: "a2".into() });
    }

    #[test]
    fn a_tree_hangs_together() {
        let tree = |nodes: Vec<Node>| Organization::new(nodes, [], []).map(|_| ()).unwrap_err();
        let root = || node("r", None, NodeKind::Root);
        assert_eq!(tree(vec![root(), root()]), OrganizationError::Duplicate { id: "r".into() });
        let lost = vec![node("a", Some("x"), NodeKind::Account)];
        assert_eq!(tree(lost), OrganizationError::UnknownNode { id: "x".into() });
        let headless = vec![node("a", None, NodeKind::Account)];
        assert_eq!(tree(headless), OrganizationError::Misplaced { id: "a".into() });
        let below = vec![root(), node("a", Some("r"), NodeKind::Account), node("b", Some("a"), NodeKind::Ou)];
        assert_eq!(tree(below), OrganizationError::BelowAccount { parent: "a".into() });
        let ring = vec![root(), node("a", Some("b"), NodeKind::Ou), node("b", Some("a"), NodeKind::Ou)];
        assert!(matches!(tree(ring), OrganizationError::Cycle { .. }));
    }

    #[test]
    fn an_attachment_stands_once() {
        let twice = build(&[("r", &["base", "base"])]).map(|_| ()).unwrap_err();
        assert_eq!(twice, OrganizationError::AttachedTwice { policy: "base".into(), target: "r".into() });
    }

    #[test]
    fn a_very_deep_tree_is_no_trouble() {
        let ou = |at: usize| node(&format!("ou{at}"), Some(&format!("ou{}", at - 1)), NodeKind::Ou);
        let mut nodes = vec![node("ou0", None, NodeKind::Root)];
        nodes.extend((1..20_000).map(ou));
        nodes.push(node("a", Some("ou19999"), NodeKind::Account));
        let base = compile(&plan("base", &["eu-west-1"]));
        let organization =
            Organization::new(nodes, [("base".into(), base)], [("ou5".into(), vec!["base".into()])]).unwrap();
        assert!(!Effective::of(organization.clone().into(), NOW).get("a").unwrap().merged.is_empty());
    }
}

/// Policies over few names and all operators, so that they meet.
fn policy() -> impl Strategy<Value = Value> {
    let list = || proptest::sample::subsequence(vec!["eu-west-1", "us-east-1", "eu-north-1"], 0..3);
    let control = proptest::sample::select(vec!["@@all", "@@none", "@@assign", "@@append", "@@remove"]);
    let operator = proptest::sample::select(vec!["@@assign", "@@append", "@@remove"]);
    let plan = (operator, list(), proptest::option::of(control), proptest::bool::ANY).prop_map(
        |(operator, regions, control, vault)| {
            let mut plan = json!({"regions": {operator: regions}});
            if let Some(control) = control {
                plan["regions"]["@@operators_allowed_for_child_policies"] = json!([control]);
            }
            if vault {
                plan["rules"]["r"]["target_backup_vault_name"]["@@assign"] = json!("Main");
            }
            plan
        },
    );
    proptest::collection::btree_map(proptest::sample::select(vec!["a", "b"]), plan, 1..=2)
        .prop_map(|plans| json!({"plans": plans}))
}

const PLACES: [&str; 7] = ["r", "prod", "test", "a1", "a2", "a3", "a4"];
const POLICIES: [&str; 4] = ["p0", "p1", "p2", "p3"];

#[derive(Clone, Debug)]
enum Wish {
    Attach(usize, usize),
    Detach(usize, usize),
    Edit(usize, Value),
    Delete(usize),
    Move(usize, usize),
}

fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        (0..4usize, 0..7usize).prop_map(|(policy, place)| Wish::Attach(policy, place)),
        (0..4usize, 0..7usize).prop_map(|(policy, place)| Wish::Detach(policy, place)),
        (0..4usize, policy()).prop_map(|(at, policy)| Wish::Edit(at, policy)),
        (0..4usize).prop_map(Wish::Delete),
        (0..7usize, 0..3usize).prop_map(|(node, parent)| Wish::Move(node, parent)),
    ]
}

fn action(wish: &Wish) -> Action {
    let (policy, place) = (|at: &usize| POLICIES[*at].into(), |at: &usize| PLACES[*at].into());
    match wish {
        Wish::Attach(at, target) => Action::Attach { policy: policy(at), target: place(target) },
        Wish::Detach(at, target) => Action::Detach { policy: policy(at), target: place(target) },
        Wish::Edit(at, content) => Action::Edit { policy: policy(at), content: compile(content) },
        Wish::Delete(at) => Action::Delete { policy: policy(at) },
        Wish::Move(node, parent) => Action::Move { node: place(node), parent: place(parent) },
    }
}

fn organization() -> impl Strategy<Value = Organization> {
    let attached =
        proptest::collection::vec(proptest::sample::subsequence(POLICIES.to_vec(), 0..3), PLACES.len());
    (proptest::collection::vec(policy(), POLICIES.len()), attached).prop_map(|(policies, attached)| {
        let policies = POLICIES.iter().zip(policies).map(|(id, json)| ((*id).into(), compile(&json)));
        let attached = PLACES
            .iter()
            .zip(attached)
            .map(|(target, ids)| ((*target).into(), ids.into_iter().map(Into::into).collect()));
        Organization::new(nodes(), policies, attached).unwrap()
    })
}

/// What applies at a place, computed for it alone.
fn alone(organization: &Organization, id: &str) -> Merged {
    crate::merge::merge(&organization.levels(id).unwrap())
}

fn results(organization: &Organization) -> BTreeMap<String, Value> {
    let exact = |id: &Arc<str>| (id.to_string(), alone(organization, id).to_json());
    organization.accounts().map(exact).collect()
}

/// A merged policy with all that happened to it. Accounts that share it stand for each other.
fn everything(merged: &Merged) -> String {
    let told = format!("{merged:?}");
    ["a1", "a2", "a3", "a4"].iter().fold(told, |told, account| told.replace(account, "account"))
}

proptest! {
    #[test]
    fn shared_work_comes_to_the_same_as_each_account_by_itself(organization in organization()) {
        let effective = Effective::of(organization.clone().into(), NOW);
        let shared: BTreeMap<_, _> =
            effective.iter().map(|(id, outcome)| (id.to_string(), outcome.merged.to_json())).collect();
        prop_assert_eq!(shared, results(&organization));
    }

    #[test]
    fn every_place_has_what_it_has_by_itself_down_to_the_origins(organization in organization()) {
        let effective = Effective::of(organization.clone().into(), NOW);
        for id in PLACES {
            let alone = alone(&organization, id);
            prop_assert_eq!(format!("{:?}", effective.exact(id).unwrap()), format!("{alone:?}"));
            let outcome = effective.get(id).unwrap();
            prop_assert!(outcome.merged.same_result(&alone));
            prop_assert_eq!(&outcome.errors, &crate::validate::validate(&alone, NOW));
        }
    }

    #[test]
    fn places_have_one_result_exactly_where_the_same_policy_applies(organization in organization()) {
        let effective = Effective::of(organization.clone().into(), NOW);
        let result = |id: &str| effective.result(organization.position(id).unwrap()).unwrap();
        for one in PLACES {
            for other in PLACES {
                let same = alone(&organization, one).to_json() == alone(&organization, other).to_json();
                prop_assert_eq!(result(one) == result(other), same, "{} and {}", one, other);
            }
        }
    }

    #[test]
    fn what_is_taken_over_after_a_change_is_what_would_be_computed(
        organization in organization(),
        wishes in proptest::collection::vec(wish(), 1..4),
    ) {
        let mut changed = organization.clone();
        for wish in &wishes {
            let _ = changed.apply(&action(wish));
        }
        let mut before = Walk::new(&organization, NOW);
        let places = organization.places().iter().enumerate();
        let accounts: Vec<usize> =
            places.filter(|(_, place)| place.kind == NodeKind::Account).map(|(at, _)| at).collect();
        accounts.iter().for_each(|account| drop(before.outcome(*account)));
        let (mut again, mut anew) = (before.changed(&changed), Walk::new(&changed, NOW));
        for account in accounts {
            let (again, anew) = (again.outcome(account), anew.outcome(account));
            prop_assert_eq!(&again.errors, &anew.errors);
            prop_assert_eq!(everything(&again.merged), everything(&anew.merged));
        }
    }

    #[test]
    fn a_simulation_equals_recomputing_everything(
        organization in organization(),
        wishes in proptest::collection::vec(wish(), 1..4),
    ) {
        let actions: Vec<Action> = wishes.iter().map(action).collect();
        let mut changed = organization.clone();
        let possible = actions.iter().try_for_each(|action| changed.apply(action));
        let simulated = simulate(&organization, &actions, NOW);
        let known = Effective::of(organization.clone().into(), NOW).simulate(&actions);
        prop_assert_eq!(&simulated, &known);
        prop_assert_eq!(possible.is_ok(), simulated.is_ok());
        let Ok(groups) = simulated else { return Ok(()) };

        let (before, after) = (results(&organization), results(&changed));
        let expected: BTreeMap<_, _> = before
            .iter()
            .filter(|(id, old)| after[*id] != **old)
            .map(|(id, old)| (id.clone(), diff_effective(old, &after[id], NOW)))
            .collect();
        let found: BTreeMap<_, _> = groups
            .iter()
            .flat_map(|group| group.accounts.iter().map(|id| (id.clone(), group.changes.clone())))
            .collect();
        prop_assert_eq!(found, expected);
        for group in groups {
            prop_assert_eq!(&group.before, &before[&group.accounts[0]]);
            prop_assert_eq!(&group.after, &after[&group.accounts[0]]);
        }
    }
}
