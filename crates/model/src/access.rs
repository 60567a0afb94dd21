//! Who may do what, and on what: one table, read by the portal (which decides) and by the interface (which explains).

mod token;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::TargetId;

pub use token::TokenLimits;

/// What somebody was given to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// Auditor, and approves what others want to change; writes nothing.
    Approver,
    /// Everything, also deleting policies, the organization's settings and the team.
    Administrator,
}

impl Role {
    /// All roles, in the order in which people choose among them.
    pub const ALL: [Self; 6] = [
        Self::Viewer,
        Self::Auditor,
        Self::Operator,
        Self::PolicyAuthor,
        Self::Approver,
        Self::Administrator,
    ];

    /// As stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Auditor => "auditor",
            Self::Operator => "operator",
            Self::PolicyAuthor => "policy_author",
            Self::Approver => "approver",
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

    /// What it is for, in a sentence.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Viewer => "Sees the organization, policies, jobs and settings. Changes nothing.",
            Self::Auditor => "Sees everything that a viewer sees, reads the audit list and exports.",
            Self::Operator => "An auditor who also asks AWS again.",
            Self::PolicyAuthor => "An operator who also writes, attaches and detaches policies.",
            Self::Approver => "An auditor who also approves what others want to change. Writes nothing.",
            Self::Administrator => "Everything, also deleting policies, settings and the team.",
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
    /// Say yes to what somebody else wants to change.
    Approve,
    /// Delete an unattached policy.
    DeletePolicy,
    /// Trusted access, policy type, cross-account backup, delegated administrators, Region settings.
    ChangeSettings,
    /// See who can sign in, with what and what for.
    ReadTeam,
    /// Invite people, give and take rights, disable and remove.
    ManageTeam,
    /// Their own name and sessions.
    OwnAccount,
    /// Their own password, second factors and tokens.
    OwnSignIn,
}

/// Roles that may do what reading ones may not, least first.
const AUDITORS: &[Role] =
    &[Role::Auditor, Role::Operator, Role::PolicyAuthor, Role::Approver, Role::Administrator];
const OPERATORS: &[Role] = &[Role::Operator, Role::PolicyAuthor, Role::Administrator];
const AUTHORS: &[Role] = &[Role::PolicyAuthor, Role::Administrator];
const APPROVERS: &[Role] = &[Role::Approver, Role::Administrator];
const ADMINISTRATORS: &[Role] = &[Role::Administrator];

impl Action {
    /// All actions.
    pub const ALL: [Self; 13] = [
        Self::Read,
        Self::ReadAudit,
        Self::Export,
        Self::Sync,
        Self::WritePolicy,
        Self::AttachPolicy,
        Self::Approve,
        Self::DeletePolicy,
        Self::ChangeSettings,
        Self::ReadTeam,
        Self::ManageTeam,
        Self::OwnAccount,
        Self::OwnSignIn,
    ];

    /// The roles that may do it, least first.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Read | Self::OwnAccount | Self::OwnSignIn => &Role::ALL,
            Self::ReadAudit | Self::Export => AUDITORS,
            Self::Sync => OPERATORS,
            Self::WritePolicy | Self::AttachPolicy => AUTHORS,
            Self::Approve => APPROVERS,
            Self::DeletePolicy | Self::ChangeSettings | Self::ReadTeam | Self::ManageTeam => ADMINISTRATORS,
        }
    }

    /// Whether a password or factor of the last ten minutes is asked for: what harms most where somebody finds a browser
    /// that is signed in.
    #[must_use]
    pub const fn is_dangerous(self) -> bool {
        match self {
            Self::Approve
            | Self::DeletePolicy
            | Self::ChangeSettings
            | Self::ManageTeam
            | Self::OwnSignIn => true,
            Self::Read
            | Self::ReadAudit
            | Self::Export
            | Self::Sync
            | Self::WritePolicy
            | Self::AttachPolicy
            | Self::ReadTeam
            | Self::OwnAccount => false,
        }
    }

    /// As stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::ReadAudit => "read_audit",
            Self::Export => "export",
            Self::Sync => "sync",
            Self::WritePolicy => "write_policy",
            Self::AttachPolicy => "attach_policy",
            Self::Approve => "approve",
            Self::DeletePolicy => "delete_policy",
            Self::ChangeSettings => "change_settings",
            Self::ReadTeam => "read_team",
            Self::ManageTeam => "manage_team",
            Self::OwnAccount => "own_account",
            Self::OwnSignIn => "own_sign_in",
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
            Self::Approve => "approve changes",
            Self::DeletePolicy => "delete policies",
            Self::ChangeSettings => "change organization settings",
            Self::ReadTeam => "see the team",
            Self::ManageTeam => "manage the team",
            Self::OwnAccount => "change their own account",
            Self::OwnSignIn => "change how they sign in",
        }
    }
}

