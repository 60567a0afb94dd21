//! Settings whose difference means something to an administrator, one function for each kind.

use std::sync::Arc;

use super::at::At;
use super::{Change, ChangeKind as Kind, Effect, words};
use crate::fragment::Setting;
use crate::schedule::{Cron, DEFAULT_SCHEDULE};
use crate::vocabulary;
use crate::vocabulary::form::integer;

type Value<'a> = Option<&'a Setting>;

/// `None` reads as what AWS Backup does then, in the words of the vocabulary.
fn shown(at: &At, value: Value) -> String {
    match value {
        Some(Setting::Text(text)) if text.is_empty() => "an empty text".to_owned(),
        Some(Setting::Text(text)) => text.to_string(),
        Some(Setting::List(values)) if values.is_empty() => "nothing".to_owned(),
        Some(Setting::List(values)) => values.join(", "),
        None => match vocabulary::lookup(at.path).map(|row| row.default) {
            Some(default) if !default.is_empty() => format!("{default} (the default)"),
            _ => "nothing".to_owned(),
        },
    }
}

fn text(value: Value<'_>) -> Option<&str> {
    value.and_then(Setting::text).map(|text| &**text)
}

fn recorded(value: Value) -> Option<String> {
    value.map(|value| value.values().join(", "))
}

fn one(at: &At, kind: Kind, effect: Effect, sentence: String, before: Value, after: Value) -> Vec<Change> {
    let mut change = at.change(kind, effect, sentence);
    (change.before, change.after) = (recorded(before), recorded(after));
    vec![change]
}

/// The plain statement for what has no words of its own.
fn plain(at: &At, kind: Kind, effect: Effect, before: Value, after: Value) -> Vec<Change> {
    let setting = words::sentence_case(&words::setting(at.path));
    let sentence = format!("{setting} is {} instead of {}.", shown(at, after), shown(at, before));
    one(at, kind, effect, sentence, before, after)
}

/// One change for each value that came or went.
fn each(
    at: &At,
    (before, after): (Value, Value),
    added: (Kind, Effect, &str),
    lost: (Kind, Effect, &str),
) -> Vec<Change> {
    let values =
        |value: Value| -> Vec<Arc<str>> { value.map(|value| value.values().to_vec()).unwrap_or_default() };
    let (old, new) = (values(before), values(after));
    let mut found = Vec::new();
    for value in old.iter().filter(|value| !new.contains(value)) {
        let mut change = at.change(lost.0, lost.1, format!("{} {} {value}.", at.subject(), lost.2));
        change.before = Some(value.to_string());
        found.push(change);
    }
    for value in new.iter().filter(|value| !old.contains(value)) {
        let mut change = at.change(added.0, added.1, format!("{} {} {value}.", at.subject(), added.2));
        change.after = Some(value.to_string());
        found.push(change);
    }
    if found.is_empty() {
        return plain(at, Kind::SettingChanged, Effect::Neutral, before, after);
    }
    found
}

pub(super) fn any(at: &At, before: Value, after: Value) -> Vec<Change> {
    plain(at, Kind::SettingChanged, Effect::Neutral, before, after)
}

pub(super) fn regions(at: &At, before: Value, after: Value) -> Vec<Change> {
    each(
        at,
        (before, after),
        (Kind::RegionAdded, Effect::Strengthens, "also runs in Region"),
        (Kind::RegionLost, Effect::Weakens, "no longer runs in Region"),
    )
}

pub(super) fn schedule(at: &At, before: Value, after: Value) -> Vec<Change> {
    let cron = |value: Value| Cron::parse(text(value).unwrap_or(DEFAULT_SCHEDULE)).ok();
    let (Some(old), Some(new)) = (cron(before), cron(after)) else {
        return plain(at, Kind::ScheduleMoved, Effect::Neutral, before, after);
    };
    let (was, is) = (old.runs_per_month(at.now), new.runs_per_month(at.now));
    let (kind, effect, how) = if is < was {
        (Kind::ScheduleLessFrequent, Effect::Weakens, "runs less often")
    } else if is > was {
        (Kind::ScheduleMoreFrequent, Effect::Strengthens, "runs more often")
    } else if old == new {
        (Kind::ScheduleMoved, Effect::Neutral, "has its schedule written differently and runs as before")
    } else {
        (Kind::ScheduleMoved, Effect::Neutral, "runs at other times")
    };
    let (old, new) = (lower(&old.describe()), lower(&new.describe()));
    let sentence = match (old == new, text(before), text(after)) {
        (true, Some(_), Some(_)) => format!("{} {how}: {new}.", at.subject()),
        (true, ..) => format!("{} {how}: {new}, which is also the default.", at.subject()),
        _ => format!("{} {how}: {new} instead of {old}.", at.subject()),
    };
    one(at, kind, effect, sentence, before, after)
}

