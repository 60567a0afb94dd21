//! Properties of the policy language that hold for every input.

use std::sync::Arc;

use policy::admission;
use policy::diff::diff_documents;
use policy::document::{Document, Member, Node, Value};
use policy::fragment::Fragment;
use policy::lint::{lint, lint_merged};
use policy::merge::{Attached, Level, Merged, merge};
use policy::path::Path;
use policy::provenance::traces;
use policy::validate::validate;
use proptest::prelude::*;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

/// Any JSON, with keys and texts likely to mean something.
fn json() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        any::<String>().prop_map(Node::text),
        word().prop_map(Node::text),
        number().prop_map(|number| Node::new(Value::Number(number.into()))),
        any::<bool>().prop_map(|bool| Node::new(Value::Bool(bool))),
        Just(Node::new(Value::Null)),
    ];
    leaf.prop_recursive(8, 128, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| Node::new(Value::Array(items))),
            prop::collection::btree_map(prop_oneof![word(), any::<String>()], inner, 0..6)
                .prop_map(Node::object)
                .prop_shuffle_members(),
        ]
    })
}

/// Words of the language, operators included.
fn word() -> impl Strategy<Value = String> {
    let words = [
        "plans",
        "p",
        "q",
        "rules",
        "r",
        "regions",
        "selections",
        "tags",
        "resources",
        "s",
        "lifecycle",
        "copy_actions",
        "delete_after_days",
        "schedule_expression",
        "tag_key",
        "tag_value",
        "conditions",
        "string_equals",
        "@@assign",
        "@@append",
        "@@remove",
        "@@operators_allowed_for_child_policies",
        "@@all",
        "@@none",
        "eu-west-1",
        "true",
        "35",
        "cron(0 5 ? * * *)",
        "arn:aws:backup:us-east-1:$account:backup-vault:V",
        "arn:aws:iam::$account:role/r",
    ];
    prop::sample::select(words.to_vec()).prop_map(str::to_owned)
}

fn number() -> impl Strategy<Value = String> {
    prop_oneof![Just("60.0".to_owned()), Just("-1.5e-3".to_owned()), any::<i64>().prop_map(|n| n.to_string())]
}

trait ShuffleMembers: Strategy<Value = Node> + Sized {
    /// Objects come sorted out of the map; this turns their order around at random.
    fn prop_shuffle_members(self) -> impl Strategy<Value = Node> {
        (self, any::<prop::sample::Index>()).prop_map(|(mut node, by)| {
            if let Value::Object(members) = &mut node.value {
                let by = if members.is_empty() { 0 } else { by.index(members.len()) };
                members.rotate_left(by);
            }
            node
        })
    }
}

impl<S: Strategy<Value = Node>> ShuffleMembers for S {}

/// A policy as merging sees it: containers, settings and controls in any combination.
fn policy() -> impl Strategy<Value = Node> {
    let control =
        prop::sample::subsequence(vec!["@@assign", "@@append", "@@remove", "@@all", "@@none"], 0..3);
    let control = prop::option::weighted(0.3, control.prop_map(Node::list));
    let values = prop::sample::subsequence(vec!["a", "b", "c", "d"], 0..4).prop_shuffle();
    let list = || prop::option::of(values.clone().prop_map(Node::list));
    let text = prop::option::of(prop::sample::select(vec!["x", "y"]).prop_map(Node::text));
    let setting = prop_oneof![
        (list(), list(), list(), control.clone()).prop_map(|(a, b, c, d)| operators([a, b, c, d])),
        (text, control.clone()).prop_map(|(a, d)| operators([a, None, None, d])),
    ];
    let tree = setting.prop_recursive(4, 40, 4, move |inner| {
        let key = prop::sample::select(vec!["k", "l", "m", "n"]);
        (prop::collection::btree_map(key, inner, 0..4), control.clone()).prop_map(|(children, control)| {
            let children = children.into_iter().map(|(key, node)| (key.to_owned(), node));
            let control = control.map(|control| (CONTROL.to_owned(), control));
            Node::object(control.into_iter().chain(children))
        })
    });
    tree.prop_map(|plans| Node::object([("plans", plans)]))
}

