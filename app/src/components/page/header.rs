//! The head of every page: where it is, what it is called, what can be done.

use leptos::{html, prelude::*};
use leptos_meta::Title;
use model::{Total, paths};

use super::announcer::use_announcer;
use crate::words;

/// A step on the way from the overview to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    pub label: String,
    pub href: String,
}

impl Crumb {
    /// A step.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// Breadcrumbs, the page's `h1`, a subtitle and actions. Sets the document's title; after a navigation within the app it
/// takes the focus and is spoken.
#[component]
pub fn PageHeader(
    #[prop(into)] title: String,
    /// The pages between the overview and this one.
    #[prop(optional)]
    crumbs: Vec<Crumb>,
    /// Beside the title: how many there are.
    #[prop(optional_no_strip)]
    count: Option<Total>,
    #[prop(optional)] subtitle: Option<AnyView>,
    #[prop(optional)] actions: Option<AnyView>,
    /// Without breadcrumbs: the overview, and pages of the signed-out.
    #[prop(optional)]
    top: bool,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    use_announcer().arrive(heading, title.clone());
    // leptos_meta writes the title into the page unescaped: a name must not be able to end the element.
    let document_title = title.replace('<', "‹");
    view! {
        <Title text=document_title/>
        <div class="page-header">
            {(!top).then(|| breadcrumbs(crumbs, title.clone()))}
            <div class="page-header-row">
                <div class="page-header-text">
                    <h1 node_ref=heading tabindex="-1">
                        {title}
                        {count.map(|c| view! { <span class="page-header-count">{format!(" ({})", words::total(c))}</span> })}
                    </h1>
                    {subtitle.map(|subtitle| view! { <div class="page-header-subtitle">{subtitle}</div> })}
                </div>
                {actions.map(|actions| view! { <div class="page-header-actions">{actions}</div> })}
            </div>
        </div>
    }
}

fn breadcrumbs(crumbs: Vec<Crumb>, last: String) -> impl IntoView {
    let steps: Vec<_> = std::iter::once(Crumb::new("Overview", paths::OVERVIEW))
        .chain(crumbs)
        .map(|crumb| view! { <li><a href=crumb.href>{crumb.label}</a></li> })
        .collect();
    view! {
        <nav class="crumbs" aria-label="Breadcrumbs">
            <ol>
                {steps}
                <li><span aria-current="page">{last}</span></li>
            </ol>
        </nav>
    }
}
