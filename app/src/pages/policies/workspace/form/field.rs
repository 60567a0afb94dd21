//! What the fields of the form share: their ids, the focus, and what each needs to know of its setting.

use form::Reading;
use leptos::{prelude::*, wasm_bindgen::JsCast};
use policy::Path;

use crate::pages::policies::workspace::draft::Draft;

/// What every kind of field needs to know of its setting.
#[derive(Clone)]
pub struct SettingField {
    pub draft: Draft,
    pub at: Path,
    pub id: String,
    /// What it is called, for the names of its controls.
    pub title: String,
    /// Whether the language needs it, so that an empty value stays.
    pub needed: bool,
    pub reading: Memo<Reading>,
    pub error: Signal<Option<String>>,
}

/// The id of the field at a path.
pub fn field_id(path: &Path) -> String {
    let keys: Vec<String> = path.segments().iter().map(|key| model::paths::encode(key)).collect();
    format!("at.{}", keys.join("."))
}

/// Gives the focus to an element that is about to come onto the page.
pub fn focus_soon(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            let _ = element.unchecked_into::<leptos::web_sys::HtmlElement>().focus();
        }
    });
}
