//! The kinds of steps: what was asked for, and, once AWS was looked at, what was found there.

use serde::{Deserialize, Serialize};

use super::Named;
use crate::{
    AccountId, PolicyId, TargetId,
    access::Action,
    audit::AuditAction,
    organization::{NodeRef, PolicyRecord, PolicyRef},
    policies::PolicyDraft,
    settings::{Setting, features, opt_in::RegionSwitch},
};

/// Creates a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatePolicy {
    pub draft: PolicyDraft,
    /// As AWS made it.
    pub made: Option<PolicyRecord>,
}

/// Writes a policy's name, description and text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditPolicy {
    pub policy: PolicyRef,
    /// Fingerprint of the policy as the editor opened it.
    pub opened: String,
    pub draft: PolicyDraft,
    /// As it was in AWS just before.
    pub before: Option<PolicyRecord>,
    /// As AWS has it since, where it was read again.
    pub after: Option<PolicyRecord>,
}

/// Deletes a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletePolicy {
    pub policy: PolicyRef,
    /// As it was in AWS just before.
    pub before: Option<PolicyRecord>,
}

/// Attaches a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachPolicy {
    pub policy: PolicyRef,
    pub target: NodeRef,
    /// Export of attachments that it puts back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub export: Option<i64>,
}

/// Detaches a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetachPolicy {
    pub policy: PolicyRef,
    pub target: NodeRef,
}

/// Turns a setting of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnSetting {
    pub setting: Setting,
    pub on: bool,
    /// Names the list of attachments that was confirmed to be lost; empty where none are.
    pub shown: String,
    /// Where those were written down before.
    pub export: Option<i64>,
    /// How many they were.
    pub lost: u64,
    /// The root that the policy type is turned at.
    pub root: Option<TargetId>,
}

/// Turns a setting of one resource type in one Region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnRegionSetting {
    pub region: String,
    pub resource_type: String,
    pub switch: RegionSwitch,
    pub on: bool,
}

/// Makes an account a delegated administrator of AWS Backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterAdministrator {
    pub account: AccountId,
    pub name: String,
}

/// Takes that from an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoveAdministrator {
    pub account: AccountId,
    pub name: String,
}

/// Puts the organization's resource policy, or deletes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutResourcePolicy {
    /// As it was shown; empty for none.
    pub current: String,
    /// As it is to be; empty for none.
    pub proposed: String,
    /// The accounts that our statements name.
    pub accounts: Vec<AccountId>,
}

/// Takes a step on the way to all features.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeFeaturesStep {
    pub step: features::Step,
    /// The request that is finalized or cancelled; of one that is begun, the one that AWS made.
    pub request: String,
    /// Requests that there were before one is begun.
    #[serde(default)]
    pub known: Vec<String>,
}

impl TurnSetting {
    /// Whether all attachments are lost by it.
    #[must_use]
    pub fn turns_policy_type_off(&self) -> bool {
        self.setting == Setting::PolicyType && !self.on
    }
}

impl TurnRegionSetting {
    /// The setting among what is changed and compared, as `opt_in/eu-west-1/S3`.
    #[must_use]
    pub fn setting_name(&self) -> String {
        self.switch.setting_name(&self.region, &self.resource_type)
    }
}

impl PutResourcePolicy {
    /// The text to put; `None` where there is to be none.
    #[must_use]
    pub fn wanted(&self) -> Option<&str> {
        Some(self.proposed.as_str()).filter(|text| !text.is_empty())
    }
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StepKind {
    CreatePolicy(CreatePolicy),
    EditPolicy(Box<EditPolicy>),
    DeletePolicy(DeletePolicy),
    AttachPolicy(AttachPolicy),
    DetachPolicy(DetachPolicy),
    TurnSetting(TurnSetting),
    TurnRegionSetting(TurnRegionSetting),
    RegisterAdministrator(RegisterAdministrator),
    RemoveAdministrator(RemoveAdministrator),
    PutResourcePolicy(PutResourcePolicy),
    TakeFeaturesStep(TakeFeaturesStep),
}

/// The name of the resource policy among what is changed and compared.
pub const RESOURCE_POLICY: &str = "resource_policy";
/// The same in words.
pub const RESOURCE_POLICY_NAME: &str = "Resource policy of the organization";

impl StepKind {
    /// What somebody must be allowed who asks for it.
    #[must_use]
    pub const fn needs(&self) -> Action {
        match self {
            Self::CreatePolicy(_) | Self::EditPolicy(_) => Action::WritePolicy,
            Self::DeletePolicy(_) => Action::DeletePolicy,
            Self::AttachPolicy(_) | Self::DetachPolicy(_) => Action::AttachPolicy,
            Self::TurnSetting(_)
            | Self::TurnRegionSetting(_)
            | Self::RegisterAdministrator(_)
            | Self::RemoveAdministrator(_)
            | Self::PutResourcePolicy(_)
            | Self::TakeFeaturesStep(_) => Action::ChangeSettings,
        }
    }

