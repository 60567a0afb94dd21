//! Where a policy is attached, and detaching it.

use form::reading;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{components::Form, hooks::use_query_map};
use model::{
    Failure, PolicyId,
    change::{Step, StepState},
    paths,
    policies::{PolicyDetail, PolicyTarget},
};
use policy::Document;

use crate::pages::policies::viewer::Latest;
use crate::{
    components::{Absent, Button, Column, Dialog, Kind, LinkButton, Row, Table, Tone, icons, use_toasts},
    pages::changes::{ChangeRun, ChangeSteps},
    refused::refused,
    server_fns::{self, policies::DetachPolicy},
    words,
};

/// The targets of a policy. The ones to detach are in the address, so that asking works without scripts too.
#[component]
pub fn Targets(newest: Signal<PolicyDetail>, denied: Option<String>) -> impl IntoView {
    let refused = refused::<DetachPolicy>().map(|(_, failure)| failure);
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(|q| q.get_all("detach").unwrap_or_default()));
    let why_not = denied.clone();
    let list = move || view! { <List detail=newest.get() denied=denied.clone()/> };
    let dialog = move || {
        // Only what is attached now can be asked about: after detaching without scripts the address stays.
        let wanted = wanted.get();
        let detail = newest.get_untracked();
        let chosen: Vec<PolicyTarget> = detail
            .targets
            .iter()
            .filter(|t| wanted.iter().any(|id| id == t.node.id.as_str()))
            .cloned()
            .collect();
        (!chosen.is_empty())
            .then(|| view! { <Detach detail chosen denied=why_not.clone() refused=refused.clone()/> })
    };
    view! {
        {list}
        {dialog}
    }
}

#[component]
fn List(detail: PolicyDetail, denied: Option<String>) -> impl IntoView {
    let PolicyDetail { id, targets, targets_unread, .. } = detail;
    let count = targets.len();
    let some = RwSignal::new(0_usize);
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let none_chosen = Signal::derive(move || {
        let nothing = alive.get() && some.get() == 0;
        denied.clone().or_else(|| nothing.then(|| "Choose at least one target.".to_owned()))
    });
    let changed = move |on: bool| some.update(|n| *n = if on { *n + 1 } else { n.saturating_sub(1) });
    let columns =
        vec![Column::new("Target"), Column::new("Kind"), Column::new("Path"), Column::number("Accounts")];
    let rows = targets.into_iter().map(|target| row(target, changed)).collect();
    let attach = view! { <LinkButton label="Attach" href=paths::attach(&id) icon=icons::ATTACH stay=true/> };
    let (title, text) = if targets_unread.is_some() {
        ("Not known", "Targets appear here once AWS shows them.")
    } else {
        (
            "Not attached to any target",
            "Attach the policy to the root, an OU or an account. It reaches every account at and below its targets.",
        )
    };
    let absent = view! { <Absent title text icon=icons::ATTACH action=attach.into_any()/> };
    view! {
        <Form method="GET" action=paths::policy(&id) attr:class="targets-form" noscroll=true>
            <input type="hidden" name="tab" value="targets"/>
            <Table caption="Targets that this policy is attached to" columns rows absent=absent.into_any()/>
            <div class="table-foot" hidden=count == 0>
                <span role="status">
                    {move || format!("{} of {} selected", some.get(), words::counted(count as u64, "target"))}
                </span>
                <Button label="Detach" submit=true icon=icons::DETACH disabled=none_chosen/>
            </div>
        </Form>
    }
}

fn row(target: PolicyTarget, changed: impl Fn(bool) + Send + Sync + 'static) -> Row {
    let PolicyTarget { node, ancestors, accounts } = target;
    let (id, kind) = (node.id.to_string(), node.id.kind().word());
    let path: Vec<String> = ancestors.into_iter().map(|above| above.name).collect();
    let path = if path.is_empty() { "Top of the organization".to_owned() } else { path.join(" / ") };
    let cell = view! {
        <span class="target-cell">
            <input
                class="checkbox"
                type="checkbox"
                name="detach"
                value=id.clone()
                aria-label=format!("Select {}", node.name)
                on:change=move |event| changed(event_target_checked(&event))
            />
            <span class="target-name">
                <a href=paths::target(&node.id)>{node.name}</a>
                <span class="sub mono">{id}</span>
            </span>
        </span>
    };
    Row::new(vec![cell.into_any(), kind.into_any(), path.into_any(), words::thousands(accounts).into_any()])
}

