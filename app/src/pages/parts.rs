//! Pages whose code browsers load when they are first needed.
//!
//! A release build takes the code of each [`Part`] out of the first load; whoever has a page of one part has all of its pages. A
//! page that the server has rendered loads its part before it becomes interactive; following a link loads it before the old page
//! goes. Other builds hold everything in one piece, and nothing here ever waits in them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_location};

/// Code that is loaded together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Policies,
    Attach,
    Target,
    Settings,
    Audit,
    People,
}

impl Part {
    /// The parts that the page at this path needs beside the first load.
    #[must_use]
    pub fn of(path: &str) -> &'static [Self] {
        let mut steps = path.split('/').filter(|step| !step.is_empty());
        match (steps.next(), steps.next(), steps.next()) {
            (Some("policies"), Some(_), Some("attach")) => &[Self::Policies, Self::Attach],
            (Some("policies"), Some(_), None) => &[Self::Policies],
            (Some("organization"), Some(_), None) => &[Self::Target],
            (Some("settings"), ..) => &[Self::Settings],
            (Some("team" | "account" | "device"), None, _) | (Some("team"), Some("mapping"), None) => {
                &[Self::People]
            }
            (Some("audit"), None, _) | (Some("changes"), ..) => &[Self::Audit],
            _ => &[],
        }
    }

    /// Its name in the list of files that `xtask` writes.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policies => "policies",
            Self::Attach => "attach",
            Self::Target => "target",
            Self::Settings => "settings",
            Self::Audit => "audit",
            Self::People => "people",
        }
    }
}

/// The files of each part, as this build of the site has them. None where it is in one piece.
#[derive(Clone, Debug, Default)]
pub struct PartFiles {
    folder: Arc<str>,
    parts: Arc<BTreeMap<String, Vec<String>>>,
}

impl PartFiles {
    /// From names of files in a folder, by the name of the part.
    #[must_use]
    pub fn new(folder: String, parts: BTreeMap<String, Vec<String>>) -> Self {
        Self { folder: folder.into(), parts: Arc::new(parts) }
    }

    /// The paths of the files that the page at this path needs beside those of every page.
    #[must_use]
    pub fn of(&self, path: &str) -> Vec<String> {
        let files = Part::of(path).iter().filter_map(|part| self.parts.get(part.name())).flatten();
        // Several parts share files.
        let files: BTreeSet<_> = files.collect();
        files.into_iter().map(|file| format!("{}/{file}", self.folder)).collect()
    }
}

/// Lets the browser fetch the page's part while it reads the page. Server only: nothing elsewhere.
pub fn preload_links() -> AnyView {
    #[cfg(feature = "ssr")]
    if let Some(files) = use_context::<PartFiles>().filter(|files| !files.parts.is_empty()) {
        let path = use_context::<http::request::Parts>().map(|parts| parts.uri.path().to_owned());
        let part: Vec<_> = files.of(&path.unwrap_or_default()).into_iter().map(|file| {
            view! { <link rel="preload" href=file r#as="fetch" r#type="application/wasm" crossorigin=""/> }
        }).collect();
        return view! { <link rel="modulepreload" href=format!("{}/parts.js", files.folder)/>{part} }
            .into_any();
    }
    ().into_any()
}

/// A part could not be loaded: the network failed, or the server has another build by now.
#[derive(Clone, Copy, Debug)]
pub struct NotLoaded;

#[cfg(feature = "split")]
impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// How many parts are on their way.
#[derive(Clone, Copy, Default)]
pub struct PartLoading(RwSignal<u32>);

/// Says that a part is on its way, while the page before it still stands. Once, in the app.
#[component]
pub fn PartProgress() -> impl IntoView {
    let PartLoading(loading) = use_context().unwrap_or_default();
    view! {
        <div class="part-progress" role="status">
            {move || (loading.get() > 0).then(|| view! { <span class="part-progress-bar"></span><span class="visually-hidden">"Loading the page"</span> })}
        </div>
    }
}

/// For each part: its pages, and the name of what loads it. One function leads into a part, since what is loaded is remembered
/// for each function: it is ready at once as soon as any page of the part was shown.
macro_rules! parts {
    ($($part:ident: $Pages:ident { $($Page:ident = $view:path),+ } load $load:ident;)+) => {$(
        #[derive(Clone, Copy)]
        enum $Pages {
            $($Page),+
        }

        #[cfg(feature = "split")]
        #[leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, preload($load), fallible)]
        fn $part(page: $Pages) -> Result<AnyView, NotLoaded> {
            Ok(match page { $($Pages::$Page => $view().into_any()),+ })
        }

        #[cfg(not(feature = "split"))]
        async fn $part(page: $Pages) -> Result<AnyView, NotLoaded> {
            Ok(match page { $($Pages::$Page => $view().into_any()),+ })
        }

        #[cfg(not(feature = "split"))]
        async fn $load() -> Result<(), NotLoaded> {
            Ok(())
        }

        $(
            #[doc = concat!("The route of [`", stringify!($view), "`].")]
            pub struct $Page;

            impl LazyRoute for $Page {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    $part($Pages::$Page).await.unwrap_or_else(|NotLoaded| from_server())
                }

                async fn preload() {
                    on_its_way(stringify!($part), $load()).await;
                }
            }
        )+
    )+};
}

