//! Rules of one plan whose start windows meet.
//!
//! When the start windows of two rules of a plan overlap, AWS Backup takes one backup for both and keeps it by the
//! rule with the longer retention, so an administrator who counts on two finds one.

use time::{Duration, OffsetDateTime};

use super::{Cron, MINIMUM_GAP};

/// No rule is looked at for more runs than this: a year of hourly runs.
const MOST_RUNS: usize = 366 * 24;

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

/// The pairs of rules whose start windows meet between `from` and `from + horizon`, in the order given.
#[must_use]
pub fn overlaps(rules: &[ScheduledRule], from: OffsetDateTime, horizon: Duration) -> Vec<Overlap> {
    let end = from.saturating_add(horizon);
    let runs = |rule: &ScheduledRule| -> Vec<OffsetDateTime> {
        rule.schedule.runs_after(from).take_while(|run| *run <= end).take(MOST_RUNS).collect()
    };
    let listed: Vec<_> = rules.iter().map(|rule| (rule, runs(rule))).collect();
    let mut found = Vec::new();
    for (index, first) in listed.iter().enumerate() {
        for second in listed.iter().skip(index + 1) {
            found.extend(meet(first, second));
        }
    }
    found
}

type Listed<'a> = (&'a ScheduledRule<'a>, Vec<OffsetDateTime>);

fn meet((first, first_runs): &Listed, (second, second_runs): &Listed) -> Option<Overlap> {
    let mut found: Option<Overlap> = None;
    let mut rest = second_runs.as_slice();
    for run in first_runs {
        while rest.split_first().is_some_and(|(other, _)| other.saturating_add(second.start_window) <= *run) {
            rest = rest.get(1..).unwrap_or_default();
        }
        let Some(other) = rest.first().filter(|other| **other < run.saturating_add(first.start_window))
        else {
            continue;
        };
        let overlap = found.get_or_insert_with(|| Overlap {
            first: first.name.to_owned(),
            second: second.name.to_owned(),
            at: (*run, *other),
            runs: 0,
            same_instant: true,
        });
        overlap.runs += 1;
        overlap.same_instant &= run == other;
    }
    found
}

const _: () = assert!(MINIMUM_GAP.whole_hours() == 1, "MOST_RUNS counts hourly runs");
