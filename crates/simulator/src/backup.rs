//! AWS Backup: the table of its operations, and what each does.

mod settings;

pub use settings::GLOBAL_KEYS;

use crate::operation::{Operation, may};
use crate::rule::Rule;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Every operation of AWS Backup that the simulator knows.
pub const OPERATIONS: &[Operation] = &[
    Operation::get("DescribeGlobalSettings", "/global-settings", settings::describe_global),
    Operation::send("UpdateGlobalSettings", "PUT", "/global-settings", settings::update_global)
        .input(&[may("GlobalSettings", Rule::Object)]),
    Operation::get("DescribeRegionSettings", "/account-settings", settings::describe_region),
    Operation::send("UpdateRegionSettings", "PUT", "/account-settings", settings::update_region).input(&[
        may("ResourceTypeOptInPreference", Rule::Object),
        may("ResourceTypeManagementPreference", Rule::Object),
    ]),
    Operation::get("GetSupportedResourceTypes", "/supported-resource-types", settings::supported_types),
];

/// What AWS Backup keeps beside the jobs, which are computed.
#[derive(Debug)]
pub struct Backups {
    pub visibility: Visibility,
    /// Switches of the organization, by key.
    pub global: BTreeMap<String, bool>,
    pub global_changed_at: OffsetDateTime,
    /// Opt-in per account and Region where it differs from the default.
    pub regions: BTreeMap<(String, String), settings::RegionSettings>,
}

/// Whose jobs the management account and delegated administrators see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Trusted access is off: their own.
    Own,
    /// Those of all accounts, as far as they were created after trusted access was turned on.
    Since(OffsetDateTime),
}
