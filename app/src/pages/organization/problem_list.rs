//! Why an effective policy is invalid.

use leptos::prelude::*;
use model::{
    organization::{EffectiveProblem, PolicyRef},
    paths,
};

/// Each problem with its place and code, and the way to the policies that it comes from.
pub(super) fn problem_list(problems: Vec<EffectiveProblem>) -> AnyView {
    let item = |p: EffectiveProblem| {
        let from = (!p.policies.is_empty()).then(|| policies(p.policies));
        view! { <li>{p.message}" "<code>{p.path}</code>" "<span class="muted small">{p.code}</span>{from}</li> }
    };
    let items: Vec<_> = problems.into_iter().map(item).collect();
    view! { <ul class="error-list">{items}</ul> }.into_any()
}

fn policies(policies: Vec<PolicyRef>) -> AnyView {
    let links: Vec<_> = policies
        .into_iter()
        .map(|policy| view! { <li><a href=paths::policy(&policy.id)>{policy.name}</a></li> })
        .collect();
    view! { <span class="sub">"It comes from "<ul class="inline-list">{links}</ul></span> }.into_any()
}
