//! JSON for reading.

use leptos::{html, prelude::*, wasm_bindgen::JsCast};

use super::highlight::highlight;
use crate::components::label::Tone;

/// A remark on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Counted from 1.
    pub line: u32,
    /// What about it; empty to mark only.
    pub note: String,
    pub tone: Tone,
}

/// JSON with line numbers and colours. Lines can be marked, each with a remark at its end.
#[component]
pub fn CodeBlock(
    #[prop(into)] content: String,
    /// What it is; spoken when the block is reached by keyboard to scroll it.
    #[prop(into)]
    label: String,
    #[prop(optional)] marks: Vec<Mark>,
    /// With a frame of its own, where it does not stand in a flush card.
    #[prop(optional)]
    framed: bool,
) -> impl IntoView {
    let lines: Vec<_> =
        content.lines().zip(1_u32..).map(|(text, number)| line(text, number, &marks)).collect();
    let block = NodeRef::new();
    if !marks.is_empty() {
        show_first_mark(block);
    }
    view! {
        <div class="code-block" node_ref=block data-framed=framed role="region" aria-label=label tabindex="0">
            <pre><code>{lines}</code></pre>
        </div>
    }
}

/// Scrolls the block, not the page, so that the first marked line is in sight.
fn show_first_mark(block: NodeRef<html::Div>) {
    Effect::new(move || {
        let Some(block) = block.get() else { return };
        // It has no place yet while its page is put together.
        request_animation_frame(move || {
            let mark = block.query_selector("[data-tone]").ok().flatten();
            if let Some(mark) = mark.and_then(|mark| mark.dyn_into::<web_sys::HtmlElement>().ok()) {
                block.set_scroll_top(mark.offset_top() - block.client_height() / 3);
            }
        });
    });
}

fn line(text: &str, number: u32, marks: &[Mark]) -> AnyView {
    let pieces: Vec<_> = highlight(text)
        .into_iter()
        .map(|piece| view! { <span class=piece.kind.class()>{piece.text.to_owned()}</span> })
        .collect();
    let mut of_line = marks.iter().filter(|m| m.line == number).peekable();
    let tone = of_line.peek().map(|mark| mark.tone.as_str());
    let notes: Vec<_> = of_line
        .filter(|mark| !mark.note.is_empty())
        .map(|mark| view! { <span class="code-note">{mark.note.clone()}</span> })
        .collect();
    view! { <span class="code-line" data-tone=tone>{pieces}{notes}"\n"</span> }.into_any()
}
