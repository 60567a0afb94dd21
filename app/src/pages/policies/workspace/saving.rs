//! How the page at hand saves: shared by what saves and what is shown when saving fails.

use leptos::prelude::*;

/// Id of the form that the text field and the save button belong to, wherever they stand.
pub const FORM_ID: &str = "policy-form";

/// How this page saves.
#[derive(Clone, Copy)]
pub struct Saving {
    /// Where the form posts to without scripts.
    pub url: &'static str,
    /// Sends what is typed.
    pub run: Callback<()>,
    /// True until the answer is there.
    pub pending: Signal<bool>,
}
