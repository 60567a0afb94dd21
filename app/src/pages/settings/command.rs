//! How to do the same without Holdfast: commands to copy, and the place in the console.

use leptos::{
    prelude::*,
    wasm_bindgen::{JsValue, closure::Closure},
};

use crate::components::{Button, Kind, Size, Toasts, Tone, icons, use_toasts};

/// What to do outside of Holdfast, folded away unless it is the only way.
#[component]
pub fn Elsewhere(
    summary: &'static str,
    /// Spoken after the summary, to tell equal ones apart.
    #[prop(into)]
    about: String,
    /// What the commands change; empty where it is said elsewhere.
    #[prop(optional, into)]
    changes: String,
    /// What each does, and itself.
    commands: Vec<(&'static str, String)>,
    #[prop(optional, into)] console: String,
    #[prop(optional)] open: bool,
) -> impl IntoView {
    let commands: Vec<_> = commands
        .into_iter()
        .map(|(what, command)| view! { <Command what=format!("{what}: {about}") word=what command/> })
        .collect();
    view! {
        <details class="elsewhere" open=open>
            <summary>{summary}<span class="visually-hidden">{format!(": {about}")}</span></summary>
            {(!changes.is_empty()).then(|| view! { <p class="muted">{changes}</p> })}
            {commands}
            {(!console.is_empty()).then(|| view! { <p class="muted">"In the AWS console: "{console}"."</p> })}
        </details>
    }
}

/// A command with a button that copies it.
#[component]
fn Command(
    /// What it does, to tell its button from others.
    what: String,
    word: &'static str,
    command: String,
) -> impl IntoView {
    let toasts = use_toasts();
    let text = command.clone();
    let on_click = move |_| copy(&text, toasts);
    view! {
        <div class="command">
            <span class="command-word">{word}</span>
            <code>{command}</code>
            <span data-needs-script=""><Button label=format!("Copy command, {what}") icon=icons::COPY size=Size::Icon kind=Kind::Quiet on_click/></span>
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
