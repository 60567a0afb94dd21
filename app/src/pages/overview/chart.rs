//! Jobs per day: a bar a day, each a link to its jobs, and the same as a table.

use leptos::prelude::*;
use model::{job::lists::Cover, overview::DayOfJobs};

use super::figures::jobs_path;
use crate::{
    components::{Absent, Card, Column, Row, Table, icons},
    words::{day, day_of_month, thousands},
};

/// Height of the drawing in its own units.
const HEIGHT: f64 = 120.0;
/// A part that is there is never too thin to be seen.
const LEAST: f64 = 2.5;

/// Jobs per day, all kinds, Regions and accounts; days of which not all lists are known are hatched and named.
#[component]
pub fn JobsPerDay(days: Vec<DayOfJobs>, cover: Cover) -> impl IntoView {
    let most = days.iter().map(all).max().unwrap_or(0);
    if most == 0 {
        let (title, text) = none(&cover);
        return view! {
            <Card title="Jobs per day"><Absent title text icon=icons::JOBS/></Card>
        }
        .into_any();
    }
    let with_cover = |day: DayOfJobs| {
        let known = cover.knows_day(day.on);
        (day, known)
    };
    let days: Vec<(DayOfJobs, bool)> = days.into_iter().map(with_cover).collect();
    let bars: Vec<_> = days.iter().map(|(day, known)| bar(day, *known, most)).collect();
    let all_known = days.iter().all(|(_, known)| *known);
    view! {
        <Card title="Jobs per day" actions=legend(all_known)>
            {hatches()}
            <ol class="chart">{bars}</ol>
            <details class="chart-table">
                <summary>"Show as table"</summary>
                {table(&days)}
            </details>
        </Card>
    }
    .into_any()
}

/// Why no job is drawn: none and not read are two things.
fn none(cover: &Cover) -> (&'static str, String) {
    match cover.words() {
        None => ("No jobs", "AWS lists no job of the last 14 days that has ended.".to_owned()),
        Some(_) if cover.is_not_available() => {
            ("Jobs are not available", "This endpoint offers no lists of jobs.".to_owned())
        }
        Some(words) if cover.has_any() => ("No jobs so far", format!("Not all jobs are known: {words}.")),
        Some(words) => (
            "Jobs are not read yet",
            format!("Jobs of the last 14 days appear here once they are read: {words}."),
        ),
    }
}

const fn all(day: &DayOfJobs) -> u64 {
    day.completed + day.with_issues + day.failed
}

fn legend(all_known: bool) -> AnyView {
    let item = |kind: &'static str, word: &'static str| {
        view! {
            <li>
                <svg class="swatch" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                    <rect class=kind width="14" height="14" rx="3"></rect>
                </svg>
                <span>{word}</span>
            </li>
        }
    };
    view! {
        <ul class="legend">
            {item("bar-good", "Completed")}
            {item("bar-warn", "With issues")}
            {item("bar-bad", "Failed, expired, aborted")}
            {(!all_known).then(|| item("bar-unknown", "Not complete yet"))}
        </ul>
    }
    .into_any()
}

/// The patterns that tell the parts of a bar apart without colour.
fn hatches() -> AnyView {
    view! {
        <svg class="visually-hidden" width="0" height="0" aria-hidden="true">
            <defs>
                <pattern id="hatch-bad" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect class="hatch-bad" width="6" height="6"></rect>
                    <rect class="hatch-gap" width="2" height="6"></rect>
                </pattern>
                <pattern id="hatch-warn" width="5" height="5" patternUnits="userSpaceOnUse">
                    <rect class="hatch-warn" width="5" height="5"></rect>
                    <circle class="hatch-gap" cx="2.5" cy="2.5" r="1"></circle>
                </pattern>
                <pattern id="hatch-unknown" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
                    <rect class="hatch-unknown" width="2" height="8"></rect>
                </pattern>
            </defs>
        </svg>
    }
    .into_any()
}

