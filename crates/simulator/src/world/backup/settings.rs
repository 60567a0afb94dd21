//! What the settings of AWS Backup can say.

use crate::world::timeline::Timeline;
use std::collections::BTreeMap;

/// Whether delegated administrators may be given the management of backups.
pub const DELEGATION: &str = "isDelegatedAdministratorEnabled";

/// Keys of the global settings.
pub const GLOBAL_KEYS: &[&str] = &["isCrossAccountBackupEnabled", DELEGATION, "isMpaEnabled"];

/// Resource types of AWS Backup with whether new accounts have opted in to them.
pub const RESOURCE_TYPES: &[(&str, bool)] = &[
    ("Aurora", true),
    ("CloudFormation", true),
    ("DocumentDB", true),
    ("DynamoDB", true),
    ("EBS", true),
    ("EC2", true),
    ("EFS", true),
    ("EKS", true),
    ("FSx", true),
    ("Neptune", false),
    ("RDS", true),
    ("Redshift", false),
    ("S3", true),
    ("SAP HANA on Amazon EC2", true),
    ("Storage Gateway", true),
    ("Timestream", false),
    ("VirtualMachine", false),
];

/// Types with full management by AWS Backup as a choice.
pub const MANAGED_TYPES: &[&str] = &["DynamoDB", "EFS"];

/// Choices of one account in one Region that differ from the default.
#[derive(Debug, Clone, Default)]
pub struct RegionSettings {
    pub opt_in: BTreeMap<String, Timeline<bool>>,
    pub management: BTreeMap<String, Timeline<bool>>,
}