const CONTROL: &str = "@@operators_allowed_for_child_policies";

fn operators(given: [Option<Node>; 4]) -> Node {
    let keys = ["@@assign", "@@append", "@@remove", CONTROL];
    Node::object(keys.into_iter().zip(given).filter_map(|(key, node)| Some((key, node?))))
}

fn levels() -> impl Strategy<Value = Vec<Vec<Node>>> {
    prop::collection::vec(prop::collection::vec(policy(), 0..3), 1..4)
}

fn level(at: usize, policies: &[Node]) -> Level {
    let attached = |(number, node): (usize, &Node)| Attached {
        id: format!("p{at}-{number}").into(),
        fragment: Arc::new(Fragment::of_node(node)),
    };
    Level { target: format!("t{at}").into(), policies: policies.iter().enumerate().map(attached).collect() }
}

fn merged(levels: &[Vec<Node>]) -> Merged {
    merge(&levels.iter().enumerate().map(|(at, policies)| level(at, policies)).collect::<Vec<_>>())
}

/// The same tree with the members of every object turned around.
fn reversed(node: &Node) -> Node {
    let member = |member: &Member| (member.key.clone(), reversed(&member.node));
    match &node.value {
        Value::Object(members) => Node::object(members.iter().rev().map(member)),
        _ => node.clone(),
    }
}

