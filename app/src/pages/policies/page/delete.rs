//! Deleting a policy that is attached nowhere.

use leptos::{form::ActionForm, prelude::*};
use model::{PolicyId, paths, policies::PolicyDetail};

use crate::pages::policies::workspace::leave;
use crate::{
    components::{Button, Dialog, FailureView, Kind, LinkButton, icons},
    server_fns::policies::DeletePolicy as Delete,
};

/// Leads to the question whether to delete; says why not while that cannot be done.
#[component]
pub fn DeleteButton(newest: Signal<PolicyDetail>, denied: Option<String>) -> impl IntoView {
    let why_not = Signal::derive(move || {
        let attached = newest.with(|n| !n.targets.is_empty());
        let attached =
            attached.then(|| "It is attached. Detach it from every target first, then delete it.".to_owned());
        denied.clone().or(attached)
    });
    let href = newest.with_untracked(|n| format!("{}?ask=delete", paths::policy(&n.id)));
    view! { <LinkButton label="Delete" href icon=icons::DELETE disabled=why_not stay=true/> }
}

/// Asks, then deletes and goes to the list.
#[component]
pub fn DeletePolicy(id: PolicyId, name: String) -> impl IntoView {
    let delete = ServerAction::<Delete>::new();
    let value = id.to_string();
    let close = paths::policy(&id);
    let failed = move || {
        delete
            .value()
            .get()
            .and_then(Result::err)
            .map(|error| view! { <FailureView failure=error.into_failure()/> })
    };
    // An unsaved draft of it goes with it.
    let on_click = move |_| leave::forget(Some(&id));
    let action = view! {
        <Button label="Delete" kind=Kind::Danger icon=icons::DELETE submit=true busy=delete.pending() on_click/>
    };
    view! {
        <ActionForm action=delete>
            <input type="hidden" name="id" value=value/>
            <Dialog title=format!("Delete “{name}”?") close action=action.into_any()>
                <p>"The policy is removed from the organization. It is attached nowhere, so no account loses a plan. AWS keeps no copy of it."</p>
                {failed}
            </Dialog>
        </ActionForm>
    }
}
