//! How old the data is.

use leptos::{prelude::*, task::spawn_local};
use model::{
    access::{Action, Resource},
    session::{Freshness, Me, SyncProgress},
};
use time::{Duration, OffsetDateTime};

use crate::{
    components::{Button, Fact, Icon, KeyValue, Menu, Size, Time, Tone, icons, use_toasts},
    server_fns,
    shell::frame::{use_frame, with_frame},
    words,
};

/// Data older than this is worth a warning.
const OLD: Duration = Duration::hours(1);

/// The age of the data in the top bar, and more of it on request: each part, what runs, what went wrong, “Sync now”.
#[component]
pub fn FreshnessMenu() -> impl IntoView {
    let context = use_frame();
    with_frame(move |frame| {
        let Some(me) = frame.me else { return ().into_any() };
        let first = frame.freshness;
        let freshness = Signal::derive(move || {
            context
                .latest
                .with(|latest| latest.as_ref().map_or_else(|| first.clone(), |l| l.freshness.clone()))
        });
        let summary = view! { {move || freshness.with(summary)} }.into_any();
        view! {
            <Menu label="Data freshness" summary class="freshness-menu">
                {move || details(freshness.get())}
                {sync_now(&me)}
            </Menu>
        }
        .into_any()
    })
}

fn summary(freshness: &Freshness) -> AnyView {
    let (tone, text) = in_short(freshness);
    let icon = if freshness.running.is_some() { icons::REFRESH } else { tone.icon() };
    view! {
        <span class="freshness" data-tone=tone.as_str()>
            <Icon icon size=15/>
            <span class="freshness-words">{text}</span>
        </span>
    }
    .into_any()
}

/// The tone and the few words of the top bar. A failure stays until an attempt has succeeded: that another one runs makes
/// nothing better.
fn in_short(freshness: &Freshness) -> (Tone, String) {
    let Freshness { organization_at, jobs_at, jobs_not_available, running, problem, .. } = freshness;
    let now = freshness.now.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let age = |at| words::age(at, now);
    let oldest = organization_at.zip(*jobs_at).map(|(a, b)| a.min(b));
    match (problem, organization_at, oldest) {
        (Some(_), _, Some(at)) => (Tone::Bad, format!("Sync failed, data from {}", age(at))),
        (Some(_), Some(at), None) => {
            (Tone::Bad, format!("Sync failed, organization {}, not all jobs read", age(*at)))
        }
        (Some(_), None, _) => (Tone::Bad, "Sync failed".into()),
        (None, _, Some(at)) if now - at > OLD => (Tone::Warn, format!("Synced {}", age(at))),
        (None, _, Some(at)) => (Tone::Good, format!("Synced {}", age(at))),
        (None, Some(at), None) if *jobs_not_available => {
            (Tone::Warn, format!("Organization {} · jobs not available", age(*at)))
        }
        (None, organization, None) => match (running, organization) {
            (Some(progress), _) => (Tone::Info, format!("Reading {}", progress.step)),
            (None, Some(at)) => (Tone::Idle, format!("Organization {} · not all jobs read", age(*at))),
            (None, None) => (Tone::Idle, "Not synced yet".into()),
        },
    }
}

fn details(freshness: Freshness) -> AnyView {
    let Freshness { organization_at, jobs_at, newest_jobs_at, jobs_not_available, now, running, problem } =
        freshness;
    let moment = move |at: Option<OffsetDateTime>, absent: &'static str| match at {
        Some(at) => view! { <Time at now/> }.into_any(),
        None => view! { <span>{absent}</span> }.into_any(),
    };
    let no_jobs = match (jobs_not_available, newest_jobs_at) {
        (true, _) => "not available from this endpoint",
        (false, Some(_)) => "some Regions were never read whole: see Jobs",
        (false, None) => "not yet",
    };
    let part = newest_jobs_at.filter(|_| jobs_at.is_none());
    view! {
        <div class="menu-head">
            <KeyValue>
                <Fact label="Organization and policies read">{moment(organization_at, "not yet")}</Fact>
                <Fact label="Jobs of every Region read">{moment(jobs_at, no_jobs)}</Fact>
                {part.map(|at| view! { <Fact label="Jobs of some Regions read">{moment(Some(at), "")}</Fact> })}
                {running.map(|running| view! { <Fact label="Reading now" wide=true>{progress(running)}</Fact> })}
                {problem.map(|problem| view! { <Fact label="Last sync failed" wide=true>{problem}</Fact> })}
            </KeyValue>
        </div>
    }
    .into_any()
}