fn lower(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

pub(super) fn retention(at: &At, before: Value, after: Value) -> Vec<Change> {
    let days = |value: Value| value.map_or(Some(u64::MAX), |_| text(value).and_then(integer));
    let (Some(was), Some(is)) = (days(before), days(after)) else {
        return plain(at, Kind::SettingChanged, Effect::Neutral, before, after);
    };
    let (kind, effect) = match was.cmp(&is) {
        std::cmp::Ordering::Greater => (Kind::RetentionShortened, Effect::Weakens),
        std::cmp::Ordering::Less => (Kind::RetentionLengthened, Effect::Strengthens),
        std::cmp::Ordering::Equal => return plain(at, Kind::SettingChanged, Effect::Neutral, before, after),
    };
    let sentence = format!("{} keeps recovery points {} instead of {}.", at.subject(), kept(is), kept(was));
    one(at, kind, effect, sentence, before, after)
}

/// A copy without retention of its own is kept as long as the backup it is made from, which is set elsewhere.
pub(super) fn copy_retention(at: &At, before: Value, after: Value) -> Vec<Change> {
    if before.is_some() && after.is_some() {
        return retention(at, before, after);
    }
    let days = |value: Value| match text(value) {
        Some(days) => format!("{days} days"),
        None => "as long as the backup it is made from".to_owned(),
    };
    let sentence = format!("{} is kept {} instead of {}.", at.subject(), days(after), days(before));
    one(at, Kind::RetentionChanged, Effect::Weakens, sentence, before, after)
}

fn kept(days: u64) -> String {
    match days {
        u64::MAX => "for ever".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

pub(super) fn cold_storage(at: &At, before: Value, after: Value) -> Vec<Change> {
    let subject = at.subject();
    let sentence = match (text(before), text(after)) {
        (None, Some(days)) => format!("{subject} moves recovery points to cold storage after {days} days."),
        (Some(days), None) => {
            format!(
                "{subject} no longer moves recovery points to cold storage, before it did after {days} days."
            )
        }
        (was, is) => {
            let (was, is) = (was.unwrap_or_default(), is.unwrap_or_default());
            format!("{subject} moves recovery points to cold storage after {is} days instead of {was}.")
        }
    };
    one(at, Kind::ColdStorageChanged, Effect::Neutral, sentence, before, after)
}

pub(super) fn archive(at: &At, before: Value, after: Value) -> Vec<Change> {
    plain(at, Kind::ArchiveChanged, Effect::Neutral, before, after)
}

pub(super) fn continuous(at: &At, before: Value, after: Value) -> Vec<Change> {
    let on = |value: Value| text(value) == Some("true");
    let subject = at.subject();
    match (on(before), on(after)) {
        (false, true) => {
            let sentence = format!("{subject} now backs up continuously, for restores to any point in time.");
            one(at, Kind::ContinuousBackupOn, Effect::Strengthens, sentence, before, after)
        }
        (true, false) => {
            let sentence =
                format!("{subject} no longer backs up continuously: no restores to any point in time.");
            one(at, Kind::ContinuousBackupOff, Effect::Weakens, sentence, before, after)
        }
        _ => plain(at, Kind::SettingChanged, Effect::Neutral, before, after),
    }
}

pub(super) fn vault(at: &At, before: Value, after: Value) -> Vec<Change> {
    let sentence =
        format!("{} stores into vault {} instead of {}.", at.subject(), shown(at, after), shown(at, before));
    one(at, Kind::VaultChanged, Effect::Neutral, sentence, before, after)
}

pub(super) fn air_gapped_vault(at: &At, before: Value, after: Value) -> Vec<Change> {
    let (kind, effect) = match (before, after) {
        (None, _) => (Kind::AirGappedVaultAdded, Effect::Strengthens),
        (_, None) => (Kind::AirGappedVaultLost, Effect::Weakens),
        _ => (Kind::VaultChanged, Effect::Neutral),
    };
    plain(at, kind, effect, before, after)
}

pub(super) fn window(at: &At, before: Value, after: Value) -> Vec<Change> {
    plain(at, Kind::WindowChanged, Effect::Neutral, before, after)
}

pub(super) fn copy_target(at: &At, before: Value, after: Value) -> Vec<Change> {
    let sentence = format!("{} goes to {} instead of {}.", at.subject(), shown(at, after), shown(at, before));
    one(at, Kind::CopyMoved, Effect::Neutral, sentence, before, after)
}

pub(super) fn tag(at: &At, before: Value, after: Value) -> Vec<Change> {
    plain(at, Kind::TagsChanged, Effect::Neutral, before, after)
}

pub(super) fn index(at: &At, before: Value, after: Value) -> Vec<Change> {
    plain(at, Kind::IndexChanged, Effect::Neutral, before, after)
}

pub(super) fn role(at: &At, before: Value, after: Value) -> Vec<Change> {
    let sentence =
        format!("{} uses role {} instead of {}.", at.subject(), shown(at, after), shown(at, before));
    one(at, Kind::RoleChanged, Effect::Neutral, sentence, before, after)
}

/// Another tag key or condition chooses other resources: what was chosen before may be left out now.
pub(super) fn selection_key(at: &At, before: Value, after: Value) -> Vec<Change> {
    plain(at, Kind::SelectionChanged, Effect::Weakens, before, after)
}

pub(super) fn chosen(at: &At, before: Value, after: Value) -> Vec<Change> {
    each(
        at,
        (before, after),
        (Kind::SelectionWidened, Effect::Strengthens, "also takes resources tagged"),
        (Kind::SelectionNarrowed, Effect::Weakens, "no longer takes resources tagged"),
    )
}

/// `*` is every type, and so is no list at all beside conditions.
pub(super) fn chosen_types(at: &At, before: Value, after: Value) -> Vec<Change> {
    let every =
        |value: Value| value.is_none_or(|value| value.values().iter().any(|pattern| &**pattern == "*"));
    let (kind, effect, sentence) = match (every(before), every(after)) {
        (true, true) => return plain(at, Kind::SettingChanged, Effect::Neutral, before, after),
        (true, false) => (
            Kind::SelectionNarrowed,
            Effect::Weakens,
            format!("takes only {} instead of every type", shown(at, after)),
        ),
        (false, true) => {
            (Kind::SelectionWidened, Effect::Strengthens, "takes every resource type".to_owned())
        }
        (false, false) => {
            return each(
                at,
                (before, after),
                (Kind::SelectionWidened, Effect::Strengthens, "also takes"),
                (Kind::SelectionNarrowed, Effect::Weakens, "no longer takes"),
            );
        }
    };
    one(at, kind, effect, format!("{} {sentence}.", at.subject()), before, after)
}

pub(super) fn left_out(at: &At, before: Value, after: Value) -> Vec<Change> {
    each(
        at,
        (before, after),
        (Kind::SelectionNarrowed, Effect::Weakens, "now leaves out"),
        (Kind::SelectionWidened, Effect::Strengthens, "no longer leaves out"),
    )
}

pub(super) fn advanced(at: &At, before: Value, after: Value) -> Vec<Change> {
    let default = vocabulary::lookup(at.path).map(|row| row.default);
    let on = |value: Value| text(value).or(default) == Some("enabled");
    let (kind, effect) = match (on(before), on(after)) {
        (false, true) => (Kind::AdvancedSettingOn, Effect::Strengthens),
        (true, false) => (Kind::AdvancedSettingOff, Effect::Weakens),
        _ => (Kind::SettingChanged, Effect::Neutral),
    };
    plain(at, kind, effect, before, after)
}

pub(super) fn scan_mode(at: &At, before: Value, after: Value) -> Vec<Change> {
    let effect = match (text(before), text(after)) {
        (_, Some("FULL_SCAN")) => Effect::Strengthens,
        (Some("FULL_SCAN"), _) => Effect::Weakens,
        _ => Effect::Neutral,
    };
    plain(at, Kind::ScanChanged, effect, before, after)
}

pub(super) fn scanned(at: &At, before: Value, after: Value) -> Vec<Change> {
    let all = |value: Value| value.is_some_and(|value| value.values().iter().any(|kind| &**kind == "ALL"));
    match (all(before), all(after)) {
        (true, true) => plain(at, Kind::SettingChanged, Effect::Neutral, before, after),
        (true, false) => plain(at, Kind::ScanChanged, Effect::Weakens, before, after),
        (false, true) => plain(at, Kind::ScanChanged, Effect::Strengthens, before, after),
        (false, false) => each(
            at,
            (before, after),
            (Kind::ScanChanged, Effect::Strengthens, "also scans for malware the backups of"),
            (Kind::ScanChanged, Effect::Weakens, "no longer scans for malware the backups of"),
        ),
    }
}
