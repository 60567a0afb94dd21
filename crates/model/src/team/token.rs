//! Tokens, by which programs ask in somebody's name.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::access::TokenLimits;

/// What every token begins with, so that whoever searches for secrets that got loose finds it.
pub const TOKEN_PREFIX: &str = "hf_";
/// The longest that a token may be good, in days.
pub const LONGEST_TOKEN_DAYS: i64 = 366;
/// How many tokens one may have.
pub const MOST_TOKENS: u64 = 50;

/// A token, as it is shown: never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub id: i64,
    pub name: String,
    /// How it begins, to tell it from others: too little of it to be used.
    pub hint: String,
    pub limits: TokenLimits,
    /// Sign-in name.
    pub made_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub made_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
    /// To within a minute; `None` where it never was.
    #[serde(with = "time::serde::rfc3339::option")]
    pub used_at: Option<OffsetDateTime>,
    /// Network address that it was last used from; empty where it never was.
    pub used_from: String,
}

impl Token {
    /// The actions that it was made for, between commas.
    #[must_use]
    pub fn actions(&self) -> String {
        self.limits.actions.iter().map(|action| action.words()).collect::<Vec<_>>().join(", ")
    }
}

/// A token that was just made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeToken {
    /// The token itself, shown this once.
    pub token: String,
    pub name: String,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

impl std::fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeToken").field("name", &self.name).finish_non_exhaustive()
    }
}
