//! A menu that opens without scripts.

use leptos::{
    ev::{FocusEvent, KeyboardEvent, MouseEvent},
    html,
    prelude::*,
    wasm_bindgen::JsCast,
};

/// A button that opens a panel. It is a `<details>`, so it works without scripts; with them it also closes on Esc, when
/// the focus leaves it, and when a link in it is followed.
#[component]
pub fn Menu(
    /// What it opens; the accessible name of the button.
    #[prop(into)]
    label: String,
    /// What the button shows.
    summary: AnyView,
    /// More classes.
    #[prop(default = "")]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
            if let Some(summary) =
                node.get_untracked().and_then(|d| d.query_selector("summary").ok().flatten())
            {
                let _ = summary.unchecked_into::<web_sys::HtmlElement>().focus();
            }
        }
    };
    let on_focusout = move |event: FocusEvent| {
        let to = event.related_target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
        if !node
            .get_untracked()
            .is_some_and(|details| to.as_ref().is_some_and(|to| details.contains(Some(to))))
        {
            close();
        }
    };
    let on_click = move |event: MouseEvent| {
        let target = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|t| t.closest("a").ok().flatten().is_some()) {
            close();
        }
    };
    view! {
        <details class=format!("menu {class}") node_ref=node on:keydown=on_keydown on:focusout=on_focusout>
            <summary aria-label=label>{summary}</summary>
            // Takes the focus of a click between its items, so that such a click does not close it.
            <div class="menu-panel" tabindex="-1" on:click=on_click>{children()}</div>
        </details>
    }
}
