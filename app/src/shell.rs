//! What stands around every page: navigation, top bar, live regions.

mod audit_link;
mod frame;
mod freshness;
mod jump_search;
mod live;
mod navigation;
mod preferences;
mod readiness;
mod user_menu;

pub use audit_link::AuditLink;
pub use frame::{FrameContext, follow_frame, provide_frame, use_frame, use_synced, with_frame};
use leptos::prelude::*;
pub use live::use_news;
use model::{paths, session::Outsider};
pub use preferences::{PreferenceChoices, provide_preferences};
pub use readiness::{NotRead, NotReady, ValidityNotKnown};

use self::{
    freshness::FreshnessMenu, jump_search::JumpSearch, navigation::Navigation, preferences::ThemeButton,
    user_menu::UserMenu,
};
use crate::{
    components::{Icon, LinkButton, Menu, Notice, Size, ToastRegion, Tone, icons},
    words::counted,
};

/// The frame around the pages of a signed-in person.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    use_frame().keep_fresh();
    let menu =
        view! { <span class="button" data-size="icon"><Icon icon=icons::MENU size=20/></span> }.into_any();
    view! {
        // Left to the browser: the router would scroll without moving the focus.
        <a class="skip-link" href="#main" rel="external">"Skip to content"</a>
        <div class="shell">
            <SimulatedBanner/>
            <header class="top-bar">
                <Menu label="Menu" summary=menu class="shell-menu"><OrganizationName/><Navigation/></Menu>
                <a class="brand" href=paths::OVERVIEW aria-label="Holdfast, overview">
                    <Icon icon=icons::ANCHOR size=22/>
                    <span class="brand-word">"Holdfast"</span>
                </a>
                <OrganizationName/>
                <JumpSearch/>
                <div class="top-end"><FreshnessMenu/><ThemeButton/><UserMenu/></div>
            </header>
            <div class="side"><div class="side-inner"><Navigation/></div></div>
            <main class="main" id="main" tabindex="-1"><div class="main-inner"><PartLine/><OutsiderNotice/>{children()}</div></main>
        </div>
        <ToastRegion/>
    }
}

/// The frame around the pages of somebody who is not signed in.
#[component]
pub fn Gate(children: Children) -> impl IntoView {
    view! {
        <div class="gate">
            <SimulatedBanner/>
            <main class="gate-main" id="main">
                <div class="gate-brand">
                    <Icon icon=icons::ANCHOR size=26/>
                    <span>"Holdfast"</span>
                </div>
                {children()}
            </main>
        </div>
    }
}

/// Says first, on every page, that AWS tells nothing to the account of the credentials, where that is so.
#[component]
fn OutsiderNotice() -> impl IntoView {
    follow_frame(|frame| {
        let notice = frame.outsider.as_ref().map(|outsider| {
            let action = view! { <LinkButton label="Open settings" href=paths::SETTINGS size=Size::Small/> };
            let words = outsider.words();
            view! {
                <div class="page-notice">
                    <Notice tone=Tone::Bad title=Outsider::TITLE action=action.into_any()>{words}</Notice>
                </div>
            }
        });
        notice.into_any()
    })
}

/// Says on every page that the organization is not a real one, where that is so.
#[component]
fn SimulatedBanner() -> impl IntoView {
    with_frame(|frame| {
        frame
            .simulated
            .then(|| {
                view! {
                    <aside class="simulated" aria-label="Simulation">
                        <Icon icon=icons::INFO size=15/>
                        <span>"This organization is simulated."<span class="simulated-more">" Nothing here touches AWS."</span></span>
                    </aside>
                }
            })
            .into_any()
    })
}

/// Which part of the organization everything on the page is of.
fn part_words(places: &[String]) -> String {
    match places {
        [] => "No part of it is there".to_owned(),
        [one] => format!("Only {one}"),
        [one, others @ ..] => format!("Only {one} and {}", counted(others.len() as u64, "other place")),
    }
}

/// The same where the top bar has no room for it, and on paper.
#[component]
fn PartLine() -> impl IntoView {
    with_frame(|frame| {
        frame.part.map(|places| view! { <p class="part-line">{part_words(&places)}</p> }).into_any()
    })
}

#[component]
fn OrganizationName() -> impl IntoView {
    with_frame(|frame| {
        let part = frame.part.map(|places| {
            let words = part_words(&places);
            view! { <span class="top-part" title="All lists and figures are of this part of the organization.">{words}</span> }
        });
        frame
            .organization
            .map(|organization| {
                view! {
                    <div class="top-organization">
                        <b>{organization.name}</b>
                        <code>{organization.id}</code>
                        {part}
                    </div>
                }
            })
            .into_any()
    })
}
