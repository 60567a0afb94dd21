//! The figures, each leading to what it counts.

use leptos::prelude::*;
use model::{
    JobFilter,
    organization::Coverage,
    overview::{DayOfJobs, Overview},
    paths,
};

use crate::{
    components::{Icon, Tone},
    words::{counted, percent, thousands},
};

/// Path of the jobs page under these conditions.
pub(super) fn jobs_path(pairs: &[(&str, &str)]) -> String {
    paths::jobs(&JobFilter::from_pairs(pairs.iter().copied()).0)
}

struct Figure {
    label: &'static str,
    value: String,
    /// `Idle` for a plain figure; others are shown with their icon.
    tone: Tone,
    note: String,
    href: String,
}

/// Four figures: yesterday's jobs, what failed of them, who has no plan, how many different policies there are.
#[component]
pub fn Figures(overview: Overview) -> impl IntoView {
    let day = overview.last_day.as_ref();
    let figures: Vec<_> = [succeeded(day), failed(day), without_plan(&overview), distinct(&overview)]
        .into_iter()
        .map(|Figure { label, value, tone, note, href }| {
            let icon = (tone != Tone::Idle).then(|| view! { <Icon icon=tone.icon() size=20/> });
            view! {
                <li>
                    <a class="figure" href=href>
                        <span class="figure-label">{label}</span>
                        <span class="figure-value" data-tone=tone.as_str()>{icon}<span>{value}</span></span>
                        <span class="figure-note">{note}</span>
                    </a>
                </li>
            }
        })
        .collect();
    view! { <ul class="figures">{figures}</ul> }
}

const NOT_YET: &str = "Jobs are not read yet";

fn succeeded(day: Option<&DayOfJobs>) -> Figure {
    let ended = day.map_or(0, |d| d.completed + d.with_issues + d.failed);
    let done = day.map_or(0, |d| d.completed);
    let note = match day {
        None => NOT_YET.into(),
        Some(_) if ended == 0 => "No job ended".into(),
        Some(d) => format!(
            "{} of {} · {} with issues",
            thousands(done),
            counted(ended, "job"),
            thousands(d.with_issues)
        ),
    };
    Figure {
        label: "Jobs succeeded, 24 h",
        value: percent(done, ended).unwrap_or_else(|| "-".into()),
        tone: Tone::Idle,
        note,
        href: jobs_path(&[("from", "24h")]),
    }
}

fn failed(day: Option<&DayOfJobs>) -> Figure {
    let (value, tone, note) = match day {
        None => ("-".into(), Tone::Idle, NOT_YET),
        Some(d) if d.failed == 0 => ("0".into(), Tone::Good, "Nothing failed, expired or was aborted"),
        Some(d) => (thousands(d.failed), Tone::Bad, "Failed, expired or aborted"),
    };
    let href = jobs_path(&[("state", "failed,expired,aborted"), ("from", "24h")]);
    Figure { label: "Jobs failed, 24 h", value, tone, note: note.into(), href }
}

fn without_plan(overview: &Overview) -> Figure {
    let (none, all) = (overview.accounts_without_plan, overview.active_accounts);
    let note = match percent(none, all) {
        Some(share) if none > 0 => format!("{share} of {}", counted(all, "active account")),
        _ if all == 0 => "No active account".to_owned(),
        _ => format!("All {} have one", counted(all, "active account")),
    };
    Figure {
        label: "Accounts without a plan",
        value: thousands(none),
        tone: match none {
            _ if all == 0 => Tone::Idle,
            0 => Tone::Good,
            none if none == all => Tone::Bad,
            _ => Tone::Warn,
        },
        note,
        href: paths::organization_only(Coverage::WithoutPlan),
    }
}

fn distinct(overview: &Overview) -> Figure {
    Figure {
        label: "Distinct effective policies",
        value: thousands(overview.distinct_policies),
        tone: Tone::Idle,
        note: format!("From {}", counted(overview.policies, "backup policy")),
        href: paths::POLICIES.into(),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn day(completed: u64, failed: u64) -> DayOfJobs {
        DayOfJobs { on: date!(2026 - 11 - 20), completed, with_issues: 0, failed }
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        assert_eq!(succeeded(None).value, "-");
        assert_eq!(failed(None).value, "-");
    }

    #[test]
    fn a_figure_leads_to_the_jobs_that_it_counts() {
        let figure = failed(Some(&day(100, 3)));
        assert_eq!((figure.value.as_str(), figure.tone), ("3", Tone::Bad));
        assert!(figure.href.starts_with("/jobs?") && figure.href.contains("from=1d"), "{}", figure.href);
        for state in ["failed", "expired", "aborted"] {
            assert!(figure.href.contains(state), "{}", figure.href);
        }
    }
}
