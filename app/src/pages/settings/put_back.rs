//! The dialog that attaches again what turning the policy type off detached.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use model::{
    paths,
    settings::export::{ExportView, Standing},
};

use super::refused::Refused;
use crate::pages::dialogs::FormButton;
use crate::{
    components::{Dialog, Kind, LinkButton, Status, Time, Tone, load},
    pages::changes::{ChangeRun, ChangeSteps},
    server_fns::{self, settings::PutBackAttachments},
    words::counted,
};

const FORM: &str = "put-back";

/// Puts an export's attachments back.
#[component]
pub fn PutBackDialog(
    id: i64,
    #[prop(optional_no_strip)] refused: Refused,
    reload: Callback<()>,
) -> impl IntoView {
    let export = Resource::new(move || id, server_fns::exported_attachments);
    let run = ChangeRun::new(move |_| reload.run(()));
    load(export, move |export| view! { <PutBack export refused=refused.clone() run/> })
}

#[component]
fn PutBack(export: ExportView, #[prop(optional_no_strip)] refused: Refused, run: ChangeRun) -> impl IntoView {
    let (id, busy) = (export.id, run.busy());
    let missing = export.count(Standing::Missing);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            run.ask(server_fns::put_back_attachments(id));
        }
    };
    let disabled = Signal::derive(move || {
        let nothing = (missing == 0).then(|| "Nothing of it is missing.".to_owned());
        refused.clone().or(nothing)
    });
    let action = move || {
        if run.has_begun() && !busy.get() {
            view! { <LinkButton label="Done" href=paths::SETTINGS kind=Kind::Primary stay=true/> }.into_any()
        } else {
            view! { <FormButton verb="Put back" kind=Kind::Primary disabled busy form=FORM/> }.into_any()
        }
    };
    let action = view! { {action} }.into_any();
    let begun = Signal::derive(move || run.has_begun());
    let url = <PutBackAttachments as ServerFn>::url();
    view! {
        <Dialog title="Put attachments back" close=paths::SETTINGS large=true begun action>
            <form id=FORM method="post" action=url on:submit=on_submit>
                <input type="hidden" name="id" value=id.to_string()/>
            </form>
            <p>
                {counted(missing as u64, "attachment")}" of "{counted(export.rows.len() as u64, "exported one")}", written down "<Time at=export.at/>", can be put back: target by target, in the order in which they were. What was attached since stays before them."
            </p>
            <ChangeSteps run done="Attached" not_done="Not attached" noun="attachment"/>
            <ExportRows rows=export.rows.clone() hidden=begun/>
        </Dialog>
    }
}

/// The export beside how it stands today.
#[component]
fn ExportRows(
    rows: Vec<(model::settings::export::ExportedAttachment, Standing)>,
    hidden: Signal<bool>,
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
