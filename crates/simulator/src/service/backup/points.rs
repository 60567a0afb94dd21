//! Recovery points: what completed backup and copy jobs left in vaults, until their lifecycle ends them.

use super::vaults::{self, VaultName};
use super::views;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::estate;
use crate::world::backup::history;
use crate::world::backup::job::{Cause, Job, JobKind};
use crate::world::backup::plan::{Copy, Lifecycle, Rule};
use serde_json::{Map, Value, json};
use time::{Date, Duration, OffsetDateTime};

/// The simulator looks at most this many days back for recovery points, whatever their retention.
const REACH: i64 = 400;
/// Days for which backups by hand are kept.
const BY_HAND: i64 = 30;

/// A recovery point and the backup or copy that made it.
struct Point<'w> {
    job: Job<'w>,
    completed: OffsetDateTime,
    lifecycle: Lifecycle,
}

/// The points of a vault, newest first.
fn points<'w>(world: &'w World, vault: &VaultName, now: OffsetDateTime) -> Vec<Point<'w>> {
    let mut points: Vec<Point> = backups(world, vault, now).chain(copies(world, vault, now)).collect();
    points.sort_by_key(|point| std::cmp::Reverse((point.job.created, point.job.id)));
    points
}

/// What backups of the vault's own account left in it.
fn backups<'w>(
    world: &'w World,
    vault: &VaultName,
    now: OffsetDateTime,
) -> impl Iterator<Item = Point<'w>> + use<'w> {
    let name = vault.name.to_owned();
    let place = world.accounts.get(vault.account).zip(estate::region_number(vault.region));
    let kept = rules(world, vault.account).filter(|rule| rule.vault == vault.name).map(|rule| rule.lifecycle);
    let asked =
        world.backups.started.iter().filter(|asked| asked.vault == vault.name).map(|asked| asked.lifecycle);
    let reach = kept.chain(asked).map(days_kept).max().unwrap_or_default().max(BY_HAND);
    place.into_iter().flat_map(move |(account, region)| {
        let name = name.clone();
        let jobs = days_back(now, reach)
            .flat_map(move |day| history::jobs_on(world, JobKind::Backup, account, region, day));
        jobs.filter(move |job| job.vault() == name).filter_map(move |job| point(job, now))
    })
}

/// What copies from any account left in it.
fn copies<'w>(
    world: &'w World,
    vault: &VaultName,
    now: OffsetDateTime,
) -> impl Iterator<Item = Point<'w>> + use<'w> {
    let (arn, owner) = (vault.arn(), vault.account.to_owned());
    let is_here = move |to: &Copy, account: &str| match to.destination.contains("$account") {
        true => account == owner && to.destination.replace("$account", &owner) == arn,
        false => to.destination == arn,
    };
    let asked = world.backups.started.iter().filter_map({
        let is_here = is_here.clone();
        move |asked| {
            let (_, to) = asked.copied.as_ref()?;
            is_here(to, "").then(|| history::find(world, asked.key.id(world.seed), asked.region))?
        }
    });
    let scheduled = world.accounts.values().flat_map(move |account| {
        let to = |rule: &'w Rule| rule.copies.iter().filter(|to| is_here(to, &account.id));
        let found: Vec<(&Rule, Lifecycle)> =
            rules(world, &account.id).flat_map(|rule| to(rule).map(move |to| (rule, to.lifecycle))).collect();
        let reach = found.iter().map(|(_, lifecycle)| days_kept(*lifecycle)).max().unwrap_or_default();
        // Copies are made on the day of their backup or on the next.
        let runs = |day: &Date| found.iter().any(|(rule, _)| rule.schedule.runs_on(*day).next().is_some());
        let is_day = |day: &Date| runs(day) || day.previous_day().is_some_and(|day| runs(&day));
        let days: Vec<Date> =
            if found.is_empty() { Vec::new() } else { days_back(now, reach).filter(is_day).collect() };
        let is_here = is_here.clone();
        let jobs = days.into_iter().flat_map(move |day| {
            let regions = 0..estate::REGIONS.len();
            regions.flat_map(move |region| history::jobs_on(world, JobKind::Copy, account, region, day))
        });
        let by_rule = jobs.filter(|job| matches!(job.cause, Cause::Rule(..)));
        by_rule.filter(move |job| job.copy.as_ref().is_some_and(|copy| is_here(copy.to, &account.id)))
    });
    asked.chain(scheduled).filter_map(move |job| point(job, now))
}

