//! The policies attached at a place and above it.

use leptos::prelude::*;
use model::{
    organization::{AttachedPolicy, TargetDetail},
    paths,
};

use crate::components::{Absent, Card, Column, Icon, LinkButton, Pill, Row, Table, Tone, icons};

/// The policies that apply at a place, in the order in which they are merged: root first.
#[component]
pub fn Attached(target: TargetDetail) -> impl IntoView {
    let name = target.node.name;
    let rows = target.policies.into_iter().zip(1..).map(|(policy, order)| row(policy, order)).collect();
    let action = view! { <LinkButton label="Policies" href=paths::POLICIES icon=icons::POLICY/> }.into_any();
    let text = format!("Nothing is attached to {name} or to a place above it. Open a policy to attach it.");
    let absent =
        view! { <Absent title="No backup policy applies here" text icon=icons::POLICY action/> }.into_any();
    let columns = vec![
        Column::new("Policy"),
        Column::new("Attached at"),
        Column::new("Kind"),
        Column::number("Merged"),
    ];
    let note =
        view! { "A policy further down can change what those above it set, where they allow it." }.into_any();
    view! {
        <Card title="Policies that apply here" note flush=true>
            <Table caption="Policies attached here and above, in merge order" columns rows absent/>
        </Card>
    }
}

fn row(AttachedPolicy { policy, at, direct }: AttachedPolicy, order: u32) -> Row {
    let (kind, tone) = if direct { ("Attached here", Tone::Accent) } else { ("Inherited", Tone::Idle) };
    Row::new(vec![
        view! {
            <a class="icon-link" href=paths::policy(&policy.id)><Icon icon=icons::POLICY/><span>{policy.name}</span></a>
            <code class="sub">{policy.id.to_string()}</code>
        }
        .into_any(),
        view! { <a href=paths::target(&at.id)>{at.name}</a> }.into_any(),
        view! { <Pill text=kind tone/> }.into_any(),
        ordinal(order).into_any(),
    ])
}

/// `1st`, `2nd`, `11th`.
fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_counted_in_words() {
        for (n, word) in
            [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (21, "21st"), (112, "112th")]
        {
            assert_eq!(ordinal(n), word);
        }
    }
}
