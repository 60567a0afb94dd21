//! The life of jobs: waiting, windows, parts, and who follows whom.

use super::{Aws, START, plan};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use time::Duration;

const REGION: &str = "eu-west-1";

/// The demo with a policy of its own at the root, in force at once.
async fn with_policy(content: &Value) -> Aws {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let policy = aws.create_policy("mine", content).await;
    aws.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": aws.root().await})).await;
    aws
}

/// The jobs of the policy that tests make, since the start.
async fn jobs_of_policy(aws: &Aws, list: &str, member: &str) -> Vec<Value> {
    let path = format!("{list}?accountId=*&createdAfter={}", START.unix_timestamp());
    let mut jobs = aws.jobs(REGION, &path, member).await;
    jobs.retain(|job| job["CreatedBy"]["BackupPlanName"] == "tested");
    jobs
}

fn states(jobs: &[Value]) -> BTreeSet<&str> {
    jobs.iter().map(|job| job["State"].as_str().unwrap()).collect()
}

fn seconds(job: &Value, from: &str, to: &str) -> f64 {
    job[to].as_f64().unwrap() - job[from].as_f64().unwrap()
}

#[tokio::test]
async fn a_backup_is_created_then_pending_then_runs_then_ends() {
    let aws = with_policy(&plan("cron(30 12 ? * * *)", "standard")).await;
    let mut seen: Vec<BTreeSet<String>> = Vec::new();
    for minutes in [30, 4, 4, 20, 22 * 60] {
        aws.pass(Duration::minutes(minutes) + Duration::seconds(10));
        let jobs = jobs_of_policy(&aws, "/backup-jobs", "BackupJobs").await;
        seen.push(states(&jobs).into_iter().map(str::to_owned).collect());
    }
    assert_eq!(seen[0], BTreeSet::from(["CREATED".to_owned()]));
    assert!(["CREATED", "PENDING", "RUNNING"].iter().all(|state| seen[1].contains(*state)), "{seen:?}");
    let open = ["CREATED", "PENDING", "RUNNING", "ABORTING"];
    assert!(seen[4].contains("COMPLETED") && open.iter().all(|state| !seen[4].contains(*state)), "{seen:?}");
}

#[tokio::test]
async fn a_backup_that_takes_longer_than_its_window_expires_in_it() {
    let mut content = plan("cron(30 12 ? * * *)", "standard");
    let rule = &mut content["plans"]["tested"]["rules"]["often"];
    rule["start_backup_window_minutes"] = json!({"@@assign": "60"});
    rule["complete_backup_window_minutes"] = json!({"@@assign": "61"});
    let aws = with_policy(&content).await;
    aws.pass(Duration::days(1));
    let jobs = jobs_of_policy(&aws, "/backup-jobs", "BackupJobs").await;
    let took = |job: &Value| seconds(job, "InitiationDate", "CompletionDate");
    let whole = jobs.iter().filter(|job| job["IsParent"] == false);
    for job in whole.filter(|job| job["State"] == "COMPLETED") {
        assert!(took(job) <= 3_660.0, "{job}");
    }
    let late = |job: &&Value| job["StatusMessage"] == "Backup job expired before completion.";
    let expired: Vec<&Value> = jobs.iter().filter(late).collect();
    assert!(!expired.is_empty());
    for job in expired {
        let begun = job["CreationDate"].as_f64().unwrap() + 3_600.0;
        assert!(job["State"] == "EXPIRED" && job.get("RecoveryPointArn").is_none(), "{job}");
        assert!(job["CompletionDate"].as_f64().unwrap() <= begun + 3_660.0, "{job}");
    }
}

#[tokio::test]
async fn a_backup_expires_when_its_start_window_closes_and_not_before() {
    let aws = Aws::demo();
    let jobs = aws.jobs(REGION, "/backup-jobs?accountId=*&state=EXPIRED", "BackupJobs").await;
    let unstarted: Vec<&Value> =
        jobs.iter().filter(|job| job["StatusMessage"] != "Backup job expired before completion.").collect();
    assert!(unstarted.len() > 5);
    for job in unstarted {
        assert_eq!(job["CompletionDate"], job["StartBy"], "{job}");
    }
}