parts! {
    policies: PolicyPages {
        NewPolicy = super::policies::NewPolicyPage,
        Policy = super::policies::PolicyPage
    } load load_policies;
    attach: AttachPages { Attach = super::policies::AttachPage } load load_attach;
    target: TargetPages { Target = super::organization::TargetPage } load load_target;
    settings: SettingsPages {
        Settings = super::settings::SettingsPage,
        Permissions = super::settings::PermissionsPage
    } load load_settings;
    audit: AuditPages {
        Audit = super::audit::AuditPage,
        Changes = super::changes::ChangesPage,
        Change = super::changes::ChangePage
    } load load_audit;
    people: PeoplePages {
        Team = super::team::TeamPage,
        TryMapping = super::team::TryMappingPage,
        Account = super::account::AccountPage,
        Device = super::device::DevicePage
    } load load_people;
}

/// Loads what the page at this path needs.
///
/// # Errors
/// Where it cannot be loaded.
pub async fn load(path: &str) -> Result<(), NotLoaded> {
    for part in Part::of(path) {
        match part {
            Part::Policies => load_policies().await?,
            Part::Attach => load_attach().await?,
            Part::Target => load_target().await?,
            Part::Settings => load_settings().await?,
            Part::Audit => load_audit().await?,
            Part::People => load_people().await?,
        }
    }
    Ok(())
}

/// Waits for a part, and says so meanwhile.
async fn on_its_way<E>(name: &str, part: impl Future<Output = Result<(), E>>) {
    let waiting = Waiting::begin();
    // Where the navigation goes: the browser's own address follows when it is there.
    let goal = use_location().pathname;
    let path = goal.get_untracked();
    debug_assert!(Part::of(&path).iter().any(|part| part.name() == name), "Part::of({path}) lacks {name}");
    // Where it fails, the page's view tries once more.
    let _ = part.await;
    drop(waiting);
    // The router forgets to give up a navigation when a third one follows the second: it would show its page under the
    // address of the other.
    if goal.with_untracked(|goal| *goal != path) {
        std::future::pending::<()>().await;
    }
}

/// Counts as a part on its way until it is dropped, which also happens where a navigation is given up.
struct Waiting(RwSignal<u32>);

impl Waiting {
    fn begin() -> Self {
        let PartLoading(waiting) = use_context().unwrap_or_default();
        waiting.try_update(|n| *n += 1);
        Self(waiting)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.try_update(|n| *n = n.saturating_sub(1));
    }
}

/// Leaves the page to the server, which renders all of it.
fn from_server() -> AnyView {
    let goal = use_location();
    let query = Some(goal.search.get_untracked()).filter(|query| !query.is_empty());
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let _ = window().location().set_href(&(goal.pathname.get_untracked() + &query));
    ().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_load_is_enough_for_sign_in_the_overview_and_the_lists() {
        for path in [
            "/",
            "/sign-in",
            "/welcome",
            "/join",
            "/confirm",
            "/organization",
            "/policies",
            "/policies/",
            "/jobs",
            "/jobs/backup/7",
        ] {
            assert!(Part::of(path).is_empty(), "{path}");
        }
    }

    #[test]
    fn a_page_over_another_needs_both_parts() {
        assert_eq!(Part::of("/policies/p-1/attach"), [Part::Policies, Part::Attach]);
    }
}
