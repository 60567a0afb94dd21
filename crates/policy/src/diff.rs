//! What changed between two policies, in the words of the person who answers for the backups.
//!
//! Two effective policies or two documents are compared setting by setting, and each difference is named by what
//! it does: a rule lost, retention shortened, a Region added. Every difference is reported; what has no words of
//! its own is a [`ChangeKind::SettingChanged`].

mod at;
mod change;
mod compare;
mod difference;
mod rows;
mod view;
mod walk;
mod words;

use time::OffsetDateTime;

use crate::document::Document;
use crate::fragment::Fragment;
use crate::merge::Merged;
pub use change::{Change, ChangeKind, Effect};
pub(crate) use difference::Differ;
use view::View;

/// Compares two effective policies as AWS returns them: objects whose leaves are strings or lists of strings.
/// `now` is where schedules that end or begin in some year are looked at from.
#[must_use]
pub fn diff_effective(
    before: &serde_json::Value,
    after: &serde_json::Value,
    now: OffsetDateTime,
) -> Vec<Change> {
    walk::changes(&View::of_json(before), &View::of_json(after), now)
}

/// Compares two versions of a policy document: what it sets, what it takes away from what is inherited, and
/// what it lets lower levels do.
#[must_use]
pub fn diff_documents(before: &Document, after: &Document, now: OffsetDateTime) -> Vec<Change> {
    let view = |document| View::of_part(&Fragment::of(document).root);
    walk::changes(&view(before), &view(after), now)
}

/// Compares two merged policies.
#[must_use]
pub fn diff_merged(before: &Merged, after: &Merged, now: OffsetDateTime) -> Vec<Change> {
    Differ::default().between(before, after).map_or_else(Vec::new, |difference| difference.changes(now))
}

#[cfg(test)]
mod tests;
