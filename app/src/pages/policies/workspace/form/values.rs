//! Lists: the values that each operator carries, as chips.

use std::sync::Arc;

use form::{FormEdit, Reading, reading, suggestions};
use leptos::{
    ev::{Event, KeyboardEvent},
    prelude::*,
};
use policy::{operator::Operator, vocabulary::Form};

use super::field::{SettingField, focus_soon};
use crate::components::{Icon, icons};

/// A list: one line for each operator in use, and the way to use another one.
#[component]
pub fn Values(field: SettingField, form: Form) -> impl IntoView {
    // An operator that was chosen and carries nothing yet: it is not in the document.
    let chosen = RwSignal::new(None::<Operator>);
    let reading = field.reading;
    let operators = Memo::new(move |_| {
        let mut operators = in_use(&reading.get());
        let wanted = chosen.get().or(operators.is_empty().then_some(Operator::Assign));
        operators.extend(wanted.filter(|o| !operators.contains(o)));
        operators
    });
    let free = move || {
        Operator::ALL.into_iter().filter(|o| !operators.with(|used| used.contains(o))).collect::<Vec<_>>()
    };
    let line = {
        let field = field.clone();
        move |operator: Operator| view! { <Line field=field.clone() form operator operators chosen/> }
    };
    let also = move || {
        // A line without a value is waiting for one already.
        let waits = operators.with(Vec::len) > in_use(&reading.get()).len();
        let id = field.id.clone();
        (!waits).then(|| {
            free()
                .into_iter()
                .map(|operator| {
                    let first = line_id(&id, operator);
                    view! {
                        <button
                            type="button"
                            class="also-operator"
                            on:click=move |_| {
                                chosen.set(Some(operator));
                                focus_soon(first.clone());
                            }
                        >
                            <Icon icon=icons::ADD size=12/>
                            {reading::operator_word(operator)}
                        </button>
                    }
                })
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="value-lines">
            <For each=move || operators.get() key=|operator| *operator children=line/>
            <div class="also-operators">{also}</div>
        </div>
    }
}

/// The values of one operator.
#[component]
fn Line(
    field: SettingField,
    form: Form,
    operator: Operator,
    operators: Memo<Vec<Operator>>,
    chosen: RwSignal<Option<Operator>>,
) -> impl IntoView {
    let SettingField { draft, at, id, title, reading, error, .. } = field;
    let values = Memo::new(move |_| carried(&reading.get(), operator));
    let set = {
        let at = at.clone();
        Callback::new(move |values: Vec<Arc<str>>| {
            // The line stays while its last value is taken out.
            chosen.set(Some(operator));
            let _ = draft.edit(&FormEdit::SetValues { at: at.clone(), operator, values });
        })
    };
    let change_operator = move |event: Event| {
        let to = Operator::ALL.into_iter().find(|o| reading::operator_word(*o) == event_target_value(&event));
        if let Some(to) = to.filter(|to| *to != operator) {
            let change = FormEdit::ChangeOperator { at: at.clone(), from: operator, to };
            chosen.set(Some(to));
            // A line without values is not in the document: choosing is all there is to do.
            let _ = draft.edit(&change);
        }
    };
    let options: Vec<_> = Operator::ALL
        .into_iter()
        .map(|o| {
            let taken = move || o != operator && operators.with(|used| used.contains(&o));
            view! { <option value=reading::operator_word(o) selected=o == operator disabled=taken>{reading::operator_word(o)}</option> }
        })
        .collect();
    let chip = {
        let title = title.clone();
        move |value: Arc<str>| chip(&title, &value, values, set)
    };
    let first = line_id(&id, operator);
    let label_for =
        if operators.with_untracked(|o| o.first() == Some(&operator)) { id.clone() } else { first };
    view! {
        <div class="value-line" data-operator=reading::operator_word(operator)>
            <select class="operator" aria-label=format!("What this policy does with {title}") on:change=change_operator>{options}</select>
            <ul class="chips" aria-label=format!("{title}, {}", reading::operator_word(operator))>
                <For each=move || distinct(values.get()) key=Arc::clone children=chip/>
            </ul>
            <NewValue id=label_for describes=id form title operator values set error/>
        </div>
    }
}

fn chip(
    title: &str,
    value: &Arc<str>,
    values: Memo<Vec<Arc<str>>>,
    set: Callback<Vec<Arc<str>>>,
) -> impl IntoView + use<> {
    let gone = value.clone();
    let remove = move |_| {
        set.run(values.with_untracked(|values| values.iter().filter(|v| **v != gone).cloned().collect()));
    };
    view! {
        <li class="chip">
            <span>{if value.is_empty() { "(empty)".to_owned() } else { value.to_string() }}</span>
            <button type="button" aria-label=format!("Take {value} out of {title}") on:click=remove><Icon icon=icons::CLOSE size=13/></button>
        </li>
    }
}

/// Where the next value is typed. Enter adds it; leaving the field adds it too, so that nothing typed is lost.
#[component]
fn NewValue(
    id: String,
    /// Id of the field, for its help and error.
    describes: String,
    form: Form,
    title: String,
    operator: Operator,
    values: Memo<Vec<Arc<str>>>,
    set: Callback<Vec<Arc<str>>>,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let add = move || {
        let text = typed.get_untracked();
        let new = suggestions::split_values(form, &text);
        if !new.is_empty() {
            let all = values.with_untracked(|values| {
                let new = new.into_iter().map(Arc::<str>::from);
                distinct(values.iter().cloned().chain(new).collect())
            });
            typed.set(String::new());
            set.run(all);
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        let separates = event.key() == "," && !matches!(form, Form::Text { .. });
        if event.key() == "Enter" || separates {
            event.prevent_default();
            add();
        }
    };
    view! {
        <input
            class="value-new"
            type="text"
            id=id
            list=suggestions::list_id(form)
            spellcheck="false"
            autocomplete="off"
            placeholder="Add"
            aria-label=format!("Add to {title}, {}", reading::operator_word(operator))
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=format!("{describes}-help {describes}-error")
            prop:value=move || typed.get()
            on:input=move |event| typed.set(event_target_value(&event))
            on:change=move |_| add()
            on:keydown=on_keydown
        />
    }
}

fn in_use(reading: &Reading) -> Vec<Operator> {
    match reading {
        Reading::Lists(lists) => lists.iter().map(|(operator, _)| *operator).collect(),
        _ => Vec::new(),
    }
}

fn carried(reading: &Reading, operator: Operator) -> Vec<Arc<str>> {
    match reading {
        Reading::Lists(lists) => {
            lists.iter().find(|(o, _)| *o == operator).map(|(_, values)| values.clone()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// Each value once, in order: AWS takes a list with a value twice and means it once.
fn distinct(values: Vec<Arc<str>>) -> Vec<Arc<str>> {
    let mut seen: Vec<Arc<str>> = Vec::with_capacity(values.len());
    for value in values {
        if !seen.contains(&value) {
            seen.push(value);
        }
    }
    seen
}

fn line_id(id: &str, operator: Operator) -> String {
    format!("{id}.{}", reading::operator_word(operator))
}
