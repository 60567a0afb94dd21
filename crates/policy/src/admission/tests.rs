mod recorded;

use serde_json::{Value as Json, json};
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

/// A document that AWS accepts, with every kind of setting.
fn complete() -> Document {
    let policy = json!({"plans": {"daily": {
        "regions": {"@@assign": ["eu-west-1", "us-east-1"]},
        "rules": {"r": {
            "schedule_expression": {"@@assign": "cron(0 5 ? * * *)"},
            "target_backup_vault_name": {"@@assign": "Main"},
            "lifecycle": {"delete_after_days": {"@@assign": "35"}},
            "copy_actions": {"arn:aws:backup:us-east-1:$account:backup-vault:Copy": {
                "target_backup_vault_arn": {"@@assign": "arn:aws:backup:us-east-1:$account:backup-vault:Copy"}
            }},
            "recovery_point_tags": {"owner": {"tag_key": {"@@assign": "Owner"}, "tag_value": {"@@assign": "me"}}}
        }},
        "selections": {
            "tags": {"s": {
                "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/Backup"},
                "tag_key": {"@@assign": "backup"},
                "tag_value": {"@@assign": ["yes"]}
            }},
            "resources": {"s": {
                "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/Backup"},
                "resource_types": {"@@assign": ["*"]},
                "conditions": {"string_like": {"c": {
                    "condition_key": {"@@assign": "aws:ResourceTag/stage"},
                    "condition_value": {"@@assign": "prod*"}
                }}}
            }}
        }
    }}});
    Document::parse(&serde_json::to_string_pretty(&policy).unwrap()).unwrap()
}

/// Code and path of every refusal.
fn refusals(document: &Document) -> Vec<(String, String)> {
    check(document, NOW).into_iter().map(|p| (p.code.into_owned(), p.path)).collect()
}

fn refusals_of(text: &str) -> Vec<(String, String)> {
    refusals(&Document::parse(text).unwrap())
}

/// The complete document with `value` at `path`.
fn with(path: &str, value: Json) -> Document {
    let mut document = complete();
    let path = document.locate(path).unwrap_or_else(|| Path::from(path));
    let value = Document::parse(&value.to_string()).unwrap();
    document.set(&path, value.root()).unwrap();
    document
}

fn accepted(path: &str, value: Json) {
    assert_eq!(refusals(&with(path, value.clone())), [], "{path} {value}");
}

/// Exactly one refusal, with this code, at this path.
fn refused(path: &str, value: Json, code: &str) {
    assert_eq!(refusals(&with(path, value.clone())), [(code.into(), path.into())], "{path} {value}");
}

fn assigned(path: &str, values: &[Json], accept: bool) {
    for value in values {
        let value = json!({"@@assign": value});
        if accept { accepted(path, value) } else { refused(path, value, "invalid-value") }
    }
}

const PLAN: &str = "plans/daily";
const RULE: &str = "plans/daily/rules/r";

fn rule(key: &str) -> String {
    format!("{RULE}/{key}")
}

#[test]
fn a_complete_policy_is_accepted() {
    assert_eq!(refusals(&complete()), []);
}

