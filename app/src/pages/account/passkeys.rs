//! One's own passkeys.

use leptos::prelude::*;
use model::{paths, team::Passkey};
use time::OffsetDateTime;

use crate::{
    components::{
        Button, Dialog, Kind, ListRow, Notice, PasskeyButton, PasskeyUse, Size, TextInput, Time, Tone, icons,
    },
    pages::dialogs::{Failed, FormButton, failure_of, leave_when_done},
    server_fns::team::{RemovePasskey, RenamePasskey},
};

const ADD_FORM: &str = "add-passkey";
const RENAME_FORM: &str = "rename-passkey";
const REMOVE_FORM: &str = "remove-passkey";

/// One of them in the list. `choose` opens the dialog that renames it, or else the one that removes it.
pub(super) fn passkey_row(passkey: &Passkey, now: OffsetDateTime, choose: Callback<bool>) -> AnyView {
    let used = match passkey.used_at {
        Some(at) => view! { "last used "<Time at now=Some(now)/> }.into_any(),
        None => "never used".into_any(),
    };
    let name = passkey.name.clone();
    let action = |label: &str, rename: bool| {
        let (label, about) = (label.to_owned(), name.clone());
        view! { <Button label about kind=Kind::Quiet size=Size::Small on_click=move |_| choose.run(rename)/> }
    };
    let note = view! { "passkey, made "<Time at=passkey.made_at/>" · "{used} }.into_any();
    let actions = view! { {action("Rename", true)}{action("Remove", false)} }.into_any();
    view! { <ListRow icon=icons::PASSKEY title=passkey.name.clone() note action=actions needs_script=true/> }
        .into_any()
}

/// Adds one: its name, and then the browser asks.
#[component]
pub(super) fn AddDialog(close: Callback<()>) -> impl IntoView {
    let action = view! { <PasskeyButton what=PasskeyUse::Add label="Add" kind=Kind::Primary form=ADD_FORM/> };
    let help = "To tell it from others: where it is kept, as “Laptop” or “Blue key”.".to_owned();
    view! {
        <Dialog title="Add a passkey" close=paths::ACCOUNT on_close=close action=action.into_any()>
            <form id=ADD_FORM class="form" method="post" action=paths::POST_PASSKEY_ADD>
                <TextInput name="name" label="Name" value="Passkey" required=true maxlength=60 autocomplete="off" help/>
                <input type="hidden" name="passkey"/>
                <p class="muted">
                    "It lets in by itself, with your fingerprint, face or PIN, which never leave your device. A password alone does not let in from then on."
                </p>
            </form>
        </Dialog>
    }
}

/// Calls one otherwise.
#[component]
pub(super) fn RenameDialog(passkey: Passkey, close: Callback<()>, reload: Callback<()>) -> impl IntoView {
    let rename = ServerAction::<RenamePasskey>::new();
    let failure = failure_of(rename);
    let error = Signal::derive(move || failure.get().and_then(|f| f.field("name").map(str::to_owned)));
    let done = done(close, reload);
    leave_when_done(rename, || "The passkey is renamed.".to_owned(), done, paths::ACCOUNT.to_owned());
    let action =
        view! { <FormButton verb="Rename" kind=Kind::Primary busy=rename.pending() form=RENAME_FORM/> };
    view! {
        <Dialog title="Rename a passkey" close=paths::ACCOUNT on_close=close action=action.into_any()>
            <ActionForm action=rename attr:id=RENAME_FORM attr:class="form">
                <input type="hidden" name="id" value=passkey.id.to_string()/>
                <TextInput name="name" label="Name" value=passkey.name required=true maxlength=60 autocomplete="off" error/>
                <Failed failure/>
            </ActionForm>
        </Dialog>
    }
}

/// Removes one.
#[component]
pub(super) fn RemovePasskeyDialog(
    passkey: Passkey,
    /// Why it must stay.
    #[prop(optional_no_strip)]
    kept: Option<&'static str>,
    close: Callback<()>,
    reload: Callback<()>,
) -> impl IntoView {
    let remove = ServerAction::<RemovePasskey>::new();
    leave_when_done(
        remove,
        || "The passkey is removed.".to_owned(),
        done(close, reload),
        paths::ACCOUNT.to_owned(),
    );
    let disabled = Signal::derive(move || kept.map(str::to_owned));
    let action = view! { <FormButton verb="Remove" kind=Kind::Danger disabled busy=remove.pending() form=REMOVE_FORM/> };
    view! {
        <Dialog title=format!("Remove “{}”", passkey.name) close=paths::ACCOUNT on_close=close action=action.into_any()>
            <ActionForm action=remove attr:id=REMOVE_FORM>
                <input type="hidden" name="id" value=passkey.id.to_string()/>
                <Notice tone=Tone::Warn title="What changes">
                    "It does not let in any more. Your device may go on offering it: remove it there, too."
                </Notice>
                {kept.map(|why| view! { <Notice tone=Tone::Warn title="Not possible now">{why}</Notice> })}
            </ActionForm>
            <Failed failure=failure_of(remove)/>
        </Dialog>
    }
}

fn done(close: Callback<()>, reload: Callback<()>) -> Callback<()> {
    Callback::new(move |()| {
        reload.run(());
        close.run(());
    })
}

/// Why a passkey was not added. Closed: whatever else stands in the address says nothing.
pub(super) fn notice(problem: &str) -> Option<AnyView> {
    let text = match problem {
        "passkey" => "The browser's answer was not right, came too late, or is a passkey that is known here.",
        "name" => "Give it a name of 1 to 60 characters.",
        "many" => "You have as many passkeys as there may be, or sign in at an identity provider.",
        _ => return None,
    };
    let title = "The passkey was not added";
    Some(view! { <div class="page-notice"><Notice tone=Tone::Warn title>{text}</Notice></div> }.into_any())
}
