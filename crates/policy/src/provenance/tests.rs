use std::sync::Arc;

use super::*;
use crate::document::Document;
use crate::fragment::Fragment;
use crate::merge::{Attached, Level, merge};

fn level(target: &str, policies: &[(&str, &str)]) -> Level {
    let attached = |(id, text): &(&str, &str)| {
        let text = format!(r#"{{"plans":{{"p":{text}}}}}"#);
        let fragment = Arc::new(Fragment::of(&Document::parse(&text).unwrap()));
        Attached { id: (*id).into(), fragment }
    };
    Level { target: target.into(), policies: policies.iter().map(attached).collect() }
}

fn who(policy: &str, target: &str) -> Who {
    Who { policy: policy.into(), target: target.into() }
}

fn setting(levels: &[Level]) -> Trace {
    trace(&merge(levels), &Path::of(["plans", "p", "k"])).unwrap()
}

#[test]
fn every_element_of_a_list_names_the_policy_that_added_it() {
    let trace = setting(&[
        level("root", &[("a", r#"{"k":{"@@assign":["1","2"]}}"#)]),
        level("ou", &[("b", r#"{"k":{"@@append":["2","3"],"@@remove":["1"]}}"#)]),
    ]);
    let values: Vec<_> = trace.values.iter().map(|v| (v.value.as_str(), v.operator, v.who.clone())).collect();
    assert!(trace.list);
    assert_eq!(values, [("2", Operator::Assign, who("a", "root")), ("3", Operator::Append, who("b", "ou"))]);
}

#[test]
fn an_overridden_value_is_told_with_its_policy() {
    let trace = setting(&[
        level("root", &[("a", r#"{"k":{"@@assign":"1"}}"#)]),
        level("ou", &[("b", r#"{"k":{"@@assign":"2"}}"#)]),
    ]);
    let fates: Vec<_> = trace.steps.iter().map(|act| (act.who.policy.as_str(), act.fate)).collect();
    assert_eq!(fates, [("a", Fate::Overridden), ("b", Fate::Stands)]);
    assert_eq!(trace.steps[0].values, ["1"]);
}

#[test]
fn a_skipped_operator_is_told_with_the_policy_that_forbids_it() {
    let trace = setting(&[
        level(
            "root",
            &[
                ("open", r#"{"k":{"@@assign":"1"}}"#),
                ("lock", r#"{"k":{"@@operators_allowed_for_child_policies":["@@none"]}}"#),
            ],
        ),
        level("ou", &[("b", r#"{"k":{"@@assign":"2"}}"#)]),
    ]);
    let skipped = &trace.steps[1];
    assert_eq!((skipped.fate, skipped.by.clone()), (Fate::Forbidden, Some(who("lock", "root"))));
    assert_eq!(trace.values[0].value, "1");
}

#[test]
fn a_later_assign_of_the_same_level_is_told_as_outranked() {
    let trace =
        setting(&[level("root", &[("a", r#"{"k":{"@@assign":"1"}}"#), ("b", r#"{"k":{"@@assign":"2"}}"#)])]);
    assert_eq!((trace.steps[1].fate, trace.steps[1].by.clone()), (Fate::Outranked, Some(who("a", "root"))));
}

#[test]
fn a_step_without_effect_is_told_as_such() {
    let trace =
        setting(&[level("root", &[("a", r#"{"k":{"@@assign":["1"],"@@append":["1"],"@@remove":["9"]}}"#)])]);
    let fates: Vec<_> = trace.steps.iter().map(|act| act.fate).collect();
    assert_eq!(fates, [Fate::Stands, Fate::NoChange, Fate::NoChange]);
}

#[test]
fn a_key_that_could_not_be_added_is_told_at_its_container() {
    let merged = merge(&[
        level("root", &[("lock", r#"{"@@operators_allowed_for_child_policies":["@@none"]}"#)]),
        level("ou", &[("b", r#"{"k":{"@@assign":"2"}}"#)]),
    ]);
    let told = trace(&merged, &Path::of(["plans", "p"])).unwrap();
    let refused = RefusedKey { key: "k".into(), who: who("b", "ou"), by: who("lock", "root") };
    assert_eq!(told.refused, [refused]);
    assert_eq!(trace(&merged, &Path::of(["plans", "p", "k"])), None);
    assert_eq!(traces(&merged).len(), 1);
}

#[test]
fn traces_survive_the_wire() {
    let merged = merge(&[level("root", &[("a", r#"{"k":{"@@assign":["1"]}}"#)])]);
    let text = serde_json::to_string(&traces(&merged)).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Trace>>(&text).unwrap(), traces(&merged));
}
