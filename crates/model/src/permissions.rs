//! What the portal's own IAM policy allows, as far as that can be known without changing anything.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::failure::DeniedBy;

/// Something that Holdfast does in AWS, and that one statement of its IAM policy allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    ReadOrganization,
    ReadPolicies,
    ReadEffectivePolicies,
    ReadJobs,
    ReadSettings,
    WritePolicies,
    AttachPolicies,
    SwitchPolicyType,
    AllFeatures,
    AllFeaturesRequest,
    TrustedAccess,
    DelegatedAdministrators,
    BackupSettings,
    ServiceLinkedRole,
}

/// What a feature is called and what is missing without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeatureText {
    pub feature: Feature,
    /// The statement's id in the IAM policy.
    pub sid: &'static str,
    pub title: &'static str,
    /// What does not work where it is denied.
    pub without: &'static str,
}

impl Feature {
    /// All features: those that read first, then those that change something.
    pub const TABLE: [FeatureText; 14] = [
        FeatureText {
            feature: Self::ReadOrganization,
            sid: "ReadOrganization",
            title: "Read the organization",
            without: "Nothing can be shown: accounts and OUs are unknown.",
        },
        FeatureText {
            feature: Self::ReadPolicies,
            sid: "ReadPolicies",
            title: "Read backup policies",
            without: "Policies and where they are attached are unknown.",
        },
        FeatureText {
            feature: Self::ReadEffectivePolicies,
            sid: "ReadEffectivePolicies",
            title: "Read effective policies",
            without: "AWS's own answer cannot be shown beside ours, and invalid effective policies stay unnoticed.",
        },
        FeatureText {
            feature: Self::ReadJobs,
            sid: "ReadJobs",
            title: "Monitor jobs",
            without: "Backup, copy and restore jobs of the Region are not read.",
        },
        FeatureText {
            feature: Self::ReadSettings,
            sid: "ReadSettings",
            title: "Read settings",
            without: "How the organization's switches stand is unknown.",
        },
        FeatureText {
            feature: Self::WritePolicies,
            sid: "WritePolicies",
            title: "Create, edit and delete policies",
            without: "Policies can only be read.",
        },
        FeatureText {
            feature: Self::AttachPolicies,
            sid: "AttachPolicies",
            title: "Attach and detach policies",
            without: "Where policies apply can only be read.",
        },
        FeatureText {
            feature: Self::SwitchPolicyType,
            sid: "SwitchPolicyType",
            title: "Turn the backup policy type on and off",
            without: "The switch has to be turned in AWS.",
        },
        FeatureText {
            feature: Self::AllFeatures,
            sid: "AllFeatures",
            title: "Ask for all features",
            without: "Enabling all features has to begin in AWS.",
        },
        FeatureText {
            feature: Self::AllFeaturesRequest,
            sid: "AllFeaturesRequest",
            title: "Finalize or cancel the request for all features",
            without: "The request has to be finalized or cancelled in AWS.",
        },
        FeatureText {
            feature: Self::TrustedAccess,
            sid: "TrustedAccess",
            title: "Turn trusted access on and off",
            without: "The switch has to be turned in AWS.",
        },
        FeatureText {
            feature: Self::DelegatedAdministrators,
            sid: "DelegatedAdministrators",
            title: "Register and remove delegated administrators",
            without: "They have to be registered in AWS.",
        },
        FeatureText {
            feature: Self::BackupSettings,
            sid: "BackupSettings",
            title: "Change AWS Backup's settings",
            without: "The switches have to be turned in AWS.",
        },
        FeatureText {
            feature: Self::ServiceLinkedRole,
            sid: "ServiceLinkedRole",
            title: "Create the service-linked role of AWS Backup",
            without: "The role has to be created in AWS, and switches that need it are refused until then.",
        },
    ];

    /// The feature's row in the table.
    #[must_use]
    pub fn text(self) -> &'static FeatureText {
        &Self::ALL[self as usize]
    }

    const ALL: &'static [FeatureText; 14] = &Self::TABLE;
}

/// How it stands with a feature or an action. None of the others is a denial.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermissionState {
    /// AWS answered everything that was asked.
    Allowed,
    /// AWS denies at least one action.
    Denied,
    /// The endpoint or Region does not offer what was asked for; what it said.
    NotAvailable { reason: String },
    /// It was asked for, and no answer came that tells; why, in words.
    Failed { reason: String },
    /// Nobody asked, or what was asked tells nothing; why, in words.
    NotChecked { reason: String },
}

impl PermissionState {
    /// As people read it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Allowed => "Allowed",
            Self::Denied => "Denied",
            Self::NotAvailable { .. } => "Not available",
            Self::Failed { .. } => "Failed",
            Self::NotChecked { .. } => "Not checked",
        }
    }

    /// Why it is neither allowed nor denied.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Allowed | Self::Denied => None,
            Self::NotAvailable { reason } | Self::Failed { reason } | Self::NotChecked { reason } => {
                Some(reason)
            }
        }
    }
}

/// A row of the list of permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeaturePermission {
    pub feature: Feature,
    pub state: PermissionState,
    /// IAM actions that AWS denies, with the Region where it does so in one only.
    pub missing: Vec<MissingAction>,
    /// Actions for which the Regions do not all answer the same.
    pub by_region: Vec<RegionalAnswers>,
}

/// Actions that are answered in one way in some Regions, and in another in others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionalAnswers {
    /// As `backup:ListCopyJobs`.
    pub actions: Vec<String>,
    /// Each answer with the Regions that give it; at least two.
    pub answers: Vec<(PermissionState, Vec<String>)>,
}

impl RegionalAnswers {
    /// “allowed in eu-central-1 and us-east-1, failed in eu-west-1”, without reasons.
    #[must_use]
    pub fn words(&self) -> String {
        let answer = |(state, regions): &(PermissionState, Vec<String>)| {
            format!("{} in {}", state.word().to_lowercase(), regions.join(", "))
        };
        self.answers.iter().map(answer).collect::<Vec<_>>().join("; ")
    }
}

/// An IAM action that AWS denies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingAction {
    /// As `backup:ListCopyJobs`.
    pub action: String,
    /// `None` for what has no Region.
    pub region: Option<String>,
    pub by: DeniedBy,
    /// AWS's own sentence; empty where it gave none.
    pub said: String,
}

/// The list of permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permissions {
    pub rows: Vec<FeaturePermission>,
    /// The IAM policy that allows everything Holdfast does, as JSON.
    pub policy: String,
    /// Of that, the statements for features that no identity-based policy allows; `None` where there is none such.
    pub to_add: Option<String>,
    /// Why nothing could be checked; `None` where anything was.
    pub problem: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    pub checked_at: OffsetDateTime,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_finds_its_own_row() {
        for row in Feature::TABLE {
            assert_eq!(row.feature.text(), &row);
        }
    }
}
