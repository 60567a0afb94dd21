//! Forms whose content is the page's address.

use leptos::{ev::SubmitEvent, form::form_data_from_event, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use web_sys::UrlSearchParams;

/// A search or filter: submitting it goes to `action` with the filled fields as query. Works without scripts; with them
/// the page is not loaded anew, and empty fields are left out of the address.
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
    let navigate = use_navigate();
    let path = action.clone();
    let on_submit = move |event: SubmitEvent| {
        // Where the fields cannot be read, the browser sends them itself.
        let Some(query) = query_of(&event) else { return };
        event.prevent_default();
        let to = if query.is_empty() { path.clone() } else { format!("{path}?{query}") };
        navigate(&to, NavigateOptions { scroll: false, ..Default::default() });
    };
    view! {
        <form class="filter-form" role="search" method="get" action=action aria-label=label on:submit=on_submit>
            {children()}
        </form>
    }
}

fn query_of(event: &SubmitEvent) -> Option<String> {
    let data = form_data_from_event(event).ok()?;
    let all = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    Some(filled(&all.to_string().as_string()?))
}

/// The parts of a query that have a name and a value.
fn filled(query: &str) -> String {
    let parts = query
        .split('&')
        .filter(|part| part.split_once('=').is_some_and(|(n, v)| !n.is_empty() && !v.is_empty()));
    parts.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_and_nameless_buttons_are_left_out_of_the_address() {
        assert_eq!(filled("q=a+b&state=&=&kind=copy"), "q=a+b&kind=copy");
        assert_eq!(filled(""), "");
    }
}