/// How long a password or factor counts for what is dangerous, in minutes.
pub const CONFIRMED_MINUTES: i64 = 10;

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

    /// In words after what holds there, places by their ids: “of everything”.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::All => "of everything".to_owned(),
            Self::Below(tops) => {
                let tops: Vec<&str> = tops.iter().map(TargetId::as_str).collect();
                format!("of {}", tops.join(", "))
            }
        }
    }

    /// Whether all of a resource lies in it.
    #[must_use]
    pub fn reaches(&self, resource: &Resource) -> bool {
        match resource {
            Resource::Visible => true,
            Resource::Organization => *self == Self::All,
            Resource::Place(place) => self.covers(place),
            // A policy that is attached nowhere changes nothing for anybody.
            Resource::Policy { attached } => attached.iter().all(|place| self.covers(place)),
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
    /// All that there is.
    pub const WHOLE: Self = Self { role: Role::Administrator, scope: Scope::All };

    /// In words, places by their ids.
    #[must_use]
    pub fn words(&self) -> String {
        format!("{} {}", self.role.word(), self.scope.words())
    }
}

/// Everything that a person was given. Grants count side by side: what one of them allows, another does not take away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights(pub Vec<Grant>);

impl Rights {
    /// One role everywhere.
    #[must_use]
    pub fn everywhere(role: Role) -> Self {
        Self(vec![Grant { role, scope: Scope::All }])
    }

    /// The role that may most, for telling who somebody is; `None` where nothing was given.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        Role::ALL.into_iter().rev().find(|role| self.0.iter().any(|grant| grant.role == *role))
    }

    /// In words: every role once, and that it is for parts of the organization where it is not for all.
    #[must_use]
    pub fn words(&self) -> String {
        let roles = Role::ALL.into_iter().rev().filter_map(|role| {
            let mut of = self.0.iter().filter(|grant| grant.role == role).peekable();
            of.peek()?;
            let everywhere = of.any(|grant| grant.scope == Scope::All);
            Some(if everywhere { role.word().to_owned() } else { format!("{} of a part", role.word()) })
        });
        let words: Vec<String> = roles.collect();
        if words.is_empty() { "none yet".to_owned() } else { words.join(", ") }
    }

    /// Where the person may do something; `None` where nowhere.
    #[must_use]
    pub fn scope(&self, action: Action) -> Option<Scope> {
        let mut places: Vec<TargetId> = Vec::new();
        let mut any = false;
        for grant in self.0.iter().filter(|grant| may(grant.role, action)) {
            let Scope::Below(tops) = &grant.scope else { return Some(Scope::All) };
            for top in tops {
                if !places.contains(top) {
                    places.push(top.clone());
                }
            }
            any = true;
        }
        any.then_some(Scope::Below(places))
    }

    /// Why the action is refused on the resource; `None` where it is allowed.
    #[must_use]
    pub fn refuses(&self, action: Action, resource: &Resource) -> Option<Refusal> {
        let Some(scope) = self.scope(action) else {
            return Some(Refusal::Role { role: self.role(), action });
        };
        (!scope.reaches(resource)).then_some(Refusal::Scope { action })
    }

    /// Why a control is disabled for this person; `None` where it is not.
    #[must_use]
    pub fn why_not(&self, action: Action, resource: &Resource) -> Option<String> {
        self.refuses(action, resource).map(|refusal| refusal.explain())
    }
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The role may not do it anywhere.
    #[error("{role:?} may not {action:?}")]
    Role { role: Option<Role>, action: Action },
    /// The role may do it, but not there.
    #[error("{action:?} is outside of the caller's scope")]
    Scope { action: Action },
    /// The caller may do it, once it is sure that it is they.
    #[error("{action:?} needs a password or factor of the last {CONFIRMED_MINUTES} minutes")]
    Unconfirmed { action: Action },
    /// The caller must have a second factor, and has none.
    #[error("the caller must set up a second factor before anything else")]
    NoSecondFactor,
    /// Whoever asked may do it, but not with this token.
    #[error("the token is not for {action:?}")]
    Token { action: Action },
    /// Whoever asked may not sign in any more.
    #[error("whoever asked may not sign in any more")]
    Gone,
}

impl Refusal {
    /// In words for the person: what it would need.
    #[must_use]
    pub fn explain(&self) -> String {
        match self {
            Self::Role { role: Some(role), action } => format!(
                "Your role, {}, may not {}. It needs {}.",
                role.word(),
                action.words(),
                action.roles().first().map_or("another role", |role| role.word())
            ),
            Self::Role { role: None, .. } => {
                "You have no role here yet. Ask an administrator for one.".into()
            }
            Self::Scope { action } => format!(
                "Your role may {} only in its part of the organization, and this reaches beyond it. Ask an administrator.",
                action.words()
            ),
            Self::Unconfirmed { action } => format!(
                "To {}, show that it is you: a password or factor counts for {CONFIRMED_MINUTES} minutes.",
                action.words()
            ),
            Self::NoSecondFactor => "Your account must have a second factor before anything else: set up a passkey or one-time codes on the page of your account.".into(),
            Self::Token { action } => format!(
                "This token was not made to {}. Make one that is, with the action “{}”.",
                action.words(),
                action.as_str()
            ),
            Self::Gone => "Whoever asked for this may not sign in any more.".into(),
        }
    }
}

/// Whether a role may do something somewhere.
#[must_use]
pub fn may(role: Role, action: Action) -> bool {
    action.roles().contains(&role)
}

#[cfg(test)]
mod tests;
