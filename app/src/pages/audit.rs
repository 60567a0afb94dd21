//! Who did what, when, and what came of it.

mod outside;
mod proof;
mod tabs;

use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};
use model::{
    Page, PolicyId, TargetId,
    audit::{AuditAction, AuditEntry, AuditFilter, AuditOutcome},
    change::Named,
    paths,
};

use self::{
    proof::Proof,
    tabs::{OUTSIDE, tabs},
};
use crate::{
    components::{
        Absent, Button, Choice, Column, LinkButton, NoMatch, PageHeader, Pager, Row, Select, Status, Table,
        TextInput, Time, Tone, load_page,
    },
    server_fns,
    words::counted,
};

/// What was done through Holdfast, and what changed in AWS without it.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query_map();
    let outside = Memo::new(move |_| query.with(|q| q.get_str("view") == Some(OUTSIDE)));
    move || {
        if outside.get() { view! { <outside::Outside/> }.into_any() } else { view! { <Entries/> }.into_any() }
    }
}

#[component]
fn Entries() -> impl IntoView {
    let query = use_query_map();
    let filter = move || {
        query.with(|q| {
            let get = |name| q.get(name).unwrap_or_default();
            AuditFilter {
                actor: get("actor"),
                action: get("action"),
                target: get("target"),
                from: get("from"),
                until: get("until"),
                cursor: get("cursor"),
            }
        })
    };
    let filter = Memo::new(move |_| filter());
    let entries = Resource::new(move || filter.get(), server_fns::audit);
    load_page(entries, move |page| view! { <Audit page filter=filter.get_untracked()/> })
}

#[component]
fn Audit(page: Page<AuditEntry>, filter: AuditFilter) -> impl IntoView {
    let narrowed = AuditFilter { cursor: String::new(), ..filter.clone() } != AuditFilter::default();
    let go =
        |cursor: Option<String>| cursor.map(|cursor| paths::audit(&AuditFilter { cursor, ..filter.clone() }));
    let (previous, next) = (go(page.previous), go(page.next));
    let summary = if page.rows.is_empty() {
        "No entries".to_owned()
    } else {
        format!("{} on this page", counted(page.rows.len() as u64, "entry"))
    };
    let absent = if narrowed {
        view! { <NoMatch what="entries" clear=paths::AUDIT/> }.into_any()
    } else {
        view! { <Absent title="Nothing has been done yet" text="Every sign-in and every change made through Holdfast is written here."/> }.into_any()
    };
    let columns =
        ["When", "Who", "What", "Outcome", "On", "Detail", "AWS request id"].map(Column::new).to_vec();
    let subtitle = view! { "Who did what through Holdfast, when, and what came of it" }.into_any();
    view! {
        <PageHeader title="Audit" count=Some(page.total) subtitle actions=exports(&filter)/>
        {tabs(false)}
        <Proof/>
        <Narrow filter=filter.clone() narrowed/>
        <Table id="audit-entries" caption="Audit entries" columns rows=page.rows.into_iter().map(row).collect() absent/>
        <Pager previous next summary/>
    }
}

/// All that the filter leaves, as files.
fn exports(filter: &AuditFilter) -> AnyView {
    let [csv, lines] = ["csv", "jsonl"].map(|format| paths::audit_export(filter, format));
    view! {
        <LinkButton label="Export as CSV" href=csv reload=true/>
        <LinkButton label="Export as JSON Lines" href=lines reload=true/>
    }
    .into_any()
}

#[component]
fn Narrow(filter: AuditFilter, narrowed: bool) -> impl IntoView {
    let actions = std::iter::once(Choice::new("", "Anything"))
        .chain(AuditAction::TABLE.iter().map(|(_, name, words)| Choice::new(*name, *words)))
        .collect();
    view! {
        <Form method="GET" action=paths::AUDIT attr:class="filter-line">
            <TextInput name="actor" label="Who" value=filter.actor placeholder="name@example.com"/>
            <Select name="action" label="What" choices=actions value=filter.action/>
            <TextInput name="target" label="On" value=filter.target placeholder="Id or name"/>
            <TextInput name="from" label="From (UTC)" value=filter.from placeholder="7d"/>
            <TextInput name="until" label="Before (UTC)" value=filter.until placeholder="2026-11-20"/>
            <Button label="Show entries" submit=true/>
            {narrowed.then(|| view! { <LinkButton label="Clear filter" href=paths::AUDIT/> })}
        </Form>
    }
}

fn row(entry: AuditEntry) -> Row {
    let (tone, word) = match entry.outcome {
        AuditOutcome::Begun => (Tone::Info, "Under way"),
        AuditOutcome::Succeeded => (Tone::Good, "Done"),
        AuditOutcome::Failed => (Tone::Bad, "Failed"),
        AuditOutcome::Unknown => (Tone::Warn, "Not known yet"),
    };
    let (words, address) = (entry.detail.words(), entry.address);
    let token = entry.session.strip_prefix("token:").map(|token| format!("token {token}"));
    let from: Vec<String> =
        [address].into_iter().filter(|address| !address.is_empty()).chain(token).collect();
    let who = view! { {entry.actor}{(!from.is_empty()).then(|| view! { <span class="sub mono">{from.join(" · ")}</span> })} };
    let change = entry
        .change
        .map(|id| view! { <span class="sub"><a href=paths::change(id)>{format!("Change {id}")}</a></span> });
    Row::new(vec![
        view! { <Time at=entry.at/> }.into_any(),
        who.into_any(),
        entry.action.words().into_any(),
        view! { <Status tone word/> }.into_any(),
        subject(&entry.subject, entry.target.as_ref()),
        view! { {words}{change} }.into_any(),
        view! { <span class="mono">{entry.request_ids.join(" ")}</span> }.into_any(),
    ])
}

/// What it was done to, and where a policy was attached or detached; each leads to its page where it has one.
fn subject(subject: &Named, target: Option<&Named>) -> AnyView {
    let name = if subject.name.is_empty() { subject.id.clone() } else { subject.name.clone() };
    let id = (!subject.id.is_empty()).then(|| view! { <span class="sub mono">{subject.id.clone()}</span> });
    let what = match subject.id.parse::<PolicyId>() {
        Ok(policy) => view! { <a href=paths::policy(&policy)>{name}</a>{id} }.into_any(),
        Err(_) => view! { {name} }.into_any(),
    };
    let place = target.map(|target| {
        let name = format!("at {}", target.name);
        match target.id.parse::<TargetId>() {
            Ok(place) => {
                view! { <span class="sub"><a href=paths::target(&place)>{name}</a></span> }.into_any()
            }
            Err(_) => view! { <span class="sub">{name}</span> }.into_any(),
        }
    });
    view! { {what}{place} }.into_any()
}
