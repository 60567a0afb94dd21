//! The frame around a form control: label, help and error, wired to the control by ids.

use leptos::prelude::*;

use crate::components::label::{Icon, icons};

/// Ids of what describes the control `id`: for its `aria-describedby`.
#[must_use]
pub(super) fn described_by(id: &str) -> String {
    format!("{id}-help {id}-error")
}

/// Label, help and error of one control. The control inside carries `id` and
/// `aria-describedby="{id}-help {id}-error"`; the input components of this module do so themselves.
#[component]
pub fn Field(
    /// Id of the control.
    #[prop(into)]
    id: String,
    #[prop(into)] label: String,
    /// What to type, with an example; one or two sentences.
    #[prop(optional, into)]
    help: Signal<Option<String>>,
    /// What is wrong with what was typed.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Says “optional” beside the label.
    #[prop(optional)]
    optional: bool,
    /// Beside the label: a pill, a link.
    #[prop(optional)]
    extra: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let help_id = format!("{id}-help");
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <div class="field-label">
                <label for=id>{label}</label>
                {optional.then(|| view! { <span class="field-optional">"optional"</span> })}
                {extra}
            </div>
            {children()}
            <div class="field-error" id=error_id hidden=move || error.with(Option::is_none)>
                <Icon icon=icons::WARN size=15/>
                <span>{move || error.get()}</span>
            </div>
            <div class="field-help" id=help_id hidden=move || help.with(Option::is_none)>{move || help.get()}</div>
        </div>
    }
}
