//! A state: icon and word, never colour alone.

use icondata_core::Icon as IconData;
use leptos::prelude::*;

use super::{icon::Icon, tone::Tone};

/// A state in a table or a header.
#[component]
pub fn Status(
    tone: Tone,
    /// The word for it.
    #[prop(into)]
    word: String,
    /// Where the tone's own icon would mislead.
    #[prop(optional)]
    icon: Option<IconData>,
) -> impl IntoView {
    view! {
        <span class="status" data-tone=tone.as_str()>
            <Icon icon=icon.unwrap_or_else(|| tone.icon()) size=15/>
            <span>{word}</span>
        </span>
    }
}
