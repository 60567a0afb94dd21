//! Backup vaults: some belong to the seed, others are made by calls.

use super::Backups;
use super::{points, tags};
use crate::hash;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::estate::{self, Resource};
use crate::world::timeline::Timeline;
use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime};

/// Most vaults of one account in one Region.
const VAULT_LIMIT: usize = 300;
/// In 1,000 seeded vaults, how many somebody forgot to make.
const FORGOTTEN: u64 = 15;
/// Fewest days between setting a lock in compliance mode and its taking effect.
const COOLING_OFF_DAYS: i64 = 3;

/// Vaults of the seed: name, and the Regions where every account has it.
const SEEDED: &[(&str, &[&str])] = &[
    ("Default", &estate::REGIONS),
    ("standard", &estate::REGIONS),
    ("critical", &estate::REGIONS),
    ("critical-copy", &["eu-central-1"]),
];

/// A vault by its coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaultName<'a> {
    pub account: &'a str,
    pub region: &'a str,
    pub name: &'a str,
}

#[derive(Debug, Clone, Default)]
pub struct Vault {
    exists: Timeline<bool>,
    created_at: Option<OffsetDateTime>,
    creator_request: Option<String>,
    key: Option<String>,
    lock: Option<Lock>,
    access_policy: Option<String>,
}

#[derive(Debug, Clone, Copy)]
struct Lock {
    least: Option<i64>,
    most: Option<i64>,
    /// When it can no longer be removed: compliance mode.
    final_at: Option<OffsetDateTime>,
}

impl Vault {
    /// A vault locked in compliance mode since it was made.
    pub fn locked(created_at: OffsetDateTime, least_days: i64) -> Self {
        let final_at = created_at + Duration::days(COOLING_OFF_DAYS);
        Self {
            exists: Timeline::starting(created_at, true),
            created_at: Some(created_at),
            lock: Some(Lock { least: Some(least_days), most: None, final_at: Some(final_at) }),
            ..Self::default()
        }
    }
}

impl<'a> VaultName<'a> {
    /// Reads `arn:<partition>:backup:<region>:<account>:backup-vault:<name>`.
    pub fn of_arn(arn: &'a str) -> Option<Self> {
        let mut parts = arn.splitn(7, ':').skip(3);
        let (region, account) = (parts.next()?, parts.next()?);
        let name = parts.next().filter(|kind| *kind == "backup-vault").and_then(|_| parts.next())?;
        Some(Self { account, region, name })
    }

    pub fn arn(&self) -> String {
        format!("arn:aws:backup:{}:{}:backup-vault:{}", self.region, self.account, self.name)
    }

    pub fn key(&self) -> (String, String, String) {
        (self.account.to_owned(), self.region.to_owned(), self.name.to_owned())
    }

    /// The vault of a call in the caller's account and Region.
    fn of(call: &'a Call) -> Result<Self, AwsError> {
        let name = call.need("BackupVaultName")?;
        Ok(Self { account: &call.account, region: &call.region, name })
    }
}

/// Whether a vault was there at an instant.
pub fn exists(world: &World, vault: &VaultName, at: OffsetDateTime) -> bool {
    let changed = &world.backups.vaults;
    match (!changed.is_empty()).then(|| changed.get(&vault.key())).flatten() {
        Some(known) => known.exists.at(at).is_some_and(|(_, exists)| *exists),
        None => is_seeded(world, vault),
    }
}

fn is_seeded(world: &World, vault: &VaultName) -> bool {
    let parts = [vault.account, vault.region, vault.name].map(hash::text);
    let forgotten = vault.name != "Default" && hash::mix(world.seed, &parts) % 1000 < FORGOTTEN;
    let listed = SEEDED.iter().any(|(name, regions)| *name == vault.name && regions.contains(&vault.region));
    listed && !forgotten && world.accounts.contains_key(vault.account)
}

