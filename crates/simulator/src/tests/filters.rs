//! Filters of the four job lists: each alone and several together select exactly what they say, page by page.

use super::{Aws, START, scans};
use crate::hash::Dice;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use time::Duration;

/// A list: path, member, how it takes account, page size and token, and its filters with where a job shows the value.
struct List {
    path: &'static str,
    member: &'static str,
    account: &'static str,
    size: &'static str,
    filters: &'static [(&'static str, &'static str)],
}

const BACKUPS: List = List {
    path: "/backup-jobs",
    member: "BackupJobs",
    account: "accountId",
    size: "maxResults",
    filters: &[
        ("accountId", "/AccountId"),
        ("resourceArn", "/ResourceArn"),
        ("state", "/State"),
        ("backupVaultName", "/BackupVaultName"),
        ("resourceType", "/ResourceType"),
        ("parentJobId", "/ParentJobId"),
        ("messageCategory", "/MessageCategory"),
        ("createdBefore", "<CreationDate"),
        ("createdAfter", ">CreationDate"),
        ("completeBefore", "<CompletionDate"),
        ("completeAfter", ">CompletionDate"),
    ],
};

const COPIES: List = List {
    path: "/copy-jobs",
    member: "CopyJobs",
    account: "accountId",
    size: "maxResults",
    filters: &[
        ("accountId", "/AccountId"),
        ("resourceArn", "/ResourceArn"),
        ("state", "/State"),
        ("destinationVaultArn", "/DestinationBackupVaultArn"),
        ("sourceRecoveryPointArn", "/SourceRecoveryPointArn"),
        ("resourceType", "/ResourceType"),
        ("parentJobId", "/ParentJobId"),
        ("messageCategory", "/MessageCategory"),
        ("createdBefore", "<CreationDate"),
        ("createdAfter", ">CreationDate"),
        ("completeBefore", "<CompletionDate"),
        ("completeAfter", ">CompletionDate"),
    ],
};

const RESTORES: List = List {
    path: "/restore-jobs",
    member: "RestoreJobs",
    account: "accountId",
    size: "maxResults",
    filters: &[
        ("accountId", "/AccountId"),
        ("status", "/Status"),
        ("resourceType", "/ResourceType"),
        ("restoreTestingPlanArn", "/CreatedBy/RestoreTestingPlanArn"),
        ("createdBefore", "<CreationDate"),
        ("createdAfter", ">CreationDate"),
        ("completeBefore", "<CompletionDate"),
        ("completeAfter", ">CompletionDate"),
    ],
};

const SCANS: List = List {
    path: "/scan/jobs",
    member: "ScanJobs",
    account: "ByAccountId",
    size: "MaxResults",
    filters: &[
        ("ByAccountId", "/AccountId"),
        ("ByBackupVaultName", "/BackupVaultName"),
        ("ByMalwareScanner", "/MalwareScanner"),
        ("ByRecoveryPointArn", "/RecoveryPointArn"),
        ("ByResourceArn", "/ResourceArn"),
        ("ByResourceType", "/ResourceType"),
        ("ByScanResultStatus", "/ScanResult/ScanResultStatus"),
        ("ByState", "/State"),
        ("ByCompleteBefore", "<CompletionDate"),
        ("ByCompleteAfter", ">CompletionDate"),
    ],
};

/// A filter as the query writes it, and what a job has to show.
#[derive(Clone)]
struct Chosen {
    name: &'static str,
    place: &'static str,
    value: Value,
}

impl Chosen {
    /// The filter that a job passes; none if it does not have the member.
    fn of(job: &Value, (name, place): (&'static str, &'static str)) -> Option<Self> {
        let value = match place.get(..1)? {
            "/" => job.pointer(place)?.clone(),
            // Two hours to either side, in whole seconds as clients write times.
            "<" => (job.get(place.get(1..)?)?.as_f64()? as i64 + 7_200).into(),
            _ => (job.get(place.get(1..)?)?.as_f64()? as i64 - 7_200).into(),
        };
        Some(Self { name, place, value })
    }

    fn fits(&self, job: &Value) -> bool {
        let time = |member: &str| job[member].as_f64();
        match self.place.split_at(1) {
            ("<", member) => time(member).is_some_and(|at| at < self.value.as_f64().unwrap()),
            (">", member) => time(member).is_some_and(|at| at > self.value.as_f64().unwrap()),
            _ => job.pointer(self.place) == Some(&self.value),
        }
    }

    fn text(&self) -> String {
        let text = self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned);
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }
}

