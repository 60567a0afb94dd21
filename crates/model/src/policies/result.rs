//! What came of a change at several targets.

use serde::{Deserialize, Serialize};

use crate::{Failure, id::TargetId};

/// What became of one target of an attach or detach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetResult {
    pub id: TargetId,
    pub name: String,
    /// `None` where it was done.
    pub failure: Option<Failure>,
}
