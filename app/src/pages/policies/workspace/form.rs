//! The visual editor: the document as a form, read off the table of keys.

mod entry;
mod field;
mod group;
mod help;
mod setting;
mod single;
mod values;

use form::{
    check,
    json_only::{JsonOnlyPart, json_only_parts},
    layout::layout,
    suggestions,
};
use leptos::prelude::*;
use policy::{Path, vocabulary::TABLE};

use super::draft::Draft;
use crate::components::{Button, Card, Notice, Size, Tone};
use group::Group;

/// The document as a form. What it does not show is listed below it; text that cannot be read is left alone.
#[component]
pub fn PolicyForm(draft: Draft) -> impl IntoView {
    let readable = Memo::new(move |_| draft.checked.with(|checked| checked.document.is_some()));
    let plans = move || {
        let groups = layout(&TABLE).groups;
        groups
            .into_iter()
            .map(|item| view! { <Group draft item entry=Path::root() level=0/> })
            .collect::<Vec<_>>()
    };
    let body = move || {
        if readable.get() {
            view! {
                <fieldset class="policy-form" disabled=draft.denied.with_value(Option::is_some)>
                    <legend class="visually-hidden">"Plans"</legend>
                    {plans()}
                </fieldset>
                <JsonOnly draft/>
            }
            .into_any()
        } else {
            view! { <Unreadable draft/> }.into_any()
        }
    };
    let lists: Vec<_> = suggestions::lists()
        .into_iter()
        .map(|list| {
            let options: Vec<_> = list
                .values
                .into_iter()
                .map(|(value, label)| view! { <option value=value>{label}</option> })
                .collect();
            view! { <datalist id=list.id>{options}</datalist> }
        })
        .collect();
    view! {
        <noscript>
            <Notice tone=Tone::Info title="The form needs JavaScript">"The JSON works without it."</Notice>
        </noscript>
        <div class="policy-form-frame" data-needs-script="">{lists}{body}</div>
    }
}

/// The text is not JSON yet, so there is no form to show.
#[component]
fn Unreadable(draft: Draft) -> impl IntoView {
    let first = Memo::new(move |_| draft.checked.with(|checked| checked.problems.first().cloned()));
    move || {
        first.get().map(|problem| {
            let (line, column, length) = (problem.line, problem.column, problem.length);
            let action = view! {
                <Button label=format!("Go to line {line}") size=Size::Small on_click=move |_| draft.go_to(line, column, length)/>
            };
            view! {
                <Notice tone=Tone::Warn title="The JSON cannot be read as it stands" action=action.into_any()>
                    {format!("Line {line}: {} ", check::sentence(&problem.message))}
                    "The text is kept as it is. The form comes back as soon as it can be read."
                </Notice>
            }
        })
    }
}

/// What the form does not show, with the way to it.
#[component]
fn JsonOnly(draft: Draft) -> impl IntoView {
    let parts = Memo::new(move |_| {
        draft.checked.with(|c| c.document.as_ref().map(json_only_parts).unwrap_or_default())
    });
    let list = move || {
        let parts = parts.get();
        (!parts.is_empty()).then(|| {
            let rows: Vec<_> = parts.into_iter().map(|part| row(draft, part)).collect();
            let note = view! { "Kept as it is; edited as JSON" }.into_any();
            view! { <Card title="Also in this document" note flush=true><ul class="also">{rows}</ul></Card> }
        })
    };
    view! { <div>{list}</div> }
}

fn row(draft: Draft, part: JsonOnlyPart) -> AnyView {
    let JsonOnlyPart { path, line, column, what, value } = part;
    view! {
        <li class="also-part">
            <div class="also-text">
                <span>{what}</span>
                <code class="also-value">{value}</code>
                <span class="sub mono">{path.clone()}</span>
            </div>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                data-size="small"
                aria-label=format!("Go to line {line}: {path}")
                on:click=move |_| draft.go_to(line, column, 1)
            >
                {format!("Line {line}")}
            </button>
        </li>
    }
    .into_any()
}
