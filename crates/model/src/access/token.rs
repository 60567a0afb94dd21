//! What a token may: never more than whoever it belongs to, and of that what it was made for.

use serde::{Deserialize, Serialize};

use super::{Action, Refusal, Resource, Scope};

/// What a token was made for. Whoever it belongs to must be allowed the same at the time of each request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenLimits {
    /// Each once, of those that are [for tokens](Action::is_for_tokens).
    pub actions: Vec<Action>,
    /// Where.
    pub scope: Scope,
}

impl TokenLimits {
    /// Why the token may not be used for an action on a resource; `None` where it may.
    #[must_use]
    pub fn refuses(&self, action: Action, resource: &Resource) -> Option<Refusal> {
        if !self.actions.contains(&action) {
            return Some(Refusal::Token { action });
        }
        (!self.scope.reaches(resource)).then_some(Refusal::Scope { action })
    }
}

impl Action {
    /// Whether a token may be made for it. People say yes, look after people and after their own ways in; programs do not.
    #[must_use]
    pub const fn is_for_tokens(self) -> bool {
        match self {
            Self::Read
            | Self::ReadAudit
            | Self::Export
            | Self::Sync
            | Self::WritePolicy
            | Self::AttachPolicy
            | Self::DeletePolicy
            | Self::ChangeSettings
            | Self::ReadTeam => true,
            Self::Approve | Self::ManageTeam | Self::OwnAccount | Self::OwnSignIn => false,
        }
    }

    /// The action of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == name)
    }
}
