//! Recovery points: what completed backup and copy jobs left in vaults, until their lifecycle ends them.

use super::history;
use super::job::{Cause, Job, JobKind};
use super::plan::Lifecycle;
use super::vaults::{self, VaultName};
use super::{estate, views};
use crate::call::Call;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::rule::epoch;
use crate::world::World;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

/// The simulator looks this many days back for recovery points, whatever their retention.
const REACH: i64 = 60;

/// A recovery point and the backup that made it.
struct Point<'w> {
    job: Job<'w>,
    completed: OffsetDateTime,
    lifecycle: Lifecycle,
}

/// The points of a vault, newest first.
fn points<'w>(world: &'w World, vault: &VaultName, now: OffsetDateTime) -> Vec<Point<'w>> {
    let Some(region) = estate::region_number(vault.region) else { return Vec::new() };
    let Some(account) = world.accounts.get(vault.account) else { return Vec::new() };
    let days = (0..=REACH).filter_map(|back| now.date().checked_sub(Duration::days(back)));
    let jobs = days.flat_map(|day| history::jobs_on(world, JobKind::Backup, account, region, day));
    let mut points: Vec<Point> =
        jobs.filter(|job| job.vault() == vault.name).filter_map(|job| point(job, now)).collect();
    points.sort_by_key(|point| std::cmp::Reverse((point.job.created, point.job.id)));
    points
}

fn point(job: Job<'_>, now: OffsetDateTime) -> Option<Point<'_>> {
    let completed = job.completed(now).filter(|_| job.has_recovery_point(now))?;
    let lifecycle = views::lifecycle(&job.cause);
    let is_over =
        lifecycle.delete_after.and_then(|days| after(completed, days)).is_some_and(|end| end <= now);
    (!is_over).then_some(Point { job, completed, lifecycle })
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
    for name in vault_names(world, call) {
        let vault = VaultName { account: &call.account, region: &call.region, name: &name };
        let points = points(world, &vault, call.now).into_iter();
        let of_resource = points.filter(|point| point.job.resource.arn(&call.account) == wanted);
        found.extend(of_resource.map(|point| (key(&point), short_value(&point, &vault))));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    world.page(call, "RecoveryPoints", found.into_iter(), |(key, _)| key.clone(), |(_, value)| value)
}

/// The vaults that the account's backups went to.
fn vault_names(world: &World, call: &Call) -> Vec<String> {
    let version = world.evaluations.at(&call.account, call.now);
    let plans = version.into_iter().flat_map(|(_, version)| &version.effective.plans);
    let mut names: Vec<String> =
        plans.flat_map(|plan| plan.rules.iter().map(|rule| rule.vault.clone())).collect();
    names.push("Default".to_owned());
    names.sort();
    names.dedup();
    names
}

pub fn describe(world: &World, call: &Call) -> Answer {
    let vault = own_vault(call)?;
    let wanted = call.need("RecoveryPointArn")?;
    let found =
        points(world, &vault, call.now).into_iter().find(|point| point.job.recovery_point() == wanted);
    let point = found.ok_or_else(no_point)?;
    let mut value = value(&point, &vault);
    if let Value::Object(members) = &mut value {
        let cold = point.lifecycle.cold_after.and_then(|days| after(point.completed, days));
        let class = if cold.is_some_and(|at| at <= call.now) { "COLD" } else { "WARM" };
        members.insert("StorageClass".to_owned(), class.into());
    }
    Ok(value)
}

/// The backup that made a recovery point of a vault.
pub fn backup_of<'w>(
    world: &'w World,
    vault: &VaultName,
    arn: &str,
    now: OffsetDateTime,
) -> Result<Job<'w>, AwsError> {
    let found = points(world, vault, now).into_iter().find(|point| point.job.recovery_point() == arn);
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
    put("RecoveryPointArn", job.recovery_point().into());
    put("BackupVaultName", vault.name.into());
    put("BackupVaultArn", vault.arn().into());
    put("ResourceArn", job.resource.arn(vault.account).into());
    put("ResourceType", job.resource.kind.name.into());
    put("ResourceName", job.resource.name().into());
    if let Some(creator) = views::creator(&job.cause, vault.account, vault.region) {
        put("CreatedBy", creator);
    }
    put("IamRoleArn", job.role().into());
    put("Status", if job.ending.state == "PARTIAL" { "PARTIAL" } else { "COMPLETED" }.into());
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

fn short_value(point: &Point, vault: &VaultName) -> Value {
    json!({
        "RecoveryPointArn": point.job.recovery_point(),
        "CreationDate": epoch(point.job.created),
        "Status": "COMPLETED",
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
