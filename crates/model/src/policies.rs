//! Backup policies: list, page, and the commands that change them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::{id::PolicyId, organization::NodeRef};

/// AWS's limits on a policy's name: 1 to 128 characters.
pub const NAME_CHARACTERS: usize = 128;
/// AWS's limit on a policy's description: 512 characters.
pub const DESCRIPTION_CHARACTERS: usize = 512;
/// AWS's limit on a backup policy document: 10,000 characters.
pub const CONTENT_CHARACTERS: usize = 10_000;
/// AWS's limit on backup policies attached directly to one target.
pub const POLICIES_PER_TARGET: u64 = 10;

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicySummary {
    pub id: PolicyId,
    pub name: String,
    pub description: String,
    /// Names of the plans in it, in document order.
    pub plans: Vec<String>,
    /// Whether its targets were never read: then no figure about them means anything.
    pub targets_unknown: bool,
    /// Targets it is attached to directly, as far as the caller may see them.
    pub targets: u64,
    /// True where it is attached to others as well.
    pub attached_elsewhere: bool,
    /// Accounts that it reaches through its targets.
    pub accounts: u64,
    /// Errors and warnings that our checks find in it.
    pub errors: u64,
    pub warnings: u64,
    /// Whether the document was never read: then nothing is known of what is in it.
    pub unknown: bool,
    /// Characters of the document, of AWS's 10,000.
    pub characters: u64,
    /// When a change was last seen (by us: AWS keeps no such time).
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}

/// The list's filter; its fields are the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyQuery {
    /// Part of a name, id, description or plan.
    pub q: String,
    /// “unattached”, “attached” or empty for all.
    pub attached: String,
}

/// Where a policy is attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyTarget {
    pub node: NodeRef,
    /// Root first, without the node itself.
    pub ancestors: Vec<NodeRef>,
    /// Accounts at or below it.
    pub accounts: u64,
}

/// A policy in full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDetail {
    pub id: PolicyId,
    pub arn: String,
    pub name: String,
    pub description: String,
    /// The document exactly as AWS returned it.
    pub content: String,
    /// Why the document could not be read when the rest was: then it is an older one, or empty where it was never read.
    pub unread: Option<String>,
    /// Why its targets could not be read when the rest was: then they are older ones, or none where they were never read.
    pub targets_unread: Option<String>,
    /// As far as the caller may see them.
    pub targets: Vec<PolicyTarget>,
    /// Targets, as far as the caller may see them, that it was attached to here and detached from by others within the hour, twice
    /// or more often: another tool may look after it.
    pub undone: Vec<NodeRef>,
    /// True where it is attached to others as well.
    pub attached_elsewhere: bool,
    /// Distinct accounts that it reaches.
    pub accounts: u64,
    /// What our checks find in it.
    pub problems: Vec<policy::Problem>,
    /// When this was read from AWS: the older of the readings of its text and of its targets.
    #[serde(with = "time::serde::rfc3339")]
    pub seen_at: OffsetDateTime,
}

impl PolicyDetail {
    /// What a form for this policy holds before anybody types.
    #[must_use]
    pub fn draft(&self) -> PolicyDraft {
        PolicyDraft {
            name: self.name.clone(),
            description: self.description.clone(),
            content: self.content.clone(),
        }
    }

    /// Names this very text; an edit carries the fingerprint of what it began from.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.name, &self.description, &self.content)
    }
}

/// Names a policy's name, description and text together: AWS has no version or ETag for policies.
#[must_use]
pub fn fingerprint(name: &str, description: &str, content: &str) -> String {
    let mut hash = Sha256::new();
    for part in [name, description, content] {
        // As u64: browser and server must agree, and `usize` is shorter in WASM.
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(&hash.finalize()[..16])
}

/// What a form for a new or edited policy holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDraft {
    pub name: String,
    pub description: String,
    pub content: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_where_one_field_ends_and_the_next_begins() {
        assert_ne!(fingerprint("a", "b", "c"), fingerprint("ab", "", "c"));
        assert_eq!(fingerprint("a", "b", "c"), "3d10f2e96612f8284bd5233f0c75d628");
    }
}
