//! The figures, each leading to what it counts.

use leptos::prelude::*;
use model::{JobFilter, JobState, job::lists::Cover, organization::Coverage, overview::Overview, paths};

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
    let figures: Vec<_> = [
        succeeded(&overview),
        failed(&overview),
        without_plan(&overview),
        distinct(&overview),
    ]
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

/// A figure about jobs that is not known.
fn unknown(label: &'static str, cover: &Cover, href: String) -> Figure {
    let note = match (cover.is_not_available(), cover.is_on_its_way()) {
        (true, _) => "Jobs are not available from this endpoint".to_owned(),
        (false, true) => format!("Jobs are being read: {} %", cover.percent()),
        (false, false) => format!("Jobs are not read: {}", cover.words().unwrap_or_default()),
    };
    Figure { label, value: "-".into(), tone: Tone::Idle, note, href }
}

/// What a figure is about, and of how much, where that is not everything.
fn with_cover(note: String, cover: &Cover) -> String {
    match cover.words() {
        None => note,
        Some(words) if cover.is_on_its_way() => {
            format!("{note} · so far, {} % read · {words}", cover.percent())
        }
        Some(words) => format!("{note} · {words}"),
    }
}

fn succeeded(overview: &Overview) -> Figure {
    let cover = &overview.cover;
    let (label, href) = ("Jobs succeeded, 24 h", paths::jobs(&overview.last_day_jobs(JobState::is_final)));
    let Some(day) = &overview.last_day else { return unknown(label, cover, href) };
    let ended = day.completed + day.with_issues + day.failed;
    let note = match ended {
        0 => "No job ended".to_owned(),
        _ => format!(
            "{} of {} · {} with issues",
            thousands(day.completed),
            counted(ended, "job"),
            thousands(day.with_issues)
        ),
    };
    Figure {
        label,
        value: percent(day.completed, ended).unwrap_or_else(|| "-".into()),
        tone: Tone::Idle,
        note: with_cover(note, cover),
        href,
    }
}

fn failed(overview: &Overview) -> Figure {
    let cover = &overview.cover;
    let (label, href) = ("Jobs failed, 24 h", paths::jobs(&overview.last_day_jobs(JobState::is_failed)));
    let Some(day) = &overview.last_day else { return unknown(label, cover, href) };
    let (tone, note) = match day.failed {
        // None in a part of the lists is nothing to be glad of.
        0 if !cover.is_whole() => (Tone::Idle, "Nothing failed, expired or was aborted in what was read"),
        0 => (Tone::Good, "Nothing failed, expired or was aborted"),
        _ => (Tone::Bad, "Failed, expired or aborted"),
    };
    Figure { label, value: thousands(day.failed), tone, note: with_cover(note.into(), cover), href }
}

fn without_plan(overview: &Overview) -> Figure {
    let (none, unknown) = (overview.accounts_without_plan, overview.accounts_not_known);
    let all = overview.active_accounts;
    let of_all = counted(all, "active account");
    let note = match percent(none, all) {
        _ if all == 0 => "No active account".to_owned(),
        Some(share) if none > 0 => format!("{share} of {of_all}"),
        _ if unknown > 0 => format!("{} of {of_all} have one", thousands(all - unknown)),
        _ => format!("All {of_all} have one"),
    };
    let note = match unknown {
        0 => note,
        unknown => format!("{note} · of {} it is not known", thousands(unknown)),
    };
    Figure {
        label: "Accounts without a plan",
        value: thousands(none),
        tone: match none {
            _ if all == 0 => Tone::Idle,
            0 if unknown > 0 => Tone::Warn,
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
    use model::{
        JobKind,
        job::lists::{JobListState, ListOutcome},
        job_filter::Instant,
        overview::DayOfJobs,
    };
    use time::{
        OffsetDateTime,
        macros::{date, datetime},
    };

    use super::*;

    fn day(completed: u64, failed: u64) -> DayOfJobs {
        DayOfJobs { on: date!(2026 - 11 - 20), completed, with_issues: 0, failed }
    }

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

    fn list(region: &str, outcome: ListOutcome) -> JobListState {
        let read_at = (outcome == ListOutcome::Read).then_some(NOW);
        JobListState {
            read_at,
            known_until: read_at,
            outcome,
            ..JobListState::untried(region, JobKind::Backup)
        }
    }

    fn cover(outcome: ListOutcome) -> Cover {
        Cover { lists: vec![list("eu-central-1", ListOutcome::Read), list("eu-west-1", outcome)], now: NOW }
    }

    fn overview(last_day: Option<DayOfJobs>, cover: &Cover) -> Overview {
        Overview {
            organization_read: true,
            active_accounts: 0,
            other_accounts: 0,
            ous: 0,
            policies: 0,
            accounts_without_plan: 0,
            accounts_not_known: 0,
            unread: Vec::new(),
            invalid_accounts: Vec::new(),
            invalid_is_known: true,
            distinct_policies: 0,
            last_day,
            last_day_ends: NOW,
            days: Vec::new(),
            causes_since: NOW.date(),
            causes: Vec::new(),
            cover: cover.clone(),
        }
    }

    #[test]
    fn what_is_not_known_is_no_zero() {
        let nothing = Cover { lists: vec![list("eu-west-1", ListOutcome::Untried)], now: NOW };
        for figure in [succeeded(&overview(None, &nothing)), failed(&overview(None, &nothing))] {
            assert_eq!((figure.value.as_str(), figure.note.as_str()), ("-", "Jobs are being read: 0 %"));
        }
        let lacking = Cover { lists: vec![list("eu-west-1", ListOutcome::NotAvailable)], now: NOW };
        assert_eq!(failed(&overview(None, &lacking)).note, "Jobs are not available from this endpoint");
    }

    #[test]
    fn figures_say_of_how_much_they_are_and_none_is_good_only_of_everything() {
        use ListOutcome::{Denied, Failed, NotAvailable, Read, Untried};
        let none = |outcome| overview(Some(day(100, 0)), &cover(outcome));
        assert_eq!(failed(&none(Read)).tone, Tone::Good);
        for outcome in [Denied, Failed, NotAvailable, Untried] {
            for figure in [failed(&none(outcome)), succeeded(&none(outcome))] {
                assert_eq!(figure.tone, Tone::Idle);
                assert!(figure.note.contains("1 of 2 Regions; eu-west-1"), "{}", figure.note);
                assert_eq!(figure.note.contains("so far, 50 % read"), outcome == Untried, "{}", figure.note);
            }
        }
    }

    #[test]
    fn a_figure_leads_to_the_jobs_that_it_counts() {
        let overview = overview(Some(day(100, 3)), &cover(ListOutcome::Read));
        let figure = failed(&overview);
        assert_eq!((figure.value.as_str(), figure.tone), ("3", Tone::Bad));
        let linked = |figure: &Figure| {
            let (filter, problems) = JobFilter::from_query(figure.href.strip_prefix("/jobs?").unwrap());
            assert_eq!(problems, [], "{}", figure.href);
            filter
        };
        let filter = linked(&figure);
        assert_eq!(filter, overview.last_day_jobs(JobState::is_failed));
        let day = (NOW.unix_timestamp() - 86_400, NOW.unix_timestamp());
        assert_eq!((filter.from, filter.until), (Some(Instant::At(day.0)), Some(Instant::At(day.1))));
        let ended = linked(&succeeded(&overview));
        assert_eq!((ended.from, ended.until), (filter.from, filter.until));
        assert!(ended.states.iter().all(|state| state.is_final()) && ended.states.len() == 6);
    }
}
