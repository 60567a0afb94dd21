//! All jobs of all accounts and Regions in one table.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{
    JobFilter, JobKind, JobState, Total,
    job::{JobList, JobRow, RegionFreshness},
    paths,
};

use super::{filter::JobFilterForm, filter_tokens::filter_tokens};
use crate::{
    components::{
        Absent, Button, Column, Icon, JobStatus, LinkButton, NoMatch, PageHeader, Pager, Pill, Row, Table,
        Time, Tone, icons, load_page, use_toasts,
    },
    server_fns, words,
};

/// The jobs page. The address is the filter.
#[component]
pub fn JobsPage() -> impl IntoView {
    let search = use_location().search;
    let list = Resource::new(move || search.get(), server_fns::jobs);
    load_page(list, move |data| {
        let (filter, _) = JobFilter::from_query(&search.get_untracked());
        view! { <Jobs data filter reload=Callback::new(move |()| list.refetch())/> }
    })
}

#[component]
fn Jobs(data: JobList, filter: JobFilter, reload: Callback<()>) -> impl IntoView {
    let count = data.page.total;
    let shown = data.page.rows.len() as u64;
    let summary =
        if shown == 0 { "No jobs".to_owned() } else { format!("{shown} of {} jobs", words::total(count)) };
    let go =
        |cursor: Option<String>| cursor.map(|cursor| paths::jobs(&JobFilter { cursor, ..filter.clone() }));
    let (previous, next) = (go(data.page.previous.clone()), go(data.page.next.clone()));
    let subtitle = view! { "Backup, copy and restore jobs of every account and Region" }.into_any();
    let actions = view! { <Refresh reload/> }.into_any();
    view! {
        <PageHeader title="Jobs" count=Some(count) subtitle actions/>
        <FilterTokens filter=filter.clone() names=data.names.clone()/>
        <JobFilterForm filter=filter.clone() choices=data.choices.clone()/>
        <States filter=filter.clone() by_state=data.by_state.clone()/>
        <Table caption="Jobs" columns=columns() rows=data.page.rows.iter().map(row).collect() absent=absent(&data, &filter)/>
        <Pager previous next summary/>
        <Newest freshness=data.freshness/>
    }
}

/// Asks AWS anew; the rows stay on the page meanwhile.
#[component]
fn Refresh(reload: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let ask = Action::new(move |(): &()| async move {
        match server_fns::request_sync(true).await {
            Ok(()) => toasts.say(Tone::Info, "AWS is asked for new jobs; they appear as they arrive."),
            Err(error) => toasts.say(Tone::Bad, error.to_string()),
        }
        reload.run(());
    });
    view! {
        <span data-needs-script="">
            <Button label="Refresh" icon=icons::REFRESH busy=ask.pending() on_click=move |_| { ask.dispatch(()); }/>
        </span>
    }
}

/// What the filter asks, each condition with a way to drop it.
#[component]
fn FilterTokens(filter: JobFilter, names: Vec<(String, String)>) -> impl IntoView {
    let tokens = filter_tokens(&filter, &names);
    let clear = (!tokens.is_empty())
        .then(|| view! { <LinkButton label="Clear filters" href=paths::JOBS stay=true/> });
    let items: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let values = token.values.join(", ");
            let label = format!("Remove filter: {} {} {values}", token.property, token.relation);
            view! {
                <li class="token">
                    <span>{token.property}" "<span class="token-relation">{token.relation}</span>" "<strong>{values}</strong></span>
                    <a href=token.without aria-label=label data-noscroll=""><Icon icon=icons::CLOSE size=13/></a>
                </li>
            }
        })
        .collect();
    clear.map(|clear| view! { <div class="tokens"><ul aria-label="Filters">{items}</ul>{clear}</div> })
}

/// How many jobs there are in each state under the rest of the filter; a state adds itself to the filter or leaves it.
#[component]
fn States(filter: JobFilter, by_state: Vec<(JobState, Total)>) -> impl IntoView {
    let items: Vec<_> = by_state
        .into_iter()
        .map(|(state, total)| {
            let on = filter.states.contains(&state);
            let other = if on {
                filter.without("state", state.as_str())
            } else {
                filter.with("state", state.as_str()).unwrap_or_else(|_| filter.clone())
            };
            view! {
                <li>
                    <a class="state-chip" href=paths::jobs(&other) aria-current=on.then_some("true") data-noscroll="">
                        <JobStatus state/>
                        // “At least 0” says nothing: counting took too long.
                        {(total.exact || total.count > 0).then(|| view! { <span class="state-chip-count">{words::total(total)}</span> })}
                    </a>
                </li>
            }
        })
        .collect();
    (!items.is_empty())
        .then(|| view! { <nav class="state-chips" aria-label="Jobs by state"><ul>{items}</ul></nav> })
}

/// The columns of [`row`].
pub(super) fn columns() -> Vec<Column> {
    let words =
        ["Job", "State", "Kind", "Account", "Resource", "Region, vault", "Policy plan"].map(Column::new);
    words.into_iter().chain(["Size", "Created (UTC)"].map(Column::number)).collect()
}

