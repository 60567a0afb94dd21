//! A row of a `settings-list`: one thing that is set up, and what can be done about it.

use leptos::prelude::*;

use crate::components::label::Icon;

/// One thing of a list: what it is called, how it stands, and a button or two at its end.
#[component]
pub fn ListRow(
    icon: icondata_core::Icon,
    #[prop(into)] title: String,
    /// How it stands.
    note: AnyView,
    /// Whether that is worth a look.
    #[prop(optional)]
    warn: bool,
    #[prop(optional)] action: Option<AnyView>,
    /// The action works with scripts alone.
    #[prop(optional)]
    needs_script: bool,
) -> impl IntoView {
    let needs_script = needs_script.then_some("");
    view! {
        <li class="setting">
            <span class="setting-icon" data-tone=warn.then_some("warn")><Icon icon size=18/></span>
            <div class="setting-text"><h3>{title}</h3><p class="muted">{note}</p></div>
            {action.map(|action| view! { <div class="setting-action" data-needs-script=needs_script>{action}</div> })}
        </li>
    }
}
