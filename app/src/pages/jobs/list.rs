//! All jobs of all accounts and Regions in one table.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::{
    JobFilter, JobState, Total,
    job::{JobList, JobRow, creator::Creator, lists::Cover},
    paths,
};

use super::{filter::JobFilterForm, filter_tokens::filter_tokens, lists::Lists};
use crate::{
    components::{
        Absent, Button, Column, CoverNotice, DayAndTime, Icon, JobStatus, LinkButton, NoMatch, PageHeader,
        Pager, Row, Table, Tone, icons, load_page, use_toasts,
    },
    server_fns,
    shell::NotReady,
    words,
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
    let shown = data.page.rows.len() as u64;
    // Where no list was read that the filter asks of, there is nothing to count.
    let count = (shown > 0 || data.cover.has_any()).then_some(data.page.total);
    let summary = count.map(|count| match shown {
        0 => "No jobs".to_owned(),
        _ => format!("{shown} of {} jobs", words::total(count)),
    });
    let go =
        |cursor: Option<String>| cursor.map(|cursor| paths::jobs(&JobFilter { cursor, ..filter.clone() }));
    let (previous, next) = (go(data.page.previous.clone()), go(data.page.next.clone()));
    let subtitle = match data.cover.words() {
        None => "Backup, copy and restore jobs of every account and Region".to_owned(),
        Some(words) => format!("Backup, copy and restore jobs of {words}"),
    };
    let subtitle = subtitle.into_any();
    let actions = view! { <Refresh reload/> }.into_any();
    view! {
        <PageHeader title="Jobs" count subtitle actions/>
        <NotReady/>
        <CoverNotice cover=data.cover.clone()/>
        <FilterTokens filter=filter.clone() names=data.names.clone()/>
        <JobFilterForm filter=filter.clone() choices=data.choices.clone()/>
        <States filter=filter.clone() by_state=data.by_state.clone()/>
        <Table caption="Jobs" columns=columns() rows=data.page.rows.iter().map(row).collect() absent=absent(&data, &filter)/>
        {summary.map(|summary| view! { <Pager previous next summary/> })}
        <Lists cover=data.cover/>
    }
}

/// Asks AWS anew; the rows stay on the page meanwhile.
#[component]
fn Refresh(reload: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let ask = Action::new(move |(): &()| async move {
        match server_fns::request_sync(true).await {
            Ok(()) => toasts.say(Tone::Info, "AWS is asked for new jobs; they appear as they arrive."),
            Err(error) => toasts.failed(&error),
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
    words.into_iter().chain(["Size", "Created"].map(Column::number)).collect()
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
    let plan = view! { {made_by(job)}<span class="sub">{rule(job)}</span> };
    Row::new(vec![
        id.into_any(),
        view! { <JobStatus state=job.state/>{message.map(|m| view! { <span class="sub clamp" title=m.clone()>{m.clone()}</span> })} }.into_any(),
        view! { <span class="nowrap">{job.kind.word()}</span> }.into_any(),
        view! { <a class="nowrap" href=paths::target(&job.account.clone().into())>{account}</a><span class="sub mono nowrap">{job.account.to_string()}</span> }.into_any(),
        view! { {job.resource_type.clone().unwrap_or_default()}<span class="sub mono clamp" title=job.resource.clone()>{job.resource.clone()}</span> }.into_any(),
        view! { <span class="mono nowrap">{job.region.clone()}</span><span class="sub mono clamp">{job.vault.clone()}</span> }.into_any(),
        plan.into_any(),
        job.size.filter(|size| *size >= 0).map(words::bytes).into_any(),
        created(job),
    ])
}

/// What made it; muted where AWS names nothing.
fn made_by(job: &JobRow) -> AnyView {
    let creator = job.creator();
    let words = creator.short();
    if creator.is_told() { words.into_any() } else { view! { <span class="muted">{words}</span> }.into_any() }
}

fn rule(job: &JobRow) -> Option<String> {
    match job.creator() {
        Creator::Plan { by_policy: false, .. } => Some("own plan".to_owned()),
        _ => job.rule_name.as_ref().map(|rule| format!("rule {rule}")),
    }
}

/// When it was created, and how long it took.
fn created(job: &JobRow) -> AnyView {
    let took = job.completed_at.map(|end| format!(" · {}", words::span(end - job.created_at)));
    view! { <DayAndTime at=job.created_at note=took/> }.into_any()
}

/// Why there is no row. None, none under the filter, and nothing read are three things.
fn absent(data: &JobList, filter: &JobFilter) -> AnyView {
    if let Some((title, text)) = unread(&data.cover) {
        return view! { <Absent title text icon=icons::WARN/> }.into_any();
    }
    if filter.is_narrowed() {
        return view! { <NoMatch what="jobs" clear=paths::JOBS/> }.into_any();
    }
    let text = "AWS lists no job of the last 30 days. Jobs of other accounts appear only from the moment trusted access is turned on.";
    let action = view! { <LinkButton label="Check settings" href=paths::SETTINGS/> }.into_any();
    view! { <Absent title="No jobs" text action/> }.into_any()
}

/// Why no row means nothing about jobs; `None` where all lists under the filter were read.
fn unread(cover: &Cover) -> Option<(&'static str, String)> {
    let words = cover.words()?;
    let problem = cover.lists.iter().find_map(|list| list.problem.clone());
    Some(match problem {
        _ if cover.is_not_available() => {
            ("Jobs are not available", "This endpoint offers no lists of jobs.".to_owned())
        }
        _ if cover.has_any() => {
            ("None in what was read", format!("Jobs that match may be missing: {words}."))
        }
        Some(problem) if !cover.is_on_its_way() => {
            ("Jobs could not be read", format!("{problem}. ({words})"))
        }
        _ => {
            let text = "The first import has not come to jobs yet. This page fills as it goes on; the top bar shows how far it is.";
            ("No jobs read yet", text.to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use model::{
        JobKind,
        job::lists::{JobListState, ListOutcome},
    };
    use time::macros::datetime;

    use super::*;

    #[test]
    fn no_row_is_no_job_only_where_every_list_under_the_filter_was_read() {
        let now = datetime!(2026-11-20 12:00 UTC);
        let list = |outcome, problem: Option<&str>| {
            let read_at = (outcome == ListOutcome::Read).then_some(now);
            let problem = problem.map(str::to_owned);
            let known_until = read_at;
            let list = JobListState::untried("eu-west-1", JobKind::Backup);
            JobListState { read_at, outcome, problem, known_until, ..list }
        };
        let title = |lists| unread(&Cover { lists, now }).map(|(title, _)| title);
        let read = list(ListOutcome::Read, None);
        let denied = list(ListOutcome::Denied, Some("denied: backup:ListBackupJobs"));
        assert_eq!(title(vec![read.clone()]), None);
        assert_eq!(title(vec![denied.clone()]), Some("Jobs could not be read"));
        assert_eq!(title(vec![read, denied]), Some("None in what was read"));
        assert_eq!(title(vec![list(ListOutcome::NotAvailable, Some("x"))]), Some("Jobs are not available"));
        assert_eq!(title(vec![list(ListOutcome::Untried, None)]), Some("No jobs read yet"));
        assert_eq!(title(Vec::new()), Some("No jobs read yet"));
    }
}
