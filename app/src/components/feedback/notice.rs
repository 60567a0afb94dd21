//! Something the reader should know.

use leptos::prelude::*;

use crate::components::label::{Icon, Tone};

/// A notice: what, on what, with what result, and at most one action. Bad ones and warnings are spoken at once.
#[component]
pub fn Notice(
    tone: Tone,
    /// The matter in a few words.
    #[prop(into)]
    title: String,
    /// One link or button.
    #[prop(optional)]
    action: Option<AnyView>,
    /// More, where there is more to say.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let role = if matches!(tone, Tone::Bad | Tone::Warn) { "alert" } else { "status" };
    view! {
        <div class="notice" data-tone=tone.as_str() role=role>
            <Icon icon=tone.icon() size=18/>
            <div class="notice-text">
                <strong class="notice-title">{title}</strong>
                {children.map(|children| view! { <div class="notice-body">{children()}</div> })}
            </div>
            {action.map(|action| view! { <div class="notice-action">{action}</div> })}
        </div>
    }
}