fn bar(jobs: &DayOfJobs, known: bool, most: u64) -> AnyView {
    let [bad, warn, good] = heights(jobs, most);
    let top = HEIGHT - bad - warn - good;
    let part = |class: &'static str, y: f64, height: f64| {
        (height > 0.0).then(|| {
            view! { <rect class=class x="0" y=format!("{y:.1}") width="32" height=format!("{:.1}", height - 0.8) rx="2"></rect> }
        })
    };
    let words = in_words(jobs, known);
    let until = jobs.on.next_day().map(|next| next.to_string()).unwrap_or_default();
    let href = jobs_path(&[("from", &jobs.on.to_string()), ("until", &until)]);
    let title = words.clone();
    let number = jobs.on.day().to_string();
    view! {
        <li>
            <a href=href title=title>
                <svg class="bar" viewBox=format!("0 0 32 {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                    {part("bar-bad", top, bad)}
                    {part("bar-warn", top + bad, warn)}
                    {part("bar-good", top + bad + warn, good)}
                    {(!known).then(|| view! { <rect class="bar-unknown" x="0" y="0" width="32" height=format!("{HEIGHT}") rx="2"></rect> })}
                </svg>
                <span class="bar-day" aria-hidden="true">{number}</span>
                <span class="visually-hidden">{words}</span>
            </a>
        </li>
    }
    .into_any()
}

/// The bar's text alternative.
fn in_words(jobs: &DayOfJobs, known: bool) -> String {
    format!(
        "{}: {} completed, {} with issues, {} failed, expired or aborted{}",
        day_of_month(jobs.on),
        thousands(jobs.completed),
        thousands(jobs.with_issues),
        thousands(jobs.failed),
        if known { "" } else { "; so far, this day is not complete yet" }
    )
}

/// Heights of the failed, the issues' and the good part.
#[expect(clippy::cast_precision_loss, reason = "a drawing")]
fn heights(jobs: &DayOfJobs, most: u64) -> [f64; 3] {
    let height = |n: u64| if n == 0 { 0.0 } else { (n as f64 / most.max(1) as f64 * HEIGHT).max(LEAST) };
    let (bad, warn) = (height(jobs.failed), height(jobs.with_issues));
    [bad, warn, height(jobs.completed).min(HEIGHT - bad - warn)]
}

fn table(days: &[(DayOfJobs, bool)]) -> AnyView {
    let columns = vec![
        Column::new("Day (UTC)"),
        Column::number("Completed"),
        Column::number("With issues"),
        Column::number("Failed, expired, aborted"),
    ];
    let rows = days
        .iter()
        .rev()
        .map(|(d, known)| {
            let so_far = (!known).then(|| view! { <span class="sub">"so far"</span> });
            let mut cells = vec![view! { {day(d.on)}{so_far} }.into_any()];
            cells.extend([d.completed, d.with_issues, d.failed].map(|n| thousands(n).into_any()));
            Row::new(cells)
        })
        .collect();
    view! { <Table caption="Jobs per day" columns rows/> }.into_any()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn one_failed_job_among_thousands_is_seen_and_the_bar_stays_in_its_frame() {
        let jobs = DayOfJobs { on: date!(2026 - 11 - 20), completed: 10_000, with_issues: 1, failed: 1 };
        let parts = heights(&jobs, all(&jobs));
        assert!(parts.iter().all(|part| *part >= LEAST), "{parts:?}");
        assert!(parts.iter().sum::<f64>() <= HEIGHT, "{parts:?}");
    }

    #[test]
    fn a_day_that_is_not_complete_says_so_in_its_text() {
        let jobs = DayOfJobs { on: date!(2026 - 11 - 20), completed: 1, with_issues: 0, failed: 0 };
        assert!(in_words(&jobs, false).ends_with("so far, this day is not complete yet"));
        assert!(!in_words(&jobs, true).contains("so far"));
    }

    #[test]
    fn no_bars_are_called_no_jobs_only_where_all_lists_were_read() {
        use model::{
            JobKind,
            job::lists::{JobListState, ListOutcome},
        };
        use time::macros::datetime;

        let now = datetime!(2026-11-20 12:00 UTC);
        let list = |read_at, outcome| JobListState {
            read_at,
            known_until: read_at,
            outcome,
            ..JobListState::untried("eu-west-1", JobKind::Backup)
        };
        let title = |lists| none(&Cover { lists, now }).0;
        assert_eq!(title(vec![list(Some(now), ListOutcome::Read)]), "No jobs");
        assert_eq!(title(vec![list(None, ListOutcome::NotAvailable)]), "Jobs are not available");
        assert_eq!(title(vec![list(None, ListOutcome::Denied)]), "Jobs are not read yet");
        assert_eq!(
            title(vec![list(Some(now), ListOutcome::Read), list(None, ListOutcome::Failed)]),
            "No jobs so far"
        );
        assert_eq!(title(Vec::new()), "Jobs are not read yet");
    }
}
