//! One-line text.

use leptos::{html, prelude::*};

use super::field::{Field, described_by};
use crate::components::label::{Icon, icons};

/// A labelled line of text. Uncontrolled unless `bind` is given; what was typed before the page came alive is kept.
#[component]
pub fn TextInput(
    /// Name in the form; also the id unless `id` is given.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// Keeps a signal and the input the same.
    #[prop(optional)]
    bind: Option<RwSignal<String>>,
    /// `text`, `email`, `password`, `search`, `number`.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] help: Signal<Option<String>>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] autocomplete: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] minlength: Option<u32>,
    #[prop(optional)] maxlength: Option<u32>,
    /// Monospace: ids, ARNs, cron.
    #[prop(optional)]
    mono: bool,
    /// After the text inside the frame: a unit (“days”).
    #[prop(optional)]
    end: Option<AnyView>,
    /// Beside the label.
    #[prop(optional)]
    extra: Option<AnyView>,
    #[prop(optional, into)] id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| name.clone());
    let node = NodeRef::<html::Input>::new();
    if let Some(bound) = bind {
        keep_same(node, bound);
    }
    let first = bind.map_or(value, |b| b.get_untracked());
    let with_end = end.is_some();
    let input = view! {
        <input
            class="input"
            id=id.clone()
            name=name
            type=kind
            value=first
            node_ref=node
            data-mono=mono
            required=required
            autocomplete=autocomplete
            placeholder=placeholder
            minlength=minlength.map(|n| n.to_string())
            maxlength=maxlength.map(|n| n.to_string())
            spellcheck=mono.then_some("false")
            aria-invalid=move || error.with(Option::is_some).then_some("true")
            aria-describedby=described_by(&id)
            on:input=move |event| if let Some(bound) = bind { bound.set(event_target_value(&event)) }
        />
    };
    let control = if with_end {
        view! { <div class="input-with-end">{input}<span class="input-end">{end}</span></div> }.into_any()
    } else {
        input.into_any()
    };
    match extra {
        Some(extra) => view! { <Field id label help error optional extra>{control}</Field> }.into_any(),
        None => view! { <Field id label help error optional>{control}</Field> }.into_any(),
    }
}

/// Takes over what was typed before hydration, then follows the signal.
fn keep_same(node: NodeRef<html::Input>, bound: RwSignal<String>) {
    Effect::new(move |before: Option<()>| {
        let wanted = bound.get();
        let Some(input) = node.get() else { return };
        if input.value() == wanted {
            return;
        }
        if before.is_none() { bound.set(input.value()) } else { input.set_value(&wanted) }
    });
}

/// A search box inside a GET form. The label is spoken, not shown.
#[component]
pub fn SearchInput(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] placeholder: Option<String>,
    /// Takes the focus when the dialog that it stands in opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let placeholder = placeholder.unwrap_or_else(|| label.clone());
    let node = NodeRef::<html::Input>::new();
    let first = value.clone();
    // The address decides what it shows, unless somebody is typing.
    Effect::new(move || {
        if let Some(input) = node.get() {
            let typing = document().active_element().is_some_and(|e| e.is_same_node(Some(&input)));
            if !typing {
                input.set_value(&value);
            }
        }
    });
    view! {
        <div class="search-box">
            <Icon icon=icons::SEARCH/>
            <input class="input" node_ref=node type="search" name=name value=first aria-label=label placeholder=placeholder autocomplete="off" autofocus=autofocus/>
        </div>
    }
}
