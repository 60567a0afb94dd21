//! What an organization is made of.

use super::effective::Compiled;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// An organizational unit.
#[derive(Debug, Clone)]
pub struct Unit {
    pub id: String,
    pub name: String,
    /// Root or OU.
    pub parent: String,
}

#[derive(Debug, Clone)]
pub struct Account {
    pub id: String,
    /// Number in the order of joining: a short coordinate for everything computed from the seed.
    pub number: u32,
    pub name: String,
    pub email: String,
    /// Root or OU.
    pub parent: String,
    pub state: AccountState,
    /// Whether the account was invited rather than created in the organization.
    pub invited: bool,
    pub joined_at: OffsetDateTime,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountState {
    Active,
    Suspended,
    Closed,
}

impl AccountState {
    /// The member `State`.
    pub fn state(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::Closed => "CLOSED",
        }
    }

    /// The older member `Status`, which knows no closed accounts.
    pub fn status(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended | Self::Closed => "SUSPENDED",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Policy {
    pub id: String,
    pub name: String,
    pub description: String,
    pub policy_type: String,
    /// As submitted.
    pub content: String,
    pub aws_managed: bool,
    /// Ready for merging; only for backup policies.
    pub compiled: Option<Compiled>,
}

#[derive(Debug, Clone)]
pub struct Attachment {
    pub policy: String,
    pub target: String,
}

/// The organization's resource-based delegation policy.
#[derive(Debug, Clone)]
pub struct ResourcePolicy {
    pub id: String,
    pub content: String,
}

/// What the organization may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Features {
    All,
    /// Consolidated billing only: no policies, no trusted access.
    Billing,
}

impl Features {
    /// The member `FeatureSet`.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::Billing => "CONSOLIDATED_BILLING",
        }
    }
}

/// A request to enable all features.
#[derive(Debug, Clone)]
pub struct Handshake {
    pub id: String,
    pub requested_at: OffsetDateTime,
    /// `ACCEPTED` or `CANCELED`.
    pub ended: Option<&'static str>,
    /// When each invited account approves, by account.
    pub approvals: BTreeMap<String, OffsetDateTime>,
}

/// A request to create an account.
#[derive(Debug, Clone)]
pub struct Creation {
    pub id: String,
    pub name: String,
    pub requested_at: OffsetDateTime,
    /// The account made; none if the request failed.
    pub account: Option<String>,
    pub failure: Option<&'static str>,
}
