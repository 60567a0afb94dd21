//! What is not known yet.

use model::{FailureCode, change::ChangeId};

/// A step that was sent and of which it is not known what became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    pub change: ChangeId,
    /// The operation that got no answer.
    pub operation: String,
    pub request_id: Option<String>,
}

impl From<Unsettled> for FailureCode {
    fn from(Unsettled { change, operation, request_id }: Unsettled) -> Self {
        Self::Unsettled { change, operation, request_id }
    }
}
