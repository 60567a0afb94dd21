//! What a token of an identity provider would stand for, tried out.

use serde::{Deserialize, Serialize};

use super::GivenGrant;
use crate::session::ProviderLink;

/// What is checked of a token at a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenPart {
    Signature,
    Issuer,
    Audience,
    Times,
}

impl TokenPart {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Signature => "Signature",
            Self::Issuer => "Issuer",
            Self::Audience => "Audience",
            Self::Times => "Times",
        }
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenVerdict {
    Right,
    /// Right once, and too long ago for a sign-in: a pasted token may be.
    Old,
    Wrong,
    /// It cannot be checked.
    Unknown,
}

impl TokenVerdict {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Old => "too old for a sign-in",
            Self::Wrong => "wrong",
            Self::Unknown => "not checked",
        }
    }
}

/// A check of a token, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenCheck {
    pub part: TokenPart,
    pub verdict: TokenVerdict,
    /// Why, in a sentence.
    pub why: String,
}

/// What the claims of somebody would stand for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingTrial {
    /// Who they would be: issuer and subject.
    pub identity: (String, String),
    /// Of signature, issuer, audience and times, in this order.
    pub checks: Vec<TokenCheck>,
    /// Why they would be let in nowhere, as far as the claims alone tell.
    pub problems: Vec<String>,
    /// As the directory would name them, by which claim.
    pub directory: Option<(String, String)>,
    /// From the claim; `None` where groups come from the directory alone, or no claim is read.
    pub groups: Option<Vec<String>>,
    /// What they stand for, each with its row.
    pub grants: Vec<GivenGrant>,
    /// Groups that no row names.
    pub unmapped: Vec<String>,
    /// Names of the places that grants name, as far as they are known.
    pub places: Vec<(String, String)>,
}

impl MappingTrial {
    /// Whether a sign-in with these claims would be refused, also with a fresh token.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        !self.problems.is_empty() || self.checks.iter().any(|check| check.verdict == TokenVerdict::Wrong)
    }

    /// The name of a place, or its id.
    #[must_use]
    pub fn place<'a>(&'a self, id: &'a str) -> &'a str {
        self.places.iter().find(|(place, _)| place == id).map_or(id, |(_, name)| name)
    }
}

/// What was tried out of a provider, and what came of it. The token itself is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedMapping {
    /// The provider's name.
    pub provider: String,
    /// Or why nothing could be tried out.
    pub outcome: Result<MappingTrial, String>,
}

/// All that the page for trying out needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingPage {
    pub providers: Vec<ProviderLink>,
    /// Where something was sent.
    pub tried: Option<TriedMapping>,
}
