//! WASM entry: hydrates the pages that the server rendered, nothing else. Empty in a native build.
#![cfg(target_arch = "wasm32")]

/// Called by the page once the WASM is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
    // For whoever has to know from outside that the page is interactive now: browser tests, support scripts.
    if let Some(page) = leptos::prelude::document().document_element() {
        let _ = page.set_attribute("data-hydrated", "");
    }
}
