//! What a difference is called, and what it does.

use serde::{Deserialize, Serialize};

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
