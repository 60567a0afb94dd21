//! Where in a policy a difference is.

use time::OffsetDateTime;

use super::{Change, ChangeKind, Effect, words};
use crate::path::Path;

/// Where the walk is, for those who put a difference into words.
pub(super) struct At<'a> {
    pub path: &'a Path,
    pub now: OffsetDateTime,
}

impl At<'_> {
    pub(super) fn change(&self, kind: ChangeKind, effect: Effect, sentence: String) -> Change {
        Change { path: self.path.to_string(), kind, effect, sentence, before: None, after: None }
    }

    /// What the setting belongs to, at the beginning of a sentence.
    pub(super) fn subject(&self) -> String {
        words::sentence_case(&words::subject(self.path))
    }
}
