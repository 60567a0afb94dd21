//! Name, description, saving, and what is shown when saving fails. Nothing typed is ever lost by it.

use leptos::{ev::SubmitEvent, prelude::*};
use model::{
    Failure, FailureCode,
    policies::{DESCRIPTION_CHARACTERS, NAME_CHARACTERS},
};

use super::{
    draft::Draft,
    saving::{FORM_ID, Saving},
    stale::Stale,
};
use crate::components::{Button, Card, FailureView, Icon, Kind, TextInput, icons};

/// The form around name and description.
#[component]
pub fn SaveForm(draft: Draft, saving: Saving) -> impl IntoView {
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if !saving.pending.get_untracked() && draft.denied.with_value(Option::is_none) {
            saving.run.run(());
        }
    };
    let wrong = move |field: &'static str| {
        Signal::derive(move || {
            draft
                .failure
                .with(|failure| failure.as_ref().and_then(|(f, _)| f.field(field).map(str::to_owned)))
        })
    };
    let id = draft.id.with_value(|id| id.as_ref().map(ToString::to_string));
    let hidden = id.map(|id| {
        view! {
            <input type="hidden" name="id" value=id/>
        }
    });
    view! {
        <Card>
            <form id=FORM_ID method="post" action=saving.url on:submit=on_submit>
                {hidden}
                <div class="form-row policy-naming">
                    <TextInput
                        name="name"
                        label="Name"
                        bind=draft.name
                        error=wrong("name")
                        required=true
                        maxlength=u32::try_from(NAME_CHARACTERS).unwrap_or(0)
                        autocomplete="off"
                    />
                    <TextInput
                        name="description"
                        label="Description"
                        bind=draft.description
                        error=wrong("description")
                        optional=true
                        maxlength=u32::try_from(DESCRIPTION_CHARACTERS).unwrap_or(0)
                        autocomplete="off"
                    />
                </div>
            </form>
        </Card>
        <Failed draft saving/>
    }
}

/// What went wrong at the last try to save.
#[component]
fn Failed(draft: Draft, saving: Saving) -> impl IntoView {
    let shown = move || {
        draft.failure.get().map(|(failure, _)| match failure.code {
            FailureCode::Stale { current } => view! { <Stale draft saving current=*current/> }.into_any(),
            code => view! { <FailureView failure=Failure { code, ..failure } form=FORM_ID/> }.into_any(),
        })
    };
    view! { <div class="save-failed">{shown}</div> }
}

/// Discard and save, for the head of the page.
#[component]
pub fn SaveButtons(
    draft: Draft,
    saving: Saving,
    /// What saving is called here.
    label: &'static str,
) -> impl IntoView {
    // Without scripts nobody can tell whether something has changed, so the button must work.
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let clean = move || (alive.get() && !draft.is_dirty()).then(|| "Nothing has changed yet.".to_owned());
    let why_not =
        Signal::derive(move || draft.denied.get_value().or_else(|| clean().filter(|_| is_saved(draft))));
    let discard = move |_| draft.restart(draft.saved.get_untracked());
    view! {
        <span data-needs-script="">
            {move || draft.is_dirty().then(|| view! {
                <Button label="Discard changes" icon=icons::UNDO on_click=discard/>
            })}
        </span>
        <Button
            label
            kind=Kind::Primary
            icon=icons::SAVE
            submit=true
            form=FORM_ID
            name="opened"
            value=draft.opened.get_untracked()
            disabled=why_not
            busy=saving.pending
        />
    }
}

fn is_saved(draft: Draft) -> bool {
    draft.id.with_value(Option::is_some)
}

/// “Unsaved changes”, while there are some.
#[component]
pub fn Unsaved(draft: Draft) -> impl IntoView {
    move || {
        draft.is_dirty().then(|| {
            view! { <span class="unsaved"><Icon icon=icons::EDIT size=13/>"unsaved changes"</span> }
        })
    }
}
