//! Views of one thing, each with its own address.

use leptos::prelude::*;

use crate::words;

/// One view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    pub label: String,
    pub href: String,
    /// How many things are in it, where that helps.
    pub count: Option<u64>,
    /// Whether it is the one shown.
    pub current: bool,
}

/// Views of one thing, as links.
#[component]
pub fn Tabs(
    /// What they are views of.
    #[prop(into)]
    label: String,
    tabs: Vec<Tab>,
) -> impl IntoView {
    let items: Vec<_> = tabs
        .into_iter()
        .map(|tab| {
            view! {
                <li>
                    <a href=tab.href aria-current=tab.current.then_some("page") data-noscroll="">
                        {tab.label}
                        {tab.count.map(|n| view! { <span class="tabs-count">{words::thousands(n)}</span> })}
                    </a>
                </li>
            }
        })
        .collect();
    view! { <nav class="tabs" aria-label=label><ul>{items}</ul></nav> }
}
