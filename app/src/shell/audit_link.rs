//! The way from a policy, account or OU to what was done to it.

use leptos::prelude::*;
use model::{
    access::{Action, Resource, Rights},
    paths,
};

use crate::components::{LinkButton, icons};

/// A link to the entries of the audit list about something, for those who may read them. It waits for nothing by itself: what
/// stands within a page that waits must come with it.
#[component]
pub fn AuditLink(
    /// Of a policy, root, OU or account.
    #[prop(into)]
    id: String,
    /// Of whoever looks; `None` where nobody is signed in.
    rights: Option<Rights>,
) -> impl IntoView {
    let reads = rights.is_some_and(|rights| rights.refuses(Action::ReadAudit, &Resource::Visible).is_none());
    let href = paths::audit_of(&id);
    reads.then(|| view! { <LinkButton label="Audit entries" href icon=icons::AUDIT/> })
}
