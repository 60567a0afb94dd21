//! What turning off the policy type detached, kept so that it can be put back.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use crate::organization::{NodeRef, PolicyRef};

/// An attachment as it was when it was exported.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExportedAttachment {
    pub target: NodeRef,
    pub policy: PolicyRef,
}

/// All attachments of the organization at one moment: also what is downloaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentExport {
    pub id: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Sign-in name of who turned the policy type off.
    pub by: String,
    /// Target by target from the root down; at each target in the order of attachment, oldest first.
    pub attachments: Vec<ExportedAttachment>,
}

/// An export in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportHead {
    pub id: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub by: String,
    /// Attachments in it.
    pub attachments: u64,
}

/// How an exported attachment stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is attached.
    Attached,
    /// It can be put back.
    Missing,
    /// The policy was deleted since.
    PolicyGone,
    /// The target left the organization since.
    TargetGone,
}

/// An export beside how things stand today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportView {
    pub id: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub by: String,
    pub rows: Vec<(ExportedAttachment, Standing)>,
}

impl ExportView {
    /// Attachments of it that stand in one way.
    #[must_use]
    pub fn count(&self, standing: Standing) -> usize {
        self.rows.iter().filter(|(_, s)| *s == standing).count()
    }
}

/// Names a list of attachments: a confirmation carries the name of the list that it was given for.
#[must_use]
pub fn attachments_fingerprint(attachments: &[(NodeRef, PolicyRef)]) -> String {
    let mut hash = Sha256::new();
    for (node, policy) in attachments {
        hash.update(node.id.as_str());
        hash.update([0]);
        hash.update(policy.id.as_str());
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}
