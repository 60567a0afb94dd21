//! The errors AWS was recorded to report for an account with one policy at the root and one of its own.

use super::*;

const ASSIGNED: &str = "opt_in_to_archive_for_supported_resources=true";
const COPY: &str = "arn:aws:backup:us-east-1:$account:backup-vault:v";

fn expect(policies: &[Value], wanted: &[(&'static str, &str, &str)]) {
    let mut found = errors(policies);
    let mut wanted: Vec<_> = wanted
        .iter()
        .map(|(code, message, path)| (*code, (*message).to_owned(), (*path).to_owned()))
        .collect();
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted, "{policies:?}");
}

fn archived(owner: &str) -> Value {
    let lifecycle = json!({
        "move_to_cold_storage_after_days": "30",
        "delete_after_days": "120",
        "opt_in_to_archive_for_supported_resources": "true",
    });
    let mut rule = json!({"target_backup_vault_name": "v", "schedule_expression": "cron(0 5 1 * ? *)"});
    match owner {
        "rule" => rule["lifecycle"] = lifecycle,
        _ => rule["copy_actions"] = json!({COPY: {"target_backup_vault_arn": COPY, "lifecycle": lifecycle}}),
    }
    with("rules/r", rule)
}

fn changed(owner: &str, lifecycle: Value) -> Value {
    match owner {
        "rule" => json!({"rules": {"r": {"lifecycle": lifecycle}}}),
        _ => json!({"rules": {"r": {"copy_actions": {COPY: {"lifecycle": lifecycle}}}}}),
    }
}

#[test]
fn a_rule_alone_lacks_regions_selections_and_its_vault() {
    expect(
        &[json!({"rules": {"r": {"start_backup_window_minutes": "60"}}})],
        &[
            ("KEY_REQUIRED", "'regions' is missing", "plans/p"),
            ("KEY_REQUIRED", "'selections' is missing", "plans/p"),
            ("KEY_REQUIRED", "'target_backup_vault_name' is missing", RULE),
        ],
    );
    expect(
        &[with("selections", json!({"tags": {}}))],
        &[("KEY_REQUIRED", "'selections' is missing", "plans/p")],
    );
}

#[test]
fn a_list_that_was_never_there_is_missing_and_one_that_was_emptied_is_too_short() {
    let removed = json!({"@@remove": ["us-east-1"]});
    expect(&[with("regions", removed.clone())], &[("KEY_REQUIRED", "'regions' is missing", "plans/p")]);
    let too_few =
        ("ELEMENTS_TOO_FEW", "'regions' is less than the allowed minimum limit 1", "plans/p/regions");
    expect(&[plan(), json!({"regions": removed})], &[too_few]);
    expect(&[with("regions", json!([]))], &[too_few]);
    let selection = "plans/p/selections/tags/s";
    let values = with("selections/tags/s/tag_value", json!({"@@remove": ["one"]}));
    expect(&[values], &[("KEY_REQUIRED", "'tag_value' is missing", selection)]);
}

#[test]
fn what_organizations_leaves_to_aws_backup_is_no_error() {
    let condition =
        json!({"string_equals": {"t": {"condition_key": "aws:ResourceTag/t", "condition_value": "x"}}});
    let resources = json!({"resources": {"all": {"iam_role_arn": "r", "conditions": condition}}});
    let continuous = json!({"target_backup_vault_name": "v", "enable_continuous_backup": "true",
        "lifecycle": {"delete_after_days": "35"}});
    expect(&[with("selections", resources)], &[]);
    expect(&[with("scan_settings", json!({"GUARDDUTY": {"scanner_role_arn": "r"}}))], &[]);
    expect(
        &[
            with("rules/r/complete_backup_window_minutes", json!("60")),
            json!({"rules": {"r": {"start_backup_window_minutes": "120"}}}),
        ],
        &[],
    );
    let cold = changed("rule", json!({"move_to_cold_storage_after_days": "1"}));
    expect(&[with("rules/r", continuous), cold], &[]);
}

#[test]
fn archive_opt_in_is_judged_where_inheritance_assembles_it() {
    for owner in ["rule", "copy"] {
        let daily = json!({"rules": {"r": {"schedule_expression": "cron(0 5 ? * * *)"}}});
        let schedule = format!("{ASSIGNED},schedule_expression=cron(0 5 ? * * *)");
        assert_eq!(errors(&[archived(owner), daily.clone()]), dependent(&schedule), "{owner}");

        let short = changed(owner, json!({"delete_after_days": "60"}));
        let days = format!("{ASSIGNED},delete_after_days=60,move_to_cold_storage_after_days=30");
        assert_eq!(errors(&[archived(owner), short.clone()]), dependent(&days), "{owner}");

        let both = [dependent(&schedule), dependent(&days)].concat();
        assert_eq!(errors(&[archived(owner), short, daily]), both, "{owner}");

        let late = changed(owner, json!({"move_to_cold_storage_after_days": "90"}));
        let days = format!("{ASSIGNED},delete_after_days=120,move_to_cold_storage_after_days=90");
        assert_eq!(errors(&[archived(owner), late]), dependent(&days), "{owner}");

        let yearly = json!({"rules": {"r": {"schedule_expression": "cron(0 5 1 JAN ? *)"}}});
        assert_eq!(errors(&[archived(owner), yearly]), [], "{owner}");
    }
}
