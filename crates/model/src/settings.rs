//! What AWS needs before backup policies and cross-account monitoring work.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A switch or condition of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The organization has all features (not only consolidated billing). Shown, not switched.
    AllFeatures,
    /// Trusted access for `backup.amazonaws.com`: cross-account monitoring.
    TrustedAccess,
    /// The policy type BACKUP_POLICY on the root.
    PolicyType,
    /// Copies to vaults of other accounts of the organization.
    CrossAccountBackup,
}

/// What a switch is called and what turning it does, in our words: read by the page and the confirmation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SettingText {
    pub setting: Setting,
    /// As stored and sent.
    pub name: &'static str,
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What turning it on changes.
    pub on: &'static str,
    /// What turning it off changes or destroys.
    pub off: &'static str,
    /// Turning it off breaks other things, so it asks for typed confirmation.
    pub typed_confirmation: bool,
    /// Can be switched from here at all.
    pub switchable: bool,
    /// The IAM actions that turning it on and off need.
    pub actions: [&'static str; 2],
}

impl Setting {
    /// All settings, in the order of the page.
    pub const TABLE: [SettingText; 4] = [
        SettingText {
            setting: Self::AllFeatures,
            name: "all_features",
            title: "All features enabled",
            why: "Backup policies need an organization with all features, not only consolidated billing.",
            on: "Every invited account is asked to agree. This cannot be undone.",
            off: "All features cannot be turned off.",
            typed_confirmation: false,
            switchable: false,
            actions: ["organizations:EnableAllFeatures", ""],
        },
        SettingText {
            setting: Self::TrustedAccess,
            name: "trusted_access",
            title: "Trusted access for AWS Backup",
            why: "Without it, only jobs of this account can be seen.",
            on: "AWS Backup may read the organization. Jobs created from now on in all accounts become visible here.",
            off: "Jobs of other accounts disappear from AWS's lists. Jobs already kept here stay. Delegated administrators must be removed first.",
            typed_confirmation: true,
            switchable: true,
            actions: ["organizations:EnableAWSServiceAccess", "organizations:DisableAWSServiceAccess"],
        },
        SettingText {
            setting: Self::PolicyType,
            name: "policy_type",
            title: "Backup policy type",
            why: "Backup policies can be attached and take effect only while their type is on for the root.",
            on: "Backup policies can be attached. None is attached by turning it on.",
            off: "AWS detaches every backup policy from every target at once, and the plans made by them disappear from all accounts: scheduled backups stop. Policies themselves and recovery points are kept. Turning it on again attaches nothing.",
            typed_confirmation: true,
            switchable: true,
            actions: ["organizations:EnablePolicyType", "organizations:DisablePolicyType"],
        },
        SettingText {
            setting: Self::CrossAccountBackup,
            name: "cross_account_backup",
            title: "Cross-account backup",
            why: "Copies to vaults of other accounts of the organization are allowed only while it is on.",
            on: "Copy actions may name vaults of other accounts of this organization.",
            off: "Copies to vaults of other accounts fail from now on. Copies already made stay.",
            typed_confirmation: false,
            switchable: true,
            actions: ["backup:UpdateGlobalSettings", "backup:UpdateGlobalSettings"],
        },
    ];

    /// The setting's row in the table.
    #[must_use]
    pub const fn text(self) -> &'static SettingText {
        const TABLE: [SettingText; 4] = Setting::TABLE;
        match self {
            Self::AllFeatures => &TABLE[0],
            Self::TrustedAccess => &TABLE[1],
            Self::PolicyType => &TABLE[2],
            Self::CrossAccountBackup => &TABLE[3],
        }
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|t| t.name == name).map(|t| t.setting)
    }
}

/// How a setting stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum SettingState {
    On {
        /// Since when, where AWS says so.
        #[serde(with = "time::serde::rfc3339::option")]
        since: Option<OffsetDateTime>,
    },
    Off,
    /// AWS is changing it now.
    Changing,
    /// The endpoint does not offer the operation.
    NotAvailable,
    /// Asking failed; why, in words with a next step.
    Unknown {
        reason: String,
    },
}

/// A row of the settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingStatus {
    pub setting: Setting,
    pub state: SettingState,
    /// A fact that helps (“6 policies, 14 attachments”); empty where there is none.
    pub detail: String,
}

/// The settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub rows: Vec<SettingStatus>,
    /// When AWS was asked: settings are always live.
    #[serde(with = "time::serde::rfc3339")]
    pub checked_at: OffsetDateTime,
    /// The account that Holdfast speaks as, where known.
    pub account: Option<String>,
    /// What turning off the policy type would detach, as `target id` and policy: shown before, so that it can be put back.
    pub attachments: Vec<(crate::organization::NodeRef, crate::organization::PolicyRef)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_finds_its_own_row() {
        for row in Setting::TABLE {
            assert_eq!(row.setting.text().setting, row.setting);
            assert_eq!(Setting::from_name(row.name), Some(row.setting));
        }
    }
}
