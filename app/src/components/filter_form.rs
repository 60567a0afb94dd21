//! Forms whose content is the page's address.

use leptos::prelude::*;
use leptos_router::components::Form;

/// A search or filter: submitting it goes to `action` with the fields as query. Works without scripts; with them the page
/// is not loaded anew.
#[component]
pub fn FilterForm(
    /// Path of the list.
    #[prop(into)]
    action: String,
    /// What is filtered (“Filter accounts”).
    #[prop(into)]
    label: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="filter-form" role="search" aria-label=label>
            <Form method="GET" action noscroll=true>{children()}</Form>
        </div>
    }
}
