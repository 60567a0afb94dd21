//! What changed between two policies, in the words of the person who answers for the backups.
//!
//! Two effective policies or two documents are compared setting by setting, and each difference is named by what
//! it does: a rule lost, retention shortened, a Region added. Every difference is reported; what has no words of
//! its own is a [`ChangeKind::SettingChanged`].

mod compare;
mod difference;
mod rows;
mod view;
mod walk;
mod words;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::document::Document;
use crate::fragment::Fragment;
use crate::merge::Merged;
pub(crate) use difference::Differ;
use view::View;

/// What a change does to the protection of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Fewer backups, kept for less long, of less, in fewer places; or it cannot be told that it is not so.
    Weakens,
    /// As well protected as before.
    Neutral,
    /// More backups, kept for longer, of more, in more places.
    Strengthens,
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ChangeKind {
    PlanAdded,
    PlanLost,
    RuleAdded,
    RuleLost,
    RegionAdded,
    RegionLost,
    ScheduleLessFrequent,
    ScheduleMoreFrequent,
    ScheduleMoved,
    RetentionShortened,
    RetentionLengthened,
    /// Whether it is shorter or longer depends on settings elsewhere.
    RetentionChanged,
    ColdStorageChanged,
    ArchiveChanged,
    ContinuousBackupOn,
    ContinuousBackupOff,
    VaultChanged,
    AirGappedVaultAdded,
    AirGappedVaultLost,
    WindowChanged,
    CopyAdded,
    CopyLost,
    CopyMoved,
    SelectionAdded,
    SelectionLost,
    SelectionNarrowed,
    SelectionWidened,
    SelectionChanged,
    RoleChanged,
    TagsChanged,
    AdvancedSettingOn,
    AdvancedSettingOff,
    IndexChanged,
    ScanAdded,
    ScanLost,
    ScanChanged,
    /// Lower levels may do less to a setting than before.
    ControlTightened,
    /// Lower levels may do more to a setting than before.
    ControlLoosened,
    /// A document takes values out of what is inherited, or no longer does.
    RemovalChanged,
    /// A document replaces what is inherited instead of adding to it, or the other way round.
    OperatorChanged,
    SettingChanged,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Change {
    /// The policy keys from the root, joined by slashes.
    pub path: String,
    /// What kind of change it is.
    pub kind: ChangeKind,
    /// What it does to the protection of the data.
    pub effect: Effect,
    /// The change in one sentence.
    pub sentence: String,
    /// What stood there, where that is a single value or a list.
    pub before: Option<String>,
    /// What stands there now.
    pub after: Option<String>,
}

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
