//! What AWS allows Holdfast to do, and the IAM policy that allows all of it.

use leptos::prelude::*;
use model::{
    failure::{DeniedBy, sentence},
    paths,
    permissions::{FeaturePermission, MissingAction, PermissionState, Permissions, RegionalAnswers},
};

use crate::components::copy;
use crate::{
    components::{
        Absent, Button, Card, CodeBlock, Column, Crumb, Notice, PageHeader, Row, Size, Status, Table, Time,
        Tone, icons, load_page, use_toasts,
    },
    server_fns,
    words::counted,
};

/// The page of permissions.
#[component]
pub fn PermissionsPage() -> impl IntoView {
    // How often it was asked for: the first time what is known will do.
    let asked = RwSignal::new(0_u32);
    let permissions = Resource::new(move || asked.get(), |asked| server_fns::permissions(asked > 0));
    let check = Callback::new(move |()| asked.update(|n| *n += 1));
    load_page(permissions, move |data| view! { <PermissionsView data check/> })
}

#[component]
fn PermissionsView(data: Permissions, check: Callback<()>) -> impl IntoView {
    let subtitle = view! { "What AWS allows Holdfast to do. Checked "<Time at=data.checked_at/> };
    let actions = view! {
        <span data-needs-script=""><Button label="Check again" icon=icons::REFRESH on_click=move |_| check.run(())/></span>
    };
    let absent = view! { <Absent title="Nothing to check" text="Holdfast calls nothing in AWS."/> };
    let columns = ["Feature", "State", "Denied actions", "Without it"].map(Column::new).to_vec();
    let rows = data.rows.iter().map(row).collect();
    view! {
        <PageHeader
            title="Permissions"
            crumbs=vec![Crumb::new("Settings", paths::SETTINGS)]
            subtitle=subtitle.into_any()
            actions=actions.into_any()
        />
        {data.problem.map(|reason| view! { <Notice tone=Tone::Warn title="Permissions were not checked">{reason}</Notice> })}
        {denials(&data.rows)}
        {data.to_add.map(|to_add| view! { <PolicyCard title="Statements to add" policy=to_add/> })}
        <Card title="Features" flush=true>
            <Table caption="What AWS allows, by feature" columns rows absent=absent.into_any()/>
        </Card>
        <PolicyCard title="The whole IAM policy" policy=data.policy/>
    }
}

/// What denies, each once with its next step.
fn denials(rows: &[FeaturePermission]) -> Option<AnyView> {
    let mut causes: Vec<(DeniedBy, Vec<&str>)> = Vec::new();
    for MissingAction { action, by, .. } in rows.iter().flat_map(|row| &row.missing) {
        match causes.iter_mut().find(|(known, _)| known == by) {
            Some((_, actions)) if actions.contains(&action.as_str()) => (),
            Some((_, actions)) => actions.push(action),
            None => causes.push((*by, vec![action])),
        }
    }
    let denied = rows.iter().filter(|row| row.state == PermissionState::Denied).count();
    let title = format!("AWS denies {}", counted(denied as u64, "feature"));
    let causes: Vec<_> =
        causes.into_iter().map(|(by, actions)| view! { <p>{explained(by, &actions)}</p> }).collect();
    (denied > 0).then(|| view! { <Notice tone=Tone::Bad title>{causes}</Notice> }.into_any())
}

/// What denies these actions, and what to do about it.
fn explained(by: DeniedBy, actions: &[&str]) -> String {
    let named = match actions {
        [one] => (*one).to_owned(),
        more => counted(more.len() as u64, "action"),
    };
    if by.lacks_allow() {
        return format!(
            "{} Add the statements below to the IAM policy of the role or user that Holdfast runs as, then check again.",
            sentence(&by.cause(&named))
        );
    }
    format!("{} {}", sentence(&by.cause(&named)), by.next_step(&named))
}

#[component]
fn PolicyCard(title: &'static str, policy: String) -> impl IntoView {
    let toasts = use_toasts();
    let text = policy.clone();
    let copy_button = view! {
        <span data-needs-script=""><Button label=format!("Copy {}", title.to_lowercase().replace("iam", "IAM")) icon=icons::COPY size=Size::Small on_click=move |_| copy(&text, toasts)/></span>
    };
    view! {
        <Card title actions=copy_button.into_any() flush=true>
            <CodeBlock content=policy label=title/>
        </Card>
    }
}

fn row(permission: &FeaturePermission) -> Row {
    let text = permission.feature.text();
    let state = &permission.state;
    let tone = match state {
        PermissionState::Allowed => Tone::Good,
        PermissionState::Denied => Tone::Bad,
        PermissionState::NotAvailable { .. } | PermissionState::Failed { .. } => Tone::Warn,
        PermissionState::NotChecked { .. } => Tone::Idle,
    };
    // Not twice: where Regions differ it stands with them.
    let regional_answers = || permission.by_region.iter().flat_map(|by_region| &by_region.answers);
    let reason = state.reason().filter(|_| !regional_answers().any(|(answer, _)| answer == state));
    let reason = reason.map(|reason| view! { <div class="muted small">{reason.to_owned()}</div> });
    let by_region: Vec<_> = permission.by_region.iter().map(regional).collect();
    let state = view! { <Status tone word=state.word()/>{reason}{by_region} }.into_any();
    let denied: Vec<_> = permission.missing.iter().map(action).collect();
    let none = denied.is_empty().then(|| view! { <span class="muted">"None known"</span> });
    Row::new(vec![
        text.title.into_any(),
        state,
        view! { <div>{denied}{none}</div> }.into_any(),
        view! { <span class="muted">{text.without}</span> }.into_any(),
    ])
}

/// An action, the Region, and AWS's own sentence.
fn action(MissingAction { action, region, said, .. }: &MissingAction) -> AnyView {
    let region = region.as_ref().map(|region| format!(" in {region}"));
    let said =
        (!said.is_empty()).then(|| view! { <div class="muted small">"AWS says: “"{said.clone()}"”"</div> });
    view! { <div class="mono small">{action.clone()}<span class="muted">{region}</span></div>{said} }
        .into_any()
}

/// How the Regions answer that do not all answer the same, each answer with its reason.
fn regional(RegionalAnswers { actions, answers }: &RegionalAnswers) -> AnyView {
    let answers: Vec<_> = answers
        .iter()
        .map(|(state, regions)| {
            let reason = state.reason().map(|reason| format!(": {reason}"));
            view! { <li>{state.word()}" in "<span class="mono">{regions.join(", ")}</span>{reason}</li> }
        })
        .collect();
    view! {
        <div class="small">
            <span class="mono">{actions.join(", ")}</span>
            <ul class="plain-list">{answers}</ul>
        </div>
    }
    .into_any()
}
