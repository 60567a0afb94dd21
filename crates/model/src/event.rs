//! What changed in AWS outside Holdfast.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Every kind of change that is told apart. Closed: a new one is a new row here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    PolicyCreated,
    PolicyEdited,
    PolicyRenamed,
    PolicyDescribed,
    PolicyDeleted,
    PolicyAttached,
    PolicyDetached,
    SwitchTurned,
    RegionSettingTurned,
    AdministratorRegistered,
    AdministratorRemoved,
    ResourcePolicyChanged,
    AccountAdded,
    AccountRemoved,
    AccountMoved,
    AccountRenamed,
    AccountState,
    OuAdded,
    OuRemoved,
    OuMoved,
    OuRenamed,
}

impl EventKind {
    /// Every kind with the name under which it is stored and the words people read.
    pub const TABLE: [(Self, &'static str, &'static str); 21] = [
        (Self::PolicyCreated, "policy_created", "Policy created"),
        (Self::PolicyEdited, "policy_edited", "Policy edited"),
        (Self::PolicyRenamed, "policy_renamed", "Policy renamed"),
        (Self::PolicyDescribed, "policy_described", "Policy description changed"),
        (Self::PolicyDeleted, "policy_deleted", "Policy deleted"),
        (Self::PolicyAttached, "policy_attached", "Policy attached"),
        (Self::PolicyDetached, "policy_detached", "Policy detached"),
        (Self::SwitchTurned, "switch_turned", "Setting turned on or off"),
        (Self::RegionSettingTurned, "region_setting_turned", "Resource type turned in a Region"),
        (Self::AdministratorRegistered, "administrator_registered", "Delegated administrator registered"),
        (Self::AdministratorRemoved, "administrator_removed", "Delegated administrator removed"),
        (Self::ResourcePolicyChanged, "resource_policy_changed", "Resource policy changed"),
        (Self::AccountAdded, "account_added", "Account joined"),
        (Self::AccountRemoved, "account_removed", "Account left"),
        (Self::AccountMoved, "account_moved", "Account moved"),
        (Self::AccountRenamed, "account_renamed", "Account renamed"),
        (Self::AccountState, "account_state", "Account state changed"),
        (Self::OuAdded, "ou_added", "OU created"),
        (Self::OuRemoved, "ou_removed", "OU removed"),
        (Self::OuMoved, "ou_moved", "OU moved"),
        (Self::OuRenamed, "ou_renamed", "OU renamed"),
    ];

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(k, ..)| *k == self).map_or("", |(_, name, _)| name)
    }

    /// As people read it.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::TABLE.iter().find(|(k, ..)| *k == self).map_or("", |(.., words)| words)
    }

    /// The kind stored under a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, n, _)| *n == name).map(|(k, ..)| *k)
    }

    /// Whether it concerns everybody who reads, wherever in the organization: a policy itself, or what holds for all.
    #[must_use]
    pub const fn concerns_every_part(self) -> bool {
        matches!(
            self,
            Self::PolicyCreated
                | Self::PolicyEdited
                | Self::PolicyRenamed
                | Self::PolicyDescribed
                | Self::PolicyDeleted
                | Self::SwitchTurned
                | Self::RegionSettingTurned
        )
    }

    /// Whether before and after are the places that something was or is directly below.
    #[must_use]
    pub const fn is_of_place(self) -> bool {
        matches!(
            self,
            Self::AccountAdded
                | Self::AccountRemoved
                | Self::AccountMoved
                | Self::OuAdded
                | Self::OuRemoved
                | Self::OuMoved
        )
    }

    /// Whether before and after are texts of a policy, or of the resource policy.
    #[must_use]
    pub const fn is_of_text(self) -> bool {
        matches!(
            self,
            Self::PolicyCreated | Self::PolicyEdited | Self::PolicyDeleted | Self::ResourcePolicyChanged
        )
    }
}

/// A change that was found by comparing what AWS says with what it said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Grows with time; names the event.
    pub id: i64,
    /// It happened after this: then it was last seen as before.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// It happened before this: then it was seen.
    #[serde(with = "time::serde::rfc3339")]
    pub seen_at: OffsetDateTime,
    pub kind: EventKind,
    /// Id of the policy, account or OU, the switch's name as in [`Setting`](crate::settings::Setting), or a
    /// Region's setting as `opt_in/eu-west-1/S3`.
    pub subject: String,
    /// Its name, as it was last.
    pub subject_name: String,
    /// Where a policy was attached or detached, by id; empty elsewhere.
    pub target: String,
    /// The target's name.
    pub target_name: String,
    /// As it was: a policy's text, a name, a state in words, a parent, `on` or `off`. `None` where there was nothing.
    pub before: Option<String>,
    /// As it is.
    pub after: Option<String>,
    /// What an edited policy does other than before, one sentence each.
    pub changes: Vec<String>,
}

/// The filter of the list; its fields are the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EventFilter {
    /// Stored name of a kind, or empty for all.
    pub kind: String,
    /// Part of the id or name of what changed, or of the target.
    pub subject: String,
    /// Opaque page name.
    pub cursor: String,
}
