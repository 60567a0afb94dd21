//! Backup vaults and their names.

use super::resource::Resource;
use crate::hash;
use crate::world::timeline::Timeline;
use time::{Duration, OffsetDateTime};

/// Fewest days between setting a lock in compliance mode and its taking effect.
pub const COOLING_OFF_DAYS: i64 = 3;

/// A vault by its coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaultName<'a> {
    pub account: &'a str,
    pub region: &'a str,
    pub name: &'a str,
}

#[derive(Debug, Clone, Default)]
pub struct Vault {
    pub exists: Timeline<bool>,
    pub created_at: Option<OffsetDateTime>,
    pub creator_request: Option<String>,
    pub key: Option<String>,
    pub lock: Option<Lock>,
    pub access_policy: Option<String>,
}

#[derive(Debug, Clone, Copy)]
pub struct Lock {
    pub least: Option<i64>,
    pub most: Option<i64>,
    /// When it can no longer be removed: compliance mode.
    pub final_at: Option<OffsetDateTime>,
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
}

/// The KMS key of a vault.
pub fn key_arn(vault: &VaultName) -> String {
    let id = hash::uuid(hash::text(vault.account), &[hash::text(vault.region), hash::text(vault.name)]);
    format!("arn:aws:kms:{}:{}:key/{id}", vault.region, vault.account)
}

/// The vault that a resource's recovery points of a given vault name are in.
pub fn of_resource<'a>(account: &'a str, resource: &Resource, name: &'a str) -> VaultName<'a> {
    VaultName { account, region: resource.region_name(), name }
}
