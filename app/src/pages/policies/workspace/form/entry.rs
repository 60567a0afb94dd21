//! One named entry: its head, its settings, and what is below it.

use form::{
    FormEdit, FormItem, check,
    layout::{Layout, layout},
    reading,
};
use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent},
    prelude::*,
    wasm_bindgen::JsCast,
};
use policy::{
    Path, Severity,
    vocabulary::{Key, lookup},
};

use super::{
    field::{field_id, focus_soon},
    group::Group,
    setting::Setting,
};
use crate::{
    components::{Icon, Pill, Tone, icons},
    pages::policies::workspace::draft::Draft,
};

/// One named entry.
#[component]
pub fn Entry(draft: Draft, row: &'static Key, at: Path, level: u8) -> AnyView {
    let Layout { settings, groups } = layout(row);
    // What is in use shows itself, however seldom it is needed.
    let folded = |item: &FormItem| item.advanced && !is_used(draft, &item.at(&at));
    let (more_settings, settings): (Vec<FormItem>, Vec<FormItem>) = settings.into_iter().partition(folded);
    let (more_groups, groups): (Vec<FormItem>, Vec<FormItem>) = groups.into_iter().partition(folded);
    let (own, groups): (Vec<FormItem>, Vec<FormItem>) = groups.into_iter().partition(|item| item.advanced);
    let own = groups_at(draft, own, &at, level + 2);
    let below = groups_at(draft, groups, &at, level + 1);
    let title = field_id(&at) + "-title";
    let labelled = title.clone();
    view! {
        <section class="entry" data-level=level.to_string() aria-labelledby=labelled>
            <div class="entry-own" data-card=level < 2>
                <Head draft row at=at.clone() level title/>
                <div class="entry-body">
                    <OwnProblems draft at=at.clone()/>
                    <div class="entry-settings">{fields(draft, settings, &at)}</div>
                    {own}
                    <More draft at=at.clone() settings=more_settings groups=more_groups level/>
                </div>
            </div>
            {below}
        </section>
    }
    .into_any()
}

fn is_used(draft: Draft, at: &Path) -> bool {
    draft.checked.with_untracked(|c| c.document.as_ref().is_some_and(|d| d.get(at).is_some()))
}

fn groups_at(draft: Draft, items: Vec<FormItem>, entry: &Path, level: u8) -> Vec<AnyView> {
    items.into_iter().map(|item| view! { <Group draft item entry=entry.clone() level/> }.into_any()).collect()
}

fn fields(draft: Draft, items: Vec<FormItem>, entry: &Path) -> Vec<AnyView> {
    items.into_iter().map(|item| view! { <Setting draft item entry=entry.clone()/> }.into_any()).collect()
}

/// What an entry is, its name, and what can be done with it as a whole.
#[component]
fn Head(draft: Draft, row: &'static Key, at: Path, level: u8, title: String) -> impl IntoView {
    let name = at.last().map(ToString::to_string).unwrap_or_default();
    let lock = {
        let at = at.clone();
        Memo::new(move |_| {
            draft.checked.with(|c| c.document.as_ref().and_then(|d| reading::control_in_words(d, &at)))
        })
    };
    let duplicate = {
        let at = at.clone();
        move |_| {
            // Only a name that is too long to be copied is refused; then nothing happens.
            let _ = draft.edit(&FormEdit::DuplicateEntry { at: at.clone() });
        }
    };
    let remove = {
        let at = at.clone();
        move |_| {
            if draft.edit(&FormEdit::RemoveEntry { at: at.clone() }).is_ok()
                && let Some(group) = at.parent()
            {
                focus_soon(format!("{}.new", field_id(&group)));
            }
        }
    };
    let heading = match level {
        0 => view! { <h2 id=title>{row.title}</h2> }.into_any(),
        1 => view! { <h3 id=title>{row.title}</h3> }.into_any(),
        _ => view! { <h5 id=title>{row.title}</h5> }.into_any(),
    };
    let what = format!("{} {name}", row.title.to_lowercase());
    view! {
        <header class="entry-head">
            {heading}
            <Name draft row at name/>
            {move || lock.get().map(|words| view! { <Pill text=words tone=Tone::Warn icon=icons::LOCK code=true/> })}
            <span class="entry-actions">
                {act("Duplicate", &what, duplicate)}
                {act("Remove", &what, remove)}
            </span>
        </header>
    }
}

