//! What a field says below its input.

use policy::{
    schedule::Cron,
    vocabulary::{Form, Key},
};
use time::OffsetDateTime;

use crate::words;

/// Runs that are named after a schedule.
const RUNS: usize = 3;

/// What the value means where it is known, else what the setting is, and what AWS
/// does without it.
#[must_use]
pub fn field_help(row: &Key, form: Form, value: Option<&str>, now: OffsetDateTime) -> String {
    let value = value.unwrap_or_default();
    if form == Form::Schedule {
        let text = if value.is_empty() { row.default } else { value };
        if let Ok(cron) = Cron::parse(text) {
            let without = if value.is_empty() {
                format!("AWS Backup uses {} if this is empty. ", row.default)
            } else {
                String::new()
            };
            return format!("{without}{}. {}", cron.describe(), next_runs(&cron, now));
        }
    }
    let default = match (value.is_empty(), row.default) {
        (true, "never") => " Never if empty.".to_owned(),
        (true, "true") => " Yes if not set.".to_owned(),
        (true, "false") => " No if not set.".to_owned(),
        (true, default) if !default.is_empty() => format!(" {default}{} if empty.", unit(row.unit)),
        _ => longer(row.unit, value),
    };
    format!("{}{default}", row.help)
}

fn unit(unit: &str) -> String {
    if unit.is_empty() { String::new() } else { format!(" {unit}") }
}

/// A number of minutes or days that is easier to grasp in larger units.
fn longer(unit: &str, value: &str) -> String {
    let Ok(number) = value.parse::<u64>() else { return String::new() };
    let (size, noun) = match (unit, number) {
        ("minutes", 1440..) if number.is_multiple_of(1440) => (1440, "day"),
        ("minutes", 120..) if number.is_multiple_of(60) => (60, "hour"),
        ("days", 730..) if number.is_multiple_of(365) => (365, "year"),
        _ => return String::new(),
    };
    format!(" That is {}.", words::counted(number / size, noun))
}

fn next_runs(cron: &Cron, now: OffsetDateTime) -> String {
    let runs = cron.next_runs(now, RUNS);
    let year = runs.iter().any(|run| run.year() != now.year());
    let shown: Vec<String> = runs
        .iter()
        .map(|run| {
            let day = if year { words::day(run.date()) } else { words::day_of_month(run.date()) };
            format!("{day} {:02}:{:02}", run.hour(), run.minute())
        })
        .collect();
    if shown.is_empty() { "It never runs again.".into() } else { format!("Next: {}.", shown.join(", ")) }
}

#[cfg(test)]
mod tests {
    use policy::{Path, vocabulary};
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

    fn row(key: &str) -> &'static Key {
        vocabulary::lookup(&Path::from("plans/p/rules/r").join(key)).unwrap()
    }

    #[test]
    fn a_schedule_says_when_it_runs() {
        let help = |value| field_help(row("schedule_expression"), Form::Schedule, Some(value), NOW);
        assert_eq!(
            help("cron(0 2 ? * * *)"),
            "Every day at 02:00 UTC. Next: 21 Nov 02:00, 22 Nov 02:00, 23 Nov 02:00."
        );
        assert!(help("").starts_with("AWS Backup uses cron(0 5 ? * * *) if this is empty. Every day"));
        assert!(help("cron(0 5 1 1 ? *)").contains("1 Jan 2027 05:00"));
        assert_eq!(help("cron(no)"), row("schedule_expression").help);
    }

    #[test]
    fn minutes_and_days_are_said_in_larger_units() {
        let minutes = |value| {
            field_help(row("complete_backup_window_minutes"), Form::Integer { least: 60 }, Some(value), NOW)
        };
        assert!(minutes("10080").ends_with("That is 7 days."));
        assert!(minutes("480").ends_with("That is 8 hours."));
        assert!(minutes("61").ends_with(row("complete_backup_window_minutes").help));
        assert!(minutes("").ends_with("10080 minutes if empty."));
    }
}
