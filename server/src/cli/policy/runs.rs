//! `holdfast policy runs`.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use policy::fragment::Fragment;
use policy::merge::{Attached, Level, Merged, Place, merge};
use policy::schedule::{
    Cron, DEFAULT_SCHEDULE, DEFAULT_START_WINDOW, MINIMUM_GAP, Overlap, ScheduledRule, overlaps,
};
use policy::source::Source;
use serde::Serialize;
use serde_json::json;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::common::{CommandError, Common, Format, Verdict, print, print_json, read_policy};

/// How far ahead to look for the closest runs and for rules that meet.
const HORIZON: Duration = Duration::days(366);

/// Arguments of `runs`. The file is a policy document or an effective policy.
#[derive(Debug, Args)]
pub struct RunsArgs {
    /// A policy, or - for standard input
    #[arg(required_unless_present = "schedule")]
    file: Option<PathBuf>,
    /// A schedule to look at instead of a policy, such as 'cron(0 5 ? * MON-FRI *)'
    #[arg(long, conflicts_with = "file")]
    schedule: Option<String>,
    /// How many runs to list
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,
    #[command(flatten)]
    common: Common,
}

/// When one rule runs.
#[derive(Debug, Serialize)]
struct Runs {
    plan: String,
    rule: String,
    /// As written; the default where the rule has none.
    schedule: String,
    sentence: Option<String>,
    canonical: Option<String>,
    next: Vec<String>,
    runs_per_month: Option<f64>,
    smallest_gap_minutes: Option<i64>,
    ignored: Vec<String>,
    /// Why AWS refuses it.
    error: Option<String>,
    help: Option<String>,
}

/// Two rules of a plan that meet.
#[derive(Debug, Serialize)]
struct Meeting {
    plan: String,
    first: String,
    second: String,
    at: Vec<String>,
    runs: usize,
    same_instant: bool,
}

pub(super) fn run(args: &RunsArgs) -> Result<Verdict, CommandError> {
    let now = args.common.now();
    let (rules, meetings) = match (&args.file, &args.schedule) {
        (Some(file), _) => {
            let merged = merged(&read_policy(file, now)?);
            (rules(&merged, now, args.count.into()), meetings(&merged, now))
        }
        (None, schedule) => {
            let schedule = schedule.as_deref().unwrap_or(DEFAULT_SCHEDULE);
            (vec![runs("", "", schedule, now, args.count.into())], Vec::new())
        }
    };
    match args.common.format {
        Format::Text => print(&report(&rules, &meetings)),
        Format::Json => print_json(&json!({ "rules": rules, "overlaps": meetings })),
    }
    Ok(if rules.iter().any(|rule| rule.error.is_some()) { Verdict::Bad } else { Verdict::Good })
}

/// What the policy comes to by itself.
fn merged(source: &Source) -> Merged {
    let fragment = Fragment::of_node(&source.assigning());
    let alone = Attached { id: "".into(), fragment: fragment.into() };
    merge(&[Level { target: "".into(), policies: vec![alone] }])
}

fn plans(merged: &Merged) -> impl Iterator<Item = (&str, Vec<(&str, &Place)>)> {
    let plans = merged.root().child("plans").into_iter().flat_map(Place::remaining);
    plans.map(|(plan, place)| {
        let rules = place.child("rules").into_iter().flat_map(Place::remaining);
        (&**plan, rules.map(|(rule, place)| (&**rule, place)).collect())
    })
}

fn schedule(rule: &Place) -> &str {
    rule.child("schedule_expression").and_then(Place::text).unwrap_or(DEFAULT_SCHEDULE)
}

fn rules(merged: &Merged, now: OffsetDateTime, count: usize) -> Vec<Runs> {
    let of_plan = |(plan, rules): (&str, Vec<(&str, &Place)>)| {
        rules.iter().map(|(rule, place)| runs(plan, rule, schedule(place), now, count)).collect::<Vec<_>>()
    };
    plans(merged).flat_map(of_plan).collect()
}

fn runs(plan: &str, rule: &str, schedule: &str, now: OffsetDateTime, count: usize) -> Runs {
    let mut runs = Runs {
        plan: plan.to_owned(),
        rule: rule.to_owned(),
        schedule: schedule.to_owned(),
        sentence: None,
        canonical: None,
        next: Vec::new(),
        runs_per_month: None,
        smallest_gap_minutes: None,
        ignored: Vec::new(),
        error: None,
        help: None,
    };
    let (cron, ignored) = match Cron::parse_with_ignored(schedule) {
        Ok(read) => read,
        Err(error) => {
            (runs.error, runs.help) = (Some(error.to_string()), Some(error.kind.help().to_owned()));
            return runs;
        }
    };
    runs.sentence = Some(cron.describe());
    runs.canonical = Some(cron.to_string());
    runs.next = cron.next_runs(now, count).into_iter().map(shown).collect();
    runs.runs_per_month = Some((cron.runs_per_month(now) * 100.0).round() / 100.0);
    runs.smallest_gap_minutes = cron.smallest_gap(now, HORIZON).map(Duration::whole_minutes);
    runs.ignored = ignored.into_iter().map(|part| format!("“{}”: {}", part.text, part.reason)).collect();
    let refusal = match cron.gap_after(now) {
        Some(gap) if gap >= MINIMUM_GAP => None,
        Some(_) => Some(("the next two runs are less than an hour apart", "run at most once an hour")),
        None => Some(("fewer than two runs are still to come", "choose times that come again")),
    };
    if let Some((error, help)) = refusal {
        (runs.error, runs.help) = (Some(error.to_owned()), Some(help.to_owned()));
    }
    runs
}

