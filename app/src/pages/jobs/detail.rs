//! One job in full.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    JobKind,
    job::{Job, JobDetail, creator::Creator},
    paths,
};

use super::list::{columns, row};
use crate::{
    components::{
        Absent, Card, Crumb, Fact, JobStatus, KeyValue, Notice, PageHeader, Row, Table, Time, Tone, load_page,
    },
    server_fns, words,
};

/// A job's page.
#[component]
pub fn JobPage() -> impl IntoView {
    let params = use_params_map();
    let asked = move || params.with(|p| (p.get("kind").unwrap_or_default(), p.get("id").unwrap_or_default()));
    let job = Resource::new(asked, |(kind, id)| server_fns::job(kind, id));
    load_page(job, |detail| view! { <Detail detail/> })
}

#[component]
fn Detail(detail: JobDetail) -> impl IntoView {
    let JobDetail { job, account_name, ancestors, related, named_elsewhere, seen_at } = detail;
    let title = format!("{} job {}", job.kind.word(), job.id.chars().take(8).collect::<String>());
    let subtitle = view! { <JobStatus state=job.state/>" · "<span class="mono">{job.id.clone()}</span>" · read at "<Time at=seen_at/> }.into_any();
    let message = job.message.clone().map(|message| {
        let tone = if matches!(job.state, model::JobState::Completed) { Tone::Info } else { Tone::Warn };
        let title = job.message_category.as_deref().map_or_else(|| "AWS says".into(), words::cause);
        view! { <Notice tone title>{message}</Notice> }
    });
    let place: Vec<String> = ancestors.into_iter().map(|a| a.name).collect();
    let place = place.join(" / ");
    let (in_where, in_what) = (job.clone(), job.clone());
    view! {
        <PageHeader title crumbs=vec![Crumb::new("Jobs", paths::JOBS)] subtitle/>
        {message}
        <Card title="Where"><Where job=in_where account_name place/></Card>
        <Card title="What"><What job=in_what named_elsewhere/></Card>
        <Card title="When"><When job/></Card>
        <Related related/>
    }
}

#[component]
fn Where(job: Job, account_name: String, place: String) -> impl IntoView {
    let account =
        if account_name.is_empty() { "Not in the organization any more".to_owned() } else { account_name };
    let href = paths::target(&job.account.clone().into());
    view! {
        <KeyValue>
            <Fact label="Account"><a href=href>{account}</a>" "<span class="mono">{job.account.to_string()}</span></Fact>
            <Fact label="Place">{place}</Fact>
            <Fact label="Region"><span class="mono">{job.region}</span></Fact>
            <Fact label="Resource type">{or_dash(job.resource_type.as_ref())}</Fact>
            <Fact label="Resource" wide=true><span class="mono">{or_dash(job.resource_arn.as_ref())}</span></Fact>
        </KeyValue>
    }
}

#[component]
fn What(job: Job, named_elsewhere: bool) -> impl IntoView {
    let plan = made_by(&job);
    let elsewhere = named_elsewhere.then(|| {
        view! { <span class="sub">"AWS gives this job ids alone; the names are those that other jobs of the plan come with"</span> }
    });
    let wide = [
        ("Copied from vault", job.source_vault_arn),
        ("Vault ARN", job.vault_arn),
        ("Recovery point", job.recovery_point_arn),
        ("Created resource", job.created_resource_arn),
        ("IAM role", job.role_arn),
        ("Parent job", job.parent_job_id),
    ];
    let wide: Vec<_> = wide
        .into_iter()
        .filter_map(|(label, value)| Some((label, value?)))
        .map(|(label, value)| view! { <Fact label wide=true><span class="mono">{value}</span></Fact> })
        .collect();
    view! {
        <KeyValue>
            <Fact label="Plan">{plan}{elsewhere}</Fact>
            <Fact label="Rule">{or_dash(job.rule_name.as_ref())}</Fact>
            <Fact label="Vault">{or_dash(job.vault.as_ref())}</Fact>
            <Fact label="Size">{job.size.filter(|size| *size >= 0).map_or_else(|| "-".into(), words::bytes)}</Fact>
            {wide}
        </KeyValue>
    }
}

/// What made it; a copy leads to the backup job behind it.
fn made_by(job: &Job) -> AnyView {
    let words = job.creator().full();
    match job.creator() {
        Creator::BackupJob(id) => view! { <a href=paths::job(JobKind::Backup, id)>{words}</a> }.into_any(),
        _ => words.into_any(),
    }
}

#[component]
fn When(job: Job) -> impl IntoView {
    let took = job.completed_at.map(|end| words::span(end - job.created_at));
    view! {
        <KeyValue>
            <Fact label="Created"><Time at=job.created_at/></Fact>
            <Fact label="Start window closes">{moment(job.start_by)}</Fact>
            <Fact label="Ended">{moment(job.completed_at)}</Fact>
            <Fact label="Took">{or_dash(took.as_ref())}</Fact>
            <Fact label="Done">{job.percent.map_or_else(|| "-".into(), |p| format!("{p} %"))}</Fact>
        </KeyValue>
    }
}

/// Parent and children of a composite job, or the copies of a backup.
#[component]
fn Related(related: Vec<model::job::JobRow>) -> impl IntoView {
    let rows: Vec<Row> = related.iter().map(row).collect();
    let absent = view! { <Absent title="No related jobs" text="Copies of a backup and the parts of a composite job appear here."/> }.into_any();
    view! { <Card title="Related jobs" flush=true><Table caption="Related jobs" columns=columns() rows absent/></Card> }
}

fn or_dash(text: Option<&String>) -> String {
    text.cloned().unwrap_or_else(|| "-".into())
}

fn moment(at: Option<time::OffsetDateTime>) -> AnyView {
    at.map_or_else(|| "-".into_any(), |at| view! { <Time at/> }.into_any())
}
