//! All backup policies.

use leptos::prelude::*;
use leptos_router::{components::Form, hooks::use_query_map};
use model::{
    Action, Total, paths,
    policies::{CONTENT_CHARACTERS, PolicyQuery, PolicySummary},
};
use time::OffsetDateTime;

use crate::{
    components::{
        Absent, Button, Choice, Column, Kind, LinkButton, NoMatch, Notice, PageHeader, Pill, Row,
        SearchInput, Select, Status, Table, Time, Tone, icons, load_page,
    },
    server_fns,
    shell::{NotRead, NotReady, use_frame, use_synced},
    words,
};

use super::viewer::{Viewer, viewer};

/// Plans that a row names; the others are counted.
const PLANS: usize = 3;

/// All backup policies, as many as match.
#[component]
pub fn PoliciesPage() -> impl IntoView {
    let query = use_query_map();
    let query = Memo::new(move |_| {
        query.with(|q| PolicyQuery {
            q: q.get("q").unwrap_or_default(),
            attached: q.get("attached").unwrap_or_default(),
        })
    });
    let (frame, synced) = (use_frame(), use_synced());
    let policies = Resource::new(
        move || (query.get(), synced.get()),
        move |(query, _)| async move {
            let viewer = viewer(frame).await?;
            Ok((viewer, server_fns::list_policies(query).await?))
        },
    );
    load_page(policies, move |(viewer, rows)| view! { <Policies viewer rows query=query.get_untracked()/> })
}

#[component]
fn Policies(viewer: Viewer, rows: Vec<PolicySummary>, query: PolicyQuery) -> impl IntoView {
    let narrowed = query != PolicyQuery::default();
    let denied = viewer.why_not(Action::WritePolicy);
    let count = viewer.organization_read.then(|| Total::exactly(rows.len() as u64));
    let absent = if !viewer.organization_read {
        view! { <NotRead what="Backup policies" icon=icons::POLICY/> }.into_any()
    } else if narrowed {
        view! { <NoMatch what="policies" clear=paths::POLICIES/> }.into_any()
    } else {
        none_yet(denied.clone())
    };
    // Few rows need no filter, unless one is on: then it must be possible to take it off.
    let filter = (narrowed || rows.len() > 5).then(|| view! { <Filter query narrowed/> });
    let create = view! { <LinkButton label="Create policy" href=paths::NEW_POLICY kind=Kind::Primary icon=icons::ADD disabled=denied/> };
    let now = Some(viewer.now);
    // Those that were made here stand in the list before AWS's own were read.
    let only_ours = (!viewer.organization_read && !rows.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Info title="Only what was made in Holdfast is listed">
                "AWS's list of backup policies was not read yet; it may hold more."
            </Notice>
        }
    });
    view! {
        <PageHeader
            title="Policies"
            count
            subtitle="What AWS Backup is asked to do in the accounts of this organization".into_any()
            actions=create.into_any()
        />
        <NotReady/>
        {only_ours}
        {filter}
        <Table caption="Backup policies" columns=columns() rows=rows.into_iter().map(|policy| row(policy, now)).collect() absent/>
    }
}

fn none_yet(denied: Option<String>) -> AnyView {
    let action = view! { <LinkButton label="Create the first policy" href=paths::NEW_POLICY icon=icons::ADD disabled=denied/> };
    view! {
        <Absent
            title="No backup policies yet"
            text="A backup policy holds backup plans. Attached to the root, an OU or an account, it makes AWS Backup create these plans in every account below."
            icon=icons::POLICY
            action=action.into_any()
        />
    }
    .into_any()
}

#[component]
fn Filter(query: PolicyQuery, narrowed: bool) -> impl IntoView {
    let choices = vec![
        Choice::new("", "All"),
        Choice::new("attached", "Attached"),
        Choice::new("unattached", "Not attached"),
    ];
    view! {
        <Form method="GET" action=paths::POLICIES attr:class="policies-filter" attr:role="search" attr:aria-label="Policies">
            <SearchInput name="q" label="Find policies" value=query.q placeholder="Name, id, description or plan"/>
            <Select name="attached" label="Attached" choices value=query.attached/>
            <Button label="Show policies" submit=true/>
            {narrowed.then(|| view! { <LinkButton label="Clear filter" href=paths::POLICIES/> })}
        </Form>
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("Name"),
        Column::new("Problems"),
        Column::new("Plans"),
        Column::number("Targets"),
        Column::number("Accounts"),
        Column::number("Characters"),
        // AWS tells no time of change: it is when Holdfast first read the text as it is.
        Column::new("This text first seen"),
    ]
}

fn row(policy: PolicySummary, now: Option<OffsetDateTime>) -> Row {
    let name = view! {
        <a href=paths::policy(&policy.id)>{policy.name.clone()}</a>
        <span class="sub mono">{policy.id.to_string()}</span>
    };
    let targets = paths::policy_tab(&policy.id, "targets");
    let attached = if policy.targets_unknown {
        not_known()
    } else if policy.targets == 0 {
        view! { <span class="muted">"Not attached"</span> }.into_any()
    } else {
        view! { <a href=targets>{words::thousands(policy.targets)}</a> }.into_any()
    };
    let characters = if policy.unknown {
        not_known()
    } else {
        view! {
            {words::thousands(policy.characters)}
            <span class="muted">{format!(" of {}", words::thousands(CONTENT_CHARACTERS as u64))}</span>
        }
        .into_any()
    };
    Row::new(vec![
        name.into_any(),
        if policy.unknown { not_known() } else { problems(policy.errors, policy.warnings) },
        if policy.unknown { not_known() } else { plans(&policy.plans) },
        attached,
        if policy.targets_unknown { not_known() } else { words::thousands(policy.accounts).into_any() },
        characters,
        if policy.unknown { not_known() } else { view! { <Time at=policy.changed_at now/> }.into_any() },
    ])
}

/// Of a policy whose document AWS has not shown.
fn not_known() -> AnyView {
    view! { <span class="muted">"Not known"</span> }.into_any()
}

fn problems(errors: u64, warnings: u64) -> AnyView {
    let (tone, word) = match (errors, warnings) {
        (0, 0) => (Tone::Good, "None found".to_owned()),
        (0, _) => (Tone::Warn, words::counted(warnings, "warning")),
        (_, 0) => (Tone::Bad, words::counted(errors, "error")),
        _ => (
            Tone::Bad,
            format!("{}, {}", words::counted(errors, "error"), words::counted(warnings, "warning")),
        ),
    };
    view! { <Status tone word/> }.into_any()
}

fn plans(plans: &[String]) -> AnyView {
    if plans.is_empty() {
        return view! { <span class="muted">"No plan"</span> }.into_any();
    }
    let more = plans.len().saturating_sub(PLANS);
    let shown: Vec<_> =
        plans.iter().take(PLANS).map(|plan| view! { <Pill text=plan.clone() code=true/> }).collect();
    let more = (more > 0).then(|| view! { <span class="muted small">{format!("and {more} more")}</span> });
    view! { <span class="pills">{shown}{more}</span> }.into_any()
}
