//! What AWS Backup has: settings, vaults, jobs that calls started; and what is computed from it, plans and jobs.

pub mod audit;
pub mod course;
pub mod deployment;
pub mod estate;
pub mod history;
pub mod job;
pub mod plan;
pub mod points;
pub mod resource;
pub mod settings;
pub mod started;
pub mod vault;
pub mod vaults;

use super::timeline::Timeline;
use audit::{Frameworks, ReportPlans};
use settings::{GLOBAL_KEYS, RESOURCE_TYPES, RegionSettings};
use started::Started;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use vault::{Vault, VaultName};

/// What AWS Backup keeps beside the jobs, which are computed.
#[derive(Debug)]
pub struct Backups {
    pub visibility: Visibility,
    /// Switches of the organization, by key.
    pub global: BTreeMap<String, Timeline<bool>>,
    pub global_changed_at: OffsetDateTime,
    /// Opt-in per account and Region where it differs from the default.
    pub regions: BTreeMap<(String, String), RegionSettings>,
    /// Vaults that calls made, changed or deleted, by account, Region and name.
    pub vaults: BTreeMap<(String, String, String), Vault>,
    /// Tags of plans and vaults where calls changed them, by ARN.
    pub tags: BTreeMap<String, BTreeMap<String, String>>,
    pub report_plans: ReportPlans,
    pub frameworks: Frameworks,
    /// Jobs that calls started, in order.
    pub started: Vec<Started>,
    /// Backup jobs that somebody stopped, and when.
    pub stopped: BTreeMap<u128, OffsetDateTime>,
}

/// Whose jobs the management account and delegated administrators see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Trusted access is off: their own.
    Own,
    /// Those of all accounts, as far as they were created after trusted access was turned on.
    Since(OffsetDateTime),
}

impl Backups {
    pub fn new(settled: OffsetDateTime) -> Self {
        let switch = |key: &&str| ((*key).to_owned(), Timeline::starting(settled, *key != "isMpaEnabled"));
        Self {
            visibility: Visibility::Since(settled),
            global: GLOBAL_KEYS.iter().map(switch).collect(),
            global_changed_at: settled,
            regions: BTreeMap::new(),
            vaults: BTreeMap::new(),
            tags: BTreeMap::new(),
            report_plans: BTreeMap::new(),
            frameworks: BTreeMap::new(),
            started: Vec::new(),
            stopped: BTreeMap::new(),
        }
    }

    /// How a switch of the organization stood at an instant.
    pub fn switch_at(&self, key: &str, at: OffsetDateTime) -> bool {
        self.global.get(key).and_then(|switch| switch.at(at)).is_some_and(|(_, on)| *on)
    }

    /// Whether an account had opted in to a resource type in a Region.
    pub fn opted_in(&self, account: &str, region: &str, kind: &str, at: OffsetDateTime) -> bool {
        // Nearly always nobody chose anything, and every resource of every job asks.
        let chosen = (!self.regions.is_empty()).then(|| (account.to_owned(), region.to_owned()));
        let chosen = chosen.and_then(|key| self.regions.get(&key));
        let choice = chosen.and_then(|chosen| chosen.opt_in.get(kind)).and_then(|choice| choice.at(at));
        let default = || RESOURCE_TYPES.iter().any(|(known, on)| *known == kind && *on);
        choice.map_or_else(default, |(_, on)| *on)
    }

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
