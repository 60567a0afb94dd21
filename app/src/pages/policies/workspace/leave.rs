//! Keeps an unsaved draft from being lost: asks once before leaving, and keeps it in the browser while its tab is open.

use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys,
};
use leptos_router::hooks::use_navigate;
use model::{PolicyId, paths};

use super::{
    draft::Draft,
    stored_draft::{StoredDraft, storage_key},
};
use crate::components::{Button, Dialog, Kind, Notice, Tone};

/// Forgets what was typed for a policy: it is saved, or given up.
pub fn forget(id: Option<&PolicyId>) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&storage_key(id));
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps the draft and asks before it is left behind. `home` is the path under which it stays on the screen.
#[component]
pub fn Guard(draft: Draft, home: String) -> impl IntoView {
    let restored = RwSignal::new(false);
    keep(draft, restored);
    let wanted = RwSignal::new(None::<String>);
    warn_on_unload(draft);
    catch_links(draft, home.clone(), wanted);
    let navigate = use_navigate();
    let leave = Callback::new(move |()| {
        if let Some(path) = wanted.get_untracked() {
            draft.restart(draft.saved.get_untracked());
            draft.id.with_value(|id| forget(id.as_ref()));
            navigate(&path, Default::default());
        }
    });
    let question = move || {
        let home = home.clone();
        wanted.get().map(|_| {
            let action = view! { <Button label="Leave without saving" kind=Kind::Danger on_click=move |_| leave.run(())/> };
            view! {
                <Dialog title="Leave without saving?" close=home on_close=move |()| wanted.set(None) action=action.into_any()>
                    <p>"Your changes to this policy are not saved. If you leave, they are lost."</p>
                </Dialog>
            }
        })
    };
    let notice = move || {
        restored.get().then(|| {
            let discard = move |_| {
                draft.restart(draft.saved.get_untracked());
                restored.set(false);
            };
            let action =
                view! { <Button label="Discard them" size=crate::components::Size::Small on_click=discard/> };
            view! {
                <Notice tone=Tone::Info title="Your unsaved changes are back" action=action.into_any()>
                    "They were kept in this browser tab."
                </Notice>
            }
        })
    };
    view! {
        {notice}
        {question}
    }
}

/// Brings back what this tab has kept, then keeps every change for as long as it is not saved.
fn keep(draft: Draft, restored: RwSignal<bool>) {
    let looked = RwSignal::new(false);
    let bring_back = move || {
        if let Some(kept) = kept(draft) {
            draft.name.set(kept.draft.name);
            draft.description.set(kept.draft.description);
            draft.text.set(kept.draft.content);
            // What it began from: if that is not what AWS has any more, saving says so and shows both.
            draft.opened.set(kept.opened);
            restored.set(true);
        }
        looked.set(true);
    };
    // A moment later: the fields take over first what was typed before the page came alive.
    Effect::new(move || request_animation_frame(bring_back));
    Effect::new(move || {
        let (typed, dirty) = (draft.typed(), draft.is_dirty());
        let (Some(storage), true) = (storage(), looked.get()) else { return };
        let key = draft.id.with_value(|id| storage_key(id.as_ref()));
        if dirty {
            let kept = StoredDraft { opened: draft.opened.get_untracked(), draft: typed };
            let _ = storage.set_item(&key, &kept.to_text());
        } else {
            let _ = storage.remove_item(&key);
            restored.set(false);
        }
    });
}

/// What this tab has kept, if it differs from what is saved.
fn kept(draft: Draft) -> Option<StoredDraft> {
    let key = draft.id.try_with_value(|id| storage_key(id.as_ref()))?;
    let kept = StoredDraft::from_text(&storage()?.get_item(&key).ok()??)?;
    draft.saved.with_untracked(|saved| *saved != kept.draft).then_some(kept)
}

/// The browser's own question when the tab is closed or another site is entered.
fn warn_on_unload(draft: Draft) {
    Effect::new(move || {
        let handle = window_event_listener(ev::beforeunload, move |event| {
            if draft.is_dirty() && !draft.comes_back.get_value() {
                event.prevent_default();
            }
        });
        on_cleanup(move || handle.remove());
    });
}

/// Our own question when a link leads away. Caught on its way down, before the router sees it.
fn catch_links(draft: Draft, home: String, wanted: RwSignal<Option<String>>) {
    Effect::new(move || {
        let home = home.clone();
        let listener = Closure::<dyn FnMut(web_sys::MouseEvent)>::new(move |event: web_sys::MouseEvent| {
            let Some(path) = leads_to(&event) else { return };
            if stays(&path, paths::SIGN_IN) {
                draft.comes_back.set_value(true);
            } else if untrack(|| draft.is_dirty()) && !stays(&path, &home) {
                event.prevent_default();
                event.stop_propagation();
                wanted.set(Some(path));
            }
        });
        let target: web_sys::EventTarget = document().into();
        let function = listener.as_ref().unchecked_ref::<leptos::web_sys::js_sys::Function>();
        let _ = target.add_event_listener_with_callback_and_bool("click", function, true);
        let kept = StoredValue::new_local(Some(listener));
        on_cleanup(move || {
            if let Some(listener) = kept.try_update_value(Option::take).flatten() {
                let function = listener.as_ref().unchecked_ref::<leptos::web_sys::js_sys::Function>();
                let _ = target.remove_event_listener_with_callback_and_bool("click", function, true);
            }
        });
    });
}

/// Where a plain click on a link of this site leads; `None` for everything else.
fn leads_to(event: &web_sys::MouseEvent) -> Option<String> {
    let plain = event.button() == 0
        && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let link = element.closest("a[href]").ok().flatten()?;
    let elsewhere = link.has_attribute("target") || link.has_attribute("download");
    let href = link.get_attribute("href")?;
    (plain && !elsewhere && paths::is_local(&href)).then_some(href)
}

/// Whether the draft stays on the screen at this path: its tabs and dialogs.
fn stays(path: &str, home: &str) -> bool {
    path.strip_prefix(home).is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '/', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_and_dialogs_of_a_policy_do_not_leave_it() {
        let home = "/policies/p-12345678";
        for path in ["/policies/p-12345678", "/policies/p-12345678?tab=json", "/policies/p-12345678/attach"] {
            assert!(stays(path, home), "{path}");
        }
        for path in ["/policies", "/policies/p-123456789", "/", "/policies/p-12345678x?tab=json"] {
            assert!(!stays(path, home), "{path}");
        }
    }
}
