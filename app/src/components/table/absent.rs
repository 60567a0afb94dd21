//! What stands in the place of rows that are not there. An error is neither of these: that is a `FailureView`.

use icondata_core::Icon as IconData;
use leptos::prelude::*;

use crate::components::{
    button::LinkButton,
    label::{Icon, icons},
};

/// There is nothing yet: a heading, a sentence, and what to do.
#[component]
pub fn Absent(
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(default = icons::INFO)] icon: IconData,
    /// What to do, as one link or button.
    #[prop(optional)]
    action: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div class="absent">
            <Icon icon size=24/>
            <div class="absent-title">{title}</div>
            <p>{text}</p>
            {action}
        </div>
    }
}

/// The filter leaves nothing.
#[component]
pub fn NoMatch(
    /// What was looked for (“accounts”).
    #[prop(into)]
    what: String,
    /// Path of the list without its filter.
    #[prop(into)]
    clear: String,
) -> impl IntoView {
    view! {
        <div class="absent">
            <Icon icon=icons::SEARCH size=24/>
            <div class="absent-title">"No matches"</div>
            <p>{format!("No {what} match the filter.")}</p>
            <LinkButton label="Clear filter" href=clear/>
        </div>
    }
}
