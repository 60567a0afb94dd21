//! Text to be taken elsewhere.

use leptos::{
    prelude::*,
    wasm_bindgen::{JsValue, closure::Closure},
};

use crate::components::{
    button::{Button, Kind, Size},
    feedback::{Toasts, use_toasts},
    label::{Tone, icons},
};

/// A text with a button that copies it.
#[component]
pub fn CopyLine(
    /// What it is, to tell its button from others.
    #[prop(into)]
    what: String,
    /// Before it; empty where there is nothing to say.
    #[prop(optional)]
    word: &'static str,
    text: String,
) -> impl IntoView {
    let toasts = use_toasts();
    let copied = text.clone();
    let on_click = move |_| copy(&copied, toasts);
    view! {
        <div class="command">
            <span class="command-word">{word}</span>
            <code>{text}</code>
            <span data-needs-script=""><Button label=format!("Copy {what}") icon=icons::COPY size=Size::Icon kind=Kind::Quiet on_click/></span>
        </div>
    }
}

/// Puts text into the clipboard, and says whether that worked.
pub fn copy(text: &str, toasts: Toasts) {
    // Browsers have no clipboard for pages that came over plain HTTP from elsewhere.
    if !window().is_secure_context() {
        toasts.say(Tone::Warn, "Copying needs HTTPS. Select the text and copy it by hand.");
        return;
    }
    let copied = Closure::<dyn FnMut(JsValue)>::new(move |_| toasts.say(Tone::Good, "Copied."));
    let refused = Closure::<dyn FnMut(JsValue)>::new(move |_| {
        toasts.say(Tone::Warn, "The browser does not allow copying. Select the text and copy it by hand.");
    });
    let _ = window().navigator().clipboard().write_text(text).then2(&copied, &refused);
    copied.forget();
    refused.forget();
}
