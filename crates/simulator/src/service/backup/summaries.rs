//! Counts of jobs per day, account, state, type and message category. They end at the last midnight in UTC.

use super::lists;
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::backup::job::Job;
use crate::world::backup::job::id::JobKind;
use crate::world::backup::resource::region_number;
use crate::world::{Account, World};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use time::{Date, Duration, OffsetDateTime};

/// One row per value.
const ANY: &str = "ANY";
/// One row for all values together.
const ALL: &str = "AGGREGATE_ALL";
/// How many days summaries reach back.
const DAYS: i64 = 14;

/// What a row counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    start: Date,
    account: Option<String>,
    state: String,
    kind: String,
    category: String,
}

pub fn backups(world: &World, call: &Call) -> Answer {
    summarize(world, call, JobKind::Backup, "BackupJobSummaries")
}

pub fn copies(world: &World, call: &Call) -> Answer {
    summarize(world, call, JobKind::Copy, "CopyJobSummaries")
}

pub fn restores(world: &World, call: &Call) -> Answer {
    summarize(world, call, JobKind::Restore, "RestoreJobSummaries")
}

pub fn scans(world: &World, call: &Call) -> Answer {
    summarize(world, call, JobKind::Scan, "ScanJobSummaries")
}

fn summarize(world: &World, call: &Call, kind: JobKind, member: &str) -> Answer {
    let rows = count(world, call, kind)?;
    let (period, days) = period(call);
    let value = |(row, count): (Row, u64)| value(&row, count, days, call, kind);
    let key = |(row, _): &(Row, u64)| format!("{row:?}");
    let mut keyed: Vec<(Row, u64)> = rows.into_iter().collect();
    keyed.sort_by_key(key);
    let mut answer = listing::page(world, call, member, keyed.into_iter(), key, value)?;
    if let Value::Object(members) = &mut answer {
        members.insert("AggregationPeriod".to_owned(), period.into());
    }
    Ok(answer)
}

fn period(call: &Call) -> (&'static str, i64) {
    match call.text("AggregationPeriod") {
        Some("SEVEN_DAYS") => ("SEVEN_DAYS", 7),
        Some("FOURTEEN_DAYS") => ("FOURTEEN_DAYS", 14),
        _ => ("ONE_DAY", 1),
    }
}

fn count(world: &World, call: &Call, kind: JobKind) -> Result<BTreeMap<Row, u64>, AwsError> {
    let mut rows = BTreeMap::new();
    let accounts = accounts(world, call)?;
    let Some(region) = region_number(&call.region) else { return Ok(rows) };
    let (_, days) = period(call);
    let end = call.now.date();
    let reach = if days == 1 { DAYS } else { days };
    for back in 1..=reach {
        let Some(day) = end.checked_sub(Duration::days(back)) else { continue };
        let start = if days == 1 { Some(day) } else { end.checked_sub(Duration::days(days)) };
        for job in lists::sorted_day(world, kind, &accounts, region, day) {
            if lists::is_visible(world, &job, &call.account)
                && let Some(row) = start.and_then(|start| row(&job, start, call))
            {
                *rows.entry(row).or_default() += 1;
            }
        }
    }
    Ok(rows)
}

/// The row that counts a job; none if the call does not ask for it.
fn row(job: &Job, start: Date, call: &Call) -> Option<Row> {
    let category = job.ended(call.now).map_or("", |ending| ending.category);
    let account = match call.text("AccountId") {
        Some(ALL) => None,
        _ => Some(job.account.id.clone()),
    };
    let wanted = if job.kind == JobKind::Scan { "ScanResultStatus" } else { "MessageCategory" };
    Some(Row {
        start,
        account,
        state: group(call.text("State"), job.state(call.now))?,
        kind: group(call.text("ResourceType"), job.resource.kind.name)?,
        category: group(call.text(wanted), category)?,
    })
}

/// What a dimension shows of a value: itself, the word for all, or nothing if another value is asked for.
fn group(wanted: Option<&str>, value: &str) -> Option<String> {
    match wanted {
        None | Some(ALL) => Some(ALL.to_owned()),
        Some(ANY) => Some(value.to_owned()),
        Some(wanted) => (wanted == value).then(|| value.to_owned()),
    }
}

fn accounts<'w>(world: &'w World, call: &Call) -> Result<Vec<&'w Account>, AwsError> {
    let wanted = call.text("AccountId").unwrap_or(&call.account);
    if wanted != call.account && !lists::may_see_others(world, &call.account) {
        let message = "Insufficient privileges to perform this action.";
        return Err(AwsError::new("AccessDeniedException", message).with_status(403));
    }
    match wanted {
        ANY | ALL => Ok(world.accounts.values().collect()),
        account => Ok(world.accounts.get(account).into_iter().collect()),
    }
}

fn value(row: &Row, count: u64, days: i64, call: &Call, kind: JobKind) -> Value {
    let start: OffsetDateTime = row.start.midnight().assume_utc();
    let mut members = Map::new();
    let mut put = |member: &str, value: Value| members.insert(member.to_owned(), value);
    put("Region", call.region.as_str().into());
    if let Some(account) = &row.account {
        put("AccountId", account.as_str().into());
    }
    put("State", row.state.as_str().into());
    put("ResourceType", row.kind.as_str().into());
    match kind {
        // Jobs that have not ended have none.
        JobKind::Backup | JobKind::Copy if row.category.is_empty() => {}
        JobKind::Backup | JobKind::Copy => {
            put("MessageCategory", row.category.as_str().into());
        }
        JobKind::Scan => {
            put("MalwareScanner", "GUARDDUTY".into());
            // The result is a closed set without a word for all of them.
            if matches!(row.category.as_str(), "NO_THREATS_FOUND" | "THREATS_FOUND" | "UNKNOWN") {
                put("ScanResultStatus", row.category.as_str().into());
            }
        }
        JobKind::Restore => {}
    }
    put("Count", count.into());
    put("StartTime", epoch(start));
    put("EndTime", epoch(start + Duration::days(days)));
    Value::Object(members)
}
