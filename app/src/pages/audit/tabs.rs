//! The two views of the audit.

use leptos::prelude::*;
use model::paths;

use crate::components::{Tab, Tabs};

/// The `view` of changes that were made elsewhere.
pub const OUTSIDE: &str = "outside";

/// Tabs that lead from one to the other.
pub fn tabs(outside: bool) -> AnyView {
    let tab =
        |label: &str, href: String, current| Tab { label: label.to_owned(), href, count: None, current };
    let tabs = vec![
        tab("Through Holdfast", paths::AUDIT.to_owned(), !outside),
        tab("Outside Holdfast", format!("{}?view={OUTSIDE}", paths::AUDIT), outside),
    ];
    view! { <Tabs label="Views of the audit" tabs/> }.into_any()
}