/// The vault as it is now, seeded or made.
fn get(world: &World, name: &VaultName, now: OffsetDateTime) -> Result<Vault, AwsError> {
    if !exists(world, name, now) {
        return Err(AwsError::not_found(format!("Backup vault {} does not exist.", name.name)));
    }
    let seeded = || Vault {
        exists: Timeline::starting(OffsetDateTime::UNIX_EPOCH, true),
        created_at: Some(world.start - Duration::days(390)),
        ..Vault::default()
    };
    Ok(world.backups.vaults.get(&name.key()).cloned().unwrap_or_else(seeded))
}

/// Whether an ARN is that of a vault of the caller.
pub fn is_own(world: &World, call: &Call, arn: &str) -> bool {
    let is_own = |vault: &VaultName| vault.account == call.account && vault.region == call.region;
    VaultName::of_arn(arn).filter(is_own).is_some_and(|vault| exists(world, &vault, call.now))
}

/// The names of all vaults of the caller's account in its Region, in order.
pub fn names(world: &World, call: &Call) -> Vec<String> {
    let seeded = SEEDED.iter().map(|(name, _)| (*name).to_owned());
    let made = world.backups.vaults.keys();
    let made = made.filter(|(account, region, _)| *account == call.account && *region == call.region);
    let mut names: Vec<String> = seeded.chain(made.map(|(_, _, name)| name.clone())).collect();
    names.sort();
    names.dedup();
    names.retain(|name| {
        exists(world, &VaultName { account: &call.account, region: &call.region, name }, call.now)
    });
    names
}

pub fn list(world: &World, call: &Call) -> Answer {
    let wanted = call.text("ByVaultType").is_none_or(|kind| kind == "BACKUP_VAULT") && !call.flag("ByShared");
    let names = if wanted { names(world, call) } else { Vec::new() };
    let value = |name: String| {
        let name = VaultName { account: &call.account, region: &call.region, name: &name };
        get(world, &name, call.now).map(|vault| value(world, &name, &vault, call)).unwrap_or_default()
    };
    world.page(call, "BackupVaultList", names.into_iter(), Clone::clone, value)
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

/// The KMS key of a vault.
pub fn key_arn(vault: &VaultName) -> String {
    let id = hash::uuid(hash::text(vault.account), &[hash::text(vault.region), hash::text(vault.name)]);
    format!("arn:aws:kms:{}:{}:key/{id}", vault.region, vault.account)
}

pub fn create(world: &mut World, call: &Call) -> Answer {
    let name = VaultName::of(call)?;
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
    if names(world, call).len() >= VAULT_LIMIT {
        return Err(AwsError::new(
            "LimitExceededException",
            "The number of backup vaults reached its quota.",
        )
        .with("Code", "ERROR_2701"));
    }
    tags::give(world, call, "BackupVaultTags", &name.arn())?;
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
    let name = VaultName::of(call)?;
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
    let name = VaultName::of(call)?;
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
    let name = VaultName::of(call)?;
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
    let name = VaultName::of(call)?;
    let mut vault = get(world, &name, call.now)?;
    vault.access_policy = call.text("Policy").map(str::to_owned);
    world.backups.vaults.insert(name.key(), vault);
    Ok(Value::Null)
}

pub fn get_access_policy(world: &World, call: &Call) -> Answer {
    let name = VaultName::of(call)?;
    let policy = get(world, &name, call.now)?.access_policy;
    let missing = || AwsError::not_found("The backup vault has no access policy.");
    let policy = policy.ok_or_else(missing)?;
    Ok(json!({"BackupVaultName": name.name, "BackupVaultArn": name.arn(), "Policy": policy}))
}

impl Backups {
    /// The lock of a vault as jobs show it.
    pub fn lock_state(&self, vault: &VaultName, now: OffsetDateTime) -> &'static str {
        let lock = self.vaults.get(&vault.key()).and_then(|vault| vault.lock);
        match lock.map(|lock| lock.final_at) {
            None => "UNLOCKED",
            Some(Some(at)) if at <= now => "LOCKED_COMPLIANCE",
            Some(_) => "LOCKED_GOVERNANCE",
        }
    }
}

/// The vault that a resource's recovery points of a given vault name are in.
pub fn of_resource<'a>(account: &'a str, resource: &Resource, name: &'a str) -> VaultName<'a> {
    VaultName { account, region: resource.region_name(), name }
}
