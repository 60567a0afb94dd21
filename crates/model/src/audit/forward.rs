//! The audit list as it is sent on, and what its page says of that.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use super::SignedHead;
use crate::change::Named;

/// A row of the list, with all its columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    pub seq: i64,
    /// The event that it goes on with; its own number where it begins something.
    pub entry: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub person: String,
    pub session: String,
    pub address: String,
    /// Stored name of the action.
    pub action: String,
    pub subject: Named,
    pub target: Option<Named>,
    /// The change set and its step.
    pub change: Option<i64>,
    pub step: Option<i32>,
    pub outcome: String,
    pub request_ids: Vec<String>,
    pub detail: Value,
    /// SHA-256 in hexadecimal, of the row before and of this one.
    pub previous_hash: String,
    pub hash: String,
}

/// What is sent on, an object each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AuditRecord {
    Event(Box<AuditEvent>),
    Head(SignedHead),
}

/// How far sending on has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarding {
    /// As it is configured.
    pub destination: String,
    /// Events that are still to be sent.
    pub behind: u64,
    /// When something was sent last.
    #[serde(with = "time::serde::rfc3339::option")]
    pub sent_at: Option<OffsetDateTime>,
    /// Why it does not go on, since when.
    pub problem: Option<ForwardProblem>,
}

/// Why nothing can be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardProblem {
    pub reason: String,
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

/// What proves the audit list, as its page shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditListProof {
    /// The newest; `None` before the first.
    pub head: Option<SignedHead>,
    /// Where the list is sent on to; `None` where it is not.
    pub forwarding: Option<Forwarding>,
}
