//! The form that narrows the list: a plain GET form, so that the address becomes the filter with and without scripts.

use leptos::prelude::*;
use leptos_router::components::Form;
use model::{JobFilter, JobKind, JobState, job::JobChoices, job_filter::PageSize, paths};

use crate::{
    components::{Button, Checkbox, Choice, Icon, Kind, Select, TextInput, icons},
    words::cause,
};

/// The form, closed until it is asked for: the tokens above it say what holds.
#[component]
pub fn JobFilterForm(filter: JobFilter, choices: JobChoices) -> impl IntoView {
    let boxes = view! {
        <div class="filter-grid">
            <Boxes legend="Kind" name="kind" boxes=kinds(&filter)/>
            <Boxes legend="State" name="state" boxes=states(&filter)/>
            <Boxes legend="Region" name="region" boxes=listed(&choices.regions, |r| filter.regions.contains(r))/>
        </div>
    };
    let fields = fields(&filter, choices);
    view! {
        <details class="filter-panel">
            <summary><Icon icon=icons::FILTER/><span>"Filter jobs"</span></summary>
            <Form method="GET" action=paths::JOBS>
                {boxes}
                {fields}
                <div class="form-actions"><Button label="Show jobs" kind=Kind::Primary submit=true/></div>
            </Form>
        </details>
    }
}

fn fields(filter: &JobFilter, choices: JobChoices) -> AnyView {
    let conditions = filter.conditions();
    let all = |name: &str| {
        let values: Vec<&str> =
            conditions.iter().filter(|(n, _)| *n == name).map(|(_, v)| v.as_str()).collect();
        values.join(",")
    };
    view! {
        <div class="form-row">
            <Select name="ou" label="OU" choices=any_of("Any OU", choices.ous, &all("ou")) value=all("ou")/>
            <TextInput name="account" label="Account ids" value=all("account") mono=true placeholder="123456789012" help=help("Several with commas.")/>
            <Select name="type" label="Resource type" choices=any_of("Any type", same(&choices.resource_types), &all("type")) value=all("type")/>
            <Select name="vault" label="Vault" choices=any_of("Any vault", same(&choices.vaults), &all("vault")) value=all("vault")/>
            <Select name="cause" label="Cause" choices=any_of("Any cause", causes(&choices.causes), &all("cause")) value=all("cause")/>
            <Select name="policy" label="Made by a backup policy" choices=any_of("Yes or no", yes_no(), &all("policy")) value=all("policy")/>
            <TextInput name="from" label="Created since" value=all("from") placeholder="7d" help=help("As 24h, 7d or 2026-11-20, in UTC.")/>
            <TextInput name="until" label="Created before" value=all("until") placeholder="2026-11-20"/>
            <TextInput name="id" label="Job id" value=all("id") mono=true help=help("Whole, or at least its first four characters.")/>
            <TextInput name="q" label="Text" value=all("q") help=help("In resource, plan (name or id), rule or message.")/>
            <Select name="size" label="Rows on a page" choices=sizes() value=filter.size.rows().to_string()/>
        </div>
    }
    .into_any()
}

/// One checkbox.
struct Tick {
    value: String,
    label: String,
    checked: bool,
}

#[component]
fn Boxes(legend: &'static str, name: &'static str, boxes: Vec<Tick>) -> impl IntoView {
    let boxes: Vec<_> = boxes
        .into_iter()
        .map(|b| view! { <Checkbox name label=b.label value=b.value checked=b.checked/> })
        .collect();
    view! {
        <fieldset class="filter-boxes">
            <legend>{legend}</legend>
            {boxes}
        </fieldset>
    }
}

fn kinds(filter: &JobFilter) -> Vec<Tick> {
    let one = |k: JobKind| Tick {
        value: k.as_str().into(),
        label: k.word().into(),
        checked: filter.kinds.contains(&k),
    };
    JobKind::ALL.into_iter().map(one).collect()
}

fn states(filter: &JobFilter) -> Vec<Tick> {
    let one = |s: JobState| Tick {
        value: s.as_str().into(),
        label: s.word().into(),
        checked: filter.states.contains(&s),
    };
    JobState::TABLE
        .iter()
        .map(|(state, ..)| one(*state))
        .filter(|b| b.value != JobState::Unknown.as_str())
        .collect()
}

fn listed(values: &[String], chosen: impl Fn(&String) -> bool) -> Vec<Tick> {
    values.iter().map(|v| Tick { value: v.clone(), label: v.clone(), checked: chosen(v) }).collect()
}

/// “Any”, then the values; a choice of several that only an address can make stays choosable, so that it is not lost.
fn any_of(any: &str, values: Vec<(String, String)>, chosen: &str) -> Vec<Choice> {
    let several = !chosen.is_empty() && !values.iter().any(|(value, _)| value == chosen);
    let kept = several.then(|| Choice::new(chosen, chosen.replace(',', ", ")));
    let values = values.into_iter().map(|(value, label)| Choice::new(value, label));
    std::iter::once(Choice::new("", any)).chain(kept).chain(values).collect()
}

fn same(values: &[String]) -> Vec<(String, String)> {
    values.iter().map(|v| (v.clone(), v.clone())).collect()
}

fn causes(causes: &[String]) -> Vec<(String, String)> {
    causes.iter().map(|c| (c.clone(), cause(c))).collect()
}

fn yes_no() -> Vec<(String, String)> {
    vec![("yes".into(), "Yes".into()), ("no".into(), "No, or AWS does not tell".into())]
}

fn sizes() -> Vec<Choice> {
    PageSize::CHOICES.iter().map(|n| Choice::new(n.to_string(), n.to_string())).collect()
}

fn help(text: &str) -> Signal<Option<String>> {
    Signal::stored(Some(text.to_owned()))
}
