//! Both editors of one document, beside what is wrong with it.

pub mod draft;
mod form;
mod json;
pub mod leave;
mod problems;
pub mod save;
pub mod saving;
mod stale;
mod stored_draft;

use leptos::prelude::*;

use self::{draft::Draft, form::PolicyForm, json::JsonEditor, problems::ProblemList};

/// Which of the editors has the most space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorMode {
    /// Form on the left; problems and JSON on the right.
    Form,
    /// JSON on the left, problems on the right; no form.
    Json,
}

/// Both editors. Changing the mode changes the arrangement only: the text field and what is in it stay.
#[component]
pub fn Workspace(draft: Draft, #[prop(into)] mode: Signal<EditorMode>) -> impl IntoView {
    let shows_form = Memo::new(move |_| mode.get() == EditorMode::Form);
    view! {
        <div class="workbench" data-room=move || if shows_form.get() { "form" } else { "json" }>
            <div class="workbench-form">{move || shows_form.get().then(|| view! { <PolicyForm draft/> })}</div>
            <div class="workbench-side">
                <ProblemList draft/>
                <JsonEditor draft/>
            </div>
        </div>
    }
}