/// The rules that ever applied to an account, each as often as its policy changed.
fn rules<'w>(world: &'w World, account: &str) -> impl Iterator<Item = &'w Rule> + use<'w> {
    let versions = world.evaluations.history(account).iter();
    versions.flat_map(|(_, version)| version.effective.plans.iter().flat_map(|plan| &plan.rules))
}

fn days_kept(lifecycle: Lifecycle) -> i64 {
    // A day more: a job of late evening ends on the next.
    lifecycle.delete_after.map_or(REACH, |days| days.min(REACH) + 1)
}

fn days_back(now: OffsetDateTime, reach: i64) -> impl Iterator<Item = Date> {
    (0..=reach).filter_map(move |back| now.date().checked_sub(Duration::days(back)))
}

fn point(job: Job<'_>, now: OffsetDateTime) -> Option<Point<'_>> {
    let completed = job.completed(now).filter(|_| job.has_recovery_point(now))?;
    let lifecycle = match &job.copy {
        Some(copy) => copy.to.lifecycle,
        None => views::lifecycle(&job.cause),
    };
    let is_over =
        lifecycle.delete_after.and_then(|days| after(completed, days)).is_some_and(|end| end <= now);
    (!is_over).then_some(Point { job, completed, lifecycle })
}

impl Point<'_> {
    /// The ARN of the point in its vault.
    fn arn(&self) -> String {
        let vault =
            self.job.copy.as_ref().map(|copy| copy.to.destination.replace("$account", &self.job.account.id));
        match vault.as_deref().and_then(VaultName::of_arn) {
            Some(vault) => views::copied_point(&self.job, &vault),
            None => self.job.recovery_point(),
        }
    }
}

/// How many recovery points a vault holds.
pub fn count(world: &World, vault: &VaultName, now: OffsetDateTime) -> usize {
    points(world, vault, now).len()
}

pub fn list_by_vault(world: &World, call: &Call) -> Answer {
    let vault = own_vault(call)?;
    if !vaults::exists(world, &vault, call.now) {
        return Err(AwsError::not_found(format!("Backup vault {} does not exist.", vault.name)));
    }
    let points = points(world, &vault, call.now).into_iter().filter(|point| is_wanted(point, call));
    world.page(call, "RecoveryPoints", points, key, |point| value(&point, &vault))
}

fn is_wanted(point: &Point, call: &Call) -> bool {
    let job = &point.job;
    let same = |member: &str, value: &str| call.text(member).is_none_or(|wanted| wanted == value);
    let plan = || match job.cause {
        Cause::Rule(plan, ..) => views::plan_id(plan, &job.account.id, job.resource.region_name()),
        Cause::Demand(_) | Cause::Asked(_) | Cause::Testing => String::new(),
    };
    same("ByResourceArn", &job.resource.arn(&job.account.id))
        && same("ByResourceType", job.resource.kind.name)
        && (call.text("ByBackupPlanId").is_none() || same("ByBackupPlanId", &plan()))
        && call.time("ByCreatedBefore").is_none_or(|before| job.created < before)
        && call.time("ByCreatedAfter").is_none_or(|after| job.created > after)
}

pub fn list_by_resource(world: &World, call: &Call) -> Answer {
    let wanted = call.need("ResourceArn")?;
    let mut found = Vec::new();
    for name in vaults::names(world, call) {
        let vault = VaultName { account: &call.account, region: &call.region, name: &name };
        let points = points(world, &vault, call.now).into_iter();
        let of_resource = points.filter(|point| point.job.resource.arn(&point.job.account.id) == wanted);
        found.extend(of_resource.map(|point| (key(&point), short_value(&point, &vault))));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    world.page(call, "RecoveryPoints", found.into_iter(), |(key, _)| key.clone(), |(_, value)| value)
}

pub fn describe(world: &World, call: &Call) -> Answer {
    let vault = own_vault(call)?;
    let wanted = call.need("RecoveryPointArn")?;
    let found = points(world, &vault, call.now).into_iter().find(|point| point.arn() == wanted);
    let point = found.ok_or_else(no_point)?;
    let mut value = value(&point, &vault);
    if let Value::Object(members) = &mut value {
        let cold = point.lifecycle.cold_after.and_then(|days| after(point.completed, days));
        let class = if cold.is_some_and(|at| at <= call.now) { "COLD" } else { "WARM" };
        members.insert("StorageClass".to_owned(), class.into());
    }
    Ok(value)
}

/// The backup that made a recovery point of a vault; the simulator copies no copies.
pub fn backup_of<'w>(
    world: &'w World,
    vault: &VaultName,
    arn: &str,
    now: OffsetDateTime,
) -> Result<Job<'w>, AwsError> {
    let found = backups(world, vault, now).find(|point| point.job.recovery_point() == arn);
    found.map(|point| point.job).ok_or_else(no_point)
}