/// Asks, says what it means, and detaches.
#[component]
fn Detach(
    detail: PolicyDetail,
    chosen: Vec<PolicyTarget>,
    /// Why the person may not.
    #[prop(optional_no_strip)]
    denied: Option<String>,
    /// Why a form that was posted without scripts was refused.
    #[prop(optional_no_strip)]
    refused: Option<Failure>,
) -> impl IntoView {
    let id = detail.id.clone();
    let ids: Vec<String> = chosen.iter().map(|t| t.node.id.to_string()).collect();
    let run = ChangeRun::new(detached(id.clone()));
    run.failure.set(refused);
    let close = paths::policy_tab(&id, "targets");
    let title = format!("Detach “{}”", detail.name);
    let (policy, all) = (id.to_string(), ids.clone());
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        let targets = untrack(|| if run.has_begun() { run.left() } else { all.clone() });
        run.ask(server_fns::detach_policy(policy.clone(), targets));
    };
    let busy = run.busy();
    let label = Signal::derive(move || match (run.has_begun(), busy.get()) {
        (false, _) => "Detach".to_owned(),
        (true, true) => "Detaching".to_owned(),
        (true, false) => format!("Try {} again", words::counted(run.left().len() as u64, "target")),
    });
    let hidden: Vec<_> =
        ids.iter().map(|id| view! { <input type="hidden" name="targets[]" value=id.clone()/> }).collect();
    let done = Signal::derive(move || {
        let nothing_left = run.has_begun() && !busy.get() && run.left().is_empty();
        denied.clone().or_else(|| nothing_left.then(|| "Nothing is left to try.".to_owned()))
    });
    let action = view! {
        <Button label kind=Kind::Danger icon=icons::DETACH submit=true busy disabled=done form="detach-form"/>
    };
    let begun = Signal::derive(move || run.has_begun());
    let url = <DetachPolicy as server_fn::ServerFn>::url();
    view! {
        <Dialog title close begun action=action.into_any()>
            <form id="detach-form" method="post" action=url on:submit=on_submit>
                <input type="hidden" name="id" value=id.to_string()/>
                {hidden}
            </form>
            {meaning(&detail, &chosen)}
            <ChangeSteps run done="Detached" not_done="Not detached" noun="target"/>
        </Dialog>
    }
}

/// Says how it went, and learns what the policy is attached to now.
fn detached(id: PolicyId) -> impl Fn(Vec<Step>) + Send + Sync + 'static {
    let Latest(latest) = expect_context();
    let toasts = use_toasts();
    move |steps| {
        if steps.iter().all(|step| step.state == StepState::Done) {
            toasts
                .say(Tone::Good, format!("Detached from {}.", words::counted(steps.len() as u64, "target")));
        }
        let id = id.to_string();
        spawn_local(async move {
            if let Ok(detail) = server_fns::policy(id).await {
                latest.set(Some(detail));
            }
        });
    }
}

/// What detaching does to the accounts.
fn meaning(detail: &PolicyDetail, chosen: &[PolicyTarget]) -> AnyView {
    let plans: Vec<String> = Document::parse(&detail.content)
        .map(|document| {
            reading::entry_names(&document, &"plans".into()).iter().map(ToString::to_string).collect()
        })
        .unwrap_or_default();
    let plans = match plans.as_slice() {
        [] => "this policy".to_owned(),
        [only] => format!("the plan {only}"),
        plans => format!("the plans {}", plans.join(", ")),
    };
    let rows: Vec<_> = chosen
        .iter()
        .map(|target| {
            let accounts = words::counted(target.accounts, "account");
            view! { <li><b>{target.node.name.clone()}</b>" "<code>{target.node.id.to_string()}</code>" · "{accounts}</li> }
        })
        .collect();
    view! {
        <p>
            {format!("Accounts at and below these targets lose {plans}, unless another target gives it to them. ")}
            "Their scheduled backups stop; backups that exist stay until they expire."
        </p>
        <ul class="detach-list">{rows}</ul>
    }
    .into_any()
}
