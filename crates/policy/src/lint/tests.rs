mod cases;

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::problem::Severity;
use cases::cases;

const NOW: OffsetDateTime = datetime!(2026-03-10 12:00 UTC);

/// A policy without anything to say about it.
fn good() -> Value {
    json!({"plans": {"daily": {
        "regions": {"@@assign": ["eu-west-1"]},
        "rules": {"nightly": {
            "schedule_expression": {"@@assign": "cron(0 5 ? * * *)"},
            "target_backup_vault_name": {"@@assign": "Main"},
            "start_backup_window_minutes": {"@@assign": "60"},
            "complete_backup_window_minutes": {"@@assign": "180"},
            "lifecycle": {"delete_after_days": {"@@assign": "35"}},
        }},
        "selections": {"tags": {"prod": {
            "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/Backup"},
            "tag_key": {"@@assign": "env"},
            "tag_value": {"@@assign": ["prod"]},
        }}},
    }}})
}

const RULE: &str = "plans|daily|rules|nightly";
const TAG: &str = "plans|daily|selections|tags|prod";
const RESOURCES: &str = "plans|daily|selections|resources|all";

/// Sets a place of a policy; the keys on the way are made.
fn set(policy: &mut Value, place: &str, value: Value) {
    *place.split('|').fold(policy, |node, key| &mut node[key]) = value;
}

fn with(places: &[(&str, Value)]) -> Value {
    let mut policy = good();
    for (place, value) in places {
        set(&mut policy, place, value.clone());
    }
    policy
}

fn assign(value: impl Into<Value>) -> Value {
    json!({ "@@assign": value.into() })
}

fn problems(policy: &Value) -> Vec<Problem> {
    lint(&Document::parse(&serde_json::to_string_pretty(policy).unwrap()).unwrap(), NOW, &[])
}

fn merged(policy: &Value) -> Merged {
    let document = Document::parse(&policy.to_string()).unwrap();
    let policies = vec![Attached { id: "p".into(), fragment: Fragment::of(&document).into() }];
    merge(&[Level { target: "r".into(), policies }])
}

/// Codes and paths of the advice on a document.
fn told(policy: &Value) -> Vec<(String, String)> {
    problems(policy).into_iter().map(|problem| (problem.code.to_string(), problem.path)).collect()
}

fn selection() -> Value {
    json!({
        "iam_role_arn": assign("arn:aws:iam::$account:role/Backup"),
        "resource_types": assign(json!(["arn:aws:ec2:*:*:volume/*"])),
    })
}

fn second_rule(schedule: &str) -> Value {
    json!({
        "schedule_expression": assign(schedule),
        "target_backup_vault_name": assign("Main"),
        "start_backup_window_minutes": assign("60"),
    })
}

/// Advice that needs the merged policy: in a document the setting may come from elsewhere.
fn merged_cases() -> Vec<(&'static str, &'static str, &'static str)> {
    vec![
        ("HF005", "plans/daily/rules/nightly", "lifecycle"),
        ("HF008", "plans/daily/rules/nightly", "schedule_expression"),
    ]
}

#[test]
fn a_good_policy_gets_no_advice() {
    assert_eq!(told(&good()), []);
    assert_eq!(lint_merged(&merged(&good()), NOW, &[]), []);
}

#[test]
fn each_trap_is_told_where_it_is() {
    for (code, path, policy) in cases() {
        let told = told(&policy);
        assert!(told.contains(&(code.to_owned(), path.to_owned())), "{code} at {path}: {told:#?}");
    }
}

#[test]
fn what_is_missing_is_told_of_merged_policies_only() {
    for (code, path, key) in merged_cases() {
        let mut policy = good();
        policy["plans"]["daily"]["rules"]["nightly"].as_object_mut().unwrap().remove(key);
        assert_eq!(told(&policy), [], "{code}");
        let found = lint_merged(&merged(&policy), NOW, &[]);
        let found: Vec<_> =
            found.iter().map(|finding| (finding.code.as_str(), finding.path.as_str())).collect();
        assert_eq!(found, [(code, path)]);
    }
}

#[test]
fn every_code_is_shown_by_a_case() {
    let shown: BTreeSet<&str> =
        cases().iter().map(|case| case.0).chain(merged_cases().iter().map(|case| case.0)).collect();
    let all: BTreeSet<&str> = LINTS.iter().map(|lint| lint.code).collect();
    assert_eq!(shown, all);
}

#[test]
fn codes_ascend_without_gaps() {
    for (at, lint) in LINTS.iter().enumerate() {
        assert_eq!(lint.code, format!("HF{:03}", at + 1));
        assert!(lint.severity > Severity::Error, "AWS accepts what lint speaks of: {}", lint.code);
    }
}