/// A job's row; also in the list of related jobs.
pub(super) fn row(job: &JobRow) -> Row {
    let short: String = job.id.chars().take(8).collect();
    let id = view! { <a class="mono nowrap" href=paths::job(job.kind, &job.id) title=job.id.clone() aria-label=format!("{} job {}", job.kind.word(), job.id)>{short}</a> };
    let trouble =
        !matches!(job.state, JobState::Completed | JobState::Running | JobState::Created | JobState::Pending);
    let message = job.message.clone().filter(|_| trouble);
    let account =
        if job.account_name.is_empty() { job.account.to_string() } else { job.account_name.clone() };
    let plan = match (&job.plan_name, job.policy_made) {
        (Some(plan), true) => Some(view! { {plan.clone()}<span class="sub">{job.rule_name.clone().map(|r| format!("rule {r}"))}</span> }.into_any()),
        (Some(plan), false) => Some(view! { {plan.clone()}<span class="sub">"own plan"</span> }.into_any()),
        (None, _) => Some(view! { <span class="muted">"on demand"</span> }.into_any()),
    };
    Row::new(vec![
        id.into_any(),
        view! { <JobStatus state=job.state/>{message.map(|m| view! { <span class="sub clamp" title=m.clone()>{m.clone()}</span> })} }.into_any(),
        view! { <span class="nowrap">{job.kind.word()}</span> }.into_any(),
        view! { <a class="nowrap" href=paths::target(&job.account.clone().into())>{account}</a><span class="sub mono nowrap">{job.account.to_string()}</span> }.into_any(),
        view! { {job.resource_type.clone().unwrap_or_default()}<span class="sub mono clamp" title=job.resource.clone()>{job.resource.clone()}</span> }.into_any(),
        view! { <span class="mono nowrap">{job.region.clone()}</span><span class="sub mono clamp">{job.vault.clone()}</span> }.into_any(),
        plan.into_any(),
        job.size.map_or_else(|| ().into_any(), |size| words::bytes(size).into_any()),
        created(job),
    ])
}

/// When it was created, and how long it took. The heading says that it is UTC.
fn created(job: &JobRow) -> AnyView {
    let at = job.created_at.to_offset(time::UtcOffset::UTC);
    let took = job.completed_at.map(|end| format!(" · {}", words::span(end - job.created_at)));
    view! {
        <time class="nowrap" datetime=words::machine(at) title=words::exact_moment(at)>
            {words::day(at.date())}
            <span class="sub">{format!("{:02}:{:02}", at.hour(), at.minute())}{took}</span>
        </time>
    }
    .into_any()
}

fn absent(data: &JobList, filter: &JobFilter) -> AnyView {
    if filter.is_narrowed() {
        return view! { <NoMatch what="jobs" clear=paths::JOBS/> }.into_any();
    }
    if let Some(problem) = unreadable(&data.freshness) {
        return view! { <Absent title="Jobs could not be read" text=problem icon=icons::WARN/> }.into_any();
    }
    if data.freshness.iter().all(|f| f.read_at.is_none()) {
        let text = "The first import has not come to jobs yet. This page fills as it goes on; the top bar shows how far it is.";
        return view! { <Absent title="No jobs read yet" text/> }.into_any();
    }
    let text = "AWS lists no job of the last 30 days. Jobs of other accounts appear only from the moment trusted access is turned on.";
    let action = view! { <LinkButton label="Check settings" href=paths::SETTINGS/> }.into_any();
    view! { <Absent title="No jobs" text action/> }.into_any()
}

/// Why there is nothing, where nothing could be read at all: that is not the same as no jobs.
fn unreadable(freshness: &[RegionFreshness]) -> Option<String> {
    let all = !freshness.is_empty() && freshness.iter().all(|f| f.read_at.is_none() && f.problem.is_some());
    all.then(|| freshness.iter().find_map(|f| f.problem.clone())).flatten()
}

/// How new the jobs of each Region are, and what could not be read.
#[component]
fn Newest(freshness: Vec<RegionFreshness>) -> impl IntoView {
    let mut regions: Vec<String> = freshness.iter().map(|f| f.region.clone()).collect();
    regions.dedup();
    let newest =
        |region: &str| freshness.iter().filter(|f| f.region == region).filter_map(|f| f.read_at).min();
    let items: Vec<_> = regions
        .iter()
        .map(|region| {
            let read =
                newest(region).map_or_else(|| "not yet".into_any(), |at| view! { <Time at/> }.into_any());
            view! { <li><span class="mono">{region.clone()}</span>" "{read}</li> }
        })
        .collect();
    let problems: Vec<_> = freshness
        .iter()
        .filter_map(|f| f.problem.clone().map(|problem| (f.region.clone(), f.kind, problem)))
        .map(|(region, kind, problem)| view! { <li><Pill text=kind_and_region(kind, &region) tone=Tone::Warn/>" "{problem}</li> })
        .collect();
    let problems = (!problems.is_empty())
        .then(|| view! { <ul class="region-problems" aria-label="Not read">{problems}</ul> });
    (!items.is_empty()).then(|| {
        view! {
            <div class="newest">
                <span>"Jobs read at"</span>
                <ul aria-label="When the jobs of each Region were read">{items}</ul>
            </div>
            {problems}
        }
    })
}

fn kind_and_region(kind: JobKind, region: &str) -> String {
    format!("{} jobs of {region}", kind.word())
}
