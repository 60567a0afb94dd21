//! AWS Backup's settings of each Region: which resource types are backed up, and which it manages in full.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Types that are never backed up without opt-in, even where a selection names a resource by its ARN.
const ALWAYS_NEED_OPT_IN: [&str; 3] = ["Aurora", "DocumentDB", "Neptune"];

/// Which of a resource type's two switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionSwitch {
    /// Whether the type is backed up at all.
    OptIn,
    /// Whether AWS Backup manages its backups in full.
    FullManagement,
}

impl RegionSwitch {
    pub const ALL: [Self; 2] = [Self::OptIn, Self::FullManagement];

    /// As sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OptIn => "opt_in",
            Self::FullManagement => "full_management",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::OptIn => "Opt-in",
            Self::FullManagement => "Full management",
        }
    }

    /// From its name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// The name of a Region's setting among what is changed and compared, as `opt_in/eu-west-1/S3`.
    #[must_use]
    pub fn setting_name(self, region: &str, kind: &str) -> String {
        format!("{}/{region}/{kind}", self.name())
    }

    /// The same in words.
    #[must_use]
    pub fn setting_title(self, region: &str, kind: &str) -> String {
        format!("{} of {kind} in {region}", self.title())
    }

    /// AWS's member of the settings that it is in, as the AWS CLI spells it.
    const fn option(self) -> &'static str {
        match self {
            Self::OptIn => "resource-type-opt-in-preference",
            Self::FullManagement => "resource-type-management-preference",
        }
    }

    /// The AWS CLI's command that turns it.
    #[must_use]
    pub fn command(self, region: &str, kind: &str, on: bool) -> String {
        format!(
            "aws backup update-region-settings --region {region} --{} '{{\"{kind}\":{on}}}'",
            self.option()
        )
    }

    /// What turning it changes.
    #[must_use]
    pub fn consequence(self, region: &str, kind: &str, on: bool) -> String {
        match (self, on) {
            (Self::OptIn, true) => format!(
                "Resources of type {kind} in {region} that backup policies select by tag are backed up from their next run on, in every account. For plans of backup policies, this setting of the management account decides."
            ),
            (Self::OptIn, false) if ALWAYS_NEED_OPT_IN.contains(&kind) => format!(
                "No plan of a backup policy backs up {kind} in {region} any more, in any account, not even what a selection names by its ARN. Recovery points are kept."
            ),
            (Self::OptIn, false) => format!(
                "Resources of type {kind} in {region} that backup policies select by tag are no longer backed up, in any account. What a selection names by its ARN still is. Recovery points are kept."
            ),
            (Self::FullManagement, true) => format!(
                "New backups of {kind} in {region} belong to AWS Backup alone: encrypted with the vault's key, with ARNs of their own, and able to be copied to other accounts and Regions and to move to cold storage. Backups made before stay as they are."
            ),
            (Self::FullManagement, false) => format!(
                "New backups of {kind} in {region} are made by the service itself: without the vault's key, cold storage, and copies to other accounts and Regions. Copy actions and cold storage of backup policies fail for them."
            ),
        }
    }
}

/// A resource type in a Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeSettings {
    /// AWS's name, as `SAP HANA on Amazon EC2`.
    pub kind: String,
    pub opted_in: bool,
    /// `None` where it cannot be chosen.
    pub full_management: Option<bool>,
}

/// How a Region's settings stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionState {
    Known {
        /// By name.
        types: Vec<TypeSettings>,
    },
    NotAvailable,
    Unknown {
        reason: String,
    },
}

/// A Region's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionSettings {
    pub region: String,
    pub state: RegionState,
    /// Backup policies that name the Region.
    pub policies: u64,
}

impl RegionSettings {
    /// A resource type here.
    #[must_use]
    pub fn of(&self, kind: &str) -> Option<&TypeSettings> {
        let RegionState::Known { types } = &self.state else { return None };
        types.iter().find(|t| t.kind == kind)
    }
}

/// The settings of all Regions: those configured, and those that policies name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllRegionSettings {
    pub regions: Vec<RegionSettings>,
    #[serde(with = "time::serde::rfc3339")]
    pub checked_at: OffsetDateTime,
}

impl AllRegionSettings {
    /// Every resource type that some Region knows, by name.
    #[must_use]
    pub fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self
            .regions
            .iter()
            .filter_map(|r| if let RegionState::Known { types } = &r.state { Some(types) } else { None })
            .flatten()
            .map(|t| t.kind.clone())
            .collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_always_needs_opt_in_says_so() {
        let words = |kind| RegionSwitch::OptIn.consequence("eu-west-1", kind, false);
        assert!(words("Aurora").contains("not even what a selection names by its ARN"));
        assert!(words("EBS").contains("names by its ARN still is"));
    }

    #[test]
    fn a_command_turns_one_type_in_one_region() {
        let command = RegionSwitch::OptIn.command("eu-west-1", "SAP HANA on Amazon EC2", true);
        assert!(
            command.ends_with(r#"--resource-type-opt-in-preference '{"SAP HANA on Amazon EC2":true}'"#),
            "{command}"
        );
        for switch in RegionSwitch::ALL {
            assert_eq!(RegionSwitch::from_name(switch.name()), Some(switch));
        }
    }
}
