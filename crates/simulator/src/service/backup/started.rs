//! Jobs that calls start: backups and copies on demand, in the caller's own account and Region.

use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::backup::job::id::{self, JobKind, Key, minute};
use crate::world::backup::plan::{Copy, DEFAULT_COMPLETE_WINDOW, DEFAULT_START_WINDOW, Lifecycle};
use crate::world::backup::resource::{Resource, region_number};
use crate::world::backup::started::Started;
use crate::world::backup::vault::VaultName;
use crate::world::backup::{estate, points, vaults};
use crate::world::{Account, World};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// Days between moving to cold storage and deletion.
const COLD_DAYS: i64 = 90;

pub fn start_backup(world: &mut World, call: &Call) -> Answer {
    let (account, region) = place(world, call)?;
    let account_number = account.number;
    let resource = resource(world, account, region, call.need("ResourceArn")?)?;
    let name = call.need("BackupVaultName")?;
    let vault = VaultName { account: &call.account, region: &call.region, name };
    if !vaults::exists(world, &vault, call.now) {
        return Err(AwsError::not_found(format!("Backup vault {name} does not exist.")));
    }
    let role = role(call)?;
    let lifecycle = lifecycle(call)?;
    let start_window = call.whole("StartWindowMinutes").unwrap_or(DEFAULT_START_WINDOW);
    let complete_window = call.whole("CompleteWindowMinutes");
    if complete_window.is_some_and(|complete| complete <= start_window) {
        return Err(AwsError::bad_value("CompleteWindowMinutes has to be longer than StartWindowMinutes."));
    }
    let vault = name.to_owned();
    let start = |key| Started {
        key,
        region,
        at: call.now,
        vault,
        role,
        lifecycle,
        start_window,
        complete_window: complete_window.unwrap_or(DEFAULT_COMPLETE_WINDOW),
        copied: None,
        token: token(call),
    };
    let (id, at) = keep(world, call, JobKind::Backup, account_number, resource.number, start);
    Ok(json!({
        "BackupJobId": id::text(id),
        "CreationDate": epoch(at),
        "IsParent": resource.is_composite(),
    }))
}

pub fn start_copy(world: &mut World, call: &Call) -> Answer {
    let (account, region) = place(world, call)?;
    let account_number = account.number;
    let source = call.need("SourceBackupVaultName")?;
    let vault = VaultName { account: &call.account, region: &call.region, name: source };
    let backup = points::backup_of(world, &vault, call.need("RecoveryPointArn")?, call.now);
    let backup = backup.ok_or_else(|| AwsError::not_found("Cannot find recovery point."))?;
    let (backup_id, number, is_parent) = (backup.id, backup.resource.number, backup.is_parent);
    let destination = call.need("DestinationBackupVaultArn")?;
    if VaultName::of_arn(destination).is_none() {
        return Err(AwsError::bad_value("DestinationBackupVaultArn is not the ARN of a backup vault."));
    }
    let role = role(call)?;
    let lifecycle = lifecycle(call)?;
    let to = Copy { destination: destination.to_owned(), lifecycle };
    let start = |key| Started {
        key,
        region,
        at: call.now,
        vault: source.to_owned(),
        role,
        lifecycle,
        start_window: DEFAULT_START_WINDOW,
        complete_window: DEFAULT_COMPLETE_WINDOW,
        copied: Some((backup_id, to)),
        token: token(call),
    };
    let (id, at) = keep(world, call, JobKind::Copy, account_number, number, start);
    Ok(json!({"CopyJobId": id::text(id), "CreationDate": epoch(at), "IsParent": is_parent}))
}

/// Keeps a new job, or finds the one of the same token; its id and when it was created.
fn keep(
    world: &mut World,
    call: &Call,
    kind: JobKind,
    account: u32,
    resource: u16,
    start: impl FnOnce(Key) -> Started,
) -> (u128, OffsetDateTime) {
    let is_same = |known: &&Started| {
        known.key.kind == kind && known.key.account == account && known.token == token(call)
    };
    let known = world.backups.started.iter().find(is_same).filter(|known| known.token.is_some());
    if let Some(known) = known {
        return (known.key.id(world.seed), known.at);
    }
    // Rules have odd codes, jobs of the seed without one 0 and 2.
    let cause = ((world.backups.started.len() % 32_000) as u16 + 2) << 1;
    let key = Key { kind, account, resource, cause, minute: minute(call.now), part: 0 };
    world.backups.started.push(start(key));
    (key.id(world.seed), call.now)
}

fn token(call: &Call) -> Option<String> {
    call.text("IdempotencyToken").map(str::to_owned)
}

fn place<'w>(world: &'w World, call: &Call) -> Result<(&'w Account, usize), AwsError> {
    let account = world.accounts.get(&call.account);
    let found = account.zip(region_number(&call.region));
    found.ok_or_else(|| AwsError::not_found("There are no resources in this account and Region."))
}

fn resource(world: &World, account: &Account, region: usize, arn: &str) -> Result<Resource, AwsError> {
    if !arn.starts_with("arn:aws:") {
        return Err(AwsError::bad_value(format!("{arn} is not an ARN.")));
    }
    let mut here = estate::resources(world, account).filter(|resource| resource.region == region);
    here.find(|resource| resource.arn(&account.id) == arn)
        .ok_or_else(|| AwsError::not_found(format!("Cannot find resource {arn}.")))
}

/// AWS Backup takes roles of the same account only.
fn role(call: &Call) -> Result<String, AwsError> {
    let role = call.need("IamRoleArn")?;
    let own = format!("arn:aws:iam::{}:role/", call.account);
    if role.starts_with(&own) {
        return Ok(role.to_owned());
    }
    Err(AwsError::bad_value("IamRoleArn is not a role of this account."))
}

fn lifecycle(call: &Call) -> Result<Lifecycle, AwsError> {
    let given = call.input.get("Lifecycle").unwrap_or(&Value::Null);
    let days = |member: &str| given.get(member).and_then(Value::as_i64);
    let lifecycle = Lifecycle {
        cold_after: days("MoveToColdStorageAfterDays"),
        delete_after: days("DeleteAfterDays"),
        archive: given.get("OptInToArchiveForSupportedResources").and_then(Value::as_bool),
    };
    let cold = lifecycle.cold_after.zip(lifecycle.delete_after);
    if cold.is_some_and(|(cold, delete)| delete < cold + COLD_DAYS) || lifecycle.delete_after == Some(0) {
        return Err(AwsError::bad_value("DeleteAfterDays has to be 90 days after moving to cold storage."));
    }
    Ok(lifecycle)
}
