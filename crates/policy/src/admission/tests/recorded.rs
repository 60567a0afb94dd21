//! What AWS was recorded to answer on 13 September 2026: each document of a kind, accepted or refused.

use super::*;

/// When most of the recordings were made.
const THEN: OffsetDateTime = datetime!(2026-09-13 07:35 UTC);

fn admitted_at(text: &str, now: OffsetDateTime) -> bool {
    Document::parse(text).is_ok_and(|document| check(&document, now).is_empty())
}

fn admitted(text: &str) -> bool {
    admitted_at(text, THEN)
}

fn in_rule(members: &Json) -> String {
    json!({"plans": {"daily": {"rules": {"daily": members}}}}).to_string()
}

fn scheduled(fields: &str, archive: bool) -> String {
    let mut rule = json!({"schedule_expression": {"@@assign": format!("cron({fields})")}});
    if archive {
        rule["lifecycle"] = json!({
            "move_to_cold_storage_after_days": {"@@assign": "30"},
            "delete_after_days": {"@@assign": "120"},
            "opt_in_to_archive_for_supported_resources": {"@@assign": "true"},
        });
    }
    in_rule(&rule)
}

#[test]
fn keys_and_operators_may_be_written_in_capitals() {
    for text in [
        r#"{"PLANS": {"Key": {"regions": {"@@assign": ["us-east-1"]}}}}"#,
        r#"{"plans": {"Key": {"REGIONS": {"@@assign": ["us-east-1"]}}}}"#,
        r#"{"plans": {"Key": {"regions": {"@@Assign": ["us-east-1"]}}}}"#,
        r#"{"plans": {"Key": {"regions": {"@@Operators_Allowed_For_Child_Policies": ["@@None"]}}}}"#,
        r#"{"plans": {"@@operators_allowed_for_child_policies": ["@@assign", "@@Assign"]}}"#,
    ] {
        assert!(admitted(text), "{text}");
    }
    assert!(!admitted(r#"{"plans": {"@@operators_allowed_for_child_policies": ["@@none", "@@Assign"]}}"#));
}

#[test]
fn whole_numbers_are_digits_up_to_sixteen_of_them() {
    let window =
        |value: Json| admitted(&in_rule(&json!({"start_backup_window_minutes": {"@@assign": value}})));
    for good in ["60", "060", "52560000", "4294967296", "9999999999999999"] {
        assert!(window(json!(good)), "{good}");
    }
    for bad in ["59", "60.5", "+60", " 60", "1e2", "-1", "", "10000000000000000", "9223372036854775808"] {
        assert!(!window(json!(bad)), "{bad}");
    }
    assert!(window(json!(60)) && !window(json!(true)));
    assert!(!admitted(
        &in_rule(&json!({"start_backup_window_minutes": {"@@assign": 60}})).replace("60", "60.0")
    ));
    assert!(admitted(&in_rule(&json!({"lifecycle": {"delete_after_days": {"@@assign": "36501"}}}))));
}

#[test]
fn schedules_that_plain_rules_may_have() {
    for good in [
        "0 5 ? * MON-FRI *",
        "0 5 ? * mon *",
        "0  5 ? * * *",
        "0 5 1 * ?",
        "0 5 1 * ? * garbage",
        "0,0 5 ? * * *",
        "5-5 5 ? * * *",
        "1/59 5 ? * * *",
        "0 20-2 ? * * *",
        "0 5 ? NOV-FEB * *",
        "0 5 ? * 7-1 *",
        "0 5 ? * MON-FRI/2 *",
        "0 5 ? JAN * 2030-2035",
        "0 5 ? JAN * 2030/2",
        "0 5 1-5W * ? *",
        "0 5 ? * 1#1,2 *",
        "0 5 ? FEB SAT#5 *",
        "0 5 31W * ? *",
    ] {
        assert!(admitted(&scheduled(good, false)), "{good}");
    }
    for bad in [
        "0/15 * ? * * *",
        "* * * * * *",
        "*/60 5 ? * * *",
        "0/60 5 ? * * *",
        "0/59 5 ? * * *",
        "* 5 ? * * *",
        "0 5 ? * 0 *",
        "0 5 ? * 0L *",
        "0 5 ? * 1L,2L *",
        "0 5 L,L * ? *",
        "0 5 L-31 * ? *",
        "0 5 ? * MON#0 *",
        "0 5 ? * MON#6 *",
        "0 5 ? * MON#1/2 *",
        "0 5 ? * MON#2,TUE#3 *",
        "0 5 ? JAN * 2035-2030",
        "0 5 ? JAN * 2200",
        "0 5 ? JAN * 1969",
        "0 5 31W FEB ? *",
        "0 5 29 FEB ? 2028",
        "0 5 1 JAN ? 1970,1971",
    ] {
        assert!(!admitted(&scheduled(bad, false)), "{bad}");
    }
}

#[test]
fn schedules_that_rules_with_archive_opt_in_may_have() {
    for good in [
        "0 5 1 * ? *",
        "0 5 1 * ?",
        "0 5 1,29 JAN ? *",
        "0 5 1,29 FEB ? *",
        "0 5 1,29 JAN,FEB ? *",
        "0 5 1/28 JAN ? *",
        "0 5 1,1 * ? *",
        "0 5,5 1 * ? *",
        "0 5 L-3W * ? *",
        "0 5 31W * ? *",
        "0 5 1W,15W * ? *",
        "0 5 ? * 1#1,2 *",
        "0 5 ? * 1,2#1 *",
        "0 5 ? * SUN#5 *",
        "0 5 1 JAN,FEB ? 2030",
        "0 5 29 FEB ? 2028,2032",
    ] {
        assert!(admitted(&scheduled(good, true)), "{good}");
    }
    for bad in [
        "0 5 ? * * *",
        "0 5 ? * SUN *",
        "0 5 ? * L *",
        "0 5 1,29 * ? *",
        "0 5 1/28 * ? *",
        "0 5 1,28 FEB ? *",
        "0 5 1,28 JAN,FEB ? *",
        "0 5,6 1 * ? *",
        "0 5 1-5W * ? *",
        "0 5 ? * 1-2L *",
        "0 5 ? JAN * 2030",
    ] {
        assert!(!admitted(&scheduled(bad, true)), "{bad}");
    }
}

#[test]
fn the_hour_of_asking_decides_on_runs_an_hour_apart() {
    let at = datetime!(2026-09-13 07:40 UTC);
    assert!(admitted_at(&scheduled("0,59 7 ? * * *", false), at));
    assert!(!admitted_at(&scheduled("0,59 8 ? * * *", false), at));
    assert!(!admitted_at(&scheduled("0,59 6 ? * * *", false), at));
}

#[test]
fn parts_of_a_policy_may_stand_alone() {
    for text in [
        r#"{"plans": {"daily": {"selections": {"tags": {}}}}}"#,
        r#"{"plans": {"daily": {"selections": {"resources": {"s": {"conditions": {"string_equals": {"c": {
            "condition_key": {"@@assign": "aws:ResourceTag/cost"}, "condition_value": {"@@assign": "one"}}}}}}}}}}"#,
        r#"{"plans": {"p": {"scan_settings": {"GUARDDUTY": {"scanner_role_arn": {"@@assign": "arn:aws:iam::$account:role/R"}}}}}}"#,
        r#"{"plans": {"p": {"selections": {"tags": {"s": {"tag_key": {"@@assign": "k"}, "tag_value": {"@@remove": ["one"]}}}}}}}"#,
    ] {
        assert!(admitted(text), "{text}");
    }
    for text in [
        r#"{"plans": {"daily": {"selections": {"tags": {"s": {}}}}}}"#,
        r#"{"plans": {"p": {"selections": {"tags": {"s": {"tag_key": {"@@assign": "k"}, "tag_value": {"@@append": []}}}}}}}"#,
        r#"{"plans": {"p": {"rules": {"r": {"copy_actions": {"arn:aws:backup:us-east-1:$account:backup-vault:V": {
            "lifecycle": {"delete_after_days": {"@@assign": "120"}}}}}}}}}"#,
        r#"{"plans": {"p": {"selections": {"resources": {"s": {"iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/R"}}}}}}}"#,
    ] {
        assert!(!admitted(text), "{text}");
    }
}
