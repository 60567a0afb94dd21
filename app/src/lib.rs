//! Holdfast: the user interface. Pages, the components they are made of, and the server functions that they call.

#![recursion_limit = "256"]

pub mod components;
pub mod error;
pub mod pages;
mod refused;
pub mod server_fns;
pub mod shell;
#[cfg(feature = "ssr")]
mod status;
pub mod wire;
pub mod words;

use leptos::{config::LeptosOptions, hydration::HydrationScripts, nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::components::Router;

use self::{
    components::{Announcer, LiveRegion, Toasts},
    pages::{Pages, parts::PartProgress},
    shell::{provide_frame, provide_preferences},
};

/// The document around the app. The theme is applied by a script that runs before anything is painted.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let style = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <script src="/theme.js" nonce=use_nonce()></script>
                <link rel="stylesheet" href=style/>
                <HydrationScripts options/>
                {pages::parts::preload_links()}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The app: what all pages share, and the pages.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Announcer::default());
    provide_context(Toasts::default());
    provide_context(pages::parts::PartLoading::default());
    provide_preferences();
    provide_frame();
    refused::provide_refused();
    view! {
        <Title formatter=|page| format!("{page} · Holdfast")/>
        <Router>
            <Pages/>
        </Router>
        <LiveRegion/>
        <PartProgress/>
    }
}
