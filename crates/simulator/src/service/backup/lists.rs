//! Listings and descriptions of jobs, streamed day by day from the newest back, so that nothing is held that was not
//! asked for.

use super::views;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::page::Page;
use crate::world::backup::Visibility;
use crate::world::backup::course::LONGEST;
use crate::world::backup::history;
use crate::world::backup::job::Job;
use crate::world::backup::job::id::{self, JobKind};
use crate::world::backup::resource::region_number;
use crate::world::{Account, BACKUP_SERVICE, World};
use serde_json::{Value, json};
use time::{Date, Duration, OffsetDateTime};

/// AWS Backup lists jobs of the last 30 days.
const WINDOW: Duration = Duration::days(30);

pub fn backups(world: &World, call: &Call) -> Answer {
    list(world, call, JobKind::Backup, "BackupJobs", views::backup)
}

pub fn copies(world: &World, call: &Call) -> Answer {
    list(world, call, JobKind::Copy, "CopyJobs", views::copy)
}

pub fn restores(world: &World, call: &Call) -> Answer {
    list(world, call, JobKind::Restore, "RestoreJobs", views::restore)
}

pub fn scans(world: &World, call: &Call) -> Answer {
    list(world, call, JobKind::Scan, "ScanJobs", views::scan)
}

fn list(
    world: &World,
    call: &Call,
    kind: JobKind,
    member: &str,
    view: fn(&World, &Job, OffsetDateTime) -> Value,
) -> Answer {
    let page = Page::of(call, world.uneven_pages)?;
    let accounts = accounts(world, call)?;
    let Some(region) = region_number(&call.region) else {
        return Ok(json!({ member: [] }));
    };
    let (oldest, mut newest) = bounds(call);
    if let Some(stood) = page.after().and_then(views::order_time) {
        newest = newest.min(stood);
    }
    let days = days_back(newest, oldest);
    let on = |day| sorted_day(world, kind, &accounts, region, day);
    let jobs = days.flat_map(on).filter(|job| job.created >= oldest && is_wanted(world, job, call));
    page.take(member, jobs, |job| views::order(job.created, job.id), |job| view(world, &job, call.now))
}

/// All jobs of some accounts on a day, newest first.
pub fn sorted_day<'w>(
    world: &'w World,
    kind: JobKind,
    accounts: &[&'w Account],
    region: usize,
    day: Date,
) -> Vec<Job<'w>> {
    let of_account = |account: &&'w Account| history::jobs_on(world, kind, account, region, day);
    let mut jobs: Vec<Job> = accounts.iter().flat_map(of_account).collect();
    jobs.sort_by_key(|job| std::cmp::Reverse((job.created, job.id)));
    jobs
}

/// From one instant's day back to another's.
pub fn days_back(newest: OffsetDateTime, oldest: OffsetDateTime) -> impl Iterator<Item = Date> {
    let last = oldest.date();
    std::iter::successors(Some(newest.date()), |day| day.previous_day()).take_while(move |day| *day >= last)
}

/// Between which instants the jobs of a call were created.
fn bounds(call: &Call) -> (OffsetDateTime, OffsetDateTime) {
    let ended_after = call.time("ByCompleteAfter").map(|after| after.saturating_sub(LONGEST));
    let after = [call.time("ByCreatedAfter"), ended_after, Some(call.now - WINDOW)];
    let before = [call.time("ByCreatedBefore"), call.time("ByCompleteBefore"), Some(call.now)];
    let oldest = after.into_iter().flatten().max().unwrap_or(call.now);
    (oldest, before.into_iter().flatten().min().unwrap_or(call.now))
}

/// The accounts whose jobs a call asks for, as far as the caller may see them.
pub fn accounts<'w>(world: &'w World, call: &Call) -> Result<Vec<&'w Account>, AwsError> {
    let wanted = call.text("ByAccountId").unwrap_or(&call.account);
    if wanted == call.account {
        return Ok(world.accounts.get(wanted).into_iter().collect());
    }
    if !may_see_others(world, &call.account) {
        let message = "Insufficient privileges to perform this action.";
        return Err(AwsError::new("AccessDeniedException", message).with_status(403));
    }
    match wanted {
        "*" => Ok(world.accounts.values().collect()),
        account => Ok(world.accounts.get(account).into_iter().collect()),
    }
}

/// The management account, and delegated administrators of AWS Backup.
pub fn may_see_others(world: &World, account: &str) -> bool {
    account == world.management
        || world.delegates.contains_key(&(account.to_owned(), BACKUP_SERVICE.to_owned()))
}

/// Other accounts' jobs show while trusted access is on, if they were created after it was turned on.
pub fn is_visible(world: &World, job: &Job, caller: &str) -> bool {
    match world.backups.visibility {
        _ if job.account.id == caller => true,
        Visibility::Own => false,
        Visibility::Since(since) => job.created >= since,
    }
}

