//! Yes or no.

use leptos::prelude::*;

/// A checkbox with its label.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Sent with the form where it is checked.
    #[prop(default = "on".to_owned(), into)]
    value: String,
    #[prop(optional)] checked: bool,
    /// Below the label, quieter.
    #[prop(optional, into)]
    note: Option<String>,
    /// Why it cannot be chosen; `None` where it can.
    #[prop(optional, into)]
    disabled: Signal<Option<String>>,
    #[prop(optional, into)] on_change: Option<Callback<bool>>,
) -> impl IntoView {
    let off = move || disabled.with(Option::is_some);
    view! {
        <label class="choice" data-disabled=off>
            <input
                class="checkbox"
                type="checkbox"
                name=name
                value=value
                checked=checked
                disabled=off
                on:change=move |event| if let Some(on_change) = on_change { on_change.run(event_target_checked(&event)) }
            />
            <span class="choice-text">
                <span>{label}</span>
                {note.map(|note| view! { <span class="sub">{note}</span> })}
                {move || disabled.get().map(|why| view! { <span class="sub">{why}</span> })}
            </span>
        </label>
    }
}