fn no_point() -> AwsError {
    AwsError::not_found("Cannot find recovery point.")
}

fn own_vault(call: &Call) -> Result<VaultName<'_>, AwsError> {
    let account = call.text("BackupVaultAccountId").unwrap_or(&call.account);
    if account != call.account {
        let message = "Insufficient privileges to perform this action.";
        return Err(AwsError::new("AccessDeniedException", message).with_status(403));
    }
    Ok(VaultName { account, region: &call.region, name: call.need("BackupVaultName")? })
}

/// Newest first.
fn key(point: &Point) -> String {
    views::order(point.job.created, point.job.id)
}

fn value(point: &Point, vault: &VaultName) -> Value {
    let Point { job, completed, lifecycle } = point;
    let mut members = Map::new();
    let mut put = |member: &str, value: Value| members.insert(member.to_owned(), value);
    put("RecoveryPointArn", point.arn().into());
    if let Some(copy) = &job.copy {
        let source = vaults::of_resource(&job.account.id, &job.resource, copy.backup.vault());
        put("SourceBackupVaultArn", source.arn().into());
    }
    put("BackupVaultName", vault.name.into());
    put("BackupVaultArn", vault.arn().into());
    put("ResourceArn", job.resource.arn(&job.account.id).into());
    put("ResourceType", job.resource.kind.name.into());
    put("ResourceName", job.resource.name().into());
    if let Some(creator) = views::creator(&job.cause, &job.account.id, job.resource.region_name()) {
        put("CreatedBy", creator);
    }
    put("IamRoleArn", job.role().into());
    put("Status", status(job).into());
    put("CreationDate", epoch(job.created));
    put("InitiationDate", epoch(job.begins));
    put("CompletionDate", epoch(*completed));
    put("BackupSizeInBytes", job.resource.size().into());
    put("CalculatedLifecycle", calculated(lifecycle, *completed));
    put("Lifecycle", lifecycle.value());
    put("EncryptionKeyArn", super::vaults::key_arn(vault).into());
    put("IsEncrypted", true.into());
    put("IsParent", job.is_parent.into());
    put("VaultType", "BACKUP_VAULT".into());
    Value::Object(members)
}

fn status(job: &Job) -> &'static str {
    if job.ending.state == "PARTIAL" { "PARTIAL" } else { "COMPLETED" }
}

fn short_value(point: &Point, vault: &VaultName) -> Value {
    json!({
        "RecoveryPointArn": point.arn(),
        "CreationDate": epoch(point.job.created),
        "Status": status(&point.job),
        "EncryptionKeyArn": super::vaults::key_arn(vault),
        "BackupSizeBytes": point.job.resource.size(),
        "BackupVaultName": vault.name,
        "IsParent": point.job.is_parent,
        "ResourceName": point.job.resource.name(),
        "VaultType": "BACKUP_VAULT",
    })
}

/// Some days later, if there is such a day.
fn after(from: OffsetDateTime, days: i64) -> Option<OffsetDateTime> {
    from.checked_add(Duration::days(days))
}

fn calculated(lifecycle: &Lifecycle, from: OffsetDateTime) -> Value {
    let mut members = Map::new();
    for (member, days) in
        [("MoveToColdStorageAt", lifecycle.cold_after), ("DeleteAt", lifecycle.delete_after)]
    {
        if let Some(at) = days.and_then(|days| after(from, days)) {
            members.insert(member.to_owned(), epoch(at));
        }
    }
    Value::Object(members)
}
