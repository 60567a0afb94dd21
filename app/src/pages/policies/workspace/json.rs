//! The document as JSON: a text field with line numbers, colours, marks and a counter.

mod typing;

use form::check;
use leptos::{
    ev::KeyboardEvent,
    html,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{self, js_sys},
};
use model::{policies::CONTENT_CHARACTERS, text::unix_lines};
use policy::{Document, Severity};

use self::typing::TextEdit;
use super::{draft::Draft, saving::FORM_ID};
use crate::{
    components::{Button, Card, Kind, Size, escape, highlight},
    words,
};

/// Name and id of the text field.
pub const CONTENT: &str = "content";

/// The document as JSON. Without scripts it is a plain text field.
#[component]
pub fn JsonEditor(draft: Draft) -> impl IntoView {
    let node = NodeRef::<html::Textarea>::new();
    keep_same(node, draft.text);
    follow_caret(node, draft);
    let leaving = StoredValue::new(false);
    let on_keydown = move |event: KeyboardEvent| keydown(&event, node, leaving);
    let first = escape(&draft.text.get_untracked());
    let actions = view! { <Counter draft/> }.into_any();
    let read_only = draft.denied.with_value(Option::is_some);
    view! {
        <Card title="JSON" actions flush=true>
            <div class="json-scroll">
                <div class="json-stack">
                    <Lines draft/>
                    <textarea
                        class="json-text"
                        id=CONTENT
                        name=CONTENT
                        form=FORM_ID
                        node_ref=node
                        rows="28"
                        wrap="off"
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="off"
                        readonly=read_only
                        aria-label="Policy document as JSON"
                        aria-describedby="json-hint"
                        on:input=move |event| draft.text.set(unix_lines(&event_target_value(&event)))
                        on:keydown=on_keydown
                        inner_html=first
                    ></textarea>
                </div>
            </div>
            <p class="json-hint" id="json-hint">"Tab indents. To leave the text by keyboard, press Esc, then Tab."</p>
        </Card>
    }
}

/// How long the text is, of what AWS takes; and the two layouts.
#[component]
fn Counter(draft: Draft) -> impl IntoView {
    let characters = Memo::new(move |_| draft.text.with(|text| text.chars().count()));
    let over = move || (characters.get() > CONTENT_CHARACTERS).then_some("bad");
    let words = move || {
        let [now, most] = [characters.get(), CONTENT_CHARACTERS].map(|n| words::thousands(n as u64));
        format!("{now} of {most} characters")
    };
    let relayed = move |layout: fn(&Document) -> String| {
        let text = draft.checked.with_untracked(|checked| checked.document.as_ref().map(layout));
        if let Some(text) = text {
            draft.text.set(text);
        }
    };
    let unreadable = Signal::derive(move || {
        let broken = draft.checked.with(|checked| checked.document.is_none());
        broken.then(|| "The JSON cannot be read yet.".to_owned()).or_else(|| draft.denied.get_value())
    });
    view! {
        <span class="json-layouts" data-needs-script="">
            <Button label="Lay out" kind=Kind::Quiet size=Size::Small disabled=unreadable on_click=move |_| relayed(Document::pretty)/>
            <Button
                label="Compact"
                kind=Kind::Quiet
                size=Size::Small
                disabled=unreadable
                on_click=move |_| relayed(Document::compact)
            />
        </span>
        <span class="json-counter" data-tone=over>{words}</span>
    }
}

