//! Moves the focus to a page's heading after a navigation within the app, and speaks the page's title: what the browser
//! does by itself when a page is loaded.

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;

/// Knows which page the reader has arrived at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Announcer {
    /// Path of the page whose heading had the focus last; `None` until the first page is alive.
    at: StoredValue<Option<String>>,
    spoken: RwSignal<String>,
}

/// The site's announcer.
#[must_use]
pub fn use_announcer() -> Announcer {
    use_context().unwrap_or_default()
}

impl Announcer {
    /// A page's heading has come. If the path is another one than before, the heading takes the focus and is spoken; on
    /// the page that was loaded, and when only the query changes, nothing happens.
    pub fn arrive(self, heading: NodeRef<html::H1>, title: String) {
        let path = use_location().pathname;
        Effect::new(move || {
            let Some(heading) = heading.get() else { return };
            let path = path.get_untracked();
            let before = self.at.try_update_value(|at| at.replace(path.clone())).flatten();
            if before.is_some_and(|before| before != path) {
                // It is not in the page yet. One that has left it again by then cannot be focused; the next one will be.
                request_animation_frame(move || drop(heading.focus()));
                self.spoken.set(title.clone());
            }
        });
    }
}

/// Speaks the title of the page arrived at. Once, in the app.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let announcer = use_announcer();
    view! { <div class="visually-hidden" role="status" aria-live="polite">{move || announcer.spoken.get()}</div> }
}
