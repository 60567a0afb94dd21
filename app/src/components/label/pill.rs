//! A small label.

use icondata_core::Icon as IconData;
use leptos::prelude::*;

use super::{icon::Icon, tone::Tone};

/// A small label; with `href`, a link.
#[component]
pub fn Pill(
    #[prop(into)] text: String,
    #[prop(optional)] tone: Tone,
    #[prop(optional)] icon: Option<IconData>,
    #[prop(optional, into)] href: Option<String>,
    /// Square and in monospace: for operators and codes (`assign`, `locked`).
    #[prop(optional)]
    code: bool,
) -> impl IntoView {
    let shape = code.then_some("word");
    let inner = view! {
        {icon.map(|icon| view! { <Icon icon size=12/> })}
        <span class="pill-text">{text}</span>
    }
    .into_any();
    match href {
        Some(href) => {
            view! { <a class="pill" href=href data-tone=tone.as_str() data-shape=shape>{inner}</a> }
                .into_any()
        }
        None => {
            view! { <span class="pill" data-tone=tone.as_str() data-shape=shape>{inner}</span> }.into_any()
        }
    }
}
