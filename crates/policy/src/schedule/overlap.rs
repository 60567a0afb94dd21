//! Rules of one plan whose start windows meet.
//!
//! When the start windows of two rules of a plan overlap, AWS Backup takes one backup for both and keeps it by the
//! rule with the longer retention, so an administrator who counts on two finds one.

use time::{Duration, OffsetDateTime};

use super::{Cron, MINIMUM_GAP, calendar};

/// No rule is looked at for more runs than this: a year of hourly runs.
const MOST_RUNS: usize = 366 * 24;

/// No more rules of a plan are compared with each other. AWS takes ten (spec 1.3), and the work grows with the
/// square of their number.
pub const MOST_RULES_COMPARED: usize = 32;

/// A rule as the overlap search needs it.
#[derive(Clone, Debug)]
pub struct ScheduledRule<'a> {
    /// The rule's name, given back in [`Overlap`].
    pub name: &'a str,
    /// When it runs.
    pub schedule: &'a Cron,
    /// `start_backup_window_minutes`, or [`super::DEFAULT_START_WINDOW`].
    pub start_window: Duration,
}

/// Two rules whose start windows meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The rule that stands first in the list given.
    pub first: String,
    /// The other one.
    pub second: String,
    /// The first two runs whose windows meet, of the first and of the second rule.
    pub at: (OffsetDateTime, OffsetDateTime),
    /// How many runs of the first rule meet one of the second in the time looked at.
    pub runs: usize,
    /// Every such pair begins at the very same instant.
    pub same_instant: bool,
}

/// The pairs of rules whose start windows meet between `from` and `from + horizon`, in the order given. Only the
/// first [`MOST_RULES_COMPARED`] rules are compared.
#[must_use]
pub fn overlaps(rules: &[ScheduledRule], from: OffsetDateTime, horizon: Duration) -> Vec<Overlap> {
    let end = from.saturating_add(horizon);
    let listed: Vec<Listed> = rules
        .iter()
        .take(MOST_RULES_COMPARED)
        .map(|rule| Listed {
            name: rule.name,
            window: rule.start_window.whole_minutes(),
            runs: calendar::minutes(rule.schedule, from, end).take(MOST_RUNS).collect(),
        })
        .collect();
    let mut found = Vec::new();
    for (index, first) in listed.iter().enumerate() {
        found.extend(listed.iter().skip(index + 1).filter_map(|second| meet(first, second)));
    }
    found
}

/// A rule with its runs and its start window in minutes: a year of hourly runs is compared in no time.
struct Listed<'a> {
    name: &'a str,
    window: i64,
    runs: Vec<i64>,
}

fn meet(first: &Listed, second: &Listed) -> Option<Overlap> {
    let (mut at, mut runs, mut same_instant) = (None, 0, true);
    let mut rest = second.runs.iter().copied().peekable();
    for run in first.runs.iter().copied() {
        while rest.next_if(|other| other.saturating_add(second.window) <= run).is_some() {}
        let Some(other) = rest.peek().copied().filter(|other| *other < run.saturating_add(first.window))
        else {
            continue;
        };
        at = at.or(Some((run, other)));
        runs += 1;
        same_instant &= run == other;
    }
    let (one, other) = at?;
    let at = calendar::instant(one).zip(calendar::instant(other))?;
    Some(Overlap { first: first.name.to_owned(), second: second.name.to_owned(), at, runs, same_instant })
}

const _: () = assert!(MINIMUM_GAP.whole_hours() == 1, "MOST_RUNS counts hourly runs");
