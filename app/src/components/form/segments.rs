//! One of few, all shown.

use leptos::prelude::*;

/// One of the choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    pub value: &'static str,
    pub label: &'static str,
}

/// A row of buttons of which one is chosen. Needs scripts, so it is not there without them.
#[component]
pub fn Segments(
    #[prop(into)] title: String,
    choices: &'static [Segment],
    #[prop(into)] chosen: Signal<String>,
    #[prop(into)] on_choose: Callback<&'static str>,
) -> impl IntoView {
    let buttons: Vec<_> = choices
        .iter()
        .map(|choice| {
            let Segment { value, label } = *choice;
            view! {
                <button
                    class="segment"
                    type="button"
                    aria-pressed=move || if chosen.with(|c| c == value) { "true" } else { "false" }
                    on:click=move |_| on_choose.run(value)
                >
                    {label}
                </button>
            }
        })
        .collect();
    let name = title.clone();
    view! {
        <div class="segments" role="group" aria-label=name data-needs-script="">
            <span class="segments-title" aria-hidden="true">{title}</span>
            <div class="segments-row">{buttons}</div>
        </div>
    }
}