async fn check(aws: &Aws, list: &List, since: &str) {
    let List { path, member, account, size, filters } = list;
    let all = aws.jobs("eu-west-1", &format!("{path}?{account}=*{since}&{size}=1000"), member).await;
    assert!(all.len() > 10, "{path}: only {} jobs", all.len());
    let mut dice = Dice::new(all.len() as u64, &[]);
    let mut cases: Vec<Vec<Chosen>> = Vec::new();
    for filter in *filters {
        let found = all.iter().find_map(|job| Chosen::of(job, *filter));
        cases.push(vec![found.unwrap_or_else(|| panic!("{path}: no job has {}", filter.1))]);
    }
    for _ in 0..12 {
        let job = dice.pick(&all).unwrap();
        let chosen = filters.iter().filter_map(|filter| Chosen::of(job, *filter));
        let few: Vec<Chosen> = chosen.filter(|_| dice.permille(350)).collect();
        cases.push(few);
    }
    // All that a job has at once.
    cases.push(filters.iter().filter_map(|filter| Chosen::of(&all[0], *filter)).collect());
    for case in cases {
        let expected: Vec<&Value> =
            all.iter().filter(|job| case.iter().all(|chosen| chosen.fits(job))).collect();
        let pages = [1, 2, 7, 1000][if expected.len() < 12 { dice.below(4) as usize } else { 3 }];
        let mut query = format!("{path}?{size}={pages}");
        if !case.iter().any(|chosen| chosen.name == *account) {
            let _ = write!(query, "&{account}=%2A");
        }
        for chosen in &case {
            let _ = write!(query, "&{}={}", chosen.name, chosen.text());
        }
        if !case.iter().any(|chosen| chosen.name.ends_with("reatedAfter")) {
            query.push_str(since);
        }
        let found = aws.jobs("eu-west-1", &query, member).await;
        let same = found.iter().collect::<Vec<_>>() == expected;
        assert!(same && !expected.is_empty(), "{query}: {} of {}", found.len(), expected.len());
    }
}

fn since(days: i64) -> String {
    format!("&createdAfter={}", (START - Duration::days(days)).unix_timestamp())
}

#[tokio::test]
async fn filters_of_backup_jobs_select_exactly_alone_and_together() {
    check(&Aws::demo(), &BACKUPS, &since(2)).await;
}

#[tokio::test]
async fn filters_of_copy_jobs_select_exactly_alone_and_together() {
    check(&Aws::demo(), &COPIES, &since(2)).await;
}

#[tokio::test]
async fn filters_of_restore_jobs_select_exactly_alone_and_together() {
    check(&Aws::demo(), &RESTORES, &since(20)).await;
}

#[tokio::test]
async fn filters_of_scan_jobs_select_exactly_alone_and_together() {
    check(&scans::scanned().await, &SCANS, "").await;
}

/// Rows of the summaries of the last fourteen days and jobs of the same days, both counted by the same four members.
async fn count_both(aws: &Aws, kind: &str, state: &str) -> [BTreeMap<String, u64>; 2] {
    let lower = kind.to_ascii_lowercase();
    let path = format!(
        "/audit/{lower}-job-summaries?AccountId=ANY&State=ANY&ResourceType=ANY&MessageCategory=ANY\
         &AggregationPeriod=FOURTEEN_DAYS&MaxResults=400"
    );
    let row = |row: &Value, state: &str| {
        let category = if kind == "Restore" { &Value::Null } else { &row["MessageCategory"] };
        format!("{} {} {} {category}", row["AccountId"], row[state], row["ResourceType"])
    };
    let mut summed = BTreeMap::new();
    let rows = aws.jobs("eu-west-1", &path, &format!("{kind}JobSummaries")).await;
    for found in &rows {
        *summed.entry(row(found, "State")).or_default() += found["Count"].as_u64().unwrap();
    }
    assert_eq!(summed.len(), rows.len(), "{kind}: one row for each combination");
    let time = |member: &str| rows[0][member].as_f64().unwrap() as i64;
    let path = format!(
        "/{lower}-jobs?accountId=*&createdAfter={}&createdBefore={}",
        time("StartTime") - 1,
        time("EndTime")
    );
    let mut listed = BTreeMap::new();
    for job in aws.jobs("eu-west-1", &path, &format!("{kind}Jobs")).await {
        *listed.entry(row(&job, state)).or_default() += 1;
    }
    [summed, listed]
}

#[tokio::test]
async fn summaries_of_every_kind_count_what_the_lists_show() {
    let aws = Aws::demo();
    for (kind, state) in [("Backup", "State"), ("Copy", "State"), ("Restore", "Status")] {
        let [summed, listed] = count_both(&aws, kind, state).await;
        assert_eq!(summed, listed, "{kind}");
        assert!(summed.len() > 20, "{kind}");
    }
}
