//! Who may do what, and on what: one table, read by the portal (which decides) and by the interface (which explains).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::TargetId;

/// A person's role; each is a superset of the one before it, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads everything but team and audit.
    Viewer,
    /// Viewer, and the audit list and exports.
    Auditor,
    /// Auditor, and asks for a sync.
    Operator,
    /// Operator, and creates, edits, attaches and detaches policies.
    PolicyAuthor,
    /// Policy author, and deletes policies, changes organization settings and the team.
    Administrator,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 5] =
        [Self::Viewer, Self::Auditor, Self::Operator, Self::PolicyAuthor, Self::Administrator];

    /// As stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::PolicyAuthor => "policy_author",
            Self::Administrator => "administrator",
        }
    }

    /// As people read it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PolicyAuthor => "policy author",
            other => other.as_str(),
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|r| r.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// A role name that is not in the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no role is called “{0}”")]
pub struct UnknownRole(pub String);

/// Everything a signed-in person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Organization, effective policies, policies, jobs, settings, change sets: look.
    Read,
    /// The audit list, and what changed outside Holdfast: look.
    ReadAudit,
    /// Take what is shown along as a file.
    Export,
    /// Ask AWS again now.
    Sync,
    /// Create a policy or change its text.
    WritePolicy,
    /// Attach a policy to targets, or detach it.
    AttachPolicy,
    /// Delete an unattached policy.
    DeletePolicy,
    /// Trusted access, policy type, cross-account backup, delegated administrators, Region settings.
    ChangeSettings,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::ReadAudit,
        Self::Export,
        Self::Sync,
        Self::WritePolicy,
        Self::AttachPolicy,
        Self::DeletePolicy,
        Self::ChangeSettings,
    ];

    /// The least role that may do it.
    #[must_use]
    pub const fn least_role(self) -> Role {
        match self {
            Self::Read => Role::Viewer,
            Self::ReadAudit | Self::Export => Role::Auditor,
            Self::Sync => Role::Operator,
            Self::WritePolicy | Self::AttachPolicy => Role::PolicyAuthor,
            Self::DeletePolicy | Self::ChangeSettings => Role::Administrator,
        }
    }

    /// What it is, after “may not …”.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Read => "read this organization",
            Self::ReadAudit => "read the audit list",
            Self::Export => "export",
            Self::Sync => "start a sync",
            Self::WritePolicy => "create or edit policies",
            Self::AttachPolicy => "attach or detach policies",
            Self::DeletePolicy => "delete policies",
            Self::ChangeSettings => "change organization settings",
        }
    }
}

/// How much of the organization a grant covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All of it, and what belongs to no place in it.
    All,
    /// These OUs and accounts, and whatever is below them.
    Below(Vec<TargetId>),
}

impl Scope {
    /// Whether a place lies in it.
    #[must_use]
    pub fn covers(&self, place: &Lineage) -> bool {
        match self {
            Self::All => true,
            Self::Below(tops) => tops.iter().any(|top| *top == place.id || place.ancestors.contains(top)),
        }
    }
}

/// A place in the tree together with where it hangs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    pub id: TargetId,
    /// Everything above, in any order.
    pub ancestors: Vec<TargetId>,
}

/// What an action is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// The organization as a whole: its settings, its policies as a set, what belongs to no place.
    Organization,
    /// As much of it as the caller may see: for reading what is then narrowed to that.
    Visible,
    /// One root, OU or account.
    Place(Lineage),
    /// A policy, by the places at which it applies directly.
    Policy { attached: Vec<Lineage> },
}

/// What a person was given: a role, and where it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    pub scope: Scope,
}

impl Grant {
    /// The role everywhere.
    #[must_use]
    pub const fn everywhere(role: Role) -> Self {
        Self { role, scope: Scope::All }
    }

    /// Why the action is refused on the resource; `None` where it is allowed. The only place that decides.
    #[must_use]
    pub fn refuses(&self, action: Action, resource: &Resource) -> Option<Refusal> {
        if !may(self.role, action) {
            return Some(Refusal::Role { role: self.role, action });
        }
        let inside = match resource {
            Resource::Visible => true,
            Resource::Organization => self.scope == Scope::All,
            Resource::Place(place) => self.scope.covers(place),
            // A policy that is attached nowhere changes nothing for anybody.
            Resource::Policy { attached } => attached.iter().all(|place| self.scope.covers(place)),
        };
        (!inside).then_some(Refusal::Scope { action })
    }
}

/// Why a grant does not allow something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role may not do it anywhere.
    #[error("{role:?} may not {action:?}")]
    Role { role: Role, action: Action },
    /// The role may do it, but not there.
    #[error("{action:?} is outside of the caller's scope")]
    Scope { action: Action },
    /// Whoever asked may not sign in any more.
    #[error("whoever asked may not sign in any more")]
    Gone,
}

impl Refusal {
    /// In words for the person: what it would need.
    #[must_use]
    pub fn explain(&self) -> String {
        match self {
            Self::Role { role, action } => format!(
                "Your role, {}, may not {}. It needs {}.",
                role.word(),
                action.words(),
                action.least_role().word()
            ),
            Self::Scope { action } => format!(
                "Your role may {} only in its part of the organization, and this reaches beyond it. Ask an administrator.",
                action.words()
            ),
            Self::Gone => "Whoever asked for this may not sign in any more.".into(),
        }
    }
}

/// Whether a role may do something somewhere.
#[must_use]
pub fn may(role: Role, action: Action) -> bool {
    role >= action.least_role()
}

/// Why a control is disabled for this role; `None` where it is not.
#[must_use]
pub fn why_not(role: Role, action: Action) -> Option<String> {
    (!may(role, action)).then(|| Refusal::Role { role, action }.explain())
}

#[cfg(test)]
mod tests;
