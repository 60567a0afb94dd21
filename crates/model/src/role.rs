//! Who may do what: one table, read by the portal (which decides) and by the interface (which explains).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

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
    /// Organization, effective policies, policies, jobs, settings: look.
    Read,
    /// The audit list: look.
    ReadAudit,
    /// Ask AWS again now.
    Sync,
    /// Create a policy or change its text.
    WritePolicy,
    /// Attach a policy to targets, or detach it.
    AttachPolicy,
    /// Delete an unattached policy.
    DeletePolicy,
    /// Trusted access, policy type, cross-account backup.
    ChangeSettings,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 7] = [
        Self::Read,
        Self::ReadAudit,
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
            Self::ReadAudit => Role::Auditor,
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
            Self::Sync => "start a sync",
            Self::WritePolicy => "create or edit policies",
            Self::AttachPolicy => "attach or detach policies",
            Self::DeletePolicy => "delete policies",
            Self::ChangeSettings => "change organization settings",
        }
    }
}

/// Whether a role may do something. The only place that decides.
#[must_use]
pub fn may(role: Role, action: Action) -> bool {
    role >= action.least_role()
}

/// Why a control is disabled for this role; `None` where it is not.
#[must_use]
pub fn why_not(role: Role, action: Action) -> Option<String> {
    (!may(role, action)).then(|| {
        format!(
            "Your role, {}, may not {}. It needs {}.",
            role.word(),
            action.words(),
            action.least_role().word()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_everything_that_the_one_before_may() {
        for pair in Role::ALL.windows(2) {
            for action in Action::ALL {
                assert!(!may(pair[0], action) || may(pair[1], action), "{pair:?} {action:?}");
            }
        }
    }

    #[test]
    fn the_role_table_is_as_documented() {
        let table: Vec<String> = Role::ALL
            .iter()
            .map(|r| Action::ALL.iter().map(|a| if may(*r, *a) { '+' } else { '-' }).collect())
            .collect();
        assert_eq!(table, ["+------", "++-----", "+++----", "+++++--", "+++++++"]);
    }

    #[test]
    fn a_refusal_names_the_role_that_is_needed() {
        let why = why_not(Role::Viewer, Action::DeletePolicy).unwrap();
        assert!(why.contains("viewer") && why.contains("administrator"), "{why}");
    }
}
