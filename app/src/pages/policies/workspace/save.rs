//! Name, description, saving, and what is shown when saving fails. Nothing typed is ever lost by it.

use leptos::{ev::SubmitEvent, prelude::*};
use model::{
    Failure, FailureCode,
    policies::{DESCRIPTION_CHARACTERS, NAME_CHARACTERS},
};

use super::{draft::Work, stale::Stale};
use crate::components::{Button, Card, FailureView, Icon, Kind, TextInput, icons};

/// Id of the form that the text field and the save button belong to, wherever they stand.
pub const FORM: &str = "policy-form";

/// How this page saves.
#[derive(Clone, Copy)]
pub struct Saving {
    /// Where the form posts to without scripts.
    pub url: &'static str,
    /// Sends what is typed.
    pub run: Callback<()>,
    /// True until the answer is there.
    pub pending: Signal<bool>,
}

/// The form around name and description.
#[component]
pub fn SaveForm(work: Work, saving: Saving) -> impl IntoView {
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !saving.pending.get_untracked() && work.denied.with_value(Option::is_none) {
            saving.run.run(());
        }
    };
    let wrong = move |field: &'static str| {
        Signal::derive(move || {
            work.failure.with(|failure| failure.as_ref().and_then(|(f, _)| f.field(field).map(str::to_owned)))
        })
    };
    let id = work.id.with_value(|id| id.as_ref().map(ToString::to_string));
    let hidden = id.map(|id| {
        view! {
            <input type="hidden" name="id" value=id/>
        }
    });
    view! {
        <Card>
            <form id=FORM method="post" action=saving.url on:submit=on_submit>
                {hidden}
                <div class="form-row policy-naming">
                    <TextInput
                        name="name"
                        label="Name"
                        bind=work.name
                        error=wrong("name")
                        required=true
                        maxlength=u32::try_from(NAME_CHARACTERS).unwrap_or(0)
                        autocomplete="off"
                    />
                    <TextInput
                        name="description"
                        label="Description"
                        bind=work.description
                        error=wrong("description")
                        optional=true
                        maxlength=u32::try_from(DESCRIPTION_CHARACTERS).unwrap_or(0)
                        autocomplete="off"
                    />
                </div>
            </form>
        </Card>
        <Failed work saving/>
    }
}

/// What went wrong at the last try to save.
#[component]
fn Failed(work: Work, saving: Saving) -> impl IntoView {
    let shown = move || {
        work.failure.get().map(|(failure, _)| match failure.code {
            FailureCode::Stale { current } => view! { <Stale work saving current=*current/> }.into_any(),
            code => view! { <FailureView failure=Failure { code, ..failure } form=FORM/> }.into_any(),
        })
    };
    view! { <div class="save-failed">{shown}</div> }
}

/// Discard and save, for the head of the page.
#[component]
pub fn SaveButtons(
    work: Work,
    saving: Saving,
    /// What saving is called here.
    label: &'static str,
) -> impl IntoView {
    // Without scripts nobody can tell whether something has changed, so the button must work.
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let clean = move || (alive.get() && !work.is_dirty()).then(|| "Nothing has changed yet.".to_owned());
    let why_not =
        Signal::derive(move || work.denied.get_value().or_else(|| clean().filter(|_| is_saved(work))));
    let discard = move |_| work.restart(work.saved.get_untracked());
    view! {
        <span data-needs-script="">
            {move || work.is_dirty().then(|| view! {
                <Button label="Discard changes" icon=icons::UNDO on_click=discard/>
            })}
        </span>
        <Button
            label
            kind=Kind::Primary
            icon=icons::SAVE
            submit=true
            form=FORM
            name="opened"
            value=work.opened.get_untracked()
            disabled=why_not
            busy=saving.pending
        />
    }
}

fn is_saved(work: Work) -> bool {
    work.id.with_value(Option::is_some)
}

/// “Unsaved changes”, while there are some.
#[component]
pub fn Unsaved(work: Work) -> impl IntoView {
    move || {
        work.is_dirty().then(|| {
            view! { <span class="unsaved"><Icon icon=icons::EDIT size=13/>"unsaved changes"</span> }
        })
    }
}
