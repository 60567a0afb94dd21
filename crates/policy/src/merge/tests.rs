mod recorded;

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::document::Document;
use crate::fragment::Fragment;
use crate::path::Path;

/// Levels root first; policies oldest attachment first, named p0, p1, ... over all levels.
fn levels(policies: Value) -> Vec<Level> {
    let mut number = 0;
    let mut level = |(at, policies): (usize, &Value)| {
        let attached = policies.as_array().unwrap().iter().map(|policy| {
            let id = format!("p{number}").into();
            number += 1;
            let document = Document::parse(&policy.to_string()).unwrap();
            Attached { id, fragment: Arc::new(Fragment::of(&document)) }
        });
        Level { target: ["root", "ou", "account"][at].into(), policies: attached.collect() }
    };
    policies.as_array().unwrap().iter().enumerate().map(&mut level).collect()
}

fn merged(policies: Value) -> Value {
    merge(&levels(policies)).to_json()
}

/// What becomes of one setting, `plans/p/k`, given as operators.
fn setting(per_level: Value) -> Value {
    let wrap = |operators: &Value| json!({"plans": {"p": {"k": operators}}});
    let wrapped: Value = per_level
        .as_array()
        .unwrap()
        .iter()
        .map(|level| level.as_array().unwrap().iter().map(wrap).collect::<Value>())
        .collect();
    merged(wrapped)["plans"]["p"]["k"].clone()
}

#[test]
fn assign_replaces_what_was_inherited() {
    assert_eq!(setting(json!([[{"@@assign": "a"}], [{"@@assign": "b"}]])), json!("b"));
    assert_eq!(setting(json!([[{"@@assign": ["a", "b"]}], [{"@@assign": ["c"]}]])), json!(["c"]));
}

#[test]
fn a_level_without_policies_changes_nothing() {
    assert_eq!(setting(json!([[{"@@assign": "a"}], [], []])), json!("a"));
}

#[test]
fn append_adds_in_order_and_skips_values_already_present() {
    assert_eq!(
        setting(json!([[{"@@assign": ["a", "b"]}], [{"@@append": ["b", "c", "c", "d"]}]])),
        json!(["a", "b", "c", "d"])
    );
}

#[test]
fn append_works_with_nothing_inherited() {
    assert_eq!(setting(json!([[{"@@append": ["a"]}]])), json!(["a"]));
    assert_eq!(setting(json!([[{"@@append": []}]])), json!([]));
}

#[test]
fn remove_takes_out_listed_values_and_ignores_absent_ones() {
    assert_eq!(setting(json!([[{"@@assign": ["a", "b"]}], [{"@@remove": ["a", "x"]}]])), json!(["b"]));
}

#[test]
fn remove_of_the_last_value_leaves_an_empty_list() {
    assert_eq!(setting(json!([[{"@@assign": ["a"]}], [{"@@remove": ["a"]}]])), json!([]));
}

#[test]
fn remove_with_nothing_inherited_produces_nothing() {
    assert_eq!(merged(json!([[{"plans": {"p": {"k": {"@@remove": ["a"]}}}}]])), json!({}));
}

#[test]
fn assigned_lists_keep_repeated_values() {
    assert_eq!(setting(json!([[{"@@assign": ["a", "a"]}]])), json!(["a", "a"]));
}

#[test]
fn long_lists_merge_like_short_ones() {
    let many: Vec<String> = (0..100).map(|n| format!("v{n}")).collect();
    let later: Vec<String> = (50..150).map(|n| format!("v{n}")).collect();
    let got = setting(json!([[{"@@assign": many}], [{"@@append": later}], [{"@@remove": many}]]));
    assert_eq!(got, json!((100..150).map(|n| format!("v{n}")).collect::<Vec<_>>()));
}

#[test]
fn within_a_level_the_first_attached_assign_wins() {
    assert_eq!(setting(json!([[{"@@assign": "a"}, {"@@assign": "b"}]])), json!("a"));
}

#[test]
fn within_a_level_assign_runs_before_append_whatever_the_attachment_order() {
    assert_eq!(setting(json!([[{"@@append": ["red"]}, {"@@assign": ["blue"]}]])), json!(["blue", "red"]));
}

#[test]
fn within_a_level_remove_beats_append_whatever_the_attachment_order() {
    assert_eq!(setting(json!([[{"@@remove": ["red"]}, {"@@append": ["red"]}]])), json!([]));
}

#[test]
fn several_operators_in_one_setting_run_as_assign_append_remove() {
    let all = json!({"@@remove": ["a"], "@@append": ["b"], "@@assign": ["a", "c"]});
    assert_eq!(setting(json!([[all]])), json!(["c", "b"]));
}

#[test]
fn appending_to_a_single_value_leaves_it() {
    assert_eq!(setting(json!([[{"@@assign": "a"}], [{"@@append": ["b"], "@@remove": ["a"]}]])), json!("a"));
}

