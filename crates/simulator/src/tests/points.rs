//! Recovery points: what backups and copies leave, for how long.

use super::{Aws, START, plan};
use serde_json::{Value, json};
use time::Duration;

const REGION: &str = "eu-west-1";

/// The demo with a daily plan of its own for one shop whose points are kept for some days, and the shop.
async fn kept(lifecycle: Value, copies: Value) -> (Aws, String) {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let account = aws.account("shop-01").await;
    let mut content = plan("cron(30 12 ? * * *)", "Default");
    let rule = &mut content["plans"]["tested"]["rules"]["often"];
    rule["lifecycle"] = lifecycle;
    rule["copy_actions"] = copies;
    let policy = aws.create_policy("mine", &content).await;
    aws.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": account})).await;
    (aws, account)
}

/// All points of a vault in an account, newest first, those of the plan that tests make.
async fn points(aws: &Aws, account: &str, region: &str, vault: &str) -> Vec<Value> {
    let path = format!("/backup-vaults/{vault}/recovery-points?maxResults=1000");
    let page = aws.backup_as(account, "GET", region, &path, Value::Null).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let mut points = page.body["RecoveryPoints"].as_array().unwrap().clone();
    points.retain(|point| point["CreatedBy"]["BackupPlanName"] == "tested");
    points
}

async fn describe(aws: &Aws, account: &str, region: &str, vault: &str, arn: &Value) -> super::Reply {
    let arn = arn.as_str().unwrap().replace('/', "%2F");
    let path = format!("/backup-vaults/{vault}/recovery-points/{arn}");
    aws.backup_as(account, "GET", region, &path, Value::Null).await
}

#[tokio::test]
async fn a_recovery_point_is_there_until_its_lifecycle_ends() {
    let days = json!({"delete_after_days": {"@@assign": "3"}});
    let (aws, account) = kept(days, json!({})).await;
    aws.pass(Duration::days(1));
    let first = points(&aws, &account, REGION, "Default").await[0].clone();
    let (arn, ends) =
        (&first["RecoveryPointArn"], first["CalculatedLifecycle"]["DeleteAt"].as_f64().unwrap());
    assert_eq!(ends, first["CompletionDate"].as_f64().unwrap() + 3.0 * 86_400.0);
    aws.pass(Duration::seconds(ends as i64 - aws.simulator.now().unix_timestamp() - 1));
    assert_eq!(describe(&aws, &account, REGION, "Default", arn).await.status, 200);
    aws.pass(Duration::seconds(2));
    let gone = describe(&aws, &account, REGION, "Default", arn).await;
    assert_eq!(gone.exception(), (400, "ResourceNotFoundException"));
    let left = points(&aws, &account, REGION, "Default").await;
    assert!(!left.is_empty() && left.iter().all(|point| point["RecoveryPointArn"] != *arn));
}

#[tokio::test]
async fn a_recovery_point_moves_to_cold_storage() {
    let days = json!({
        "move_to_cold_storage_after_days": {"@@assign": "5"},
        "delete_after_days": {"@@assign": "100"},
    });
    let (aws, account) = kept(days, json!({})).await;
    aws.pass(Duration::days(1));
    let arn = points(&aws, &account, REGION, "Default").await[0]["RecoveryPointArn"].clone();
    let warm = describe(&aws, &account, REGION, "Default", &arn).await.body;
    aws.pass(Duration::days(70));
    let cold = describe(&aws, &account, REGION, "Default", &arn).await.body;
    assert_eq!((&warm["StorageClass"], &cold["StorageClass"]), (&json!("WARM"), &json!("COLD")));
    aws.pass(Duration::days(31));
    assert_eq!(describe(&aws, &account, REGION, "Default", &arn).await.status, 400);
}

#[tokio::test]
async fn copies_leave_recovery_points_in_the_vaults_they_go_to() {
    let aws = Aws::demo();
    let vaults = aws.account("backup-vaults").await;
    let own = "arn:aws:backup:eu-central-1:$account:backup-vault:critical-copy";
    let central = format!("arn:aws:backup:eu-west-1:{vaults}:backup-vault:central-archive");
    let days = json!({"delete_after_days": {"@@assign": "7"}});
    let to = |arn: &str| json!({"target_backup_vault_arn": {"@@assign": arn}, "lifecycle": days});
    let (aws, account) = kept(json!({}), json!({own: to(own), &central: to(&central)})).await;
    aws.pass(Duration::days(1));
    let path = format!("/copy-jobs?accountId={account}&createdAfter={}", START.unix_timestamp());
    let mut jobs = aws.jobs(REGION, &path, "CopyJobs").await;
    jobs.retain(|job| job["State"] == "COMPLETED" && job["CreatedBy"]["BackupPlanName"] == "tested");
    let places = [(&account, "eu-central-1", "critical-copy"), (&vaults, REGION, "central-archive")];
    for (owner, region, vault) in places {
        let arn = format!("arn:aws:backup:{region}:{owner}:backup-vault:{vault}");
        let here: Vec<&Value> = jobs.iter().filter(|job| job["DestinationBackupVaultArn"] == *arn).collect();
        let points = points(&aws, owner, region, vault).await;
        assert!(
            points.len() == here.len() && !here.is_empty(),
            "{vault}: {} of {}",
            points.len(),
            here.len()
        );
        for job in here {
            let found = describe(&aws, owner, region, vault, &job["DestinationRecoveryPointArn"]).await.body;
            assert_eq!(
                (&found["SourceBackupVaultArn"], &found["ResourceArn"], &found["Lifecycle"]),
                (&job["SourceBackupVaultArn"], &job["ResourceArn"], &json!({"DeleteAfterDays": 7}))
            );
        }
    }
}

#[tokio::test]
async fn a_vault_counts_what_it_lists_as_far_back_as_its_points_are_kept() {
    let aws = Aws::demo();
    let account = aws.account("shop-02").await;
    let listed = aws.backup_as(&account, "GET", REGION, "/backup-vaults", Value::Null).await.body;
    for vault in listed["BackupVaultList"].as_array().unwrap() {
        let path = format!(
            "/backup-vaults/{}/recovery-points?maxResults=1000",
            vault["BackupVaultName"].as_str().unwrap()
        );
        let points =
            aws.backup_as(&account, "GET", REGION, &path, Value::Null).await.body["RecoveryPoints"].clone();
        let points = points.as_array().unwrap();
        assert_eq!(vault["NumberOfRecoveryPoints"], json!(points.len()));
        if vault["BackupVaultName"] == "critical" {
            let oldest = points.last().unwrap()["CreationDate"].as_f64().unwrap();
            let days = (START.unix_timestamp() as f64 - oldest) / 86_400.0;
            assert!((85.0..400.0).contains(&days), "{days} days");
        }
    }
}
