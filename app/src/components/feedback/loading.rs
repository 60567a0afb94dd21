//! Waiting.

use leptos::prelude::*;

/// Something is on its way. After three seconds it says that it takes longer.
#[component]
pub fn Loading(
    /// What is on its way.
    #[prop(default = "Loading".to_owned(), into)]
    label: String,
) -> impl IntoView {
    view! {
        <div class="loading" role="status">
            <span class="spinner" aria-hidden="true"></span>
            <span>{label}</span>
            <span class="loading-slow">"This takes longer than usual. It goes on; there is no need to reload."</span>
        </div>
    }
}