#[test]
fn scalars_become_text_and_numbers_keep_their_spelling() {
    let text = r#"{"plans":{"p":{"a":{"@@assign":60.0},"b":{"@@assign":true},"c":{"@@assign":[null,1e2]}}}}"#;
    let fragment = Arc::new(Fragment::of(&Document::parse(text).unwrap()));
    let level = Level { target: "root".into(), policies: vec![Attached { id: "p".into(), fragment }] };
    let expected = json!({"plans": {"p": {"a": "60.0", "b": "true", "c": ["null", "1e2"]}}});
    assert_eq!(merge(&[level]).to_json(), expected);
}

#[test]
fn empty_plans_and_containers_vanish_and_empty_lists_stay() {
    assert_eq!(merged(json!([[{"plans": {"p": {"rules": {}}}}]])), json!({}));
    assert_eq!(
        merged(json!([[{"plans": {"p": {"rules": {}, "regions": {"@@assign": []}}}}]])),
        json!({"plans": {"p": {"regions": []}}})
    );
}

#[test]
fn nothing_attached_gives_an_empty_object() {
    assert_eq!(merged(json!([[], []])), json!({}));
}

#[test]
fn none_locks_a_setting_for_lower_levels() {
    let lock = json!({"@@assign": ["a"], "@@operators_allowed_for_child_policies": ["@@none"]});
    for tried in [json!({"@@assign": ["b"]}), json!({"@@append": ["b"]}), json!({"@@remove": ["a"]})] {
        assert_eq!(setting(json!([[lock], [tried], [tried]])), json!(["a"]));
    }
}

#[test]
fn an_allowed_operator_passes_and_the_others_are_skipped() {
    let append_only = json!({"@@assign": ["a"], "@@operators_allowed_for_child_policies": ["@@append"]});
    let tried = json!({"@@assign": ["x"], "@@append": ["b"], "@@remove": ["a"]});
    assert_eq!(setting(json!([[append_only], [tried]])), json!(["a", "b"]));
}

#[test]
fn all_beside_other_operators_allows_all() {
    let control = json!({"@@assign": "a", "@@operators_allowed_for_child_policies": ["@@append", "@@all"]});
    assert_eq!(setting(json!([[control], [{"@@assign": "b"}]])), json!("b"));
}

#[test]
fn a_level_is_not_limited_by_its_own_controls() {
    let lock = json!({"@@operators_allowed_for_child_policies": ["@@none"]});
    assert_eq!(setting(json!([[lock, {"@@assign": "a"}]])), json!("a"));
}

#[test]
fn a_lower_level_can_tighten_and_never_loosen() {
    let append = json!({"@@assign": ["a"], "@@operators_allowed_for_child_policies": ["@@append"]});
    let loosen = json!({"@@operators_allowed_for_child_policies": ["@@all"]});
    let tighten = json!({"@@operators_allowed_for_child_policies": ["@@none"]});
    assert_eq!(setting(json!([[append], [loosen], [{"@@assign": ["b"]}]])), json!(["a"]));
    assert_eq!(setting(json!([[append], [tighten], [{"@@append": ["b"]}]])), json!(["a"]));
}

#[test]
fn controls_of_one_level_intersect() {
    let append = json!({"@@assign": ["a"], "@@operators_allowed_for_child_policies": ["@@append"]});
    let both = json!({"@@operators_allowed_for_child_policies": ["@@append", "@@remove"]});
    assert_eq!(setting(json!([[append, both], [{"@@remove": ["a"], "@@append": ["b"]}]])), json!(["a", "b"]));
    let remove = json!({"@@operators_allowed_for_child_policies": ["@@remove"]});
    assert_eq!(setting(json!([[append, remove], [{"@@remove": ["a"], "@@append": ["b"]}]])), json!(["a"]));
}

#[test]
fn a_control_protects_its_own_node_and_not_what_is_nested_below() {
    let lock = json!({"plans": {"p": {
        "@@operators_allowed_for_child_policies": ["@@none"], "k": {"@@assign": "a"}}}});
    let change = json!({"plans": {"p": {"k": {"@@assign": "b"}}}});
    assert_eq!(merged(json!([[lock], [change]])), json!({"plans": {"p": {"k": "b"}}}));
}

#[test]
fn a_container_closed_to_append_and_assign_takes_no_new_keys() {
    let child = json!({"plans": {"q": {"k": {"@@assign": "a"}}}});
    for (control, added) in
        [("@@none", false), ("@@remove", false), ("@@append", true), ("@@assign", true), ("@@all", true)]
    {
        let root = json!({"plans": {
            "@@operators_allowed_for_child_policies": [control], "p": {"k": {"@@assign": "a"}}}});
        let got = merged(json!([[root], [child]]));
        assert_eq!(got["plans"].get("q").is_some(), added, "{control}");
        assert_eq!(got["plans"]["p"]["k"], "a");
    }
}

#[test]
fn a_control_of_an_ou_on_a_key_it_introduced_binds_lower_levels() {
    let lock = json!({"@@assign": "a", "@@operators_allowed_for_child_policies": ["@@none"]});
    assert_eq!(setting(json!([[], [lock], [{"@@assign": "b"}]])), json!("a"));
}

