//! The tree is one tab stop: arrows, Home and End move between its rows, open and close them. The rows are moved in the
//! page directly: thousands of them need no signal each.

use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    prelude::*,
    tachys::html::element::ElementType,
    wasm_bindgen::JsCast,
};
use web_sys::{Element, HtmlElement};

use super::keyboard::{Move, Stop, on_key};

/// Whether the controls of the row that has the focus are tab stops too, or only the row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    Reachable,
    Hidden,
}

/// Makes one row the tab stop, once the page is alive: until then each control is one.
pub(super) fn one_tab_stop<E>(body: NodeRef<E>, inner: Inner)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    Effect::new(move || {
        if let Some(body) = body.get() {
            let rows = rows_of(body.unchecked_ref());
            // The row that was the tab stop may have been closed away.
            let stop = rows.iter().rposition(is_stop).unwrap_or(0);
            for (at, row) in rows.iter().enumerate() {
                set_stop(row, at == stop, inner);
            }
        }
    });
}

/// What has the focus is the tab stop from now on.
pub(super) fn on_focusin(event: &FocusEvent, inner: Inner) {
    let Some((_, row)) = row_of(event) else { return };
    if is_stop(&row) {
        return;
    }
    for other in row.parent_element().iter().flat_map(rows_of).filter(is_stop) {
        set_stop(&other, false, inner);
    }
    set_stop(&row, true, inner);
}

/// What to do on a key in the tree whose lines have these stops.
pub(super) fn on_keydown(event: &KeyboardEvent, stops: &[Stop]) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some((target, row)) = row_of(event) else { return };
    let Some(rows) = row.parent_element().as_ref().map(rows_of) else { return };
    let Some(at) = rows.iter().position(|other| *other == row) else { return };
    let on_row = target == *row.unchecked_ref::<Element>();
    match (event.key().as_str(), on_key(stops, at, &event.key())) {
        ("Enter" | " ", _) if on_row && has_box(&row) => click(&row, CHECKBOX),
        ("Enter", _) if on_row => click(&row, "a[data-main]"),
        (_, Move::To(to)) => {
            if let Some(row) = rows.get(to) {
                let _ = row.focus();
            }
        }
        (_, Move::Toggle) => click(&row, "a[data-toggle]"),
        (_, Move::None) => return,
    }
    event.prevent_default();
}

/// Whether a row was clicked on one of its own controls, which knows what to do.
pub(super) fn is_on_control(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("a, input").ok().flatten().is_some())
}

const CHECKBOX: &str = "input[type=checkbox]";

/// What the event came from, and the row that holds it.
fn row_of(event: &web_sys::Event) -> Option<(Element, HtmlElement)> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let row = target.closest("[data-depth]").ok().flatten()?.dyn_into().ok()?;
    Some((target, row))
}

fn rows_of(body: &Element) -> Vec<HtmlElement> {
    let children = body.children();
    (0..children.length()).filter_map(|i| children.item(i)?.dyn_into().ok()).collect()
}

fn is_stop(row: &HtmlElement) -> bool {
    row.get_attribute("tabindex").as_deref() == Some("0")
}

fn set_stop(row: &Element, reachable: bool, inner: Inner) {
    let tabindex = |reachable| if reachable { "0" } else { "-1" };
    let _ = row.set_attribute("tabindex", tabindex(reachable));
    let Ok(controls) = row.query_selector_all("a, input") else { return };
    for control in (0..controls.length()).filter_map(|i| controls.item(i)?.dyn_into::<Element>().ok()) {
        let _ = control.set_attribute("tabindex", tabindex(reachable && inner == Inner::Reachable));
    }
}

fn has_box(row: &Element) -> bool {
    row.query_selector(CHECKBOX).ok().flatten().is_some()
}

/// Clicks the row's own control, where it has one; a disabled one stays as it is.
fn click(row: &Element, control: &str) {
    let control = row.query_selector(control).ok().flatten();
    if let Some(control) = control.and_then(|control| control.dyn_into::<HtmlElement>().ok()) {
        control.click();
    }
}
