//! WASM entry: hydrates the pages that the server rendered, nothing else. Empty in a native build.
#![cfg(target_arch = "wasm32")]

use leptos::prelude::{document, window};
use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page once the WASM is loaded.
#[wasm_bindgen]
pub async fn hydrate() {
    console_error_panic_hook::set_once();
    let path = window().location().pathname().unwrap_or_default();
    // Without its part the page stays as the server made it, which works too.
    if app::pages::parts::load(&path).await.is_err() {
        return;
    }
    leptos::mount::hydrate_body(app::App);
    // For whoever has to know from outside that the page is interactive now: browser tests, support scripts.
    if let Some(page) = document().document_element() {
        let _ = page.set_attribute("data-hydrated", "");
    }
}
