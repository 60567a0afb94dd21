//! The pages, one module for each part of the site, and their addresses.
//!
//! A new page is a component here and a line in [`Pages`]. Pages are rendered whole on the server (`Async`), so that they
//! work without scripts and can answer with a status and a title of their own.

pub mod account;
pub mod audit;
pub mod changes;
pub mod device;
pub mod dialogs;
pub mod jobs;
pub mod join;
pub mod not_found;
pub mod organization;
pub mod overview;
pub mod parts;
mod places;
pub mod policies;
pub mod settings;
pub mod sign_in;
pub mod team;
mod tokens;
pub mod welcome;

use leptos::prelude::*;
use leptos_router::{
    Lazy, SsrMode,
    components::{Outlet, ParentRoute, Route, Routes},
    path,
};

use self::{
    not_found::NotFoundPage,
    organization::OrganizationPage,
    overview::OverviewPage,
    parts::{
        Account, Attach, Audit, Change, Changes, Device, NewPolicy, Permissions, Policy, Settings, Target,
        Team, TryMapping,
    },
    sign_in::{CodePage, ConfirmPage, SignInPage},
    welcome::WelcomePage,
};
use crate::shell::Shell;

/// Which page stands at which address.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=|| view! { <NotFoundPage/> }>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/sign-in/code") view=CodePage ssr=SsrMode::Async/>
            <Route path=path!("/join") view=join::JoinPage ssr=SsrMode::Async/>
            <Route path=path!("/confirm") view=ConfirmPage ssr=SsrMode::Async/>
            <Route path=path!("/welcome") view=WelcomePage ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view=|| view! { <Shell><Outlet/></Shell> } ssr=SsrMode::Async>
                <Route path=path!("/") view=OverviewPage/>
                <Route path=path!("/organization") view=OrganizationPage/>
                <Route path=path!("/organization/:id") view={Lazy::<Target>::new()}/>
                <Route path=path!("/policies") view=policies::PoliciesPage/>
                <Route path=path!("/policies/new") view={Lazy::<NewPolicy>::new()}/>
                <ParentRoute path=path!("/policies/:id") view={Lazy::<Policy>::new()}>
                    <Route path=path!("") view=|| ()/>
                    <Route path=path!("/attach") view={Lazy::<Attach>::new()}/>
                </ParentRoute>
                <Route path=path!("/jobs") view=jobs::JobsPage/>
                <Route path=path!("/jobs/:kind/:id") view=jobs::JobPage/>
                <Route path=path!("/settings") view={Lazy::<Settings>::new()}/>
                <Route path=path!("/settings/permissions") view={Lazy::<Permissions>::new()}/>
                <Route path=path!("/changes") view={Lazy::<Changes>::new()}/>
                <Route path=path!("/changes/:id") view={Lazy::<Change>::new()}/>
                <Route path=path!("/team") view={Lazy::<Team>::new()}/>
                <Route path=path!("/team/mapping") view={Lazy::<TryMapping>::new()}/>
                <Route path=path!("/account") view={Lazy::<Account>::new()}/>
                <Route path=path!("/device") view={Lazy::<Device>::new()}/>
                <Route path=path!("/audit") view={Lazy::<Audit>::new()}/>
            </ParentRoute>
        </Routes>
    }
}