/// The same policy with every container and setting locked.
fn locked(node: &Node) -> Node {
    let lock = (CONTROL.into(), Node::list(["@@none"]));
    let kept = node.members().iter().filter(|member| &*member.key != CONTROL);
    let below = |member: &Member| match member.key.starts_with("@@") {
        true => (member.key.clone(), member.node.clone()),
        false => (member.key.clone(), locked(&member.node)),
    };
    Node::object(std::iter::once(lock).chain(kept.map(below)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_back_the_same(node in json()) {
        let mut document = Document::parse("{}").unwrap();
        document.set(&Path::root(), &node).unwrap();
        prop_assert_eq!(document.root(), &node);
        let pretty = Document::parse(&document.pretty()).unwrap();
        let compact = Document::parse(&document.compact()).unwrap();
        prop_assert_eq!(&pretty, &document);
        prop_assert_eq!(&compact, &document);
        prop_assert_eq!(pretty.pretty(), document.pretty());
    }

    #[test]
    fn positions_point_at_what_they_describe(node in json()) {
        let mut document = Document::parse("{}").unwrap();
        document.set(&Path::root(), &node).unwrap();
        let document = Document::parse(&document.pretty()).unwrap();
        positions_hold(document.root(), document.text())?;
    }

    #[test]
    fn an_edit_leaves_the_rest_alone(node in json(), value in json(), key in word()) {
        let object = Node::object([("a", node.clone()), ("b", node)]);
        let mut document = Document::parse("{}").unwrap();
        document.set(&Path::root(), &object).unwrap();
        let mut document = Document::parse(&document.pretty()).unwrap();
        let before = document.clone();
        let path = Path::of(["new", &key]);
        document.set(&path, &value).unwrap();
        prop_assert_eq!(document.get(&path), Some(&value));
        document.rename(&Path::of(["new"]), "other").unwrap();
        document.remove(&Path::of(["other"])).unwrap();
        prop_assert_eq!(document.text(), before.text());
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        check_everything(&text);
    }

    #[test]
    fn no_broken_document_panics(node in json(), cut in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:\\\\u0-9 ]{0,3}") {
        let mut document = Document::parse("{}").unwrap();
        document.set(&Path::root(), &node).unwrap();
        let mut text: Vec<char> = document.pretty().chars().collect();
        let at = cut.index(text.len());
        text.splice(at..(at + 2).min(text.len()), with.chars());
        check_everything(&text.into_iter().collect::<String>());
    }

    #[test]
    fn no_json_panics(node in json()) {
        let wrapped = Node::object([("plans", Node::object([("p", node)]))]);
        let mut document = Document::parse("{}").unwrap();
        document.set(&Path::root(), &wrapped).unwrap();
        check_everything(&document.pretty());
    }

    #[test]
    fn merging_is_independent_of_how_keys_are_ordered(levels in levels()) {
        let turned: Vec<Vec<Node>> =
            levels.iter().map(|policies| policies.iter().map(reversed).collect()).collect();
        prop_assert_eq!(merged(&levels).to_json(), merged(&turned).to_json());
    }

    #[test]
    fn every_remaining_value_has_its_origin(levels in levels()) {
        let merged = merged(&levels);
        for (path, place) in merged.settings() {
            let told: Vec<_> = place.origins().into_iter().map(|(value, _)| value).collect();
            prop_assert_eq!(place.value().map(|value| value.values().to_vec()), Some(told), "{}", path);
        }
        let traced = traces(&merged).iter().filter(|trace| !trace.values.is_empty() || trace.list).count();
        prop_assert_eq!(traced, merged.settings().len());
    }

    #[test]
    fn a_locked_policy_never_changes_below(top in policy(), below in levels()) {
        let [plans] = top.members() else { panic!() };
        let locked = Node::object([("plans", locked(&plans.node))]);
        let alone = merged(&[vec![locked.clone()]]);
        let mut levels = vec![vec![locked]];
        levels.extend(below);
        prop_assert_eq!(merged(&levels).to_json(), alone.to_json());
    }

    #[test]
    fn results_are_the_same_if_and_only_if_they_print_alike(one in levels(), two in levels()) {
        let (one, two) = (merged(&one), merged(&two));
        prop_assert_eq!(one.same_result(&two), one.to_json() == two.to_json());
        prop_assert!(one.same_result(&one.clone()));
    }

    #[test]
    fn merging_level_by_level_equals_merging_at_once(levels in levels()) {
        let step = |state: Merged, (at, policies): (usize, &Vec<Node>)| state.apply(&level(at, policies));
        let stepwise = levels.iter().enumerate().fold(Merged::default(), step);
        prop_assert_eq!(traces(&stepwise), traces(&merged(&levels)));
    }
}

fn positions_hold(node: &Node, text: &str) -> Result<(), TestCaseError> {
    let slice =
        |span: policy::document::Span| text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let alone = Document::parse(slice(node.span)).map(|document| document.root().clone());
    prop_assert_eq!(alone.as_ref(), Ok(node));
    let line = text.lines().nth(node.span.line as usize - 1).unwrap_or_default();
    let rest: String = line.chars().skip(node.span.column as usize - 1).collect();
    prop_assert!(slice(node.span).starts_with(rest.get(..1).unwrap_or_default()));
    for member in node.members() {
        let key = Document::parse(slice(member.key_span)).map(|document| document.root().scalar());
        prop_assert_eq!(key, Ok(Some(member.key.clone())));
        positions_hold(&member.node, text)?;
    }
    node.elements().iter().try_for_each(|element| positions_hold(element, text))
}

/// Every step a document goes through, whatever it is.
fn check_everything(text: &str) {
    let Ok(document) = Document::parse(text) else { return };
    let problems = admission::check(&document, NOW);
    assert!(problems.iter().all(|problem| problem.line >= 1 && problem.column >= 1));
    let policies = [document.root().clone(), document.root().clone()];
    let merged = merge(&[level(0, &policies), level(1, &policies)]);
    let _ = (validate(&merged, NOW), traces(&merged));
    assert!(lint(&document, NOW, &[]).iter().all(|problem| problem.line >= 1 && !problem.is_error()));
    let _ = (lint_merged(&merged, NOW, &[]), diff_documents(&document, &document, NOW));
}
