mod recorded;

use std::sync::Arc;

use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::document::Document;
use crate::fragment::Fragment;
use crate::merge::{Attached, Level, merge};

const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

/// One policy per level, named p0, p1, ...; every leaf is wrapped in `@@assign`.
fn merged(policies: &[Value]) -> Merged {
    let level = |(at, policy): (usize, &Value)| {
        let text = json!({"plans": {"p": assigned(policy)}}).to_string();
        let fragment = Arc::new(Fragment::of(&Document::parse(&text).unwrap()));
        Level {
            target: format!("t{at}").into(),
            policies: vec![Attached { id: format!("p{at}").into(), fragment }],
        }
    };
    merge(&policies.iter().enumerate().map(level).collect::<Vec<_>>())
}

fn assigned(value: &Value) -> Value {
    match value {
        Value::Object(members) if !members.keys().any(|key| key.starts_with("@@")) => members
            .iter()
            .map(|(key, value)| (key.clone(), assigned(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Object(_) => value.clone(),
        leaf => json!({"@@assign": leaf}),
    }
}

fn plan() -> Value {
    json!({
        "regions": ["us-east-1"],
        "rules": {"r": {"target_backup_vault_name": "v"}},
        "selections": {"tags": {"s": {"iam_role_arn": "r", "tag_key": "k", "tag_value": ["v"]}}}
    })
}

/// The plan with `value` at `path`; null takes the key out.
fn with(path: &str, value: Value) -> Value {
    let mut plan = plan();
    let (above, key) = path.rsplit_once('/').unwrap_or(("", path));
    let mut at = &mut plan;
    for key in above.split('/').filter(|key| !key.is_empty()) {
        at = at.as_object_mut().unwrap().entry(key).or_insert_with(|| json!({}));
    }
    if value.is_null() {
        at.as_object_mut().unwrap().remove(key);
    } else {
        at[key] = value
    }
    plan
}

/// Code, message and path of every error.
fn errors(policies: &[Value]) -> Vec<(&'static str, String, String)> {
    validate(&merged(policies), NOW).into_iter().map(|e| (e.code.code(), e.message, e.path)).collect()
}

fn one(code: &'static str, message: &str, path: &str) -> Vec<(&'static str, String, String)> {
    vec![(code, message.into(), path.into())]
}

const RULE: &str = "plans/p/rules/r";

fn dependent(fields: &str) -> Vec<(&'static str, String, String)> {
    let message = format!("Dependent fields {fields} in policy block r are invalid when used together");
    one("CROSS_ATTRIBUTE_VALIDATION", &message, RULE)
}

#[test]
fn a_complete_plan_is_valid_and_published() {
    let merged = merged(&[plan()]);
    assert_eq!(merged.effective(NOW), Ok(merged.to_json()));
}

#[test]
fn nothing_attached_is_valid_and_publishes_an_empty_object() {
    assert_eq!(Merged::default().effective(NOW), Ok(json!({})));
}

#[test]
fn one_error_withholds_the_whole_document() {
    let errors = merged(&[with("regions", json!([]))]).effective(NOW).unwrap_err();
    assert_eq!(errors.len(), 1);
}

#[test]
fn a_plan_needs_rules_regions_and_selections() {
    for key in ["rules", "regions", "selections"] {
        let missing = one("KEY_REQUIRED", &format!("'{key}' is missing"), "plans/p");
        assert_eq!(errors(&[with(key, Value::Null)]), missing);
    }
    let emptied = one("KEY_REQUIRED", "'rules' is missing", "plans/p");
    assert_eq!(errors(&[with("rules", json!({"r": {}}))]), emptied);
}

#[test]
fn a_rule_needs_its_vault_only() {
    let rule = json!({"schedule_expression": "cron(0 5 ? * * *)"});
    assert_eq!(
        errors(&[with("rules/r", rule)]),
        one("KEY_REQUIRED", "'target_backup_vault_name' is missing", RULE)
    );
    assert_eq!(errors(&[plan()]), []);
}

#[test]
fn a_tag_selection_needs_role_key_and_values() {
    for key in ["iam_role_arn", "tag_key", "tag_value"] {
        let path = format!("selections/tags/s/{key}");
        let missing = one("KEY_REQUIRED", &format!("'{key}' is missing"), "plans/p/selections/tags/s");
        assert_eq!(errors(&[with(&path, Value::Null)]), missing);
    }
}

#[test]
fn a_resource_selection_needs_its_role_and_types_or_conditions() {
    let selection = |selection: Value| with("selections", json!({"resources": {"s": selection}}));
    let path = "plans/p/selections/resources/s";
    let condition = json!({"string_equals": {"c": {"condition_key": "k", "condition_value": "v"}}});
    assert_eq!(errors(&[selection(json!({"iam_role_arn": "r", "resource_types": ["*"]}))]), []);
    assert_eq!(errors(&[selection(json!({"iam_role_arn": "r", "conditions": condition}))]), []);
    assert_eq!(
        errors(&[selection(json!({"iam_role_arn": "r"}))]),
        one("KEY_REQUIRED", "'resource_types' is missing", path)
    );
    assert_eq!(
        errors(&[selection(json!({"resource_types": ["*"]}))]),
        one("KEY_REQUIRED", "'iam_role_arn' is missing", path)
    );
}

#[test]
fn lists_that_must_hold_something_are_counted() {
    let too_few = |key: &str, path: &str| {
        one("ELEMENTS_TOO_FEW", &format!("'{key}' is less than the allowed minimum limit 1"), path)
    };
    assert_eq!(errors(&[with("regions", json!([]))]), too_few("regions", "plans/p/regions"));
    let emptied = json!({"@@assign": ["v"], "@@remove": ["v"]});
    let path = "selections/tags/s/tag_value";
    assert_eq!(errors(&[with(path, emptied)]), too_few("tag_value", "plans/p/selections/tags/s/tag_value"));
}

#[test]
fn an_index_action_may_be_emptied() {
    let emptied = json!({"@@assign": ["EBS"], "@@remove": ["EBS"]});
    assert_eq!(errors(&[with("rules/r/index_actions/resource_types", emptied)]), []);
}

#[test]
fn a_plan_has_at_most_ten_rules() {
    let rules = |count: usize| {
        let rule = |n| (format!("r{n}"), json!({"target_backup_vault_name": "v"}));
        with("rules", (0..count).map(rule).collect::<serde_json::Map<_, _>>().into())
    };
    assert_eq!(errors(&[rules(10)]), []);
    let too_many = one("ELEMENTS_TOO_MANY", "'rules' exceeds the allowed maximum limit 10", "plans/p/rules");
    assert_eq!(errors(&[rules(11)]), too_many);
}

#[test]
fn documented_quotas_that_organizations_was_not_seen_to_enforce_are_no_errors() {
    let tag = |n| (format!("t{n}"), json!({"tag_key": format!("t{n}"), "tag_value": "v"}));
    let tags: serde_json::Map<_, _> = (0..11).map(tag).collect();
    assert_eq!(errors(&[with("rules/r/recovery_point_tags", tags.into())]), []);
}

#[test]
fn continuous_backup_keeps_at_most_35_days() {
    let rule = |days: Value| {
        let mut rule = json!({"target_backup_vault_name": "v", "enable_continuous_backup": true});
        if !days.is_null() {
            rule["lifecycle"] = json!({"delete_after_days": days});
        }
        with("rules/r", rule)
    };
    assert_eq!(errors(&[rule(json!(35))]), []);
    assert_eq!(errors(&[rule(json!(36))]), dependent("enable_continuous_backup=true,delete_after_days=36"));
    assert_eq!(
        errors(&[rule(Value::Null)]),
        dependent("enable_continuous_backup=true,delete_after_days=undefined")
    );
}

#[test]
fn continuous_backup_with_cold_storage_assembled_by_inheritance_is_no_error() {
    let lifecycle = json!({"delete_after_days": 35, "move_to_cold_storage_after_days": 1});
    let rule =
        json!({"target_backup_vault_name": "v", "enable_continuous_backup": true, "lifecycle": lifecycle});
    assert_eq!(errors(&[with("rules/r", rule)]), []);
}

/// A rule with archive opt-in, its lifecycle in the rule or in so many copies.
fn archived(schedule: &str, cold: u32, delete: u32, copies: usize) -> Value {
    let lifecycle = json!({"opt_in_to_archive_for_supported_resources": true,
        "move_to_cold_storage_after_days": cold, "delete_after_days": delete});
    let mut rule = json!({"target_backup_vault_name": "v", "schedule_expression": schedule});
    if copies == 0 {
        rule["lifecycle"] = lifecycle;
    } else {
        let copy = |n| (format!("c{n}"), json!({"target_backup_vault_arn": "a", "lifecycle": lifecycle}));
        rule["copy_actions"] = (0..copies).map(copy).collect::<serde_json::Map<_, _>>().into();
    }
    with("rules/r", rule)
}

#[test]
fn archive_opt_in_needs_a_schedule_of_at_most_every_28_days() {
    let daily = "cron(0 5 ? * * *)";
    let expected =
        dependent(&format!("opt_in_to_archive_for_supported_resources=true,schedule_expression={daily}"));
    for copies in [0, 1] {
        assert_eq!(errors(&[archived("cron(0 5 1 * ? *)", 30, 120, copies)]), []);
        assert_eq!(errors(&[archived(daily, 30, 120, copies)]), expected);
    }
}

#[test]
fn archive_opt_in_without_a_schedule_is_an_error() {
    let mut plan = archived("", 30, 120, 0);
    plan["rules"]["r"].as_object_mut().unwrap().remove("schedule_expression");
    let fields = "opt_in_to_archive_for_supported_resources=true,schedule_expression=undefined";
    assert_eq!(errors(&[plan]), dependent(fields));
}

#[test]
fn archive_opt_in_needs_ninety_days_between_cold_storage_and_deletion() {
    let fields = "opt_in_to_archive_for_supported_resources=true,delete_after_days=119,move_to_cold_storage_after_days=30";
    assert_eq!(errors(&[archived("cron(0 5 1 * ? *)", 30, 119, 0)]), dependent(fields));
}

#[test]
fn equal_errors_of_several_copies_are_one() {
    assert_eq!(errors(&[archived("cron(0 5 1 * ? *)", 30, 60, 3)]).len(), 1);
}

#[test]
fn cold_storage_close_to_deletion_is_no_error_without_archive_opt_in() {
    let lifecycle = json!({"delete_after_days": 60, "move_to_cold_storage_after_days": 30});
    assert_eq!(errors(&[with("rules/r/lifecycle", lifecycle)]), []);
}

#[test]
fn scan_actions_need_scan_settings_and_not_the_reverse() {
    let action = with("rules/r/scan_actions/GUARDDUTY/scan_mode", json!("FULL_SCAN"));
    assert_eq!(
        errors(std::slice::from_ref(&action)),
        dependent("scan_actions(undefined),scan_settings(undefined)")
    );
    let settings = json!({"scan_settings": {"GUARDDUTY": {"resource_types": ["EBS"]}}});
    assert_eq!(errors(&[action, settings.clone()]), []);
    assert_eq!(errors(&[plan(), settings]), []);
}

#[test]
fn tags_and_resources_in_one_plan_are_valid() {
    assert_eq!(
        errors(&[with("selections/resources/s", json!({"iam_role_arn": "r", "resource_types": ["*"]}))]),
        []
    );
}

#[test]
fn contributing_policies_are_those_that_supplied_the_settings_concerned() {
    let continuous = with("rules/r/enable_continuous_backup", json!(true));
    let retention = json!({"rules": {"r": {"lifecycle": {"delete_after_days": 45}}}});
    let unrelated = json!({"rules": {"r": {"start_backup_window_minutes": 60}}});
    let errors = validate(&merged(&[continuous, retention, unrelated]), NOW);
    assert_eq!(errors[0].contributing_policies, ["p0", "p1"]);
}

#[test]
fn every_plan_is_checked() {
    let text = r#"{"plans":{"a":{"regions":{"@@assign":["x"]}},"b":{"regions":{"@@assign":["x"]}}}}"#;
    let fragment = Arc::new(Fragment::of(&Document::parse(text).unwrap()));
    let level = Level { target: "root".into(), policies: vec![Attached { id: "p".into(), fragment }] };
    let paths: Vec<_> = validate(&merge(&[level]), NOW).into_iter().map(|error| error.path).collect();
    assert_eq!(paths, ["plans/a", "plans/a", "plans/b", "plans/b"]);
}

#[test]
fn errors_carry_awss_code_on_the_wire() {
    let errors = validate(&merged(&[with("regions", json!([]))]), NOW);
    let wire = serde_json::to_value(&errors).unwrap();
    assert_eq!(wire[0]["code"], "ELEMENTS_TOO_FEW");
    assert_eq!(serde_json::from_value::<Vec<EffectiveError>>(wire).unwrap(), errors);
}
