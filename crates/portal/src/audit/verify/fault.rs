//! What can be wrong with the audit list, and what tells.

use std::fmt;

use store::ChainFault;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditFault {
    #[error(transparent)]
    Chain(ChainFault),
    #[error("entry {seq} is not the one that {by} names: it, or one before it, was written anew")]
    WrittenAnew { seq: i64, by: Witness },
    #[error("the list ends with entry {last}, and {by} names entry {seq}: its end was cut off")]
    Cut { last: i64, seq: i64, by: Witness },
    #[error("at entry {seq}, {by} is not signed by the key {key} that it names")]
    Forged { seq: i64, key: String, by: Witness },
    #[error("at entry {seq}, {by} names the key {key}, which is none of those that count")]
    UnknownKey { seq: i64, key: String, by: Witness },
}

impl AuditFault {
    /// Number of the first entry that is known to be wrong.
    #[must_use]
    pub fn seq(&self) -> i64 {
        match self {
            Self::Chain(fault) => fault.seq(),
            Self::Cut { last, .. } => last.saturating_add(1),
            Self::WrittenAnew { seq, .. } | Self::Forged { seq, .. } | Self::UnknownKey { seq, .. } => *seq,
        }
    }
}

/// What an entry is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Witness {
    /// A head in the database.
    Head { at: OffsetDateTime },
    /// A head that was kept elsewhere.
    KeptHead { at: OffsetDateTime },
    /// An entry that was kept elsewhere, as forwarding writes it.
    KeptEntry,
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |at: &OffsetDateTime| at.format(&Rfc3339).unwrap_or_default();
        match self {
            Self::Head { at } => write!(f, "the head of {} in the database", told(at)),
            Self::KeptHead { at } => write!(f, "the head of {} that was kept elsewhere", told(at)),
            Self::KeptEntry => f.write_str("the copy that was kept elsewhere"),
        }
    }
}
