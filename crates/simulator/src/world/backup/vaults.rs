//! Which vaults there are: some belong to the seed, others are made by calls.

use super::resource::REGIONS;
use super::vault::{Vault, VaultName};
use crate::hash;
use crate::world::state::World;
use crate::world::timeline::Timeline;
use time::{Duration, OffsetDateTime};

/// In 1,000 seeded vaults, how many somebody forgot to make.
const FORGOTTEN: u64 = 15;
/// Vaults of the seed: name, and the Regions where every account has it.
const SEEDED: &[(&str, &[&str])] = &[
    ("Default", &REGIONS),
    ("standard", &REGIONS),
    ("critical", &REGIONS),
    ("critical-copy", &["eu-central-1"]),
];

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

/// The vault as it is at an instant, seeded or made.
pub fn get(world: &World, name: &VaultName, now: OffsetDateTime) -> Option<Vault> {
    if !exists(world, name, now) {
        return None;
    }
    let seeded = || Vault {
        exists: Timeline::starting(OffsetDateTime::UNIX_EPOCH, true),
        created_at: Some(world.start - Duration::days(390)),
        ..Vault::default()
    };
    Some(world.backups.vaults.get(&name.key()).cloned().unwrap_or_else(seeded))
}

/// The names of all vaults of an account in a Region, in order.
pub fn names(world: &World, account: &str, region: &str, now: OffsetDateTime) -> Vec<String> {
    let seeded = SEEDED.iter().map(|(name, _)| (*name).to_owned());
    let made = world.backups.vaults.keys();
    let made = made.filter(|(owner, place, _)| *owner == account && *place == region);
    let mut names: Vec<String> = seeded.chain(made.map(|(_, _, name)| name.clone())).collect();
    names.sort();
    names.dedup();
    names.retain(|name| exists(world, &VaultName { account, region, name }, now));
    names
}
