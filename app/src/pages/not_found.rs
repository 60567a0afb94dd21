//! An address that leads nowhere.

use leptos::prelude::*;
use model::paths;

use crate::{
    components::{Absent, Card, LinkButton, PageHeader, icons},
    shell::Shell,
};

/// What stands at an address that is no page's. Answered with 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::server_fns::ssr::set_status(404);
    let action = view! { <LinkButton label="Go to overview" href=paths::OVERVIEW/> }.into_any();
    view! {
        <Shell>
            <PageHeader title="Page not found"/>
            <Card>
                <Absent
                    title="There is no page at this address"
                    text="It may have moved, or the address is mistyped. The search above finds accounts, OUs, policies, jobs and pages."
                    icon=icons::SEARCH
                    action
                />
            </Card>
        </Shell>
    }
    .into_any()
}
