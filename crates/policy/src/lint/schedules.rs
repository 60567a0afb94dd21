//! Advice on schedules and how the rules of a plan meet.

use time::Duration;

use super::findings::{Findings, child, entries, number, text};
use crate::merge::Place;
use crate::path::Path;
use crate::schedule::{
    ARCHIVE_MINIMUM_GAP, Cron, DEFAULT_SCHEDULE, DEFAULT_START_WINDOW, MINIMUM_GAP, ScheduledRule, overlaps,
};

/// How far ahead to look for runs that are too close or too far apart.
const YEAR: Duration = Duration::days(366);
/// How far ahead to look for rules that meet: every day of a month meets every weekday within this.
const OVERLAP_HORIZON: Duration = Duration::days(366);

pub(super) fn check(plan_path: &Path, plan: &Place, findings: &mut Findings) {
    let path = plan_path.join("rules");
    let mut read = Vec::new();
    for (name, rule) in entries(plan, "rules") {
        let path = path.join(name.clone());
        let written = text(rule, "schedule_expression");
        if written.is_none() && findings.complete {
            findings.add("HF008", &path, "the rule runs every day at 05:00 UTC, AWS Backup's default");
        }
        let Some(text) = written.or(findings.complete.then_some(DEFAULT_SCHEDULE)) else { continue };
        let Ok((cron, ignored)) = Cron::parse_with_ignored(text) else { continue };
        let at = path.join("schedule_expression");
        for part in ignored {
            findings.add("HF010", &at, format!("“{}”: {}", part.text, part.reason));
        }
        gaps(&at, &cron, rule, findings);
        let minutes =
            number(rule, "start_backup_window_minutes").and_then(|minutes| i64::try_from(minutes).ok());
        let start_window = minutes
            .map_or(DEFAULT_START_WINDOW, |minutes| Duration::minutes(minutes.min(YEAR.whole_minutes())));
        read.push((name, cron, start_window));
    }
    let scheduled: Vec<ScheduledRule> = read
        .iter()
        .map(|(name, schedule, start_window)| ScheduledRule { name, schedule, start_window: *start_window })
        .collect();
    for overlap in overlaps(&scheduled, findings.now, OVERLAP_HORIZON) {
        let at = path.join(overlap.second.as_str()).join("schedule_expression");
        let first = overlap.at.0;
        let message = format!(
            "meets the start window of rule “{}”, first on {} at {:02}:{:02} UTC",
            overlap.first,
            first.date(),
            first.hour(),
            first.minute()
        );
        findings.add("HF011", &at, message);
    }
}

/// HF009 and HF021.
fn gaps(at: &Path, cron: &Cron, rule: &Place, findings: &mut Findings) {
    let lifecycles = child(rule, "lifecycle").into_iter();
    let copies = entries(rule, "copy_actions").into_iter().filter_map(|(_, copy)| child(copy, "lifecycle"));
    let archive = lifecycles
        .chain(copies)
        .any(|lifecycle| text(lifecycle, "opt_in_to_archive_for_supported_resources") == Some("true"));
    let least = if archive { ARCHIVE_MINIMUM_GAP } else { MINIMUM_GAP };
    // Runs that are too close right now are an error already.
    let passes = cron.gap_after(findings.now).is_some_and(|gap| gap >= least);
    let smallest = cron.smallest_gap(findings.now, YEAR * 4);
    if let Some(smallest) = smallest.filter(|smallest| passes && *smallest < least) {
        let message = format!("some runs are only {} apart; AWS asks for {}", words(smallest), words(least));
        findings.add("HF009", at, message);
    }
    let days = child(rule, "lifecycle").and_then(|lifecycle| number(lifecycle, "delete_after_days"));
    let kept = days.and_then(|days| i64::try_from(days).ok()).map(|days| Duration::days(days.min(100_000)));
    let longest = cron.longest_gap(findings.now, YEAR);
    if let Some((kept, longest)) = kept.zip(longest).filter(|(kept, longest)| kept < longest) {
        let message =
            format!("runs are up to {} apart, and recovery points are kept {}", words(longest), words(kept));
        findings.add("HF021", at, message);
    }
}

fn words(time: Duration) -> String {
    let one = |number: i64, unit: &str| format!("{number} {unit}{}", if number == 1 { "" } else { "s" });
    match (time.whole_days(), time.whole_hours()) {
        (days, _) if days >= 2 => one(days, "day"),
        (_, hours) if hours >= 1 => one(hours, "hour"),
        _ => one(time.whole_minutes(), "minute"),
    }
}
