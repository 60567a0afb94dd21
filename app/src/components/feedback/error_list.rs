//! Several field problems at once.

use leptos::prelude::*;
use model::FieldProblem;

/// Field problems as a list; each leads to its field, whose id is its name. Nothing where there is none.
#[component]
pub fn ErrorList(errors: Vec<FieldProblem>) -> impl IntoView {
    let items: Vec<_> = errors
        .into_iter()
        .map(|problem| {
            let href = format!("#{}", problem.field);
            view! { <li><a href=href rel="external">{problem.message}</a></li> }
        })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="error-list">{items}</ul> })
}
