//! Fields of single values: a line of text, or one of a few words.

use form::{FormEdit, Reading, suggestions};
use leptos::prelude::*;
use policy::vocabulary::Form;

use super::field::SettingField;

/// A line of text.
#[component]
pub fn Text(field: SettingField, form: Form, unit: &'static str) -> impl IntoView {
    let SettingField { draft, at, id, needed, reading, error, .. } = field;
    let current = current(reading);
    let (typing, leaving) = (at.clone(), at);
    let on_input = move |event| {
        let text = event_target_value(&event).trim().to_owned();
        // It cannot be refused: what cannot hold a value is not shown as a field.
        let _ = draft.edit(&FormEdit::SetValue { at: typing.clone(), text });
    };
    let on_change = move |_| {
        if !needed && reading.with_untracked(|r| *r == Reading::Single("".into())) {
            let _ = draft.edit(&FormEdit::ClearValue { at: leaving.clone() });
        }
    };
    let number = matches!(form, Form::Integer { .. });
    view! {
        <div class="input-with-end">
            <input
                class="input"
                type="text"
                id=id.clone()
                data-mono=!number
                inputmode=number.then_some("numeric")
                list=suggestions::list_id(form)
                spellcheck="false"
                autocomplete="off"
                value=current.get_untracked()
                prop:value=move || current.get()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=format!("{id}-help {id}-error")
                on:input=on_input
                on:change=on_change
            />
            {(!unit.is_empty()).then(|| view! { <span class="input-end">{unit}</span> })}
        </div>
    }
}

/// One of a few words, or none.
#[component]
pub fn Choice(field: SettingField, words: &'static [&'static str]) -> impl IntoView {
    let SettingField { draft, at, id, reading, error, .. } = field;
    let current = current(reading);
    let on_change = move |event| {
        let text = event_target_value(&event);
        let at = at.clone();
        let change =
            if text.is_empty() { FormEdit::ClearValue { at } } else { FormEdit::SetValue { at, text } };
        let _ = draft.edit(&change);
    };
    let option = move |word: &'static str, label: &'static str| {
        let chosen = move || current.with(|c| c == word);
        view! { <option value=word selected=current.with_untracked(|c| c == word) prop:selected=chosen>{label}</option> }
    };
    let options: Vec<_> = words.iter().map(|word| option(word, said(word))).collect();
    // A word that AWS does not know is shown too, so that it is not lost by looking at it.
    let other = move || current.get();
    let is_other = move || current.with(|c| !c.is_empty() && !words.contains(&c.as_str()));
    view! {
        <select
            class="input"
            id=id.clone()
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=format!("{id}-help {id}-error")
            on:change=on_change
        >
            {option("", "Not set")}
            {options}
            {move || is_other().then(|| view! { <option value=other() prop:selected=true selected=true>{other()}</option> })}
        </select>
    }
}

fn current(reading: Memo<Reading>) -> Memo<String> {
    Memo::new(move |_| {
        reading.with(
            |reading| if let Reading::Single(text) = reading { text.to_string() } else { String::new() },
        )
    })
}

fn said(word: &'static str) -> &'static str {
    match word {
        "true" => "Yes",
        "false" => "No",
        word => word,
    }
}
