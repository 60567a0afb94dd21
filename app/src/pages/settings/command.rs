//! How to do the same without Holdfast: commands to copy, and the place in the console.

use leptos::prelude::*;

use crate::components::CopyLine;

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
        .map(|(what, command)| view! { <CopyLine what=format!("command, {what}: {about}") word=what text=command/> })
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
