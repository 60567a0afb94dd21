//! Backup plans as the member account sees them.

use super::{Aws, START, plan};
use serde_json::{Value, json};
use time::Duration;

const REGION: &str = "eu-west-1";

#[tokio::test]
async fn a_plan_says_all_that_its_policy_says() {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let account = aws.account("sandbox-01").await;
    let mut content = plan("cron(0 5 ? * * *)", "standard");
    let rule = &mut content["plans"]["tested"]["rules"]["often"];
    let vault = "arn:aws:backup:$region:$account:backup-vault:gapped";
    rule["target_logically_air_gapped_backup_vault_arn"] = json!({"@@assign": vault});
    rule["index_actions"] = json!({"resource_types": {"@@assign": ["EBS", "S3"]}});
    rule["recovery_point_tags"] =
        json!({"team": {"tag_key": {"@@assign": "team"}, "tag_value": {"@@assign": "a"}}});
    let policy = aws.create_policy("mine", &content).await;
    aws.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": account})).await;
    let listed = aws.backup_as(&account, "GET", REGION, "/backup/plans", Value::Null).await.body;
    let id = listed["BackupPlansList"][0]["BackupPlanId"].as_str().unwrap().replace('/', "%2F");
    let path = format!("/backup/plans/{id}?MaxScheduledRunsPreview=2");
    let shown = aws.backup_as(&account, "GET", REGION, &path, Value::Null).await.body;
    let rule = &shown["BackupPlan"]["Rules"][0];
    let arn = format!("arn:aws:backup:eu-west-1:{account}:backup-vault:gapped");
    assert_eq!(rule["TargetLogicallyAirGappedBackupVaultArn"], json!(arn));
    assert_eq!(rule["IndexActions"], json!([{"ResourceTypes": ["EBS", "S3"]}]));
    assert_eq!(rule["RecoveryPointTags"], json!({"team": "a"}));
    let morning = (START + Duration::hours(17)).unix_timestamp() as f64;
    assert_eq!(shown["ScheduledRunsPreview"][0]["ExecutionTime"], json!(morning));
    assert_eq!(shown.get("LastExecutionDate"), None, "it has not run yet");
    aws.pass(Duration::hours(18));
    let shown = aws.backup_as(&account, "GET", REGION, &path, Value::Null).await.body;
    assert_eq!(shown["LastExecutionDate"], json!(morning));
}

#[tokio::test]
async fn a_plan_keeps_its_date_and_its_older_versions_when_its_policy_changes() {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let account = aws.account("sandbox-01").await;
    let policy = aws.create_policy("mine", &plan("cron(0 5 ? * * *)", "standard")).await;
    let both = json!({"PolicyId": policy, "TargetId": account});
    aws.must("AttachPolicy", both.clone()).await;
    let get = |path: String| {
        let (aws, account) = (&aws, &account);
        async move { aws.backup_as(account, "GET", REGION, &path, Value::Null).await }
    };
    let first = get("/backup/plans".to_owned()).await.body["BackupPlansList"][0].clone();
    let id = first["BackupPlanId"].as_str().unwrap().replace('/', "%2F");
    aws.pass(Duration::hours(1));
    let later = plan("cron(0 6 ? * * *)", "standard").to_string();
    aws.must("UpdatePolicy", json!({"PolicyId": policy, "Content": later})).await;
    let second = get("/backup/plans".to_owned()).await.body["BackupPlansList"][0].clone();
    assert_eq!(second["CreationDate"], first["CreationDate"]);
    assert_ne!(second["VersionId"], first["VersionId"]);
    let versions = get(format!("/backup/plans/{id}/versions")).await.body["BackupPlanVersionsList"].clone();
    let versions: Vec<&Value> =
        versions.as_array().unwrap().iter().map(|version| &version["VersionId"]).collect();
    assert_eq!(versions, [&second["VersionId"], &first["VersionId"]]);
    let old =
        get(format!("/backup/plans/{id}?versionId={}", first["VersionId"].as_str().unwrap())).await.body;
    assert_eq!(old["BackupPlan"]["Rules"][0]["ScheduleExpression"], "cron(0 5 ? * * *)");
    let unknown = get(format!("/backup/plans/{id}?versionId=none")).await;
    assert_eq!(unknown.exception(), (400, "ResourceNotFoundException"));
    aws.must("DetachPolicy", both).await;
    assert_eq!(get(format!("/backup/plans/{id}")).await.exception(), (400, "ResourceNotFoundException"));
}
