//! The dialog that attaches again what turning the policy type off detached.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};
use model::{
    Failure, paths,
    settings::export::{ExportView, PutBackResult, Standing},
};

use super::{dialog::FormButton, refused::Refused};
use crate::{
    components::{Dialog, FailureView, Icon, Kind, LinkButton, Status, Time, Tone, load},
    server_fns::{self, settings::PutBackAttachments},
    words::counted,
};

const FORM: &str = "put-back";
/// Attachments of one request: small, so that progress shows.
const AT_ONCE: u64 = 5;
/// Without scripts there is one request and no progress.
const WITHOUT_SCRIPTS: &str = "100";

/// How far it is.
#[derive(Clone, Copy)]
struct Progress {
    results: RwSignal<Vec<PutBackResult>>,
    stopped: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
    begun: RwSignal<bool>,
}

/// Puts an export's attachments back.
#[component]
pub fn PutBackDialog(
    id: i64,
    #[prop(optional_no_strip)] refused: Refused,
    reload: Callback<()>,
) -> impl IntoView {
    let export = Resource::new(move || id, server_fns::exported_attachments);
    let progress = Progress {
        results: RwSignal::new(Vec::new()),
        stopped: RwSignal::new(None),
        busy: RwSignal::new(false),
        begun: RwSignal::new(false),
    };
    load(export, move |export| view! { <PutBack export refused=refused.clone() progress reload/> })
}

#[component]
fn PutBack(
    export: ExportView,
    #[prop(optional_no_strip)] refused: Refused,
    progress: Progress,
    reload: Callback<()>,
) -> impl IntoView {
    let id = export.id;
    let missing = export.count(Standing::Missing);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !progress.busy.get_untracked() {
            spawn_local(async move {
                run(id, progress).await;
                reload.run(());
            });
        }
    };
    let disabled = Signal::derive(move || {
        let nothing = (missing == 0).then(|| "Nothing of it is missing.".to_owned());
        refused.clone().or(nothing)
    });
    let action = move || {
        if progress.begun.get() && !progress.busy.get() {
            view! { <LinkButton label="Done" href=paths::SETTINGS kind=Kind::Primary stay=true/> }.into_any()
        } else {
            view! { <FormButton verb="Put back" kind=Kind::Primary disabled busy=progress.busy form=FORM/> }
                .into_any()
        }
    };
    let action = view! { {action} }.into_any();
    let url = <PutBackAttachments as ServerFn>::url();
    view! {
        <Dialog title="Put attachments back" close=paths::SETTINGS large=true action>
            <form id=FORM method="post" action=url on:submit=on_submit>
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="from" value="0"/>
                <input type="hidden" name="most" value=WITHOUT_SCRIPTS/>
            </form>
            <p>
                {counted(missing as u64, "attachment")}" of "{counted(export.rows.len() as u64, "exported one")}", written down "<Time at=export.at/>", can be put back: target by target, in the order in which they were. What was attached since stays before them."
            </p>
            <Outcome progress of=missing/>
            <ExportRows rows=export.rows.clone() hidden=progress.begun/>
        </Dialog>
    }
}

async fn run(id: i64, progress: Progress) {
    progress.begun.set(true);
    progress.busy.set(true);
    progress.stopped.set(None);
    progress.results.set(Vec::new());
    let mut from = Some(0);
    while let Some(at) = from {
        match server_fns::put_back_attachments(id, at, AT_ONCE).await {
            Ok(step) => {
                progress.results.update(|results| results.extend(step.results));
                from = step.next;
            }
            Err(error) => {
                progress.stopped.set(Some(error.into_failure()));
                break;
            }
        }
    }
    progress.busy.set(false);
}

/// How far it is, and what became of each.
#[component]
fn Outcome(progress: Progress, of: usize) -> impl IntoView {
    let bar = move || {
        let tried = progress.results.with(Vec::len);
        progress.busy.get().then(|| {
            view! {
                <div class="run-progress">
                    <progress class="progress" max=of.to_string() value=tried.to_string() aria-label="Progress"></progress>
                    <span>{format!("{tried} of {}", counted(of as u64, "attachment"))}</span>
                </div>
            }
        })
    };
    let rows = move || progress.results.get().into_iter().map(result).collect::<Vec<_>>();
    view! {
        <div role="status" aria-live="polite">{bar}</div>
        <ul class="results" hidden=move || progress.results.with(Vec::is_empty)>{rows}</ul>
        {move || progress.stopped.get().map(|failure| view! { <FailureView failure/> })}
    }
}

fn result(result: PutBackResult) -> AnyView {
    let (tone, word) =
        if result.failure.is_none() { (Tone::Good, "Attached") } else { (Tone::Bad, "Not attached") };
    let why = result.failure.map(|failure| failure.explain());
    let (policy, target) = (result.attachment.policy, result.attachment.target);
    view! {
        <li class="result" data-tone=tone.as_str()>
            <Icon icon=tone.icon()/>
            <div class="result-text">
                <span><b>{policy.name}</b>" at "{target.name}" "<code>{target.id.to_string()}</code></span>
                {why.map(|why| view! { <span class="small">{why.title}". "{why.text}</span> })}
            </div>
            <span class="result-word">{word}</span>
        </li>
    }
    .into_any()
}

/// The export beside how it stands today.
#[component]
fn ExportRows(
    rows: Vec<(model::settings::export::ExportedAttachment, Standing)>,
    hidden: RwSignal<bool>,
) -> impl IntoView {
    let items: Vec<_> = rows
        .into_iter()
        .map(|(attachment, standing)| {
            let (tone, word) = match standing {
                Standing::Attached => (Tone::Good, "Attached"),
                Standing::Missing => (Tone::Warn, "Missing"),
                Standing::PolicyGone => (Tone::Bad, "Policy deleted"),
                Standing::TargetGone => (Tone::Bad, "Target gone"),
            };
            view! {
                <li class="result">
                    <div class="result-text">
                        <span><b>{attachment.policy.name}</b>" at "{attachment.target.name}" "<code>{attachment.target.id.to_string()}</code></span>
                    </div>
                    <Status tone word/>
                </li>
            }
        })
        .collect();
    view! { <ul class="results" hidden=move || hidden.get()>{items}</ul> }
}
