//! The settings of one plan, each with who decided it and what it overrode.

use leptos::prelude::*;
use model::{
    organization::{Decision, EffectiveSetting, Lock, Overridden},
    paths,
};

use crate::components::{Card, Column, Icon, Pill, Row, Table, Tone, icons};

/// The settings of one plan.
#[component]
pub fn PlanSettings(plan: String, settings: Vec<EffectiveSetting>) -> impl IntoView {
    let columns = vec![
        Column::new("Setting"),
        Column::new("Value"),
        Column::new("Decided by"),
        Column::new("Overrode"),
    ];
    let rows = settings.into_iter().map(row).collect();
    let caption = format!("Settings of the plan {plan}");
    let note = view! { <code>{plan}</code> }.into_any();
    let actions = view! { <span class="card-note">"Each value shows who decided it"</span> }.into_any();
    view! {
        <Card title="Plan" note actions flush=true>
            <div class="plan-settings"><Table caption columns rows/></div>
        </Card>
    }
}

fn row(setting: EffectiveSetting) -> Row {
    // One plain assign needs no word; anything else does.
    let plain = setting.decided_by.len() == 1 && setting.overrode.is_empty();
    let mut decisions: Vec<_> = setting.decided_by.into_iter().map(|d| decision(d, plain)).collect();
    if setting.locked {
        let locked = view! { <Pill text="locked" code=true tone=Tone::Warn icon=icons::LOCK/> };
        decisions.push(locked.into_any());
    }
    let overrode: Vec<_> = setting.overrode.into_iter().map(overridden).collect();
    Row::new(vec![
        name(&setting.label, setting.path),
        value(setting.values, setting.meaning),
        view! { <span class="decisions">{decisions}</span> }.into_any(),
        if overrode.is_empty() {
            ().into_any()
        } else {
            view! { <span class="overrode">{overrode}</span> }.into_any()
        },
    ])
}

/// “nightly · Delete after”; what stands between, the vault of a copy, goes below: it is long.
fn name(label: &str, path: String) -> AnyView {
    let parts = label.split_once(" · ").and_then(|(rule, rest)| Some((rule, rest.rsplit_once(" · ")?)));
    let (words, between) = match parts {
        Some((rule, (between, setting))) => (format!("{rule} · {setting}"), Some(between.to_owned())),
        None => (label.to_owned(), None),
    };
    view! {
        <span title=path>{words}</span>
        {between.map(|between| view! { <code class="sub">{between}</code> })}
    }
    .into_any()
}

/// The value, and what it means; “90 days” alone where that says both.
fn value(values: Vec<String>, meaning: Option<String>) -> AnyView {
    if let (Some(meaning), [only]) = (&meaning, values.as_slice())
        && meaning.strip_prefix(only.as_str()).is_some_and(|rest| rest.starts_with(' '))
    {
        return meaning.clone().into_any();
    }
    let values: Vec<_> =
        values.into_iter().map(|value| view! { <code class="value">{value}</code> }).collect();
    view! {
        <span class="values">{values}</span>
        {meaning.map(|meaning| view! { <span class="sub">{meaning}</span> })}
    }
    .into_any()
}

fn decision(Decision { policy, at, operator }: Decision, plain: bool) -> AnyView {
    let tone = match operator.as_str() {
        "append" => Tone::Good,
        "remove" => Tone::Bad,
        _ => Tone::Idle,
    };
    let word = (!plain).then(|| view! { <Pill text=operator code=true tone/> });
    view! {
        <span class="decision">
            <Pill text=policy.name href=paths::policy(&policy.id) tone=Tone::Accent/>
            <span class="small muted">"at "<a href=paths::target(&at.id)>{at.name}</a></span>
            {word}
        </span>
    }
    .into_any()
}

fn overridden(Overridden { by, values, forbidden_by }: Overridden) -> AnyView {
    let values = values.join(", ");
    let (policy, at) = (by.policy.name, by.at.name);
    if let Some(Lock { policy: lock, at: above }) = forbidden_by {
        return view! {
            <span class="overridden" data-tone="warn">
                <Icon icon=icons::LOCK size=13/>
                <span>
                    "Ignored: "{by.operator}" "<code>{values}</code>{format!(" ({policy} at {at}), not allowed by ")}
                    <a href=paths::policy(&lock.id)>{lock.name}</a>{format!(" at {}", above.name)}
                </span>
            </span>
        }
        .into_any();
    }
    view! { <span class="overridden"><span><code>{values}</code>{format!(" of {policy}, at {at}")}</span></span> }.into_any()
}