#[tokio::test]
async fn a_stopped_parent_stops_its_parts() {
    let aws = Aws::demo();
    let open = format!("/backup-jobs?accountId=*&createdAfter={}", START.unix_timestamp());
    // Stops the first composite backup that is running after the plans of the night began.
    aws.pass(Duration::hours(14));
    let parent = loop {
        aws.pass(Duration::minutes(10));
        let jobs = aws.jobs(REGION, &open, "BackupJobs").await;
        let stoppable = |job: &Value| {
            job["IsParent"] == true
                && job["State"] == "RUNNING"
                && job["ResourceType"] != "SAP HANA on Amazon EC2"
        };
        if let Some(job) = jobs.into_iter().find(stoppable) {
            break job;
        }
        assert!(aws.simulator.now() < START + Duration::days(3), "no composite backup runs");
    };
    let (id, account) = (parent["BackupJobId"].as_str().unwrap(), parent["AccountId"].as_str().unwrap());
    let path = format!("/backup-jobs/{id}");
    assert_eq!(aws.backup_as(account, "POST", REGION, &path, Value::Null).await.status, 200);
    aws.pass(Duration::minutes(1));
    assert_eq!(aws.get(REGION, &path).await["State"], "ABORTED");
    let parts = aws.jobs(REGION, &format!("{open}&parentJobId={id}"), "BackupJobs").await;
    assert!(parts.len() > 1 && parts.iter().any(|part| part["State"] == "ABORTED"), "{parts:?}");
    let over = ["ABORTED", "COMPLETED", "FAILED", "EXPIRED"];
    assert!(states(&parts).iter().all(|state| over.contains(state)), "{:?}", states(&parts));
}

#[tokio::test]
async fn a_composite_copy_has_children_for_the_parts_that_were_backed_up() {
    let mut content = plan("cron(30 12 ? * * *)", "standard");
    let to = "arn:aws:backup:eu-central-1:$account:backup-vault:critical-copy";
    let copies = json!({to: {"target_backup_vault_arn": {"@@assign": to}}});
    content["plans"]["tested"]["rules"]["often"]["copy_actions"] = copies;
    let aws = with_policy(&content).await;
    aws.pass(Duration::days(2));
    let jobs = jobs_of_policy(&aws, "/copy-jobs", "CopyJobs").await;
    let parents: Vec<&Value> = jobs.iter().filter(|job| job["IsParent"] == true).collect();
    assert!(parents.len() > 3);
    for parent in parents.iter().take(6) {
        let (id, account) = (parent["CopyJobId"].as_str().unwrap(), parent["AccountId"].as_str().unwrap());
        let path = format!("/copy-jobs?accountId={account}&parentJobId={id}");
        let children = aws.jobs(REGION, &path, "CopyJobs").await;
        let described = aws.get(REGION, &format!("/copy-jobs/{id}")).await["CopyJob"].clone();
        assert_eq!((&described, &parent["NumberOfChildJobs"]), (*parent, &json!(children.len())));
        let backup = format!("/backup-jobs/{}", parent["CreatedByBackupJobId"].as_str().unwrap());
        let backup = aws.get(REGION, &backup).await;
        assert_eq!(backup["ChildJobsInState"]["COMPLETED"], parent["NumberOfChildJobs"], "{backup}");
        for child in &children {
            let shown =
                aws.get(REGION, &format!("/copy-jobs/{}", child["CopyJobId"].as_str().unwrap())).await;
            assert_eq!(&shown["CopyJob"], child);
            assert!(
                child["CompositeMemberIdentifier"].is_string() && child["ParentJobId"] == parent["CopyJobId"]
            );
        }
    }
}