/// A button that says aloud what it acts on.
fn act(verb: &'static str, what: &str, run: impl Fn(MouseEvent) + 'static) -> AnyView {
    let label = format!("{verb} {what}");
    view! {
        <button type="button" class="button" data-kind="quiet" data-size="small" aria-label=label on:click=run>{verb}</button>
    }
    .into_any()
}

/// The name, which is changed where it stands. A name that is refused stays in the field with the reason.
#[component]
fn Name(draft: Draft, row: &'static Key, at: Path, name: String) -> impl IntoView {
    let refused = RwSignal::new(None::<String>);
    let id = field_id(&at);
    let error_id = format!("{id}-error");
    let fixed = at.parent().and_then(|group| lookup(&group)).is_none();
    let rename = {
        let at = at.clone();
        move |event: Event| {
            let name = event_target_value(&event).trim().to_owned();
            match draft.edit(&FormEdit::RenameEntry { at: at.clone(), name: name.clone() }) {
                Ok(()) => {
                    refused.set(None);
                    if let Some(group) = at.parent() {
                        focus_soon(field_id(&group.join(name)));
                    }
                }
                Err(refusal) => refused.set(Some(refusal.to_string())),
            }
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        let input = event.target().and_then(|t| t.dyn_into::<leptos::web_sys::HtmlElement>().ok());
        if let (Some(input), "Enter") = (input, event.key().as_str()) {
            event.prevent_default();
            let _ = input.blur();
        }
    };
    let size = name.chars().count().clamp(8, 80).to_string();
    view! {
        <span class="entry-name">
            <input
                class="input"
                data-mono=""
                type="text"
                id=id
                size=size
                value=name
                readonly=fixed
                spellcheck="false"
                autocomplete="off"
                aria-label=format!("Name of this {}", row.title.to_lowercase())
                aria-invalid=move || refused.with(Option::is_some).then_some("true")
                aria-describedby=error_id.clone()
                on:change=rename
                on:keydown=on_keydown
            />
            <span class="field-error" id=error_id role="alert" hidden=move || refused.with(Option::is_none)>
                {move || refused.get()}
            </span>
        </span>
    }
}

/// What is wrong with the entry itself; its settings say what is wrong with them.
#[component]
fn OwnProblems(draft: Draft, at: Path) -> impl IntoView {
    let shown = at.to_string();
    let messages = Memo::new(move |_| {
        draft.problems.with(|all| {
            let own = check::problems_at(all, &shown).into_iter().filter(|p| p.severity != Severity::Info);
            own.map(|p| format!("{} {}", check::sentence(&p.message), check::sentence(&p.help)))
                .collect::<Vec<_>>()
        })
    });
    move || {
        messages.with(|messages| {
            let message = |text: &String| {
                view! { <p class="field-error"><Icon icon=icons::WARN size=15/><span>{text.clone()}</span></p> }
            };
            messages.iter().map(message).collect::<Vec<_>>()
        })
    }
}

/// Settings that few policies need, folded away.
#[component]
fn More(draft: Draft, at: Path, settings: Vec<FormItem>, groups: Vec<FormItem>, level: u8) -> impl IntoView {
    if settings.is_empty() && groups.is_empty() {
        return ().into_any();
    }
    let groups = groups_at(draft, groups, &at, level + 2);
    view! {
        <details class="more">
            <summary>"More settings"</summary>
            <div class="entry-settings">{fields(draft, settings, &at)}</div>
            {groups}
        </details>
    }
    .into_any()
}
