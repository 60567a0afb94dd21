//! Jobs that calls ask for.

use super::{Aws, START};
use serde_json::{Value, json};
use time::Duration;

const REGION: &str = "eu-west-1";

/// A completed backup of a plan, of a type whose jobs can be stopped.
async fn example(aws: &Aws) -> Value {
    let path = format!(
        "/backup-jobs?accountId=*&state=COMPLETED&resourceType=EBS&createdAfter={}",
        (START - Duration::days(2)).unix_timestamp()
    );
    let jobs = aws.jobs(REGION, &path, "BackupJobs").await;
    let is_whole = |job: &Value| job.get("ParentJobId").is_none() && job.get("CreatedBy").is_some();
    jobs.into_iter().find(is_whole).unwrap()
}

fn backup_of(job: &Value) -> Value {
    json!({
        "BackupVaultName": job["BackupVaultName"],
        "ResourceArn": job["ResourceArn"],
        "IamRoleArn": format!("arn:aws:iam::{}:role/backup", job["AccountId"].as_str().unwrap()),
        "Lifecycle": {"DeleteAfterDays": 14},
    })
}

#[tokio::test]
async fn a_backup_that_is_asked_for_runs_and_leaves_a_recovery_point() {
    let aws = Aws::demo();
    let known = example(&aws).await;
    let account = known["AccountId"].as_str().unwrap();
    let started = aws.backup_as(account, "PUT", REGION, "/backup-jobs", backup_of(&known)).await;
    assert_eq!(started.status, 200, "{}", started.body);
    let path = format!("/backup-jobs/{}", started.body["BackupJobId"].as_str().unwrap());
    let job = aws.get(REGION, &path).await;
    assert_eq!((&job["State"], &job["CreationDate"]), (&json!("CREATED"), &started.body["CreationDate"]));
    assert!(job.get("CreatedBy").is_none() && job["RecoveryPointLifecycle"]["DeleteAfterDays"] == 14);
    let list = format!("/backup-jobs?accountId={account}&state=CREATED");
    let listed = aws.jobs(REGION, &list, "BackupJobs").await;
    assert!(listed.iter().any(|listed| listed["BackupJobId"] == job["BackupJobId"]));
    aws.pass(Duration::days(1));
    let ended = aws.get(REGION, &path).await;
    assert!(ended["CompletionDate"].is_number() && ended["MessageCategory"].is_string());
}

#[tokio::test]
async fn two_jobs_of_one_resource_in_one_minute_are_two_and_one_token_starts_one() {
    let aws = Aws::demo();
    let known = example(&aws).await;
    let account = known["AccountId"].as_str().unwrap();
    let mut input = backup_of(&known);
    let start = |input: Value| aws.backup_as(account, "PUT", REGION, "/backup-jobs", input);
    let [first, second] = [start(input.clone()).await.body, start(input.clone()).await.body];
    assert_ne!(first["BackupJobId"], second["BackupJobId"]);
    input["IdempotencyToken"] = json!("once");
    let [first, second] = [start(input.clone()).await.body, start(input).await.body];
    assert_eq!(first, second);
}

#[tokio::test]
async fn a_started_job_can_be_stopped() {
    let aws = Aws::demo();
    let known = example(&aws).await;
    let account = known["AccountId"].as_str().unwrap();
    let started = aws.backup_as(account, "PUT", REGION, "/backup-jobs", backup_of(&known)).await;
    let path = format!("/backup-jobs/{}", started.body["BackupJobId"].as_str().unwrap());
    assert_eq!(aws.backup_as(account, "POST", REGION, &path, Value::Null).await.status, 200);
    assert_eq!(aws.get(REGION, &path).await["State"], "ABORTING");
}

#[tokio::test]
async fn a_copy_that_is_asked_for_goes_where_it_was_sent() {
    let aws = Aws::demo();
    let known = example(&aws).await;
    let account = known["AccountId"].as_str().unwrap();
    let destination = format!("arn:aws:backup:eu-central-1:{account}:backup-vault:Default");
    let input = json!({
        "RecoveryPointArn": known["RecoveryPointArn"],
        "SourceBackupVaultName": known["BackupVaultName"],
        "DestinationBackupVaultArn": destination,
        "IamRoleArn": format!("arn:aws:iam::{account}:role/backup"),
    });
    let started = aws.backup_as(account, "PUT", REGION, "/copy-jobs", input).await;
    assert_eq!(started.status, 200, "{}", started.body);
    let path = format!("/copy-jobs/{}", started.body["CopyJobId"].as_str().unwrap());
    let job = aws.get(REGION, &path).await["CopyJob"].clone();
    assert_eq!(job["DestinationBackupVaultArn"], json!(destination));
    assert_eq!(job["SourceRecoveryPointArn"], known["RecoveryPointArn"]);
    let listed = aws.jobs(REGION, &format!("/copy-jobs?accountId={account}"), "CopyJobs").await;
    assert!(listed.contains(&job));
}