    /// What it is called in the audit list.
    #[must_use]
    pub const fn action(&self) -> AuditAction {
        match self {
            Self::CreatePolicy(_) => AuditAction::PolicyCreated,
            Self::EditPolicy(_) => AuditAction::PolicyEdited,
            Self::DeletePolicy(_) => AuditAction::PolicyDeleted,
            Self::AttachPolicy(_) => AuditAction::PolicyAttached,
            Self::DetachPolicy(_) => AuditAction::PolicyDetached,
            Self::TurnSetting(TurnSetting { on: true, .. })
            | Self::TurnRegionSetting(TurnRegionSetting { on: true, .. }) => AuditAction::SettingTurnedOn,
            Self::TurnSetting(_) | Self::TurnRegionSetting(_) => AuditAction::SettingTurnedOff,
            Self::RegisterAdministrator(_) => AuditAction::AdministratorRegistered,
            Self::RemoveAdministrator(_) => AuditAction::AdministratorRemoved,
            Self::PutResourcePolicy(_) => AuditAction::ResourcePolicyPut,
            Self::TakeFeaturesStep(TakeFeaturesStep { step, .. }) => match step {
                features::Step::Begin => AuditAction::AllFeaturesRequested,
                features::Step::Finalize => AuditAction::AllFeaturesFinalized,
                features::Step::Cancel => AuditAction::AllFeaturesCanceled,
            },
        }
    }

    /// What it is done to, as far as that is known.
    #[must_use]
    pub fn subject(&self) -> Named {
        let policy = |policy: &PolicyRef| Named::new(&policy.id, &policy.name);
        match self {
            Self::CreatePolicy(CreatePolicy { draft, made }) => {
                let id = made.as_ref().map(|made| made.id.to_string()).unwrap_or_default();
                Named { id, name: draft.name.clone() }
            }
            Self::EditPolicy(edit) => Named::new(&edit.policy.id, &edit.draft.name),
            Self::DeletePolicy(delete) => policy(&delete.policy),
            Self::AttachPolicy(AttachPolicy { policy: p, .. })
            | Self::DetachPolicy(DetachPolicy { policy: p, .. }) => policy(p),
            Self::TurnSetting(turn) => Named::new(turn.setting.text().name, turn.setting.text().title),
            Self::TurnRegionSetting(turn) => Named::new(
                turn.switch.setting_name(&turn.region, &turn.resource_type),
                turn.switch.setting_title(&turn.region, &turn.resource_type),
            ),
            Self::RegisterAdministrator(RegisterAdministrator { account, name })
            | Self::RemoveAdministrator(RemoveAdministrator { account, name }) => Named::new(account, name),
            Self::PutResourcePolicy(_) => Named::new(RESOURCE_POLICY, RESOURCE_POLICY_NAME),
            Self::TakeFeaturesStep(_) => {
                let text = Setting::AllFeatures.text();
                Named::new(text.name, text.title)
            }
        }
    }

    /// Where a policy is attached or detached.
    #[must_use]
    pub fn target(&self) -> Option<Named> {
        let (Self::AttachPolicy(AttachPolicy { target, .. })
        | Self::DetachPolicy(DetachPolicy { target, .. })) = self
        else {
            return None;
        };
        Some(Named::new(&target.id, &target.name))
    }

    /// The policy that it makes, once AWS has made it.
    #[must_use]
    pub fn made(&self) -> Option<&PolicyId> {
        let Self::CreatePolicy(CreatePolicy { made, .. }) = self else { return None };
        made.as_ref().map(|made| &made.id)
    }
}
