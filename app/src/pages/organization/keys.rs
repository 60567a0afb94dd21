//! The keyboard in the tree: one tab stop; arrows, Home and End move between rows, open and close them; Enter follows the
//! row's own link. The rows are moved in the page directly: thousands of them need no signal each.

use leptos::{ev::KeyboardEvent, html::Tbody, prelude::*, wasm_bindgen::JsCast};
use model::organization::TreeRow;
use web_sys::{Element, HtmlElement};

use crate::components::tree::keyboard::{Move, on_key};

/// Once the page is alive, only the links of the row that has the focus are tab stops.
pub(super) fn one_tab_stop(body: NodeRef<Tbody>) {
    Effect::new(move || {
        if let Some(body) = body.get() {
            let rows = rows_of(&body);
            // The row that was the tab stop may have been closed away.
            let stop = rows.iter().rposition(is_stop).unwrap_or(0);
            for (at, row) in rows.iter().enumerate() {
                set_stop(row, at == stop);
            }
        }
    });
}

/// What to do on a key in the table's body.
pub(super) fn on_keydown(rows: Vec<TreeRow>) -> impl Fn(KeyboardEvent) + 'static {
    move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let Some(row) = target.as_ref().and_then(|t| t.closest("tr").ok().flatten()) else { return };
        let Some(body) = row.parent_element() else { return };
        let shown = rows_of(&body);
        let Some(at) = shown.iter().position(|r| **r == row) else { return };
        let on_row = target.is_some_and(|t| t == row);
        match (event.key().as_str(), act(&rows, &shown, at, &event.key())) {
            ("Enter", _) if on_row => follow(&row, "a[data-main]"),
            (_, Act::Focus(to)) => focus(&shown, to),
            (_, Act::Toggle) => follow(&row, "a[data-toggle]"),
            _ => return,
        }
        event.prevent_default();
    }
}

enum Act {
    Focus(usize),
    Toggle,
    Nothing,
}

/// The rows in the page are those of the tree and, between them, the ways to more: positions are translated.
fn act(rows: &[TreeRow], shown: &[HtmlElement], at: usize, key: &str) -> Act {
    let is_more = |row: &HtmlElement| row.get_attribute("aria-posinset").is_none();
    let of_tree = |at: usize| shown.iter().take(at).filter(|row| !is_more(row)).count();
    let in_page =
        |at: usize| shown.iter().enumerate().filter(|(_, row)| !is_more(row)).nth(at).map(|(i, _)| i);
    match key {
        // Up and down pass over every row, also those that lead to more.
        "ArrowDown" => return Act::Focus((at + 1).min(shown.len().saturating_sub(1))),
        "ArrowUp" => return Act::Focus(at.saturating_sub(1)),
        _ if shown.get(at).is_some_and(is_more) => return Act::Nothing,
        _ => (),
    }
    match on_key(rows, of_tree(at), key) {
        Move::To(to) => in_page(to).map_or(Act::Nothing, Act::Focus),
        Move::Toggle(_) => Act::Toggle,
        Move::None => Act::Nothing,
    }
}

fn rows_of(body: &Element) -> Vec<HtmlElement> {
    let children = body.children();
    (0..children.length()).filter_map(|i| children.item(i)?.dyn_into().ok()).collect()
}

fn focus(rows: &[HtmlElement], to: usize) {
    for row in rows.iter().filter(|row| is_stop(row)) {
        set_stop(row, false);
    }
    if let Some(row) = rows.get(to) {
        set_stop(row, true);
        let _ = row.focus();
    }
}

fn is_stop(row: &HtmlElement) -> bool {
    row.get_attribute("tabindex").as_deref() == Some("0")
}

fn set_stop(row: &Element, reachable: bool) {
    let _ = row.set_attribute("tabindex", if reachable { "0" } else { "-1" });
    let Ok(links) = row.query_selector_all("a") else { return };
    for link in (0..links.length()).filter_map(|i| links.item(i)?.dyn_into::<Element>().ok()) {
        let _ = link.set_attribute("tabindex", if reachable { "0" } else { "-1" });
    }
}

fn follow(row: &Element, link: &str) {
    if let Some(link) = row.query_selector(link).ok().flatten().and_then(|l| l.dyn_into::<HtmlElement>().ok())
    {
        link.click();
    }
}
