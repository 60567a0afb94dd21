//! A framed part of a page.

use leptos::prelude::*;

/// A framed part of a page, with a heading where it has a title.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Option<String>,
    /// Beside the title, quieter.
    #[prop(optional)]
    note: Option<AnyView>,
    /// At the end of the header.
    #[prop(optional)]
    actions: Option<AnyView>,
    /// Without padding: for tables and code.
    #[prop(optional)]
    flush: bool,
    #[prop(optional, into)] id: Option<String>,
    children: Children,
) -> impl IntoView {
    let header = title.map(|title| {
        view! {
            <header class="card-header">
                <h2>{title}</h2>
                {note.map(|note| view! { <div class="card-note">{note}</div> })}
                {actions.map(|actions| view! { <div class="card-actions">{actions}</div> })}
            </header>
        }
    });
    view! {
        <section class="card" id=id>
            {header}
            <div class="card-body" data-flush=flush>{children()}</div>
        </section>
    }
}
