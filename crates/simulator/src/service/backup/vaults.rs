//! Backup vaults.

use super::tagging;
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::vault::{COOLING_OFF_DAYS, Lock, Vault, VaultName, key_arn};
use crate::world::backup::{points, vaults};
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

/// Most vaults of one account in one Region.
const VAULT_LIMIT: usize = 300;

/// The vault of a call in the caller's account and Region.
fn named(call: &Call) -> Result<VaultName<'_>, AwsError> {
    let name = call.need("BackupVaultName")?;
    Ok(VaultName { account: &call.account, region: &call.region, name })
}

/// The vault as it is now.
fn get(world: &World, name: &VaultName, now: OffsetDateTime) -> Result<Vault, AwsError> {
    let missing = || AwsError::not_found(format!("Backup vault {} does not exist.", name.name));
    vaults::get(world, name, now).ok_or_else(missing)
}

/// Whether an ARN is that of a vault of the caller.
pub fn is_own(world: &World, call: &Call, arn: &str) -> bool {
    let is_own = |vault: &VaultName| vault.account == call.account && vault.region == call.region;
    VaultName::of_arn(arn).filter(is_own).is_some_and(|vault| vaults::exists(world, &vault, call.now))
}

pub fn list(world: &World, call: &Call) -> Answer {
    let wanted = call.text("ByVaultType").is_none_or(|kind| kind == "BACKUP_VAULT") && !call.flag("ByShared");
    let names = if wanted { vaults::names(world, &call.account, &call.region, call.now) } else { Vec::new() };
    let value = |name: String| {
        let name = VaultName { account: &call.account, region: &call.region, name: &name };
        get(world, &name, call.now).map(|vault| value(world, &name, &vault, call)).unwrap_or_default()
    };
    listing::page(world, call, "BackupVaultList", names.into_iter(), Clone::clone, value)
}

pub fn describe(world: &World, call: &Call) -> Answer {
    let name = call.need("BackupVaultName")?;
    let account = call.text("BackupVaultAccountId").unwrap_or(&call.account);
    if account != call.account {
        return Err(AwsError::new(
            "AccessDeniedException",
            "Insufficient privileges to perform this action.",
        )
        .with_status(403));
    }
    let name = VaultName { account, region: &call.region, name };
    Ok(value(world, &name, &get(world, &name, call.now)?, call))
}

fn value(world: &World, name: &VaultName, vault: &Vault, call: &Call) -> Value {
    let mut members = Map::new();
    let mut put = |member: &str, value: Value| members.insert(member.to_owned(), value);
    put("BackupVaultName", name.name.into());
    put("BackupVaultArn", name.arn().into());
    put("VaultType", "BACKUP_VAULT".into());
    put("VaultState", "AVAILABLE".into());
    put("EncryptionKeyArn", vault.key.clone().unwrap_or_else(|| key_arn(name)).into());
    put("EncryptionKeyType", "CUSTOMER_MANAGED_KMS_KEY".into());
    put("CreationDate", vault.created_at.map(epoch).unwrap_or_default());
    if let Some(request) = &vault.creator_request {
        put("CreatorRequestId", request.as_str().into());
    }
    put("NumberOfRecoveryPoints", points::count(world, name, call.now).into());
    put("Locked", vault.lock.is_some().into());
    if let Some(lock) = vault.lock {
        for (member, days) in [("MinRetentionDays", lock.least), ("MaxRetentionDays", lock.most)] {
            if let Some(days) = days {
                put(member, days.into());
            }
        }
        if let Some(at) = lock.final_at {
            put("LockDate", epoch(at));
        }
    }
    Value::Object(members)
}

