//! What somebody typed and has not saved: kept in the browser for as long as its tab is open, so that signing in again
//! or going back by mistake loses nothing.

use model::{PolicyId, policies::PolicyDraft};
use serde::{Deserialize, Serialize};

/// The unsaved draft of one policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDraft {
    /// Fingerprint of what the draft began from; empty for a new policy.
    pub opened: String,
    /// What was typed.
    pub draft: PolicyDraft,
}

/// The name under which the browser keeps it.
#[must_use]
pub fn storage_key(id: Option<&PolicyId>) -> String {
    format!("holdfast.draft.{}", id.map_or("new", PolicyId::as_str))
}

impl StoredDraft {
    /// As the browser keeps it.
    #[must_use]
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From what the browser kept; `None` if that is something else.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsaved_work_comes_back_as_it_was() {
        let draft = PolicyDraft { name: "é".into(), description: String::new(), content: "{\n\t\"".into() };
        let kept = StoredDraft { opened: "f".into(), draft };
        assert_eq!(StoredDraft::from_text(&kept.to_text()), Some(kept));
        assert_eq!(StoredDraft::from_text("{}"), None);
        assert_eq!(storage_key(None), "holdfast.draft.new");
    }
}
