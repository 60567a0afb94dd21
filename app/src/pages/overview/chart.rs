//! Jobs per day: a bar a day, each a link to its jobs, and the same as a table.

use leptos::prelude::*;
use model::overview::DayOfJobs;

use super::figures::jobs_path;
use crate::{
    components::{Absent, Card, Column, Row, Table, icons},
    words::{day, day_of_month, thousands},
};

/// Height of the drawing in its own units.
const HEIGHT: f64 = 120.0;
/// A part that is there is never too thin to be seen.
const LEAST: f64 = 2.5;

/// Jobs per day, all kinds, Regions and accounts.
#[component]
pub fn JobsPerDay(days: Vec<DayOfJobs>) -> impl IntoView {
    let most = days.iter().map(all).max().unwrap_or(0);
    if most == 0 {
        let text = "Jobs of the last 14 days appear here once they are read from AWS.";
        return view! {
            <Card title="Jobs per day"><Absent title="No jobs yet" text icon=icons::JOBS/></Card>
        }
        .into_any();
    }
    let bars: Vec<_> = days.iter().map(|day| bar(day, most)).collect();
    view! {
        <Card title="Jobs per day" actions=legend()>
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

const fn all(day: &DayOfJobs) -> u64 {
    day.completed + day.with_issues + day.failed
}

fn legend() -> AnyView {
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
            </defs>
        </svg>
    }
    .into_any()
}

fn bar(jobs: &DayOfJobs, most: u64) -> AnyView {
    let [bad, warn, good] = heights(jobs, most);
    let top = HEIGHT - bad - warn - good;
    let part = |class: &'static str, y: f64, height: f64| {
        (height > 0.0).then(|| {
            view! { <rect class=class x="0" y=format!("{y:.1}") width="32" height=format!("{:.1}", height - 0.8) rx="2"></rect> }
        })
    };
    let words = format!(
        "{}: {} completed, {} with issues, {} failed, expired or aborted",
        day_of_month(jobs.on),
        thousands(jobs.completed),
        thousands(jobs.with_issues),
        thousands(jobs.failed)
    );
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
                </svg>
                <span class="bar-day" aria-hidden="true">{number}</span>
                <span class="visually-hidden">{words}</span>
            </a>
        </li>
    }
    .into_any()
}

/// Heights of the failed, the issues' and the good part.
#[expect(clippy::cast_precision_loss, reason = "a drawing")]
fn heights(jobs: &DayOfJobs, most: u64) -> [f64; 3] {
    let height = |n: u64| if n == 0 { 0.0 } else { (n as f64 / most.max(1) as f64 * HEIGHT).max(LEAST) };
    let (bad, warn) = (height(jobs.failed), height(jobs.with_issues));
    [bad, warn, height(jobs.completed).min(HEIGHT - bad - warn)]
}

fn table(days: &[DayOfJobs]) -> AnyView {
    let columns = vec![
        Column::new("Day (UTC)"),
        Column::number("Completed"),
        Column::number("With issues"),
        Column::number("Failed, expired, aborted"),
    ];
    let rows = days
        .iter()
        .rev()
        .map(|d| {
            let mut cells = vec![day(d.on).into_any()];
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
}
