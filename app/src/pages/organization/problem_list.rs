//! Why an effective policy is invalid.

use leptos::prelude::*;
use model::organization::EffectiveProblem;

/// Each problem with its place and code.
pub(super) fn problem_list(problems: Vec<EffectiveProblem>) -> AnyView {
    let items: Vec<_> = problems
        .into_iter()
        .map(|p| view! { <li>{p.message}" "<code>{p.path}</code>" "<span class="muted small">{p.code}</span></li> })
        .collect();
    view! { <ul class="error-list">{items}</ul> }.into_any()
}
