//! Recovery points of vaults and resources.

use super::{ids, views};
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::job::{Cause, Job};
use crate::world::backup::plan::Lifecycle;
use crate::world::backup::points::{Point, after, points};
use crate::world::backup::vault::{VaultName, key_arn, of_resource};
use crate::world::backup::vaults;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

pub fn list_by_vault(world: &World, call: &Call) -> Answer {
    let vault = own_vault(call)?;
    if !vaults::exists(world, &vault, call.now) {
        return Err(AwsError::not_found(format!("Backup vault {} does not exist.", vault.name)));
    }
    let points = points(world, &vault, call.now).into_iter().filter(|point| is_wanted(point, call));
    listing::page(world, call, "RecoveryPoints", points, key, |point| value(&point, &vault))
}

fn is_wanted(point: &Point, call: &Call) -> bool {
    let job = &point.job;
    let same = |member: &str, value: &str| call.text(member).is_none_or(|wanted| wanted == value);
    let plan = || match job.cause {
        Cause::Rule(plan, ..) => ids::plan_id(plan, &job.account.id, job.resource.region_name()),
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
    for name in vaults::names(world, &call.account, &call.region, call.now) {
        let vault = VaultName { account: &call.account, region: &call.region, name: &name };
        let points = points(world, &vault, call.now).into_iter();
        let of_resource = points.filter(|point| point.job.resource.arn(&point.job.account.id) == wanted);
        found.extend(of_resource.map(|point| (key(&point), short_value(&point, &vault))));
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    listing::page(
        world,
        call,
        "RecoveryPoints",
        found.into_iter(),
        |(key, _)| key.clone(),
        |(_, value)| value,
    )
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
        let source = of_resource(&job.account.id, &job.resource, copy.backup.vault());
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
    put("Lifecycle", views::lifecycle(lifecycle));
    put("EncryptionKeyArn", key_arn(vault).into());
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
        "EncryptionKeyArn": key_arn(vault),
        "BackupSizeBytes": point.job.resource.size(),
        "BackupVaultName": vault.name,
        "IsParent": point.job.is_parent,
        "ResourceName": point.job.resource.name(),
        "VaultType": "BACKUP_VAULT",
    })
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
