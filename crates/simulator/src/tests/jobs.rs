//! Jobs: where they come from, how they go on, who sees them.

use super::{Aws, START, plan};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use time::Duration;

const ALL: &str = "/backup-jobs/?accountId=*";

/// The listing of all accounts, as far back as a test needs.
fn lately(days: i64) -> String {
    format!("{ALL}&createdAfter={}", (START - Duration::days(days)).unix_timestamp())
}

fn ids(jobs: &[Value]) -> BTreeSet<String> {
    jobs.iter().map(|job| job["BackupJobId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_listing_goes_back_thirty_days_newest_first_without_repeating() {
    let aws = Aws::with(|options| options.uneven_pages = true);
    let jobs = aws.jobs("us-east-1", ALL, "BackupJobs").await;
    assert_eq!(ids(&jobs).len(), jobs.len());
    let times: Vec<f64> = jobs.iter().map(|job| job["CreationDate"].as_f64().unwrap()).collect();
    assert!(times.is_sorted_by(|newer, older| newer >= older));
    let oldest = (START - Duration::days(30)).unix_timestamp() as f64;
    let last = times.last().copied().unwrap();
    assert!(last >= oldest && last < oldest + 2.0 * 86_400.0);
    assert!(times[0] <= START.unix_timestamp() as f64);
}

#[tokio::test]
async fn filters_select_exactly() {
    let aws = Aws::demo();
    let recent = lately(6);
    let jobs = aws.jobs("eu-west-1", &recent, "BackupJobs").await;
    let account = jobs[0]["AccountId"].as_str().unwrap();
    let cases = [
        ("state=FAILED".to_owned(), "State", json!("FAILED")),
        ("resourceType=SAP+HANA+on+Amazon+EC2".to_owned(), "ResourceType", json!("SAP HANA on Amazon EC2")),
        ("backupVaultName=critical".to_owned(), "BackupVaultName", json!("critical")),
        ("messageCategory=AccessDenied".to_owned(), "MessageCategory", json!("AccessDenied")),
        (
            format!("resourceArn={}", jobs[0]["ResourceArn"].as_str().unwrap()),
            "ResourceArn",
            jobs[0]["ResourceArn"].clone(),
        ),
    ];
    for (query, member, value) in cases {
        let found = aws.jobs("eu-west-1", &format!("{recent}&{query}"), "BackupJobs").await;
        let expected = jobs.iter().filter(|job| job[member] == value).count();
        assert!(found.len() == expected && expected > 0, "{query}: {} of {expected}", found.len());
    }
    let own = aws.jobs("eu-west-1", &format!("/backup-jobs/?accountId={account}"), "BackupJobs").await;
    assert!(own.iter().all(|job| job["AccountId"] == account) && !own.is_empty());
}

#[tokio::test]
async fn jobs_are_found_by_when_they_ended() {
    let aws = Aws::demo();
    let (after, before) = (START - Duration::hours(11), START - Duration::hours(9));
    let query =
        format!("{ALL}&completeAfter={}&completeBefore={}", after.unix_timestamp(), before.unix_timestamp());
    let found = aws.jobs("eu-west-1", &query, "BackupJobs").await;
    let all = aws.jobs("eu-west-1", &lately(3), "BackupJobs").await;
    let (low, high) = (after.unix_timestamp() as f64, before.unix_timestamp() as f64);
    let within = |job: &&Value| job["CompletionDate"].as_f64().is_some_and(|at| at > low && at < high);
    assert_eq!(found.len(), all.iter().filter(within).count());
    assert!(!found.is_empty());
}

#[tokio::test]
async fn jobs_are_created_run_and_end_as_time_passes() {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let account = aws.account("shop-01").await;
    let policy = aws.create_policy("now", &plan("cron(30 12 ? * * *)", "standard")).await;
    aws.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": account})).await;
    let path = format!("/backup-jobs/?accountId={account}&createdAfter={}", START.unix_timestamp());
    assert!(aws.jobs("eu-west-1", &path, "BackupJobs").await.is_empty());
    aws.pass(Duration::minutes(30) + Duration::seconds(10));
    let created = aws.jobs("eu-west-1", &path, "BackupJobs").await;
    assert!(created.iter().all(|job| job["State"] == "CREATED") && !created.is_empty());
    assert!(created[0]["CreatedBy"]["BackupPlanId"].as_str().unwrap().starts_with("orgs/"));
    assert_eq!(created[0]["CreatedBy"]["BackupRuleName"], "often");
    aws.pass(Duration::hours(12));
    let ended = aws.jobs("eu-west-1", &path, "BackupJobs").await;
    assert!(ids(&created).is_subset(&ids(&ended)));
    let is_final = |job: &Value| job["CompletionDate"].is_number() && job["MessageCategory"].is_string();
    assert!(ended.iter().filter(|job| job["CreatedBy"]["BackupPlanName"] == "tested").all(is_final));
}

#[tokio::test]
async fn a_policy_that_is_detached_leaves_its_jobs_and_makes_no_more() {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let root = json!({"RootId": aws.root().await, "PolicyType": "BACKUP_POLICY"});
    let before = aws.jobs("eu-west-1", &lately(2), "BackupJobs").await.len();
    aws.must("DisablePolicyType", root).await;
    assert_eq!(aws.jobs("eu-west-1", &lately(2), "BackupJobs").await.len(), before);
    aws.pass(Duration::days(1));
    let path = format!("{ALL}&createdAfter={}", START.unix_timestamp());
    let later = aws.jobs("eu-west-1", &path, "BackupJobs").await;
    assert!(later.iter().all(|job| job.get("CreatedBy").is_none()), "only backups made by hand go on");
}

#[tokio::test]
async fn every_listed_job_can_be_described_in_its_region_only() {
    let aws = Aws::demo();
    for (list, member, id, wrapped) in [
        ("/backup-jobs", "BackupJobs", "BackupJobId", None),
        ("/copy-jobs", "CopyJobs", "CopyJobId", Some("CopyJob")),
        ("/restore-jobs", "RestoreJobs", "RestoreJobId", None),
    ] {
        let page = aws.get("eu-west-1", &format!("{list}/?accountId=*&maxResults=40")).await;
        for job in page[member].as_array().unwrap() {
            let path = format!("{list}/{}", job[id].as_str().unwrap());
            let found = aws.get("eu-west-1", &path).await;
            let found = wrapped.map_or(&found, |member| &found[member]);
            assert_eq!((&found[id], &found["ResourceArn"]), (&job[id], &job["ResourceArn"]));
            let elsewhere = aws.backup("GET", "us-east-1", &path, Value::Null).await;
            assert_eq!(elsewhere.exception(), (400, "ResourceNotFoundException"));
        }
    }
}

#[tokio::test]
async fn ids_of_jobs_are_uuids_in_capitals_as_aws_writes_them() {
    let aws = Aws::demo();
    for (list, member, id) in [
        ("/backup-jobs", "BackupJobs", "BackupJobId"),
        ("/copy-jobs", "CopyJobs", "CopyJobId"),
        ("/restore-jobs", "RestoreJobs", "RestoreJobId"),
    ] {
        let page = aws.get("eu-west-1", &format!("{list}/?accountId=*&maxResults=1000")).await;
        let jobs = page[member].as_array().unwrap();
        let ids = jobs.iter().flat_map(|job| [&job[id], &job["ParentJobId"], &job["CreatedByBackupJobId"]]);
        let ids: Vec<&str> = ids.filter_map(Value::as_str).collect();
        assert!(ids.len() >= jobs.len() && !jobs.is_empty());
        for id in &ids {
            let groups: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(groups, [8, 4, 4, 4, 12], "{id}");
            assert!(id.chars().all(|c| matches!(c, '0'..='9' | 'A'..='F' | '-')), "{id}");
        }
    }
}

#[tokio::test]
async fn composite_resources_have_parents_and_children() {
    let aws = Aws::demo();
    let jobs = aws.jobs("eu-west-1", &lately(6), "BackupJobs").await;
    let parent = jobs.iter().find(|job| job["IsParent"] == true && job["State"] == "PARTIAL").unwrap();
    let id = parent["BackupJobId"].as_str().unwrap();
    let children = aws.jobs("eu-west-1", &format!("{}&parentJobId={id}", lately(6)), "BackupJobs").await;
    let detail = aws.get("eu-west-1", &format!("/backup-jobs/{id}")).await;
    assert_eq!(detail["NumberOfChildJobs"], json!(children.len()));
    let states: u64 =
        detail["ChildJobsInState"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(states, children.len() as u64);
    let failed =
        children.iter().filter(|child| child["State"] == "FAILED" || child["State"] == "EXPIRED").count();
    assert!(failed > 0 && failed < children.len());
}

#[tokio::test]
async fn failures_have_a_reason_and_successes_a_recovery_point() {
    let aws = Aws::demo();
    for job in aws.jobs("us-east-1", &lately(15), "BackupJobs").await {
        match job["State"].as_str().unwrap() {
            "COMPLETED" => assert!(job["RecoveryPointArn"].is_string() && job["PercentDone"] == "100.0"),
            "FAILED" | "EXPIRED" => {
                assert!(job["StatusMessage"].is_string() && job.get("RecoveryPointArn").is_none());
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_missing_vault_fails_every_job_until_it_is_made() {
    let aws = Aws::with(|options| options.effective_delay = Duration::ZERO);
    let account = aws.account("shop-02").await;
    let policy = aws.create_policy("mine", &plan("cron(0 0/2 ? * * *)", "special")).await;
    aws.must("AttachPolicy", json!({"PolicyId": policy, "TargetId": account})).await;
    let path = format!("/backup-jobs/?accountId={account}&backupVaultName=special");
    aws.pass(Duration::hours(3));
    let failed = aws.jobs("eu-west-1", &path, "BackupJobs").await;
    assert!(failed.iter().all(|job| job["State"] == "FAILED") && !failed.is_empty());
    assert!(failed[0]["StatusMessage"].as_str().unwrap().contains("special does not exist"));
    let made = aws.backup_as(&account, "PUT", "eu-west-1", "/backup-vaults/special", json!({})).await;
    assert_eq!(made.status, 200);
    aws.pass(Duration::hours(24));
    let jobs = aws.jobs("eu-west-1", &path, "BackupJobs").await;
    assert!(jobs.iter().any(|job| job["State"] == "COMPLETED"));
    assert!(ids(&failed).is_subset(&ids(&jobs)));
}

#[tokio::test]
async fn running_backups_can_be_stopped_by_their_account() {
    let aws = Aws::demo();
    aws.pass(Duration::hours(15) + Duration::minutes(10));
    let jobs = aws.jobs("eu-west-1", &format!("{ALL}&state=RUNNING"), "BackupJobs").await;
    let stoppable = |job: &&Value| job["ResourceType"] == "EBS" && job["ResourceArn"].is_string();
    let job = jobs.iter().find(stoppable).unwrap();
    let (id, account) = (job["BackupJobId"].as_str().unwrap(), job["AccountId"].as_str().unwrap());
    let path = format!("/backup-jobs/{id}");
    let foreign = aws.backup("POST", "eu-west-1", &path, Value::Null).await;
    assert_eq!(foreign.exception(), (400, "ResourceNotFoundException"));
    assert_eq!(aws.backup_as(account, "POST", "eu-west-1", &path, Value::Null).await.status, 200);
    assert_eq!(aws.get("eu-west-1", &path).await["State"], "ABORTING");
    aws.pass(Duration::minutes(1));
    assert_eq!(aws.get("eu-west-1", &path).await["State"], "ABORTED");
    let again = aws.backup_as(account, "POST", "eu-west-1", &path, Value::Null).await;
    assert_eq!(again.exception(), (400, "InvalidRequestException"));
    let fixed = jobs.iter().find(|job| job["ResourceType"] == "RDS").unwrap();
    let path = format!("/backup-jobs/{}", fixed["BackupJobId"].as_str().unwrap());
    let owner = fixed["AccountId"].as_str().unwrap();
    let refused = aws.backup_as(owner, "POST", "eu-west-1", &path, Value::Null).await;
    assert_eq!(refused.exception(), (400, "InvalidRequestException"));
}

#[tokio::test]
async fn members_list_their_own_jobs_only() {
    let aws = Aws::demo();
    let member = aws.account("shop-01").await;
    let own = aws.backup_as(&member, "GET", "eu-west-1", "/backup-jobs/", Value::Null).await;
    assert!(own.body["BackupJobs"].as_array().unwrap().iter().all(|job| job["AccountId"] == json!(member)));
    let all = aws.backup_as(&member, "GET", "eu-west-1", ALL, Value::Null).await;
    assert_eq!(all.exception(), (403, "AccessDeniedException"));
    let delegate = aws.account("security-audit").await;
    assert_eq!(aws.backup_as(&delegate, "GET", "eu-west-1", ALL, Value::Null).await.status, 200);
}

#[tokio::test]
async fn copies_follow_completed_backups_and_need_cross_account_backup() {
    let aws = Aws::demo();
    let since = |days| lately(days).replace("/backup-jobs", "/copy-jobs");
    let jobs = aws.jobs("eu-west-1", &since(30), "CopyJobs").await;
    assert!(jobs.iter().all(|job| job["CreatedByBackupJobId"].is_string() && !jobs.is_empty()));
    let archive =
        |job: &&Value| job["DestinationBackupVaultArn"].as_str().unwrap().ends_with(":central-archive");
    assert!(jobs.iter().filter(archive).any(|job| job["State"] == "COMPLETED"));
    let off = json!({"GlobalSettings": {"isCrossAccountBackupEnabled": "false"}});
    aws.backup("PUT", "eu-west-1", "/global-settings", off).await;
    aws.pass(Duration::days(12));
    let since = START.unix_timestamp();
    let later =
        aws.jobs("eu-west-1", &format!("/copy-jobs/?accountId=*&createdAfter={since}"), "CopyJobs").await;
    assert!(later.iter().any(|job| archive(&job)));
    assert!(later.iter().filter(archive).all(|job| job["MessageCategory"] == "FEATURE_NOT_ENABLED"));
}

#[tokio::test]
async fn summaries_count_what_the_list_shows() {
    let aws = Aws::demo();
    let path =
        "/audit/backup-job-summaries?AccountId=AGGREGATE_ALL&State=FAILED&AggregationPeriod=FOURTEEN_DAYS";
    let summary = aws.get("eu-west-1", path).await["BackupJobSummaries"][0].clone();
    let (start, end) = (summary["StartTime"].as_f64().unwrap(), summary["EndTime"].as_f64().unwrap());
    let query = format!("{ALL}&state=FAILED&createdAfter={}&createdBefore={end}", start - 0.001);
    let listed = aws.jobs("eu-west-1", &query, "BackupJobs").await;
    assert_eq!(summary["Count"], json!(listed.len()));
    assert_eq!(end - start, 14.0 * 86_400.0);
    let daily =
        aws.get("eu-west-1", "/audit/backup-job-summaries?AccountId=AGGREGATE_ALL&State=FAILED").await;
    assert_eq!(daily["BackupJobSummaries"].as_array().map(Vec::len), Some(14));
}

#[tokio::test]
async fn a_type_without_opt_in_is_left_out_of_later_jobs() {
    let aws = Aws::demo();
    let body = json!({"ResourceTypeOptInPreference": {"S3": false}});
    aws.backup("PUT", "eu-west-1", "/account-settings", body).await;
    aws.pass(Duration::days(2));
    let jobs = aws.jobs("eu-west-1", &format!("{ALL}&resourceType=S3"), "BackupJobs").await;
    let planned = |job: &&Value| job.get("CreatedBy").is_some() && job.get("ParentJobId").is_none();
    let late = |job: &Value| job["CreationDate"].as_f64().unwrap() > START.unix_timestamp() as f64;
    assert!(jobs.iter().filter(planned).all(|job| !late(job)));
    assert!(jobs.iter().any(|job| planned(&job)), "earlier ones stay");
}
