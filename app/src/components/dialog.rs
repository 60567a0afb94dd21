//! Dialogs: the browser's own `<dialog>`, which traps the focus, closes on Esc and gives the focus back.

use leptos::{
    ev::{Event, MouseEvent},
    html,
    prelude::*,
};
use leptos_router::{NavigateOptions, hooks::use_navigate};

use super::{
    button::{Button, LinkButton},
    label::{Icon, icons},
};

/// A dialog, shown as long as it is rendered. Its title begins with a verb, which is also the word of its main button.
/// Without scripts it stands open in the page, and closing it follows `close`.
#[component]
pub fn Dialog(
    /// Begins with a verb.
    #[prop(into)]
    title: String,
    /// Path that shows the page without the dialog.
    #[prop(into)]
    close: String,
    /// Closes it in place instead of going to `close`.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    /// Wider, for trees and comparisons.
    #[prop(optional)]
    large: bool,
    /// True once leaving takes nothing back: “Close” instead of “Cancel”.
    #[prop(optional, into)]
    begun: Signal<bool>,
    /// The main button; “Cancel” stands before it.
    #[prop(optional)]
    action: Option<AnyView>,
    /// At the footer's start: a count, a quota.
    #[prop(optional)]
    note: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    open_modal(node);
    let navigate = use_navigate();
    let leave = {
        let close = close.clone();
        Callback::new(move |()| {
            // Closing first gives the focus back to what opened the dialog.
            if let Some(dialog) = node.get_untracked() {
                dialog.close();
            }
            match on_close {
                Some(on_close) => on_close.run(()),
                None => navigate(&close, NavigateOptions { scroll: false, ..Default::default() }),
            }
        })
    };
    let on_cancel = move |event: Event| {
        event.prevent_default();
        leave.run(());
    };
    let on_click = move |event: MouseEvent| {
        event.prevent_default();
        leave.run(());
    };
    let word = move || if begun.get() { "Close".to_owned() } else { "Cancel".to_owned() };
    let cancel = match on_close {
        Some(_) => view! { <Button label=Signal::derive(word) on_click/> }.into_any(),
        None => {
            let close = close.clone();
            let link = move || view! { <LinkButton label=word() href=close.clone() stay=true/> };
            view! { <span on:click=on_click>{link}</span> }.into_any()
        }
    };
    view! {
        <dialog class="dialog" node_ref=node open=true data-size=large.then_some("large") aria-labelledby="dialog-title" on:cancel=on_cancel>
            <header class="dialog-header">
                <h2 id="dialog-title">{title}</h2>
                <a class="button" data-size="icon" href=close aria-label="Close" data-noscroll="" on:click=on_click>
                    <Icon icon=icons::CLOSE size=18/>
                </a>
            </header>
            <div class="dialog-body">{children()}</div>
            <footer class="dialog-footer">
                {note.map(|note| view! { <span class="dialog-note">{note}</span> })}
                {cancel}
                {action}
            </footer>
        </dialog>
    }
}

/// Rendered open for readers without scripts; made modal once the page is alive.
fn open_modal(node: NodeRef<html::Dialog>) {
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        let show = move || {
            dialog.close();
            // It fails where the element has left the page already: nothing to show then.
            let _ = dialog.show_modal();
        };
        // What waited for its data is put together before it has its place in the page.
        if node.get_untracked().is_some_and(|dialog| dialog.is_connected()) {
            show();
        } else {
            request_animation_frame(show);
        }
    });
}
