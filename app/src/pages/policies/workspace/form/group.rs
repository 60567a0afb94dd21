//! A group of named entries: plans, rules, selections, copies, tags, conditions.

use std::sync::Arc;

use form::{FormEdit, FormItem, reading, templates};
use leptos::{ev::KeyboardEvent, prelude::*};
use policy::Path;

use super::{
    entry::Entry,
    field::{field_id, focus_soon},
};
use crate::{
    components::{Button, Size, icons},
    pages::policies::workspace::draft::Draft,
};

/// The entries of a group, and the way to add one.
#[component]
pub fn Group(draft: Draft, item: FormItem, entry: Path, level: u8) -> AnyView {
    let at = item.at(&entry);
    let Some(each) = item.entry_row() else { return ().into_any() };
    let names = {
        let at = at.clone();
        Memo::new(move |_| {
            draft
                .checked
                .with(|c| c.document.as_ref().map(|d| reading::entry_names(d, &at)).unwrap_or_default())
        })
    };
    let children = {
        let at = at.clone();
        move |name: Arc<str>| view! { <Entry draft row=each at=at.join(name) level/> }
    };
    let heading = item.advanced.then(|| {
        view! {
            <h4 class="group-title">{item.title()}</h4>
            <p class="field-help">{item.row.help}</p>
        }
    });
    let label = if item.advanced {
        format!("Add to {}", item.title().to_lowercase())
    } else {
        format!("Add {}", each.title.to_lowercase())
    };
    view! {
        <div class="group" data-level=level.to_string()>
            {heading}
            <For each=move || names.get() key=Arc::clone children/>
            <Adder draft at names label/>
        </div>
    }
    .into_any()
}

/// Adds an entry: at once where names are free to choose, after a name was typed where they mean something.
#[component]
fn Adder(draft: Draft, at: Path, names: Memo<Vec<Arc<str>>>, label: String) -> impl IntoView {
    let usual = templates::default_name(&at);
    let typed = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<String>);
    let id = format!("{}.new", field_id(&at));
    let add = {
        let at = at.clone();
        Callback::new(move |()| {
            let name = if usual.is_empty() {
                typed.get_untracked().trim().to_owned()
            } else {
                names.with_untracked(|names| reading::free_name(names, usual))
            };
            match draft.edit(&FormEdit::AddEntry { group: at.clone(), name: name.clone() }) {
                Ok(()) => {
                    refused.set(None);
                    typed.set(String::new());
                    focus_soon(field_id(&at.join(name)));
                }
                Err(refusal) => refused.set(Some(refusal.to_string())),
            }
        })
    };
    let on_keydown = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            add.run(());
        }
    };
    let error_id = format!("{id}-error");
    let input = usual.is_empty().then(|| {
        view! {
            <input
                class="input"
                data-mono=""
                type="text"
                id=id.clone()
                aria-label=format!("{label}: name")
                aria-describedby=error_id.clone()
                placeholder=placeholder(&at)
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
                on:keydown=on_keydown
            />
        }
    });
    view! {
        <div class="adder">
            {input}
            <Button label size=Size::Small icon=icons::ADD id=usual_id(usual, &id) on_click=move |_| add.run(())/>
            <span class="field-error" id=error_id role="alert" hidden=move || refused.with(Option::is_none)>
                {move || refused.get()}
            </span>
        </div>
    }
}

/// The element that takes the focus when an entry of the group goes: the input, or the button where there is none.
fn usual_id(usual: &str, id: &str) -> String {
    if usual.is_empty() { format!("{id}-button") } else { id.to_owned() }
}

fn placeholder(at: &Path) -> &'static str {
    match at.last().map(AsRef::as_ref) {
        Some("copy_actions") => "arn:aws:backup:eu-west-1:$account:backup-vault:NAME",
        _ => "Tag key",
    }
}
