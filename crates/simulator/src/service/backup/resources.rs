//! Protected resources: what has been backed up lately.

use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::history;
use crate::world::backup::job::Job;
use crate::world::backup::job::id::JobKind;
use crate::world::backup::resource::region_number;
use crate::world::backup::vault::{VaultName, of_resource};
use crate::world::backup::vaults;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use time::Duration;

/// How many days without a backup end the protection, as far as the simulator looks.
const REACH: i64 = 31;

/// The newest successful backup of each resource of the caller's account in its Region, by ARN.
fn protected<'w>(world: &'w World, call: &Call) -> BTreeMap<String, Job<'w>> {
    let mut found: BTreeMap<String, Job> = BTreeMap::new();
    let account = world.accounts.get(&call.account);
    let Some((account, region)) = account.zip(region_number(&call.region)) else { return found };
    for day in (0..=REACH).filter_map(|back| call.now.date().checked_sub(Duration::days(back))) {
        for job in history::jobs_on(world, JobKind::Backup, account, region, day) {
            if job.has_recovery_point(call.now) {
                let known = found.entry(job.resource.arn(&account.id)).or_insert_with(|| job.clone());
                if known.created < job.created {
                    *known = job;
                }
            }
        }
    }
    found
}

pub fn list(world: &World, call: &Call) -> Answer {
    let resources = protected(world, call).into_iter();
    listing::page(
        world,
        call,
        "Results",
        resources,
        |(arn, _)| arn.clone(),
        |(arn, job)| value(&arn, &job, call),
    )
}

/// Those whose newest backup is in a vault of the caller.
pub fn list_by_vault(world: &World, call: &Call) -> Answer {
    let name = call.need("BackupVaultName")?;
    let account = call.text("BackupVaultAccountId").unwrap_or(&call.account);
    let vault = VaultName { account, region: &call.region, name };
    if account != call.account || !vaults::exists(world, &vault, call.now) {
        return Err(AwsError::not_found(format!("Backup vault {name} does not exist.")));
    }
    let resources = protected(world, call).into_iter().filter(|(_, job)| job.vault() == name);
    listing::page(
        world,
        call,
        "Results",
        resources,
        |(arn, _)| arn.clone(),
        |(arn, job)| value(&arn, &job, call),
    )
}

pub fn describe(world: &World, call: &Call) -> Answer {
    let arn = call.need("ResourceArn")?;
    let resources = protected(world, call);
    let job = resources.get(arn);
    let job = job.ok_or_else(|| AwsError::not_found(format!("Cannot find protected resource {arn}.")))?;
    Ok(value(arn, job, call))
}

fn value(arn: &str, job: &Job, call: &Call) -> Value {
    let vault = of_resource(&call.account, &job.resource, job.vault());
    json!({
        "ResourceArn": arn,
        "ResourceType": job.resource.kind.name,
        "ResourceName": job.resource.name(),
        "LastBackupTime": epoch(job.completed(call.now).unwrap_or(job.created)),
        "LastBackupVaultArn": vault.arn(),
        "LastRecoveryPointArn": job.recovery_point(),
    })
}
