//! The ways to the main pages.

use icondata_core::Icon as IconData;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::paths;

use super::readiness::SettingsMark;
use crate::components::{Icon, icons};

struct Way {
    path: &'static str,
    label: &'static str,
    icon: IconData,
}

const fn way(path: &'static str, label: &'static str, icon: IconData) -> Way {
    Way { path, label, icon }
}

/// The ways, in two groups: what is looked at all day, and what is looked after now and then.
fn groups() -> [Vec<Way>; 2] {
    [
        vec![
            way(paths::OVERVIEW, "Overview", icons::OVERVIEW),
            way(paths::ORGANIZATION, "Organization", icons::ORGANIZATION),
            way(paths::POLICIES, "Policies", icons::POLICY),
            way(paths::JOBS, "Jobs", icons::JOBS),
        ],
        vec![
            way(paths::CHANGES, "Changes", icons::CHANGES),
            way(paths::SETTINGS, "Settings", icons::SETTINGS),
            way(paths::TEAM, "Team", icons::TEAM),
            way(paths::AUDIT, "Audit", icons::AUDIT),
        ],
    ]
}

/// Links to the main pages; the one that the reader is on, or below, is marked.
#[component]
pub fn Navigation() -> impl IntoView {
    let here = use_location().pathname;
    let groups: Vec<_> = groups()
        .into_iter()
        .map(|ways| {
            let items: Vec<_> = ways
                .into_iter()
                .map(|Way { path, label, icon }| {
                    let current = move || here.with(|here| is_at(here, path)).then_some("page");
                    view! {
                        <li>
                            <a href=path aria-current=current>
                                <Icon icon size=18/>
                                <span>{label}</span>
                                {(path == paths::SETTINGS).then(|| view! { <SettingsMark/> })}
                            </a>
                        </li>
                    }
                })
                .collect();
            view! { <div class="navigation-group"><ul>{items}</ul></div> }
        })
        .collect();
    view! { <nav class="navigation" aria-label="Main">{groups}</nav> }
}

/// Whether a page is, or is below, one of the main pages.
fn is_at(here: &str, main: &str) -> bool {
    here == main
        || (main != paths::OVERVIEW && here.strip_prefix(main).is_some_and(|rest| rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_the_main_page_above_it() {
        assert!(is_at("/jobs", "/jobs"));
        assert!(is_at("/jobs/backup/1", "/jobs"));
        assert!(!is_at("/jobs-of-others", "/jobs"));
        assert!(is_at("/", "/"));
        assert!(!is_at("/jobs", "/"));
    }
}
