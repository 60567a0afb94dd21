//! Time in the scale organization: schedules, progress and trouble are those of the demo, only more.

use super::{Aws, START};
use crate::Organization;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use time::{Duration, OffsetDateTime};

fn scale() -> Aws {
    Aws::with(|options| options.organization = Organization::Scale)
}

/// The jobs of an account's plan since an instant.
async fn jobs_of(aws: &Aws, account: &str, plan: &str, since: OffsetDateTime) -> Vec<Value> {
    let path = format!("/backup-jobs?accountId={account}&createdAfter={}", since.unix_timestamp());
    let mut jobs = aws.jobs("eu-west-1", &path, "BackupJobs").await;
    jobs.retain(|job| job["CreatedBy"]["BackupPlanName"] == plan && job.get("ParentJobId").is_none());
    jobs
}

/// An account with the plan `extra`, which runs once every evening, and resources that it takes.
async fn account_with_extra(aws: &Aws) -> String {
    for number in 1..=7 {
        let policy = aws.policy(&format!("account-extra-{number}")).await;
        let targets = aws.all("ListTargetsForPolicy", "Targets", json!({"PolicyId": policy})).await;
        let account = targets[0]["TargetId"].as_str().unwrap();
        if !jobs_of(aws, account, "extra", START - Duration::days(2)).await.is_empty() {
            return account.to_owned();
        }
    }
    panic!("no account of the scale organization has jobs of its own plan");
}

#[tokio::test]
async fn every_evening_of_the_history_has_one_job_for_each_resource_that_the_plan_takes() {
    let aws = scale();
    let account = account_with_extra(&aws).await;
    let jobs = jobs_of(&aws, &account, "extra", START - Duration::days(20)).await;
    let mut evenings: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for job in &jobs {
        let day = job["CreationDate"].as_f64().unwrap() as i64 / 86_400;
        assert!(evenings.entry(day).or_default().insert(job["ResourceArn"].as_str().unwrap()), "twice");
    }
    assert_eq!(evenings.len(), 20);
    let resources = evenings.values().next().unwrap();
    assert!(evenings.values().all(|evening| evening == resources));
}

#[tokio::test]
async fn the_next_evening_comes_with_the_clock_and_its_jobs_go_on_to_an_end() {
    let aws = scale();
    let account = account_with_extra(&aws).await;
    assert!(jobs_of(&aws, &account, "extra", START).await.is_empty());
    // The first of these plans runs at eight, the last half an hour later.
    aws.pass(Duration::hours(8) + Duration::minutes(31));
    let created = jobs_of(&aws, &account, "extra", START).await;
    assert!(!created.is_empty());
    aws.pass(Duration::hours(23));
    let ended = jobs_of(&aws, &account, "extra", START).await;
    assert_eq!(ended.len(), created.len());
    for job in &ended {
        let before = created.iter().find(|before| before["BackupJobId"] == job["BackupJobId"]).unwrap();
        assert_eq!(job["CreationDate"], before["CreationDate"]);
        assert!(job["CompletionDate"].as_f64() > job["CreationDate"].as_f64(), "{job}");
    }
    aws.pass(Duration::hours(1));
    assert_eq!(jobs_of(&aws, &account, "extra", START).await.len(), 2 * created.len());
}

#[tokio::test]
async fn trouble_has_all_its_causes_and_a_realistic_share() {
    let aws = scale();
    let path = "/audit/backup-job-summaries?AccountId=AGGREGATE_ALL&State=ANY&MessageCategory=ANY\
                &AggregationPeriod=SEVEN_DAYS";
    let answer = aws.get("us-east-1", path).await;
    let rows = answer["BackupJobSummaries"].as_array().unwrap();
    let sum = |is_wanted: &dyn Fn(&Value) -> bool| -> u64 {
        rows.iter().filter(|row| is_wanted(row)).filter_map(|row| row["Count"].as_u64()).sum()
    };
    let total = sum(&|_| true);
    assert!(total > 10_000, "{total}");
    let failed = sum(&|row| row["State"] == "FAILED") * 1000 / total;
    assert!((20..100).contains(&failed), "{failed} in 1,000");
    for category in
        ["RESOURCE_NOT_FOUND", "AccessDenied", "KMS_KEY_ERROR", "CONCURRENT_JOB", "LIMIT_EXCEEDED"]
    {
        let share = sum(&|row| row["State"] == "FAILED" && row["MessageCategory"] == category) * 1000 / total;
        assert!((1..60).contains(&share), "{category}: {share} in 1,000");
    }
    let expired = sum(&|row| row["State"] == "EXPIRED") * 1000 / total;
    let issues =
        sum(&|row| row["State"] == "COMPLETED" && row["MessageCategory"] != "SUCCESS") * 1000 / total;
    assert!((2..20).contains(&expired) && (2..40).contains(&issues), "{expired} {issues} in 1,000");
}

#[tokio::test]
async fn the_history_has_the_same_bytes_whoever_asks_for_it_and_whenever() {
    let (now, later) = (
        scale(),
        Aws::with(|options| {
            options.organization = Organization::Scale;
            options.now = std::sync::Arc::new(|| START + Duration::days(5));
        }),
    );
    let day = |back: i64| (START - Duration::days(back)).unix_timestamp();
    for list in ["backup", "copy", "restore"] {
        let path = format!("/{list}-jobs?accountId=*&createdAfter={}&createdBefore={}", day(4), day(2));
        let (one, other) = (now.get("us-east-1", &path).await, later.get("us-east-1", &path).await);
        assert_eq!(one.to_string(), other.to_string(), "{list}");
        assert!(one.to_string().len() > 10_000);
    }
}
