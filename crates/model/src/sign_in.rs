//! Rules about signing in that administrators set.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Who of those with a local account must have a second factor. What an identity provider asks for is the provider's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorRule {
    #[default]
    Nobody,
    /// Who is an administrator, of everything or of a part.
    Administrators,
    Everybody,
}

impl SecondFactorRule {
    /// All of them, the weakest first.
    pub const ALL: [Self; 3] = [Self::Nobody, Self::Administrators, Self::Everybody];

    /// As stored and sent.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Administrators => "administrators",
            Self::Everybody => "everybody",
        }
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == name)
    }

    /// Who must have one.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Administrators => "administrators",
            Self::Everybody => "everybody with a local account",
        }
    }
}

/// Local sign-in is off: passwords and passkeys let nobody in but the break-glass account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalOff {
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// Sign-in name of who switched it off.
    pub by: String,
    /// The id of the break-glass account.
    pub break_glass: i64,
    /// Its sign-in name.
    pub email: String,
    /// When it was used last, since then.
    #[serde(with = "time::serde::rfc3339::option")]
    pub used_at: Option<OffsetDateTime>,
}

/// The rules as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRules {
    pub second_factor: SecondFactorRule,
    /// `None` while local accounts sign in.
    pub local_off: Option<LocalOff>,
}

impl SignInRules {
    /// Whether somebody who has a local account is kept out.
    #[must_use]
    pub fn keeps_out(&self, user: i64) -> bool {
        self.local_off.as_ref().is_some_and(|off| off.break_glass != user)
    }

    /// Whether somebody's sign-in is a use of the break-glass account.
    #[must_use]
    pub fn is_break_glass(&self, user: i64) -> bool {
        self.local_off.as_ref().is_some_and(|off| off.break_glass == user)
    }
}

/// Nobody else could let people in again.
pub const NOBODY_BY_PROVIDER: &str = "No administrator of everything has signed in by an identity provider yet. Configure one, and let such an administrator sign in there first.";
/// Nobody could help when the provider fails.
pub const NO_BREAK_GLASS: &str = "No account can be the break-glass account: it is a local administrator of everything with a password and a second factor.";
/// Why the break-glass account stays as it is.
pub const BREAK_GLASS: &str = "This is the break-glass account, which signs in when no identity provider does. Switch local sign-in on first.";
