//! The way from a policy, account or OU to what was done to it.

use leptos::prelude::*;
use model::{
    access::{Action, Resource},
    paths,
};

use super::frame::with_frame;
use crate::components::{LinkButton, icons};

/// A link to the entries of the audit list about something, for those who may read them.
#[component]
pub fn AuditLink(
    /// Of a policy, root, OU or account.
    #[prop(into)]
    id: String,
) -> impl IntoView {
    with_frame(move |frame| {
        let reads =
            frame.me.is_some_and(|me| me.why_not(Action::ReadAudit, &Resource::Organization).is_none());
        let href = paths::audit_of(&id);
        reads.then(|| view! { <LinkButton label="Audit entries" href icon=icons::AUDIT/> }).into_any()
    })
}
