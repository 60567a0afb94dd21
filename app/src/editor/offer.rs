//! What a field offers and says: suggestions, help, and what its value means.

use policy::{
    schedule::Cron,
    vocabulary::{
        Form, Key,
        regions::{Partition, REGIONS},
        resource_types::{EVERY, RESOURCE_TYPES},
    },
};
use time::OffsetDateTime;

use crate::words;

/// Values to choose from while typing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestions {
    /// Id of the list on the page.
    pub id: &'static str,
    /// Values, and what they stand for.
    pub values: Vec<(String, String)>,
}

/// Usual schedules; AWS's own default first.
const SCHEDULES: [&str; 7] = [
    "cron(0 5 ? * * *)",
    "cron(0 0/12 ? * * *)",
    "cron(0 * ? * * *)",
    "cron(0 5 ? * MON-FRI *)",
    "cron(0 5 ? * SUN *)",
    "cron(0 5 1 * ? *)",
    "cron(0 5 L * ? *)",
];

/// Runs that are named after a schedule.
const RUNS: usize = 3;

/// Id of the list that fields of this form offer; `None` where there is nothing to offer.
#[must_use]
pub const fn list_of(form: Form) -> Option<&'static str> {
    match form {
        Form::Region => Some("offer-regions"),
        Form::ResourceType => Some("offer-resource-types"),
        Form::Schedule => Some("offer-schedules"),
        _ => None,
    }
}

/// All lists of suggestions; each stands on the page once.
#[must_use]
pub fn lists() -> Vec<Suggestions> {
    let regions = REGIONS.iter().map(|region| (region.code.to_owned(), region.name.to_owned()));
    let types = RESOURCE_TYPES.iter().map(|kind| (kind.arn(Partition::Aws), kind.name.to_owned()));
    let every = std::iter::once((EVERY.to_owned(), "Every resource type".to_owned()));
    let schedule = |text: &&str| Some(((*text).to_owned(), Cron::parse(text).ok()?.describe()));
    let list = |form, values| Suggestions { id: list_of(form).unwrap_or_default(), values };
    vec![
        list(Form::Region, regions.collect()),
        list(Form::ResourceType, every.chain(types).collect()),
        list(Form::Schedule, SCHEDULES.iter().filter_map(schedule).collect()),
    ]
}

/// What was typed or pasted into a list, as values: those that hold no spaces or commas may be given several at once.
#[must_use]
pub fn values(form: Form, typed: &str) -> Vec<String> {
    let typed = typed.trim();
    let parts: Vec<&str> = match form {
        Form::Text { .. } => vec![typed],
        _ => typed.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"')).collect(),
    };
    parts.into_iter().filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// What a field says below its input: what the value means where it is known, else what the setting is, and what AWS
/// does without it.
#[must_use]
pub fn help(row: &Key, form: Form, value: Option<&str>, now: OffsetDateTime) -> String {
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
        let help = |value| help(row("schedule_expression"), Form::Schedule, Some(value), NOW);
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
            help(row("complete_backup_window_minutes"), Form::Integer { least: 60 }, Some(value), NOW)
        };
        assert!(minutes("10080").ends_with("That is 7 days."));
        assert!(minutes("480").ends_with("That is 8 hours."));
        assert!(minutes("61").ends_with(row("complete_backup_window_minutes").help));
        assert!(minutes("").ends_with("10080 minutes if empty."));
    }

    #[test]
    fn every_suggestion_is_accepted() {
        for (list, form) in lists().into_iter().zip([Form::Region, Form::ResourceType, Form::Schedule]) {
            assert_eq!(Some(list.id), list_of(form));
            for (value, label) in list.values {
                assert_eq!(form.check(&value, NOW), Ok(()), "{value}");
                assert!(!label.is_empty());
            }
        }
    }

    #[test]
    fn regions_are_pasted_together_and_tag_values_one_by_one() {
        assert_eq!(
            values(Form::Region, " eu-west-1, \"eu-north-1\";us-east-1\n"),
            ["eu-west-1", "eu-north-1", "us-east-1"]
        );
        assert_eq!(values(Form::Text { least: 0, most: 256 }, " a, b "), ["a, b"]);
        assert!(values(Form::Region, " , ").is_empty());
    }
}
