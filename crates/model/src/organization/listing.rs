//! The organization as a flat list, for programs.

use serde::{Deserialize, Serialize};

use super::{Node, PolicyRef};
use crate::id::{TargetId, TargetKind};

/// The most rows a page.
pub const MOST_TARGETS: usize = 500;

/// Which targets, and which page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetQuery {
    /// `None` for all kinds.
    pub kind: Option<TargetKind>,
    /// The page begins after this one; `None` for the first page.
    pub after: Option<TargetId>,
    /// Rows a page, at most [`MOST_TARGETS`].
    pub size: usize,
}

/// A target, with what is attached to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetRow {
    pub node: Node,
    /// Attached here directly, oldest first.
    pub policies: Vec<PolicyRef>,
}