fn is_wanted(world: &World, job: &Job, call: &Call) -> bool {
    let now = call.now;
    let same = |member: &str, value: &str| call.text(member).is_none_or(|wanted| wanted == value);
    let completed = job.completed(now);
    let by_text =
        |member: &str, value: &dyn Fn() -> String| call.text(member).is_none_or(|wanted| wanted == value());
    job.created <= now
        && is_visible(world, job, &call.account)
        && same("ByState", job.state(now))
        && same("ByStatus", job.state(now))
        && same("ByResourceType", job.resource.kind.name)
        && same("ByBackupVaultName", job.vault())
        && same("ByMessageCategory", job.ended(now).map_or("", |ending| ending.category))
        && same("ByScanResultStatus", job.ended(now).map_or("", |ending| ending.category))
        && by_text("ByRecoveryPointArn", &|| scanned_point(job))
        && by_text("ByResourceArn", &|| job.resource.arn(&job.account.id))
        && by_text("ByParentJobId", &|| job.parent.map(id::text).unwrap_or_default())
        && by_text("ByDestinationVaultArn", &|| destination(job))
        && by_text("BySourceRecoveryPointArn", &|| source_point(job))
        && by_text("ByRestoreTestingPlanArn", &|| testing_plan(job))
        && call.time("ByCreatedBefore").is_none_or(|before| job.created < before)
        && call.time("ByCreatedAfter").is_none_or(|after| job.created > after)
        && call.time("ByCompleteBefore").is_none_or(|before| completed.is_some_and(|at| at < before))
        && call.time("ByCompleteAfter").is_none_or(|after| completed.is_some_and(|at| at > after))
}

fn destination(job: &Job) -> String {
    let copy = job.copy.as_ref();
    copy.map(|copy| copy.to.destination.replace("$account", &job.account.id)).unwrap_or_default()
}

fn source_point(job: &Job) -> String {
    job.copy.as_ref().map(|copy| copy.backup.recovery_point()).unwrap_or_default()
}

fn scanned_point(job: &Job) -> String {
    job.scanned.as_ref().map(|backup| backup.recovery_point()).unwrap_or_default()
}

fn testing_plan(job: &Job) -> String {
    views::testing_plan(job).unwrap_or_default()
}

pub fn describe_backup(world: &World, call: &Call) -> Answer {
    let job = find(world, call, JobKind::Backup, call.need("BackupJobId")?)?;
    Ok(views::backup_detail(world, &job, call.now))
}

pub fn describe_copy(world: &World, call: &Call) -> Answer {
    let job = find(world, call, JobKind::Copy, call.need("CopyJobId")?)?;
    Ok(json!({"CopyJob": views::copy(world, &job, call.now)}))
}

pub fn describe_restore(world: &World, call: &Call) -> Answer {
    let job = find(world, call, JobKind::Restore, call.need("RestoreJobId")?)?;
    Ok(views::restore(world, &job, call.now))
}

pub fn describe_scan(world: &World, call: &Call) -> Answer {
    let job = find(world, call, JobKind::Scan, call.need("ScanJobId")?)?;
    Ok(views::scan(world, &job, call.now))
}

/// A job of the caller, or one of another account that the caller may list. Whether AWS describes those is not known.
fn find<'w>(world: &'w World, call: &Call, kind: JobKind, text: &str) -> Result<Job<'w>, AwsError> {
    let region = region_number(&call.region);
    let found = id::parse(text).zip(region).and_then(|(id, region)| history::find(world, id, region));
    let may_see = |job: &Job| {
        job.account.id == call.account
            || (may_see_others(world, &call.account) && is_visible(world, job, &call.account))
    };
    found
        .filter(|job| job.kind == kind && job.created <= call.now && may_see(job))
        .ok_or_else(|| AwsError::not_found(format!("Cannot find job {text}.")))
}

/// Stops a running backup of the caller's own account, for the services that can stop one.
pub fn stop(world: &mut World, call: &Call) -> Answer {
    let job = find(world, call, JobKind::Backup, call.need("BackupJobId")?)?;
    if job.account.id != call.account {
        return Err(AwsError::not_found("Cannot find the job in this account."));
    }
    if !job.resource.kind.stoppable {
        let message = format!("Backup jobs of {} cannot be stopped.", job.resource.kind.name);
        return Err(AwsError::bad_request(message));
    }
    let state = job.state(call.now);
    if !matches!(state, "CREATED" | "PENDING" | "RUNNING") {
        return Err(AwsError::bad_request(format!("The job cannot be stopped in state {state}.")));
    }
    let id = job.id;
    world.backups.stopped.insert(id, call.now);
    Ok(Value::Null)
}
