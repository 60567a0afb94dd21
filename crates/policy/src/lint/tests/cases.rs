//! For every code a policy that is like the good one but for what the code is about, and where it is told.

use super::*;

pub(super) type Case = (&'static str, &'static str, Value);

pub(super) fn cases() -> Vec<Case> {
    [of_rules(), of_copies(), of_selections(), of_text()].concat()
}

fn rule(key: &str, value: Value) -> Value {
    with(&[(&format!("{RULE}|{key}"), value)])
}

fn lifecycle(cold: &str, delete: &str) -> Value {
    json!({"move_to_cold_storage_after_days": assign(cold), "delete_after_days": assign(delete)})
}

fn condition(operator: &str, key: &str, value: &str) -> Value {
    let condition = json!({"c": {"condition_key": assign(key), "condition_value": assign(value)}});
    with(&[(&format!("{TAG}|conditions|{operator}"), condition)])
}

fn only(plan: &Value) -> Value {
    json!({"plans": {"daily": plan}})
}

fn in_copies(to: &str) -> Value {
    rule("copy_actions", json!({to: {"target_backup_vault_arn": assign(to)}}))
}

fn of_rules() -> Vec<Case> {
    vec![
        (
            "HF001",
            "plans/daily/rules/nightly/lifecycle/delete_after_days",
            rule("lifecycle", lifecycle("30", "119")),
        ),
        (
            "HF002",
            "plans/daily/rules/nightly",
            with(&[("plans|daily|rules|Nightly", second_rule("cron(0 9 ? * * *)"))]),
        ),
        (
            "HF003",
            "plans/daily/rules/nightly/enable_continuous_backup",
            with(&[
                (&format!("{RULE}|enable_continuous_backup"), assign("true")),
                (&format!("{RULE}|lifecycle"), lifecycle("1", "91")),
            ]),
        ),
        (
            "HF007",
            "plans/daily/rules/nightly/complete_backup_window_minutes",
            rule("complete_backup_window_minutes", assign("60")),
        ),
        (
            "HF009",
            "plans/daily/rules/nightly/schedule_expression",
            // 12:00 and 12:30 today are over or to come: the next two runs are a day apart.
            rule("schedule_expression", assign("cron(0,30 12 ? * * *)")),
        ),
        (
            "HF010",
            "plans/daily/rules/nightly/schedule_expression",
            rule("schedule_expression", assign("cron(0 5 ? * MON-FRI/2 *)")),
        ),
        (
            "HF011",
            "plans/daily/rules/weekly/schedule_expression",
            with(&[("plans|daily|rules|weekly", second_rule("cron(30 5 ? * SUN *)"))]),
        ),
        (
            "HF020",
            "plans/daily/rules/weekly/enable_continuous_backup",
            with(&[
                (&format!("{RULE}|enable_continuous_backup"), assign("true")),
                ("plans|daily|rules|weekly", {
                    let mut rule = second_rule("cron(0 9 ? * SUN *)");
                    rule["enable_continuous_backup"] = assign("true");
                    rule
                }),
            ]),
        ),
        (
            "HF021",
            "plans/daily/rules/nightly/schedule_expression",
            rule("schedule_expression", assign("cron(0 5 1 JAN,JUL ? *)")),
        ),
        (
            "HF028",
            "plans/daily/rules/nightly/target_backup_vault_name",
            rule("target_backup_vault_name", assign("Default")),
        ),
        (
            "HF030",
            "plans/daily/rules/nightly/start_backup_window_minutes",
            with(&[
                (&format!("{RULE}|start_backup_window_minutes"), assign("1441")),
                (&format!("{RULE}|complete_backup_window_minutes"), assign("1500")),
            ]),
        ),
    ]
}

fn of_copies() -> Vec<Case> {
    vec![
        (
            "HF013",
            "plans/daily/rules/nightly/copy_actions",
            rule(
                "copy_actions",
                (0..6)
                    .map(|at| format!("arn:aws:backup:eu-north-1:$account:backup-vault:v{at}"))
                    .map(|arn| (arn.clone(), json!({"target_backup_vault_arn": assign(arn)})))
                    .collect(),
            ),
        ),
        (
            "HF015",
            "plans/daily/rules/nightly/copy_actions/arn:aws:backup:eu-west-1:$account:backup-vault:Main",
            in_copies("arn:aws:backup:eu-west-1:$account:backup-vault:Main"),
        ),
        (
            "HF016",
            "plans/daily/rules/nightly/copy_actions/arn:aws:backup:eu-north-1:111122223333:backup-vault:Main",
            in_copies("arn:aws:backup:eu-north-1:111122223333:backup-vault:Main"),
        ),
        (
            "HF017",
            "plans/daily/rules/nightly/copy_actions/arn:aws:backup:eu-west-1:111122223333:backup-vault:Main",
            in_copies("arn:aws:backup:eu-west-1:111122223333:backup-vault:Main"),
        ),
    ]
}

fn of_selections() -> Vec<Case> {
    vec![
        ("HF004", "plans/daily/selections", with(&[(RESOURCES, selection())])),
        (
            "HF012",
            "plans/daily/selections/tags/prod/conditions/string_equals/c/condition_key",
            condition("string_equals", "team", "a"),
        ),
        (
            "HF018",
            "plans/daily/selections/tags/prod/iam_role_arn",
            with(&[(&format!("{TAG}|iam_role_arn"), assign("arn:aws-cn:iam::$account:role/Backup"))]),
        ),
        (
            "HF019",
            "plans/daily/selections/tags/prod/tag_value",
            with(&[(&format!("{TAG}|tag_value"), assign(json!(["prod*"])))]),
        ),
        (
            "HF027",
            "plans/daily/selections/tags/prod/iam_role_arn",
            with(&[(
                &format!("{TAG}|iam_role_arn"),
                assign("arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole"),
            )]),
        ),
        ("HF029", "plans/daily/selections/resources/all/resource_types", {
            let mut policy = rule("lifecycle", lifecycle("30", "120"));
            let mut tables = selection();
            tables["resource_types"] = assign(json!(["arn:aws:dynamodb:*:*:table/*"]));
            set(&mut policy, "plans|daily|selections", json!({"resources": {"all": tables}}));
            policy
        }),
        ("HF031", "plans/daily/selections/resources/all/resource_types", {
            let mut instances = selection();
            instances["resource_types"] = assign(json!(["arn:aws:rds:*:*:db:*"]));
            with(&[("plans|daily|selections", json!({"resources": {"all": instances}}))])
        }),
    ]
}

fn of_text() -> Vec<Case> {
    vec![
        (
            "HF006",
            "plans/daily",
            with(&[("plans|daily|@@operators_allowed_for_child_policies", json!(["@@none"]))]),
        ),
        ("HF014", "plans", with(&[("plans|second", json!({"regions": assign(json!(["eu-west-1"]))}))])),
        ("HF022", "plans", json!({"plans": {"daily": {"regions": ["eu-west-1"]}}})),
        ("HF023", "", with(&[("plans|daily|regions", assign(json!(["x".repeat(8_000)])))])),
        (
            "HF024",
            "plans/daily/regions",
            only(&json!({"regions": {"@@append": ["eu-west-1", "us-east-1"], "@@remove": ["eu-west-1"]}})),
        ),
        ("HF025", "@@assign", with(&[("@@assign", json!("x"))])),
        ("HF026", "plans/daily/regions", only(&json!({"regions": assign(json!([]))}))),
        ("HF032", "plans/daily/Regions", only(&json!({"Regions": assign(json!(["eu-west-1"]))}))),
    ]
}
