//! Malware scans of backups.

use super::{Aws, START, plan};
use serde_json::{Value, json};
use time::Duration;

/// The demo with a policy at the root that scans backups of EBS every noon, a day later.
pub(super) async fn scanned() -> Aws {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let mut content = plan("cron(30 12 ? * * *)", "standard");
    let tested = &mut content["plans"]["tested"];
    tested["rules"]["often"]["scan_actions"] = json!({"GUARDDUTY": {"scan_mode": {"@@assign": "FULL_SCAN"}}});
    tested["scan_settings"] = json!({"GUARDDUTY": {
        "resource_types": {"@@assign": ["EBS"]},
        "scanner_role_arn": {"@@assign": "arn:aws:iam::$account:role/scanner"},
    }});
    let policy = aws.create_policy("scans", &content).await;
    aws.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": aws.root().await})).await;
    aws.pass(Duration::days(1));
    aws
}

#[tokio::test]
async fn backups_are_scanned_where_plan_and_rule_ask_for_it() {
    let aws = scanned().await;
    let scans = aws.jobs("eu-west-1", "/scan/jobs?ByAccountId=*", "ScanJobs").await;
    let backups =
        format!("/backup-jobs?accountId=*&resourceType=EBS&createdAfter={}", START.unix_timestamp());
    let backups = aws.jobs("eu-west-1", &backups, "BackupJobs").await;
    // Parts of composite resources are not scanned on their own.
    let of_plan =
        |job: &&Value| job["CreatedBy"]["BackupPlanName"] == "tested" && job.get("ParentJobId").is_none();
    let done = backups.iter().filter(of_plan).filter(|job| job["State"] == "COMPLETED").count();
    assert!(scans.len() == done && done > 5, "{} scans of {done} backups", scans.len());
    for scan in &scans {
        let found = backups.iter().any(|job| job["RecoveryPointArn"] == scan["RecoveryPointArn"]);
        assert!(found && scan["ResourceType"] == "EBS" && scan["ScanMode"] == "FULL_SCAN");
    }
}

#[tokio::test]
async fn scans_are_filtered_described_and_counted() {
    let aws = scanned().await;
    let scans = aws.jobs("eu-west-1", "/scan/jobs?ByAccountId=*", "ScanJobs").await;
    let clean = aws
        .jobs("eu-west-1", "/scan/jobs?ByAccountId=*&ByScanResultStatus=NO_THREATS_FOUND", "ScanJobs")
        .await;
    let expected = scans.iter().filter(|scan| scan["ScanResult"]["ScanResultStatus"] == "NO_THREATS_FOUND");
    assert_eq!(clean.len(), expected.count());
    let id = scans[0]["ScanJobId"].as_str().unwrap();
    assert_eq!(aws.get("eu-west-1", &format!("/scan/jobs/{id}")).await, scans[0]);
    aws.pass(Duration::days(1));
    let sums = aws.get("eu-west-1", "/audit/scan-job-summaries?AccountId=AGGREGATE_ALL").await;
    let rows = sums["ScanJobSummaries"].as_array().unwrap();
    let first: u64 = rows.iter().filter_map(|row| row["Count"].as_u64()).sum();
    assert!(first >= scans.len() as u64, "{first} counted of {}", scans.len());
}