/// What lies under the text field: the same text with colours, line numbers and marks. The field itself is what is read
/// and spoken.
#[component]
fn Lines(draft: Draft) -> impl IntoView {
    let lines =
        Memo::new(move |_| draft.text.with(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>()));
    let problems = draft.problems;
    let numbers = move || 1..=lines.with(Vec::len);
    let line = move |number: usize| {
        let text = Memo::new(move |_| lines.with(|lines| lines.get(number - 1).cloned().unwrap_or_default()));
        let mark = Memo::new(move |_| {
            let line = u32::try_from(number).unwrap_or(u32::MAX);
            problems.with(|problems| {
                let worst = check::worst_on_line(problems, line).filter(|p| p.severity != Severity::Info);
                worst.map(|p| (tone(p.severity), check::sentence(&p.message)))
            })
        });
        view! {
            <span class="code-line" id=format!("line-{number}") data-tone=move || mark.get().map(|(tone, _)| tone)>
                {move || text.with(|text| pieces(text))}
                {move || mark.get().map(|(_, note)| view! { <span class="code-note">{note}</span> })}
                "\n"
            </span>
        }
    };
    view! { <pre class="json-lines" aria-hidden="true"><For each=numbers key=|number| *number children=line/></pre> }
}

fn pieces(text: &str) -> Vec<AnyView> {
    let piece = |kind: Option<&'static str>, text: &str| match kind {
        Some(class) => view! { <span class=class>{text.to_owned()}</span> }.into_any(),
        None => text.to_owned().into_any(),
    };
    highlight(text).into_iter().map(|part| piece(part.kind.class(), part.text)).collect()
}

/// The tone in which findings of a severity are shown.
pub const fn tone(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
        Severity::Info => "info",
    }
}

/// Takes over what was typed before the page came alive, then follows the signal.
fn keep_same(node: NodeRef<html::Textarea>, bound: RwSignal<String>) {
    Effect::new(move |before: Option<()>| {
        let wanted = bound.get();
        let Some(area) = node.get() else { return };
        let shown = unix_lines(&area.value());
        if shown == wanted {
            return;
        }
        if before.is_none() { bound.set(shown) } else { area.set_value(&wanted) }
    });
}

/// Goes where the list of problems sends the reader.
fn follow_caret(node: NodeRef<html::Textarea>, draft: Draft) {
    Effect::new(move || {
        let Some((line, column, length)) = draft.caret.get() else { return };
        let Some(area) = node.get() else { return };
        draft.caret.set(None);
        let (from, to) = draft.text.with_untracked(|text| typing::selection(text, line, column, length));
        let _ = area.focus();
        let _ = area.set_selection_range(from, to);
        if let Some(line) = document().get_element_by_id(&format!("line-{line}")) {
            line.scroll_into_view();
        }
    });
}

/// Tab indents unless Esc was pressed just before, so that the keyboard can leave; Enter keeps the indentation.
fn keydown(event: &KeyboardEvent, node: NodeRef<html::Textarea>, leaving: StoredValue<bool>) {
    let key = event.key();
    if key == "Shift" {
        return;
    }
    let may_leave = leaving.get_value();
    leaving.set_value(key == "Escape");
    if event.is_composing() || event.ctrl_key() || event.alt_key() || event.meta_key() || may_leave {
        return;
    }
    let Some(area) = node.get_untracked().filter(|area| !area.read_only()) else { return };
    let selection = area.selection_start().ok().flatten().zip(area.selection_end().ok().flatten());
    let Some((from, to)) = selection else { return };
    let edit = match key.as_str() {
        "Tab" => typing::tab(&area.value(), from, to, event.shift_key()),
        "Enter" if !event.shift_key() => typing::enter(&area.value(), from, to),
        _ => return,
    };
    event.prevent_default();
    insert(&area, &edit);
}

/// Types for the reader, by the one way that the browser can undo.
fn insert(area: &web_sys::HtmlTextAreaElement, edit: &TextEdit) {
    let _ = area.set_selection_range(edit.range.0, edit.range.1);
    let page: JsValue = document().into();
    let run = js_sys::Reflect::get(&page, &"execCommand".into())
        .ok()
        .and_then(|f| f.dyn_into::<js_sys::Function>().ok());
    if let Some(run) = run {
        let _ = run.call3(&page, &"insertText".into(), &false.into(), &edit.with.as_str().into());
    }
    let _ = area.set_selection_range(edit.select.0, edit.select.1);
}