fn meetings(merged: &Merged, now: OffsetDateTime) -> Vec<Meeting> {
    let mut found = Vec::new();
    for (plan, rules) in plans(merged) {
        let read: Vec<(&str, Cron, Duration)> = rules
            .into_iter()
            .filter_map(|(rule, place)| Some((rule, Cron::parse(schedule(place)).ok()?, start_window(place))))
            .collect();
        let scheduled: Vec<ScheduledRule> = read
            .iter()
            .map(|(name, schedule, window)| ScheduledRule { name, schedule, start_window: *window })
            .collect();
        found.extend(overlaps(&scheduled, now, HORIZON).into_iter().map(|overlap| meeting(plan, overlap)));
    }
    found
}

fn start_window(rule: &Place) -> Duration {
    let written = rule.child("start_backup_window_minutes").and_then(Place::text);
    let minutes = written.and_then(|text| text.parse::<u32>().ok());
    minutes.map_or(DEFAULT_START_WINDOW, |minutes| Duration::minutes(minutes.into()))
}

fn meeting(plan: &str, overlap: Overlap) -> Meeting {
    Meeting {
        plan: plan.to_owned(),
        at: vec![shown(overlap.at.0), shown(overlap.at.1)],
        first: overlap.first,
        second: overlap.second,
        runs: overlap.runs,
        same_instant: overlap.same_instant,
    }
}

fn shown(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).unwrap_or_else(|_| at.to_string())
}

fn report(rules: &[Runs], meetings: &[Meeting]) -> String {
    let mut out = String::new();
    for rule in rules {
        let place =
            if rule.plan.is_empty() { String::new() } else { format!("{}/{}: ", rule.plan, rule.rule) };
        let _ = writeln!(out, "{place}{}", rule.schedule);
        if let Some(sentence) = &rule.sentence {
            let per_month = rule.runs_per_month.unwrap_or_default();
            let _ = writeln!(out, "    {sentence}; {per_month} runs a month");
        }
        for ignored in &rule.ignored {
            let _ = writeln!(out, "    warning: {ignored}");
        }
        if let Some(error) = &rule.error {
            let _ =
                writeln!(out, "    error: {error}\n    help: {}", rule.help.as_deref().unwrap_or_default());
        }
        for run in &rule.next {
            let _ = writeln!(out, "    {run}");
        }
    }
    for meeting in meetings {
        let at = meeting.at.join(" and ");
        let _ = writeln!(
            out,
            "plan {}: the start windows of {} and {} overlap, {} times in the next year, first at {at}",
            meeting.plan, meeting.first, meeting.second, meeting.runs
        );
    }
    if rules.is_empty() {
        out.push_str("no rules\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

    fn plan(text: &str) -> Merged {
        merged(&policy::source::read(&policy::Document::parse(text).unwrap()).unwrap())
    }

    #[test]
    fn a_schedule_is_told_with_its_next_runs() {
        let report = report(&[runs("", "", "cron(0 5 1 * ? *)", NOW, 2)], &[]);
        let expected = "cron(0 5 1 * ? *)\n    At 05:00 UTC on day 1 of every month; 1 runs a month\n    \
                        2026-12-01T05:00:00Z\n    2027-01-01T05:00:00Z\n";
        assert_eq!(report, expected);
    }

    #[test]
    fn rules_of_documents_and_of_effective_policies_are_found_alike() {
        let document = plan(
            r#"{"plans":{"p":{"rules":{"r":{"schedule_expression":{"@@assign":"cron(0 5 ? * * *)"}}}}}}"#,
        );
        let effective =
            plan(r#"{"plans":{"p":{"rules":{"r":{"schedule_expression":"cron(0 5 ? * * *)"}}}}}"#);
        let json = |merged: &Merged| -> Value { json!(rules(merged, NOW, 3)) };
        assert_eq!(json(&document), json(&effective));
        assert_eq!(json(&document)[0]["next"][0], "2026-11-21T05:00:00Z");
    }

    #[test]
    fn a_refused_schedule_says_what_to_do() {
        let found = runs("p", "r", "rate(1 day)", NOW, 1);
        assert!(found.error.is_some() && found.help.is_some_and(|help| help.contains("cron(")));
        let found = runs("p", "r", "cron(0/15 * ? * * *)", NOW, 1);
        assert_eq!(found.error.as_deref(), Some("the next two runs are less than an hour apart"));
    }

    #[test]
    fn rules_that_meet_are_told() {
        let plan = plan(
            r#"{"plans":{"p":{"rules":{
                "daily":{"schedule_expression":"cron(0 5 ? * * *)"},
                "weekly":{"schedule_expression":"cron(0 5 ? * SUN *)"}}}}}"#,
        );
        let found = meetings(&plan, NOW);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].first.as_str(), found[0].second.as_str(), found[0].same_instant),
            ("daily", "weekly", true)
        );
    }
}