#[test]
fn advice_is_suppressed_by_its_code() {
    let (code, _, policy) = cases().remove(0);
    let document = Document::parse(&policy.to_string()).unwrap();
    assert_eq!(lint(&document, NOW, &[]).len(), 1);
    assert_eq!(lint(&document, NOW, &[code]), []);
    assert_eq!(lint_merged(&merged(&policy), NOW, &[code]), []);
}

#[test]
fn advice_points_at_the_value() {
    let text = r#"{"plans": {"daily": {"rules": {"nightly": {
  "schedule_expression": {"@@assign": "cron(0 5 1W,15W * ? *)"}
}}}}}"#;
    let problems = lint(&Document::parse(text).unwrap(), NOW, &[]);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!((problem.line, problem.column, problem.length), (2, 39, 24));
}

#[test]
fn advice_points_at_the_value_of_a_key_in_capitals() {
    let text = r#"{"PLANS": {"daily": {"Rules": {"nightly": {
  "Schedule_Expression": {"@@Assign": "cron(0 5 1W,15W * ? *)"}
}}}}}"#;
    let problems = lint(&Document::parse(text).unwrap(), NOW, &["HF032"]);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!((problem.line, problem.column), (2, 39));
}

#[test]
fn a_control_that_is_repeated_on_every_setting_is_no_trap() {
    let locked = json!({
        "@@operators_allowed_for_child_policies": ["@@none"],
        "regions": {"@@assign": ["eu-west-1"], "@@operators_allowed_for_child_policies": ["@@none"]},
    });
    assert_eq!(told(&json!({"plans": {"daily": locked}})), []);
}

#[test]
fn a_distance_below_90_days_is_an_error_of_its_own_with_archive_opt_in() {
    let mut policy = cases().remove(0).2;
    let archive = "plans|daily|rules|nightly|lifecycle|opt_in_to_archive_for_supported_resources";
    set(&mut policy, archive, assign("true"));
    assert!(told(&policy).iter().all(|(code, _)| code != "HF001"));
}

fn policy() -> impl Strategy<Value = Value> {
    let keys = proptest::sample::select(vec![
        "plans",
        "daily",
        "Daily",
        "regions",
        "rules",
        "schedule_expression",
        "lifecycle",
        "delete_after_days",
        "move_to_cold_storage_after_days",
        "selections",
        "tags",
        "resources",
        "conditions",
        "string_equals",
        "copy_actions",
        "arn:aws:backup:eu-west-1:1:backup-vault:V",
        "@@assign",
        "@@append",
        "@@remove",
        "@@operators_allowed_for_child_policies",
        "start_backup_window_minutes",
        "",
    ]);
    let text = proptest::sample::select(vec![
        "1",
        "99999999999999999999",
        "cron(0 5 31 2 ? *)",
        "cron(* * ? * * *)",
        "@@none",
        "arn:aws:::::",
        ":",
        "é*",
        "",
    ]);
    let leaf = prop_oneof![
        text.clone().prop_map(|text| json!(text)),
        proptest::collection::vec(text, 0..3).prop_map(|list| json!(list)),
        Just(json!(null)),
    ];
    leaf.prop_recursive(8, 40, 4, move |inner| {
        proptest::collection::btree_map(keys.clone(), inner, 0..4).prop_map(|map| json!(map))
    })
}

#[test]
fn a_number_and_its_text_are_one_value_that_is_added_and_removed() {
    let values = json!({"@@assign": [1], "@@remove": ["1"]});
    let found = problems(&with(&[(&format!("{TAG}|tag_value"), values)]));
    assert_eq!(found.iter().map(|problem| &*problem.code).collect::<Vec<_>>(), ["HF024"]);
}

#[test]
fn text_ten_times_too_long_gets_no_advice() {
    let padded = |characters: usize| {
        let text = with(&[(&format!("{RULE}|target_backup_vault_name"), assign("Default"))]).to_string();
        let blank = " ".repeat(characters - text.chars().count());
        lint(&Document::parse(&(text + &blank)).unwrap(), NOW, &[]).len()
    };
    assert_eq!((padded(MOST_CHARACTERS), padded(MOST_CHARACTERS + 1)), (1, 0));
}

proptest! {
    #[test]
    fn no_policy_panics(policy in policy(), plan in policy()) {
        for policy in [policy, json!({"plans": {"daily": plan}})] {
            for problem in problems(&policy) {
                prop_assert!(problem.line >= 1 && lint_of(&problem.code).is_some());
            }
            prop_assert!(lint_merged(&merged(&policy), NOW, &[]).iter().all(|finding| lint_of(&finding.code).is_some()));
        }
    }
}