fn progress(SyncProgress { step, done, of }: SyncProgress) -> AnyView {
    let text = match of {
        Some(of) => format!("{step}: {} of {}", words::thousands(done), words::thousands(of)),
        None => format!("{step}: {}", words::thousands(done)),
    };
    let bar = of.map(|of| {
        view! { <progress class="progress" aria-label="Sync" value=done.to_string() max=of.max(1).to_string()></progress> }
    });
    view! { <span>{text}</span>{bar} }.into_any()
}

/// Without scripts there is no “Sync now”: the schedule brings new data.
fn sync_now(me: &Me) -> AnyView {
    let context = use_frame();
    let toasts = use_toasts();
    let ask = move |_| {
        spawn_local(async move {
            match server_fns::request_sync(false).await {
                Ok(()) => toasts.say(Tone::Info, "A sync has begun. Pages show newer data as it comes in."),
                Err(error) => toasts.failed(&error),
            }
            context.refresh();
        });
    };
    view! {
        <div class="menu-foot" data-needs-script="">
            <Button label="Sync now" size=Size::Small icon=icons::REFRESH disabled=me.why_not(Action::Sync, &Resource::Visible) on_click=ask/>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn synced(at: OffsetDateTime) -> Freshness {
        let now = Some(datetime!(2026-11-20 12:00 UTC));
        Freshness { organization_at: Some(at), jobs_at: now, now, ..Freshness::default() }
    }

    #[test]
    fn the_oldest_part_decides_how_fresh_the_data_is() {
        assert_eq!(
            in_short(&synced(datetime!(2026-11-20 11:59:20 UTC))),
            (Tone::Good, "Synced 40 s ago".into())
        );
        assert_eq!(in_short(&synced(datetime!(2026-11-20 06:00 UTC))), (Tone::Warn, "Synced 6 h ago".into()));
    }

    #[test]
    fn before_the_first_import_nothing_is_called_synced() {
        assert_eq!(in_short(&Freshness::default()), (Tone::Idle, "Not synced yet".into()));
        let running = Some(SyncProgress { step: "accounts".into(), done: 20, of: None });
        let first = Freshness { running, ..Freshness::default() };
        assert_eq!(in_short(&first), (Tone::Info, "Reading accounts".into()));
    }

    #[test]
    fn a_failed_sync_says_how_old_what_is_shown_is() {
        let failed =
            Freshness { problem: Some("AWS denied".into()), ..synced(datetime!(2026-11-20 06:00 UTC)) };
        assert_eq!(in_short(&failed), (Tone::Bad, "Sync failed, data from 6 h ago".into()));
    }

    #[test]
    fn a_failed_sync_stays_failed_while_the_next_attempt_runs() {
        let running = Some(SyncProgress { step: "accounts".into(), done: 20, of: None });
        let at = datetime!(2026-11-20 11:58 UTC);
        let failed = Freshness { problem: Some("AWS denied".into()), running, ..synced(at) };
        assert_eq!(in_short(&failed), (Tone::Bad, "Sync failed, data from 2 min ago".into()));
    }

    #[test]
    fn jobs_that_are_not_available_or_not_all_read_are_told_beside_the_organization() {
        let at = datetime!(2026-11-20 11:58 UTC);
        let none = Freshness { jobs_at: None, ..synced(at) };
        assert_eq!(in_short(&none), (Tone::Idle, "Organization 2 min ago · not all jobs read".into()));
        let lacking = Freshness { jobs_not_available: true, ..none.clone() };
        assert_eq!(in_short(&lacking), (Tone::Warn, "Organization 2 min ago · jobs not available".into()));
        let failed = Freshness { problem: Some("one Region".into()), ..none };
        assert_eq!(in_short(&failed).0, Tone::Bad);
    }
}