pub fn create(world: &mut World, call: &Call) -> Answer {
    let name = named(call)?;
    if let Ok(known) = get(world, &name, call.now) {
        let request = call.text("CreatorRequestId");
        if request.is_some() && known.creator_request.as_deref() == request {
            return Ok(reference(&name, &known));
        }
        let message = format!("Backup vault with the same name already exists: {}", name.name);
        return Err(AwsError::new("AlreadyExistsException", message)
            .with("Code", "ERROR_2603")
            .with("Arn", name.arn())
            .with("CreatorRequestId", known.creator_request.unwrap_or_default()));
    }
    if vaults::names(world, &call.account, &call.region, call.now).len() >= VAULT_LIMIT {
        return Err(AwsError::new(
            "LimitExceededException",
            "The number of backup vaults reached its quota.",
        )
        .with("Code", "ERROR_2701"));
    }
    tagging::give(world, call, "BackupVaultTags", &name.arn())?;
    let mut vault = world.backups.vaults.remove(&name.key()).unwrap_or_default();
    vault = Vault { exists: std::mem::take(&mut vault.exists), ..Vault::default() };
    vault.exists.set(call.now, true);
    vault.created_at = Some(call.now);
    vault.creator_request = call.text("CreatorRequestId").map(str::to_owned);
    vault.key = call.text("EncryptionKeyArn").map(str::to_owned);
    let answer = reference(&name, &vault);
    world.backups.vaults.insert(name.key(), vault);
    Ok(answer)
}

fn reference(name: &VaultName, vault: &Vault) -> Value {
    json!({
        "BackupVaultName": name.name,
        "BackupVaultArn": name.arn(),
        "CreationDate": vault.created_at.map(epoch).unwrap_or_default(),
    })
}

pub fn delete(world: &mut World, call: &Call) -> Answer {
    let name = named(call)?;
    let mut vault = get(world, &name, call.now)?;
    if points::count(world, &name, call.now) > 0 {
        return Err(AwsError::bad_request(
            "Backup vault cannot be deleted because it contains recovery points.",
        ));
    }
    vault.exists.set(call.now, false);
    world.backups.vaults.insert(name.key(), vault);
    Ok(Value::Null)
}

pub fn put_lock(world: &mut World, call: &Call) -> Answer {
    let name = named(call)?;
    let mut vault = get(world, &name, call.now)?;
    refuse_final(&vault, call.now)?;
    let (least, most) = (call.whole("MinRetentionDays"), call.whole("MaxRetentionDays"));
    if least.zip(most).is_some_and(|(least, most)| least > most) {
        return Err(AwsError::bad_value("MinRetentionDays is greater than MaxRetentionDays."));
    }
    let final_at =
        call.whole("ChangeableForDays").map(|days| call.now + Duration::days(days.max(COOLING_OFF_DAYS)));
    vault.lock = Some(Lock { least, most, final_at });
    world.backups.vaults.insert(name.key(), vault);
    Ok(Value::Null)
}

pub fn delete_lock(world: &mut World, call: &Call) -> Answer {
    let name = named(call)?;
    let mut vault = get(world, &name, call.now)?;
    refuse_final(&vault, call.now)?;
    vault.lock = None;
    world.backups.vaults.insert(name.key(), vault);
    Ok(Value::Null)
}

fn refuse_final(vault: &Vault, now: OffsetDateTime) -> Result<(), AwsError> {
    let is_final = vault.lock.and_then(|lock| lock.final_at).is_some_and(|at| at <= now);
    if is_final { Err(AwsError::bad_request("The vault lock can no longer be changed.")) } else { Ok(()) }
}

pub fn put_access_policy(world: &mut World, call: &Call) -> Answer {
    let name = named(call)?;
    let mut vault = get(world, &name, call.now)?;
    vault.access_policy = call.text("Policy").map(str::to_owned);
    world.backups.vaults.insert(name.key(), vault);
    Ok(Value::Null)
}

pub fn get_access_policy(world: &World, call: &Call) -> Answer {
    let name = named(call)?;
    let policy = get(world, &name, call.now)?.access_policy;
    let missing = || AwsError::not_found("The backup vault has no access policy.");
    let policy = policy.ok_or_else(missing)?;
    Ok(json!({"BackupVaultName": name.name, "BackupVaultArn": name.arn(), "Policy": policy}))
}
