//! What changed in AWS outside Holdfast, and between which two looks.

use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};
use model::{
    Page, PolicyId, TargetId,
    event::{Event, EventFilter, EventKind},
    paths,
};

use super::tabs::{OUTSIDE, tabs};
use crate::{
    components::{
        Absent, Button, Choice, CodeBlock, Column, LinkButton, NoMatch, PageHeader, Pager, Row, Select,
        Table, TextInput, Time, load_page,
    },
    server_fns,
    words::counted,
};

/// The list of changes made elsewhere.
#[component]
pub fn Outside() -> impl IntoView {
    let query = use_query_map();
    let filter = Memo::new(move |_| {
        query.with(|q| {
            let get = |name| q.get(name).unwrap_or_default();
            EventFilter { kind: get("kind"), subject: get("subject"), cursor: get("cursor") }
        })
    });
    let events = Resource::new(move || filter.get(), server_fns::events);
    load_page(events, move |page| view! { <Events page filter=filter.get_untracked()/> })
}

#[component]
fn Events(page: Page<Event>, filter: EventFilter) -> impl IntoView {
    let narrowed = EventFilter { cursor: String::new(), ..filter.clone() } != EventFilter::default();
    let go = |cursor: Option<String>| cursor.map(|cursor| address(&EventFilter { cursor, ..filter.clone() }));
    let (previous, next) = (go(page.previous), go(page.next));
    let summary = if page.rows.is_empty() {
        "No changes".to_owned()
    } else {
        format!("{} on this page", counted(page.rows.len() as u64, "change"))
    };
    let absent = if narrowed {
        view! { <NoMatch what="changes" clear=address(&EventFilter::default())/> }.into_any()
    } else {
        view! {
            <Absent
                title="No changes to show"
                text="When a policy, an attachment, a setting, an account or an OU is changed in the AWS console or by another program, the next sync writes it here, as far as you may see where."
            />
        }
        .into_any()
    };
    let columns = ["Seen", "What", "On", "Before", "After"].map(Column::new).to_vec();
    let subtitle = view! { "What others changed in AWS, as the sync found it" }.into_any();
    view! {
        <PageHeader title="Audit" count=Some(page.total) subtitle/>
        {tabs(true)}
        <Narrow filter=filter.clone() narrowed/>
        <Table caption="Changes made outside Holdfast" columns rows=page.rows.into_iter().map(row).collect() absent/>
        <Pager previous next summary/>
    }
}

#[component]
fn Narrow(filter: EventFilter, narrowed: bool) -> impl IntoView {
    let kinds = std::iter::once(Choice::new("", "Anything"))
        .chain(EventKind::TABLE.iter().map(|(_, name, words)| Choice::new(*name, *words)))
        .collect();
    view! {
        <Form method="GET" action=paths::AUDIT attr:class="filter-line">
            <input type="hidden" name="view" value=OUTSIDE/>
            <Select name="kind" label="What" choices=kinds value=filter.kind/>
            <TextInput name="subject" label="On" value=filter.subject placeholder="Id or name"/>
            <Button label="Show changes" submit=true/>
            {narrowed.then(|| view! { <LinkButton label="Clear filter" href=address(&EventFilter::default())/> })}
        </Form>
    }
}

fn row(event: Event) -> Row {
    let what = view! {
        {event.kind.words()}
        {(!event.changes.is_empty()).then(|| {
            let changes: Vec<_> = event.changes.iter().map(|change| view! { <li>{change.clone()}</li> }).collect();
            view! { <ul class="event-changes">{changes}</ul> }
        })}
    };
    let (before, after) = (event.before.clone(), event.after.clone());
    let (before, after) = match event.kind {
        EventKind::PolicyAttached => (().into_any(), place(&event.target, &event.target_name)),
        EventKind::PolicyDetached => (place(&event.target, &event.target_name), ().into_any()),
        kind => (value(kind, before, "before"), value(kind, after, "after")),
    };
    let subject = match event.kind {
        // There is no page to go to.
        EventKind::PolicyDeleted
        | EventKind::AccountRemoved
        | EventKind::OuRemoved
        | EventKind::SwitchTurned
        | EventKind::RegionSettingTurned
        | EventKind::ResourcePolicyChanged => named(&event.subject, &event.subject_name),
        _ => place(&event.subject, &event.subject_name),
    };
    Row::new(vec![
        view! { <Time at=event.seen_at/><span class="sub">"after "<Time at=event.since/></span> }.into_any(),
        what.into_any(),
        subject,
        before,
        after,
    ])
}

/// A policy, account or OU, as a link to its page.
fn place(id: &str, name: &str) -> AnyView {
    let policy = id.parse::<PolicyId>().ok().map(|id| paths::policy(&id));
    let href = policy.or_else(|| id.parse::<TargetId>().ok().map(|id| paths::target(&id)));
    let shown = if name.is_empty() { id } else { name }.to_owned();
    match href {
        Some(href) => {
            view! { <a href=href>{shown}</a><span class="sub mono">{id.to_owned()}</span> }.into_any()
        }
        None => shown.into_any(),
    }
}

/// What has no page, or none any more.
fn named(id: &str, name: &str) -> AnyView {
    let shown = if name.is_empty() { id } else { name }.to_owned();
    view! { {shown}<span class="sub mono">{id.to_owned()}</span> }.into_any()
}

/// What stood or stands there. Policies are long, so they are unfolded.
fn value(kind: EventKind, text: Option<String>, which: &'static str) -> AnyView {
    let Some(text) = text else { return ().into_any() };
    match kind {
        kind if kind.is_of_text() => view! {
            <details class="event-text">
                <summary>{format!("Text {which}")}</summary>
                <CodeBlock content=text label=format!("Text of the policy {which}") framed=true/>
            </details>
        }
        .into_any(),
        EventKind::SwitchTurned | EventKind::RegionSettingTurned => {
            if text == "on" { "On" } else { "Off" }.into_any()
        }
        EventKind::PolicyDescribed if text.is_empty() => "No description".into_any(),
        _ => text.into_any(),
    }
}

/// The list under a filter.
fn address(filter: &EventFilter) -> String {
    let pairs = [("kind", &filter.kind), ("subject", &filter.subject), ("cursor", &filter.cursor)];
    let set = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: String = set.map(|(name, value)| format!("&{name}={}", paths::encode(value))).collect();
    format!("{}?view={OUTSIDE}{query}", paths::AUDIT)
}