#[test]
fn the_root_holds_plans_and_nothing_else() {
    assert_eq!(refusals_of("{}"), [("missing-key".into(), String::new())]);
    assert_eq!(refusals_of("[]"), [("not-an-object".into(), String::new())]);
    assert_eq!(refusals_of(r#"{"plans":{}}"#), []);
    assert_eq!(refusals_of(r#"{"plans":{},"rules":{}}"#), [("unknown-key".into(), "rules".into())]);
    assert_eq!(refusals_of(r#"{"plans":[]}"#), [("not-an-object".into(), "plans".into())]);
}

#[test]
fn an_operator_beside_plans_is_accepted_unless_it_holds_an_object() {
    for operator in ["@@assign", "@@append", "@@remove"] {
        for value in ["\"x\"", "1", "true", "null", "[]", "[\"x\"]"] {
            assert_eq!(refusals_of(&format!(r#"{{"plans":{{}},"{operator}":{value}}}"#)), []);
        }
        let object = format!(r#"{{"plans":{{}},"{operator}":{{}}}}"#);
        assert_eq!(refusals_of(&object), [("operator-on-container".into(), String::new())]);
    }
}

#[test]
fn value_operators_on_containers_are_refused() {
    for path in
        ["plans", PLAN, "plans/daily/rules", RULE, "plans/daily/selections", "plans/daily/selections/tags/s"]
    {
        for operator in ["@@assign", "@@append", "@@remove"] {
            let mut document = complete();
            document.set(&Path::from(path).join(operator), &Node::list(["x"])).unwrap();
            assert_eq!(refusals(&document), [("operator-on-container".into(), path.into())]);
        }
    }
}

#[test]
fn child_control_is_accepted_on_every_container_and_setting() {
    let lock = Node::list(["@@none"]);
    for path in
        ["", "plans", PLAN, RULE, "plans/daily/regions", "plans/daily/rules/r/lifecycle/delete_after_days"]
    {
        let mut document = complete();
        document.set(&Path::from(path).join(CONTROL), &lock).unwrap();
        assert_eq!(refusals(&document), [], "{path}");
    }
    accepted(&rule("target_backup_vault_name"), json!({CONTROL: ["@@none"]}));
}

#[test]
fn child_control_takes_a_list_of_operators() {
    for good in [
        json!(["@@all"]),
        json!(["@@none"]),
        json!(["@@assign", "@@append", "@@remove"]),
        json!(["@@all", "@@append"]),
    ] {
        accepted("plans/daily/regions", json!({CONTROL: good}));
    }
    for bad in [
        json!([]),
        json!("@@none"),
        json!(null),
        json!({}),
        json!(["@@none", "@@append"]),
        json!(["@@append", "@@append"]),
        json!(["append"]),
        json!([1]),
    ] {
        refused("plans/daily/regions", json!({CONTROL: bad}), "invalid-control");
    }
}

#[test]
fn unknown_operators_are_refused() {
    refused("plans/daily/regions", json!({"@@enforced_for": ["x"]}), "unknown-operator");
    assert_eq!(refusals_of(r#"{"plans":{"@@x":{}}}"#), [("unknown-operator".into(), "plans".into())]);
}

#[test]
fn a_key_in_capitals_is_checked_like_the_usual_one() {
    let capitals = |text: &str| refusals_of(text).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
    assert_eq!(capitals(r#"{"PLANS":{"a b":{}}}"#), ["invalid-name"]);
    assert_eq!(capitals(r#"{"Plans":{"p":{"Regions":{"@@Assign":["x"]}}}}"#), ["invalid-value"]);
    assert_eq!(capitals(r#"{"plans":{"p":{"RULES":{"@@ASSIGN":["x"]}}}}"#), ["operator-on-container"]);
    let tag = r#"{"plans":{"p":{"Backup_Plan_Tags":{"a":{"Tag_Key":{"@@Assign":"b"},"TAG_VALUE":{}}}}}}"#;
    assert_eq!(capitals(tag), ["tag-id"]);
    let continuous = r#"{"plans":{"p":{"Rules":{"r":{"Enable_Continuous_Backup":{"@@Assign":true}}}}}}"#;
    assert_eq!(capitals(continuous), ["continuous-retention"]);
}

#[test]
fn a_key_in_two_spellings_is_refused() {
    for (text, path) in [
        (r#"{"plans":{},"PLANS":{}}"#, "PLANS"),
        (r#"{"PLANS":{},"plans":{}}"#, "PLANS"),
        (r#"{"plans":{"p":{"Regions":{},"REGIONS":{}}}}"#, "plans/p/REGIONS"),
        (r#"{"plans":{"p":{"regions":{"@@assign":[],"@@Assign":[]}}}}"#, "plans/p/regions/@@Assign"),
    ] {
        assert_eq!(refusals_of(text), [("duplicate-key".into(), path.into())], "{text}");
    }
    assert_eq!(refusals_of(r#"{"plans":{"p":{},"P":{}}}"#), [], "names are told apart");
}

#[test]
fn words_of_values_and_keys_in_capitals_are_taken_as_they_are() {
    refused(&rule("enable_continuous_backup"), json!({"@@assign": "TRUE"}), "invalid-value");
    refused("plans/daily/scan_settings/GuardDuty", json!({}), "unknown-key");
}

#[test]
fn unknown_keys_are_refused_at_every_level() {
    for path in [
        "plans/daily/owner",
        "plans/daily/rules/r/schedule_expression_timezone",
        "plans/daily/rules/r/lifecycle/to_delete_after_days",
        "plans/daily/selections/instances",
        "plans/daily/selections/tags/s/resource_types",
        "plans/daily/selections/resources/s/tag_key",
        "plans/daily/selections/resources/s/conditions/string_is",
        "plans/daily/advanced_backup_settings/rds",
        "plans/daily/advanced_backup_settings/ec2/backup_acls",
        "plans/daily/scan_settings/guardduty",
        "plans/daily/rules/r/scan_actions/MACIE",
    ] {
        refused(path, json!({}), "unknown-key");
    }
}

#[test]
fn a_slip_in_a_key_is_answered_with_the_key_meant() {
    let document = with(&rule("lifecycle/delete_after_day"), json!({}));
    assert_eq!(check(&document, NOW)[0].help, "did you mean \"delete_after_days\"?");
}

#[test]
fn a_bare_value_in_place_of_operators_is_refused() {
    refused(&rule("target_backup_vault_name"), json!("Main"), "not-an-object");
    refused("plans/daily/regions", json!(["eu-west-1"]), "not-an-object");
    refused("plans/daily/rules", json!("x"), "not-an-object");
}

#[test]
fn a_key_inside_a_setting_is_refused() {
    let value = json!({"@@assign": "Main", "more": {}});
    let got = refusals(&with(&rule("target_backup_vault_name"), value));
    assert_eq!(got, [("unknown-key".into(), rule("target_backup_vault_name/more"))]);
}

#[test]
fn several_operators_may_sit_in_one_list() {
    let all = json!({"@@assign": ["eu-west-1"], "@@append": ["us-east-1"], "@@remove": ["eu-west-1"]});
    accepted("plans/daily/regions", all);
}

#[test]
fn append_and_remove_on_single_values_are_refused() {
    for operator in ["@@append", "@@remove"] {
        refused(&rule("target_backup_vault_name"), json!({operator: ["x"]}), "operator-on-scalar");
    }
}

#[test]
fn single_values_are_neither_lists_nor_objects_nor_null() {
    let vault = rule("target_backup_vault_name");
    refused(&vault, json!({"@@assign": ["Main"]}), "not-a-scalar");
    refused(&vault, json!({"@@assign": {}}), "not-a-scalar");
    refused(&vault, json!({"@@assign": null}), "null-value");
    accepted(&vault, json!({"@@assign": 12}));
    accepted(&vault, json!({"@@assign": true}));
}

#[test]
fn list_operators_take_lists_of_scalars() {
    let values = "plans/daily/selections/tags/s/tag_value";
    for operator in ["@@assign", "@@append", "@@remove"] {
        accepted(values, json!({operator: ["x", 1, true, null]}));
        refused(values, json!({operator: "x"}), "not-a-list");
        refused(values, json!({operator: null}), "not-a-list");
        refused(values, json!({operator: [["x"]]}), "not-a-scalar");
        refused(values, json!({operator: []}), "empty-list");
    }
}

#[test]
fn an_empty_setting_is_accepted() {
    accepted(&rule("target_backup_vault_name"), json!({}));
}

#[test]
fn a_policy_has_at_most_ten_thousand_characters() {
    let padded = |characters: usize| format!("{{\"plans\":{{}}{}}}", " ".repeat(characters - 12));
    assert_eq!(refusals_of(&padded(MAX_CHARACTERS)), []);
    assert_eq!(refusals_of(&padded(MAX_CHARACTERS + 1)), [("too-long".into(), String::new())]);
    let wide = format!(r#"{{"plans":{{}},"@@assign":"{}"}}"#, "é".repeat(MAX_CHARACTERS - 27));
    assert_eq!(refusals_of(&wide), []);
}

#[test]
fn names_have_one_to_fifty_letters_digits_dots_hyphens_and_underscores() {
    let places =
        ["plans/", "plans/daily/rules/", "plans/daily/selections/tags/", "plans/daily/selections/resources/"];
    let contents = [json!({}), json!({}), json!({"tag_key": {}, "tag_value": {}}), json!({"conditions": {}})];
    for (place, content) in places.into_iter().zip(contents) {
        for name in ["a.b", "A_-9", &"x".repeat(50)] {
            accepted(&format!("{place}{name}"), content.clone());
        }
        for name in ["a b", "tägl", "a:b", &"x".repeat(51)] {
            refused(&format!("{place}{name}"), content.clone(), "invalid-name");
        }
        let empty = with(place, content);
        assert_eq!(refusals(&empty)[0].0, "invalid-name");
    }
}

#[test]
fn regions_are_known_codes_and_may_be_empty_or_repeated() {
    accepted("plans/daily/regions", json!({"@@assign": []}));
    accepted("plans/daily/regions", json!({"@@append": []}));
    accepted("plans/daily/regions", json!({"@@assign": ["eu-west-1", "eu-west-1"]}));
    assigned(
        "plans/daily/regions",
        &[json!(["mars-north-1"]), json!(["*"]), json!([1]), json!(["EU-WEST-1"])],
        false,
    );
    refused("plans/daily/regions", json!({"@@remove": ["mars-north-1"]}), "invalid-value");
}

#[test]
fn regions_of_govcloud_and_china_do_not_stand_beside_arns_of_another_partition() {
    refused("plans/daily/regions", json!({"@@assign": ["us-gov-west-1"]}), "other-partition");
    assert_eq!(refusals_of(r#"{"plans":{"p":{"regions":{"@@assign":["us-gov-west-1"]}}}}"#), []);
    let role = r#"{"plans":{"p":{"regions":{"@@assign":["REGION"]},"selections":{"tags":{"s":{"tag_key":{},"tag_value":{},
        "iam_role_arn":{"@@assign":"arn:aws-cn:iam::$account:role/r"}}}}}}}"#;
    assert_eq!(refusals_of(&role.replace("REGION", "cn-north-1")), []);
    let refusal = ("other-partition".into(), "plans/p/regions".into());
    assert_eq!(refusals_of(&role.replace("REGION", "us-gov-east-1")), [refusal]);
    assert_eq!(refusals_of(&role.replace("REGION", "us-east-1")), []);
}

#[test]
fn schedules_are_cron_expressions() {
    let schedule = rule("schedule_expression");
    assigned(
        &schedule,
        &[json!("cron(0 5 ? * *)"), json!("cron(15 3 ? * mon-fri *)"), json!("cron(0 5 L * ? *)")],
        true,
    );
    assigned(
        &schedule,
        &[json!("rate(1 day)"), json!(""), json!("cron(0 5 * * * *)"), json!("0 5 ? * * *")],
        false,
    );
}

#[test]
fn the_next_two_runs_are_at_least_an_hour_apart() {
    let schedule = rule("schedule_expression");
    assigned(&schedule, &[json!("cron(0/30 * ? * * *)"), json!("cron(0,30 5 ? * * 2027)")], false);
    assigned(&schedule, &[json!("cron(0 0/1 ? * * *)"), json!("cron(0 5,6 ? * * *)")], true);
}

#[test]
fn a_schedule_is_judged_by_its_next_two_runs_from_now() {
    let document = with(&rule("schedule_expression"), json!({"@@assign": "cron(0,30 5 1 * ? *)"}));
    let between = datetime!(2026-12-01 05:15 UTC);
    assert_eq!(check(&document, between), []);
    assert_eq!(check(&document, NOW).len(), 1);
}

#[test]
fn a_schedule_without_two_runs_to_come_is_refused() {
    assigned(
        &rule("schedule_expression"),
        &[json!("cron(0 5 1 1 ? 2020)"), json!("cron(0 5 1 1 ? 2030)")],
        false,
    );
}

#[test]
fn a_fault_in_a_schedule_is_marked_inside_its_text() {
    let text = r#"{"plans":{"p":{"rules":{"r":{"schedule_expression":{"@@assign":"cron(0 25 ? * * *)"}}}}}}"#;
    let problems = check(&Document::parse(text).unwrap(), NOW);
    let column = text.find("25").unwrap() as u32 + 1;
    assert_eq!((problems[0].line, problems[0].column, problems[0].length), (1, column, 2));
}

#[test]
fn vault_names_have_one_to_fifty_letters_digits_hyphens_and_underscores() {
    let vault = rule("target_backup_vault_name");
    assigned(&vault, &[json!("a"), json!("Vault_1-x"), json!("v".repeat(50))], true);
    assigned(&vault, &[json!(""), json!("a.b"), json!("a b"), json!("v".repeat(51))], false);
}

#[test]
fn air_gapped_vaults_are_named_with_both_placeholders() {
    let vault = rule("target_logically_air_gapped_backup_vault_arn");
    assigned(&vault, &[json!("arn:aws:backup:$region:$account:backup-vault:Gap")], true);
    assigned(
        &vault,
        &[
            json!("arn:aws:backup:eu-west-1:$account:backup-vault:Gap"),
            json!("arn:aws:backup:$region:111122223333:backup-vault:Gap"),
            json!("arn:aws:backup:$region:$account:vault:Gap"),
        ],
        false,
    );
}

#[test]
fn windows_are_whole_numbers_of_sixty_minutes_or_more() {
    for key in ["start_backup_window_minutes", "complete_backup_window_minutes"] {
        let good = [json!("60"), json!(60), json!("0060"), json!(9_999_999_999_999_999_u64)];
        assigned(&rule(key), &good, true);
        let bad = [
            json!(0),
            json!(59),
            json!("-60"),
            json!("+60"),
            json!("60 "),
            json!(60.5),
            json!("x"),
            json!(""),
        ];
        assigned(&rule(key), &bad, false);
        assigned(&rule(key), &[json!(10_000_000_000_000_000_u64), json!("1".repeat(30))], false);
    }
}

#[test]
fn sixty_point_zero_is_not_sixty() {
    let text = r#"{"plans":{"p":{"rules":{"r":{"start_backup_window_minutes":{"@@assign":60.0}}}}}}"#;
    let path = "plans/p/rules/r/start_backup_window_minutes";
    assert_eq!(refusals_of(text), [("invalid-value".into(), path.into())]);
}

#[test]
fn the_complete_window_may_be_shorter_than_the_start_window() {
    let mut document = with(&rule("start_backup_window_minutes"), json!({"@@assign": 480}));
    let complete = Path::from(&*rule("complete_backup_window_minutes")).join("@@assign");
    document.set(&complete, &Node::text("60")).unwrap();
    assert_eq!(refusals(&document), []);
}

#[test]
fn day_counts_are_whole_numbers_of_one_or_more() {
    for key in ["lifecycle/move_to_cold_storage_after_days", "lifecycle/delete_after_days"] {
        assigned(&rule(key), &[json!(1), json!("36500")], true);
        assigned(&rule(key), &[json!(0), json!(-1), json!("never")], false);
    }
}

#[test]
fn switches_are_true_or_false_in_lower_case() {
    for key in ["enable_continuous_backup", "lifecycle/opt_in_to_archive_for_supported_resources"] {
        assigned(&rule(key), &[json!("false"), json!(false)], true);
        assigned(&rule(key), &[json!("TRUE"), json!("yes"), json!(1), json!("")], false);
    }
    let advanced = "plans/daily/advanced_backup_settings";
    for key in ["ec2/windows_vss", "s3/backup_acls", "s3/backup_object_tags"] {
        assigned(&format!("{advanced}/{key}"), &[json!("enabled"), json!("disabled")], true);
        assigned(&format!("{advanced}/{key}"), &[json!("on"), json!(true)], false);
    }
}

fn continuous(lifecycle: Json) -> Vec<(String, String)> {
    let mut document = with(&rule("lifecycle"), lifecycle);
    let switch = Path::from(&*rule("enable_continuous_backup")).join("@@assign");
    document.set(&switch, &Node::new(Value::Bool(true))).unwrap();
    refusals(&document)
}

#[test]
fn continuous_backup_needs_a_retention_of_at_most_35_days_in_the_same_document() {
    let refusal = [("continuous-retention".to_owned(), rule("enable_continuous_backup"))];
    assert_eq!(continuous(json!({"delete_after_days": {"@@assign": 35}})), []);
    assert_eq!(continuous(json!({"delete_after_days": {"@@assign": 36}})), refusal);
    assert_eq!(continuous(json!({"delete_after_days": {CONTROL: ["@@none"]}})), refusal);
    assert_eq!(continuous(json!({})), refusal);
}

#[test]
fn continuous_backup_excludes_cold_storage_in_the_same_document() {
    let days =
        json!({"delete_after_days": {"@@assign": 35}, "move_to_cold_storage_after_days": {"@@assign": 1}});
    assert_eq!(continuous(days), [("continuous-cold-storage".into(), rule("enable_continuous_backup"))]);
}

#[test]
fn cold_storage_close_to_deletion_is_accepted_without_archive_opt_in() {
    accepted(
        &rule("lifecycle"),
        json!({"delete_after_days": {"@@assign": 60}, "move_to_cold_storage_after_days": {"@@assign": 30}}),
    );
}

/// Refusals with archive opt-in, in the rule's lifecycle or a copy's.
fn archive(schedule: Option<&str>, cold: Option<u32>, delete: Option<u32>, in_copy: bool) -> Vec<String> {
    let mut lifecycle = json!({"opt_in_to_archive_for_supported_resources": {"@@assign": "true"}});
    for (key, days) in [("move_to_cold_storage_after_days", cold), ("delete_after_days", delete)] {
        if let Some(days) = days {
            lifecycle[key] = json!({"@@assign": days});
        }
    }
    let mut rule = json!({"lifecycle": lifecycle});
    if in_copy {
        let arn = "arn:aws:backup:us-east-1:$account:backup-vault:Copy";
        rule = json!({"copy_actions": {arn: {"target_backup_vault_arn": {"@@assign": arn}, "lifecycle": lifecycle}}});
    }
    if let Some(schedule) = schedule {
        rule["schedule_expression"] = json!({"@@assign": schedule});
    }
    refusals(&with(RULE, rule)).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn archive_opt_in_needs_both_day_counts_ninety_days_apart() {
    let monthly = Some("cron(0 5 1 * ? *)");
    for in_copy in [false, true] {
        assert_eq!(archive(monthly, Some(30), Some(120), in_copy), [] as [&str; 0]);
        for (cold, delete) in
            [(Some(30), Some(119)), (None, Some(120)), (Some(30), None), (Some(120), Some(30))]
        {
            assert_eq!(archive(monthly, cold, delete, in_copy), ["archive-days"], "{cold:?} {delete:?}");
        }
    }
}

#[test]
fn archive_opt_in_needs_a_schedule_of_at_most_every_28_days_in_the_same_document() {
    for in_copy in [false, true] {
        for schedule in [Some("cron(0 5 ? * * *)"), Some("cron(0 5 1,15 * ? *)"), None] {
            assert_eq!(archive(schedule, Some(30), Some(120), in_copy), ["archive-schedule"], "{schedule:?}");
        }
    }
}

#[test]
fn copy_actions_are_named_by_a_vault_arn() {
    let target =
        json!({"target_backup_vault_arn": {"@@assign": "arn:aws:backup:us-east-1:$account:backup-vault:V"}});
    for key in [
        "arn:aws:backup:us-east-1:111122223333:backup-vault:V",
        "arn:aws-us-gov:backup:us-gov-west-1:$account:backup-vault:V",
    ] {
        accepted(&rule(&format!("copy_actions/{key}")), target.clone());
    }
    for key in [
        "t2",
        "arn:aws:backup:$region:$account:backup-vault:V",
        "arn:aws:backup:us-east-1:$account:vault:V",
        "arn:aws:backup:us-east-1:12345:backup-vault:V",
        "arn:other:backup:us-east-1:$account:backup-vault:V",
        "arn:aws:backup:us-east-1:$account:backup-vault:a.b",
    ] {
        refused(&rule(&format!("copy_actions/{key}")), target.clone(), "invalid-name");
    }
}

#[test]
fn a_copy_action_needs_its_target() {
    let path = rule("copy_actions/arn:aws:backup:us-east-1:$account:backup-vault:Copy");
    refused(&path, json!({}), "missing-key");
    refused(&path, json!({"lifecycle": {}}), "missing-key");
    refused(
        &format!("{path}/target_backup_vault_arn"),
        json!({"@@assign": "arn:aws:backup:$region:$account:backup-vault:V"}),
        "invalid-value",
    );
    accepted(&rule("copy_actions"), json!({}));
}

#[test]
fn tag_entries_have_key_and_value_and_are_named_like_their_key() {
    for place in ["plans/daily/backup_plan_tags", "plans/daily/rules/r/recovery_point_tags"] {
        let tag = |key: &str| json!({"tag_key": {"@@assign": key}, "tag_value": {"@@assign": ""}});
        accepted(&format!("{place}/cost"), tag("Cost"));
        refused(&format!("{place}/cost"), tag("other"), "tag-id");
        refused(&format!("{place}/cost"), json!({"tag_key": {"@@assign": "cost"}}), "missing-key");
        refused(&format!("{place}/cost"), json!({"tag_value": {"@@assign": "x"}}), "missing-key");
        let long = "k".repeat(129);
        let value = format!("{place}/cost/tag_value");
        let too_long = ("invalid-value".to_owned(), format!("{place}/{long}/tag_key"));
        assert_eq!(refusals(&with(&format!("{place}/{long}"), tag(&long))), [too_long]);
        let mut listed = with(&format!("{place}/cost"), tag("cost"));
        listed.set(&Path::from(&*value).join("@@assign"), &Node::list(["x"])).unwrap();
        assert_eq!(refusals(&listed), [("not-a-scalar".into(), value)]);
    }
}

#[test]
fn text_lengths_are_counted_in_characters() {
    let tag = "plans/daily/selections/tags/s";
    assigned(&format!("{tag}/tag_key"), &[json!("é".repeat(128)), json!("x")], true);
    assigned(&format!("{tag}/tag_key"), &[json!(""), json!("x".repeat(129))], false);
    assigned(&format!("{tag}/tag_value"), &[json!([""]), json!(["é".repeat(256)])], true);
    assigned(&format!("{tag}/tag_value"), &[json!(["x".repeat(257)])], false);
}

#[test]
fn a_role_is_named_with_the_account_placeholder() {
    for path in
        ["plans/daily/selections/tags/s/iam_role_arn", "plans/daily/scan_settings/GUARDDUTY/scanner_role_arn"]
    {
        assigned(
            path,
            &[
                json!("arn:aws:iam::$account:role/path/to/Role+=,.@-_1"),
                json!("arn:aws-cn:iam::$account:role/r"),
            ],
            true,
        );
        assigned(
            path,
            &[
                json!("arn:aws:iam::111122223333:role/Backup"),
                json!("arn:aws:iam::$account:role/"),
                json!("arn:aws:iam::$account:user/u"),
                json!("arn:aws:iam:eu-west-1:$account:role/r"),
                json!("Backup"),
            ],
            false,
        );
    }
}

#[test]
fn a_tag_selection_needs_key_and_values_and_may_lack_its_role() {
    let path = "plans/daily/selections/tags/s";
    let complete = json!({"tag_key": {"@@assign": "k"}, "tag_value": {"@@assign": ["v"]}});
    accepted(path, complete.clone());
    for key in ["tag_key", "tag_value"] {
        let mut without = complete.clone();
        without.as_object_mut().unwrap().remove(key);
        refused(path, without, "missing-key");
    }
}

#[test]
fn a_resource_selection_needs_types_or_conditions() {
    let path = "plans/daily/selections/resources/s";
    accepted(path, json!({"resource_types": {"@@assign": ["*"]}}));
    accepted(path, json!({"conditions": {}}));
    refused(path, json!({"iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/r"}}), "missing-key");
    refused(path, json!({"not_resource_types": {"@@assign": ["*"]}}), "missing-key");
}

#[test]
fn resource_types_are_the_fixed_patterns_in_any_partition() {
    let path = "plans/daily/selections/resources/s/resource_types";
    for known in &crate::vocabulary::resource_types::RESOURCE_TYPES {
        assigned(path, &[json!([known.arn(crate::vocabulary::regions::Partition::Aws)])], true);
    }
    assigned(path, &[json!(["*", "arn:aws-us-gov:ec2:*:*:volume/*"])], true);
    assigned(
        path,
        &[
            json!(["arn:aws:ec2:*:*:volume/vol-1"]),
            json!(["EBS"]),
            json!(["arn:aws:lambda:*:*:function/*"]),
            json!(["arn:x:ec2:*:*:volume/*"]),
        ],
        false,
    );
    refused(path, json!({"@@append": []}), "empty-list");
}

#[test]
fn a_condition_has_exactly_key_and_value() {
    let path = "plans/daily/selections/tags/s/conditions/string_not_like/c";
    let complete = json!({"condition_key": {"@@assign": "k"}, "condition_value": {"@@assign": ""}});
    accepted(path, complete);
    refused(path, json!({"condition_key": {"@@assign": "k"}}), "missing-key");
    refused(path, json!({"condition_value": {"@@assign": "v"}}), "missing-key");
}

#[test]
fn index_and_scan_settings_take_their_words() {
    assigned(&rule("index_actions/resource_types"), &[json!(["EBS", "S3"])], true);
    assigned(&rule("index_actions/resource_types"), &[json!(["RDS"]), json!(["ebs"])], false);
    refused(&rule("index_actions/resource_types"), json!({"@@assign": []}), "empty-list");
    assigned(
        &rule("scan_actions/GUARDDUTY/scan_mode"),
        &[json!("INCREMENTAL_SCAN"), json!("FULL_SCAN")],
        true,
    );
    assigned(&rule("scan_actions/GUARDDUTY/scan_mode"), &[json!("full_scan")], false);
    let types = "plans/daily/scan_settings/GUARDDUTY/resource_types";
    assigned(types, &[json!(["EBS", "EC2", "S3", "ALL"])], true);
    assigned(types, &[json!(["RDS"])], false);
}

#[test]
fn eleven_rules_and_both_kinds_of_selection_pass_admission() {
    let rules: serde_json::Map<_, _> = (0..11).map(|n| (format!("r{n}"), json!({}))).collect();
    accepted("plans/daily/rules", rules.into());
}

#[test]
fn every_refusal_has_a_place_and_a_remedy() {
    let text = "{\"plans\":\n{\"a b\":{\"x\":1,\n\"rules\":{\"r\":{\"lifecycle\":{\"delete_after_days\":{\"@@append\":[1]}}}}}}}";
    let problems = check(&Document::parse(text).unwrap(), NOW);
    let places: Vec<_> = problems.iter().map(|p| (p.line, &*p.code)).collect();
    assert_eq!(places, [(2, "invalid-name"), (2, "unknown-key"), (3, "operator-on-scalar")]);
    assert!(problems.iter().all(|p| p.column >= 1 && p.length >= 1 && !p.help.is_empty() && p.is_error()));
}
