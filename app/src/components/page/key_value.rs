//! Facts about one thing.

use leptos::prelude::*;

/// Facts about one thing, as [`Fact`]s.
#[component]
pub fn KeyValue(children: Children) -> impl IntoView {
    view! { <dl class="key-value">{children()}</dl> }
}

/// One fact.
#[component]
pub fn Fact(
    #[prop(into)] label: String,
    /// Takes a whole line: ARNs, messages.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div data-wide=wide>
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