#[test]
fn a_skipped_operator_does_not_stop_the_rest_of_the_policy() {
    let root = json!({"plans": {"p": {
        "k": {"@@assign": "a", "@@operators_allowed_for_child_policies": ["@@none"]}, "l": {"@@assign": "a"}}}});
    let child = json!({"plans": {"p": {"k": {"@@assign": "b"}, "l": {"@@assign": "b"}}}});
    assert_eq!(merged(json!([[root], [child]])), json!({"plans": {"p": {"k": "a", "l": "b"}}}));
}

#[test]
fn operators_beside_plans_have_no_effect() {
    let stray = json!({"@@assign": "x", "plans": {"p": {"k": {"@@assign": "a"}}}});
    assert_eq!(merged(json!([[stray]])), json!({"plans": {"p": {"k": "a"}}}));
}

#[test]
fn what_aws_would_refuse_merges_without_effect() {
    let odd = json!({"plans": {"p": {"bare": "x", "o": {"@@assign": {"a": 1}}, "n": {"@@assign": null},
        "u": {"@@unknown": "x"}, "l": {"@@assign": [{"a": 1}, "b"]}}}, "q": 1});
    assert_eq!(merged(json!([[odd]])), json!({"plans": {"p": {"l": ["b"]}}}));
}

#[test]
fn keys_and_operators_in_capitals_merge_as_the_usual_ones() {
    let root = json!({"PLANS": {"P": {"Regions": {"@@Assign": ["a"],
        "@@Operators_Allowed_For_Child_Policies": ["@@Append"]}}}});
    let child = json!({"plans": {"P": {"regions": {"@@APPEND": ["b"], "@@remove": ["a"]}}}});
    assert_eq!(merged(json!([[root], [child]])), json!({"plans": {"P": {"regions": ["a", "b"]}}}));
}

#[test]
fn a_control_that_aws_would_refuse_has_no_effect() {
    for control in [json!([]), json!(["append"]), json!({}), json!(null), json!([["@@none"]])] {
        let root = json!({"@@assign": "a", "@@operators_allowed_for_child_policies": control});
        assert_eq!(setting(json!([[root], [{"@@assign": "b"}]])), json!("b"), "{control}");
    }
}

#[test]
fn names_that_differ_by_case_are_different_names() {
    let two = json!({"plans": {"P": {"k": {"@@assign": "a"}}, "p": {"k": {"@@assign": "b"}}}});
    assert_eq!(merged(json!([[two]])), json!({"plans": {"P": {"k": "a"}, "p": {"k": "b"}}}));
}

#[test]
fn untouched_parts_are_shared_between_states() {
    let all = levels(json!([
        [{"plans": {"p": {"k": {"@@assign": "a"}}, "q": {"k": {"@@assign": "a"}}}}],
        [{"plans": {"p": {"k": {"@@assign": "b"}}}}]
    ]));
    let above = merge(&all[..1]);
    let below = above.apply(&all[1]);
    let plan =
        |merged: &Merged, name: &str| std::ptr::from_ref(merged.get(&Path::of(["plans", name])).unwrap());
    assert_eq!(plan(&above, "q"), plan(&below, "q"));
    assert_ne!(plan(&above, "p"), plan(&below, "p"));
}

#[test]
fn results_are_compared_by_what_remains() {
    let one = merge(&levels(json!([[{"plans": {"p": {"k": {"@@assign": "a"}, "e": {}}}}]])));
    let two = merge(&levels(
        json!([[{"plans": {"p": {"k": {"@@assign": "b"}}}}], [{"plans": {"p": {"k": {"@@assign": "a"}}}}]]),
    ));
    let three = merge(&levels(json!([[{"plans": {"p": {"k": {"@@assign": ["a"]}}}}]])));
    assert!(one.same_result(&two));
    assert!(!one.same_result(&three));
    assert!(!one.same_result(&Merged::default()));
}

#[test]
fn settings_lists_what_remains_with_its_path() {
    let merged = merge(&levels(
        json!([[{"plans": {"p": {"b": {"@@assign": "1"}, "a": {"@@append": ["2"]}, "c": {}}}}]]),
    ));
    let paths: Vec<String> = merged.settings().iter().map(|(path, _)| path.to_string()).collect();
    assert_eq!(paths, ["plans/p/a", "plans/p/b"]);
}

#[test]
fn contributors_are_the_policies_whose_work_still_stands() {
    let merged = merge(&levels(json!([
        [{"plans": {"p": {"k": {"@@assign": ["a"]}}}}],
        [{"plans": {"p": {"k": {"@@assign": ["b"]}}}}, {"plans": {"p": {"k": {"@@append": ["b"]}}}}],
        [{"plans": {"p": {"k": {"@@append": ["c"]}}}}]
    ])));
    let policies: Vec<_> = merged.root().contributors().into_iter().map(|id| id.to_string()).collect();
    assert_eq!(policies, ["p1", "p3"]);
}
