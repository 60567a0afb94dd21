//! From page to page of a list.

use leptos::prelude::*;

use crate::components::{
    button::{LinkButton, Size},
    label::icons,
};

/// Previous and next page, by link: the cursor is in the URL. Stays when there is one page only, so that it does not jump.
#[component]
pub fn Pager(
    /// Path of the page before; `None` on the first.
    #[prop(optional_no_strip)]
    previous: Option<String>,
    /// Path of the page after; `None` on the last.
    #[prop(optional_no_strip)]
    next: Option<String>,
    /// What is shown, in words (“50 of 1,284 jobs”).
    #[prop(into)]
    summary: String,
) -> impl IntoView {
    let no_previous = previous.is_none().then(|| "This is the first page.".to_owned());
    let no_next = next.is_none().then(|| "This is the last page.".to_owned());
    view! {
        <nav class="table-foot" aria-label="Pages">
            <span role="status">{summary}</span>
            <span class="pager">
                <LinkButton label="Previous" href=previous.unwrap_or_default() disabled=no_previous size=Size::Small icon=icons::BACK/>
                <LinkButton label="Next" href=next.unwrap_or_default() disabled=no_next size=Size::Small icon=icons::FORWARD/>
            </span>
        </nav>
    }
}
