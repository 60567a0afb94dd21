//! Attaching a policy: a dialog over its page, with an address of its own.

mod pick;
mod row;
pub mod targets;

use std::collections::BTreeMap;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use model::{
    Action as Doing, Failure, PolicyId, TargetId,
    change::{Step, StepState},
    id::parse_target_list,
    paths,
    policies::PolicyDetail,
    session::RefusedPost,
};

use super::viewer::{Latest, Loaded, Viewer};
use crate::{
    components::{
        Button, ChosenTargets, Dialog, FailureView, Kind, LinkButton, Tone, icons, load_over, use_toasts,
    },
    pages::changes::{ChangeRun, ChangeSteps},
    refused::refused,
    server_fns::{self, policies::AttachPolicy},
    shell::NotReady,
    words,
};
use pick::Pick;

/// Id of the form that attaches; its fields stand all over the dialog.
const FORM: &str = "attach-form";

/// The dialog that attaches a policy.
#[component]
pub fn AttachPage() -> impl IntoView {
    let Loaded(data) = expect_context();
    let refused = refused::<AttachPolicy>();
    load_over(data, move |(viewer, detail)| view! { <Attach viewer detail refused=refused.clone()/> })
}

#[component]
fn Attach(
    viewer: Viewer,
    detail: PolicyDetail,
    #[prop(optional_no_strip)] refused: Option<(RefusedPost, Failure)>,
) -> impl IntoView {
    let chosen: ChosenTargets = RwSignal::new(BTreeMap::new());
    let list = RwSignal::new(refused.as_ref().map(|(post, _)| left_over(post, &detail)).unwrap_or_default());
    let PolicyDetail { id, name, .. } = detail;
    let run = ChangeRun::new(attached(id.clone(), name.clone()));
    let ids = Memo::new(move |_| all(&chosen.get(), &list.get()));
    let policy = id.to_string();
    let go = Callback::new(move |targets: Vec<String>| {
        run.ask(server_fns::attach_policy(policy.clone(), targets))
    });
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        go.run(ids.get_untracked());
    };
    let denied = viewer.why_not(Doing::AttachPolicy);
    let close = paths::policy_tab(&id, "targets");
    let selected = move || match run.has_begun() {
        // The steps say it from then on.
        true => String::new(),
        false => format!("{} selected", words::counted(ids.with(Vec::len) as u64, "target")),
    };
    let note = view! { <span role="status">{selected}</span> };
    let action = {
        let close = close.clone();
        view! { <Main run go ids denied close/> }
    };
    let policy = id.clone();
    let url = <AttachPolicy as server_fn::ServerFn>::url();
    let body = move || {
        // Once something was tried, its outcome is what the dialog is about.
        if !run.has_begun() && run.failure.with(Option::is_none) {
            let failed = refused.clone().map(|(_, failure)| view! { <FailureView failure form=FORM/> });
            view! {
                <NotReady/>
                {failed}
                <Pick policy=policy.clone() chosen list form=FORM/>
            }
            .into_any()
        } else {
            view! { <ChangeSteps run done="Attached" not_done="Not attached" noun="target"/> }.into_any()
        }
    };
    let begun = Signal::derive(move || run.has_begun());
    view! {
        <Dialog title=format!("Attach “{name}”") close large=true begun note=note.into_any() action=action.into_any()>
            <form id=FORM method="post" action=url on:submit=on_submit>
                <input type="hidden" name="id" value=id.to_string()/>
            </form>
            {body}
        </Dialog>
    }
}

/// What a form that was posted without scripts and refused had chosen and is not attached, as a list.
fn left_over(post: &RefusedPost, detail: &PolicyDetail) -> String {
    let (ids, others) = parse_target_list(&post.all("targets[]").collect::<Vec<_>>().join("\n"));
    let attached = |id: &TargetId| detail.targets.iter().any(|target| target.node.id == *id);
    let ids = ids.into_iter().filter(|id| !attached(id)).map(String::from);
    ids.chain(others).collect::<Vec<_>>().join("\n")
}

/// The ids that are chosen in the tree and in the list, each once.
fn all(chosen: &BTreeMap<TargetId, String>, list: &str) -> Vec<String> {
    let (listed, _) = parse_target_list(list);
    let listed = listed.into_iter().filter(|id| !chosen.contains_key(id));
    chosen.keys().cloned().chain(listed).map(String::from).collect()
}

/// The main button: attach, then try again what failed, then leave.
#[component]
fn Main(
    run: ChangeRun,
    go: Callback<Vec<String>>,
    ids: Memo<Vec<String>>,
    denied: Option<String>,
    close: String,
) -> impl IntoView {
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let why_not = Signal::derive(move || {
        let nothing = alive.get() && ids.with(Vec::is_empty);
        denied.clone().or_else(|| nothing.then(|| "Choose at least one target.".to_owned()))
    });
    let label = Signal::derive(move || match ids.with(Vec::len) {
        0 => "Attach".to_owned(),
        n => format!("Attach to {}", words::counted(n as u64, "target")),
    });
    let left = move || if run.has_begun() { run.left() } else { ids.get() };
    let busy = run.busy();
    let again = Signal::derive(move || match busy.get() {
        true => "Attaching".to_owned(),
        false => format!("Try {} again", words::counted(left().len() as u64, "target")),
    });
    let nothing_left = Signal::derive(move || {
        (!busy.get() && left().is_empty()).then(|| "Nothing is left to try.".to_owned())
    });
    move || {
        let close = close.clone();
        if !run.has_begun() && run.failure.with(Option::is_none) {
            view! { <Button label kind=Kind::Primary icon=icons::ATTACH submit=true form=FORM disabled=why_not busy/> }.into_any()
        } else if run.all_done() {
            view! { <LinkButton label="Show targets" href=close kind=Kind::Primary stay=true/> }.into_any()
        } else {
            let retry = move |_| go.run(untrack(left));
            view! { <Button label=again kind=Kind::Primary icon=icons::REFRESH busy disabled=nothing_left on_click=retry/> }.into_any()
        }
    }
}

/// Says how it went, and learns what the policy is attached to now.
fn attached(id: PolicyId, name: String) -> impl Fn(Vec<Step>) + Send + Sync + 'static {
    let latest = use_context::<Latest>();
    let toasts = use_toasts();
    move |steps| {
        if steps.iter().all(|step| step.state == StepState::Done) {
            let targets = words::counted(steps.len() as u64, "target");
            toasts.say(Tone::Good, format!("Attached “{name}” to {targets}."));
        }
        let id = id.to_string();
        spawn_local(async move {
            if let (Ok(detail), Some(Latest(latest))) = (server_fns::policy(id).await, latest) {
                latest.set(Some(detail));
            }
        });
    }
}
