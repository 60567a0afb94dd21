//! What one signs in with.

use leptos::prelude::*;
use model::{
    paths,
    team::{Account, LAST_WAY_IN},
};

use super::{
    codes::{CodesDialog, RecoveryCodes},
    passkeys::{AddDialog, RemovePasskeyDialog, RenameDialog, passkey_row},
};
use crate::{
    components::{Button, Card, Dialog, Kind, ListRow, Notice, PasswordInput, Size, Time, Tone, icons},
    pages::{
        dialogs::{Failed, FormButton, failure_of, leave_when_done},
        team::confirm_first,
    },
    server_fns::team::{ChangePassword, MakeRecoveryCodes, RemoveCodes},
    words::counted,
};

const PASSWORD_FORM: &str = "change-password";
/// Fewer recovery codes than this are worth a warning.
const FEW: u64 = 4;

/// What is open over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Password,
    Codes,
    Remove,
    Recovery,
    AddPasskey,
    RenamePasskey(i64),
    RemovePasskey(i64),
}

/// Passkeys, password, one-time codes and recovery codes.
#[component]
pub(super) fn MeansCard(account: Account, confirmed: bool, reload: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(None::<Open>);
    let close = Callback::new(move |()| open.set(None));
    let button = move |label: &'static str, what: Open| {
        view! { <Button label=label.to_owned() size=Size::Small on_click=move |_| open.set(Some(what))/> }
            .into_any()
    };
    let means = account.means.clone();
    let changed = match account.password_changed_at {
        Some(at) => view! { "changed "<Time at/> }.into_any(),
        None if means.password => "as it was chosen at first".into_any(),
        None => "none".into_any(),
    };
    let (codes, codes_action) = if means.codes {
        ("set up: a code is asked for beside your password", button("Remove", Open::Remove))
    } else if means.passkeys > 0 {
        ("not set up: a passkey is asked for beside your password", button("Set up", Open::Codes))
    } else {
        ("not set up: whoever knows your password is you", button("Set up", Open::Codes))
    };
    let left = means.recovery_codes;
    let recovery = means.codes.then(|| {
        let note = format!("{} left, for when your phone is not at hand", counted(left, "code"));
        let action = button("Make new", Open::Recovery);
        view! { <ListRow icon=icons::AUDIT title="Recovery codes" note=note.into_any() warn=left < FEW action needs_script=true/> }
    });
    let passkeys = account.passkeys.clone();
    let kept = (!means.password && means.passkeys == 1).then_some(LAST_WAY_IN);
    let (opened, now) = (passkeys.clone(), account.now);
    let passkey = move |id: i64| opened.iter().find(|passkey| passkey.id == id).cloned();
    let dialog = move || match open.get()? {
        Open::AddPasskey => Some(view! { <AddDialog close/> }.into_any()),
        Open::RenamePasskey(id) => {
            passkey(id).map(|passkey| view! { <RenameDialog passkey close reload/> }.into_any())
        }
        Open::RemovePasskey(id) => {
            passkey(id).map(|passkey| view! { <RemovePasskeyDialog passkey kept close reload/> }.into_any())
        }
        Open::Password => Some(view! { <PasswordDialog close reload/> }.into_any()),
        Open::Codes => Some(view! { <CodesDialog close reload/> }.into_any()),
        Open::Remove => Some(view! { <RemoveDialog close reload/> }.into_any()),
        Open::Recovery => Some(view! { <RecoveryDialog close reload/> }.into_any()),
    };
    let elsewhere = !means.password && !means.providers.is_empty();
    let add = (!elsewhere).then(|| {
        let label = "Add a passkey".to_owned();
        view! { <span data-needs-script=""><Button label icon=icons::ADD size=Size::Small on_click=move |_| open.set(Some(Open::AddPasskey))/></span> }
            .into_any()
    });
    let own = (!elsewhere).then(|| {
        let rows: Vec<_> = passkeys
            .iter()
            .map(|passkey| {
                let id = passkey.id;
                let choose = Callback::new(move |rename: bool| {
                    open.set(Some(if rename { Open::RenamePasskey(id) } else { Open::RemovePasskey(id) }));
                });
                passkey_row(passkey, now, choose)
            })
            .collect();
        // A password is set by a one-time link alone where there is none, and codes stand beside one.
        let password = means.password.then(|| {
            view! {
                <ListRow icon=icons::LOCK title="Password" note=changed action=button("Change", Open::Password) needs_script=true/>
                <ListRow icon=icons::KEY title="One-time codes" note=codes.into_any() warn=!means.second_factor() action=codes_action needs_script=true/>
            }
        });
        view! { {rows}{password}{recovery} }
    });
    let providers: Vec<_> = means
        .providers
        .iter()
        .map(|title| {
            let note = format!("Your password and factors are kept at {title}, and changed there.");
            view! { <ListRow icon=icons::KEY title=title.clone() note=note.into_any()/> }
        })
        .collect();
    view! {
        {(!confirmed).then(confirm_first)}
        <Card title="Ways to sign in" actions=add.unwrap_or_else(|| ().into_any()) flush=true>
            <ul class="settings-list">
                {providers}
                {own}
            </ul>
        </Card>
        {dialog}
    }
}

#[component]
fn PasswordDialog(close: Callback<()>, reload: Callback<()>) -> impl IntoView {
    let change = ServerAction::<ChangePassword>::new();
    let failure = failure_of(change);
    let error = move |field: &'static str| {
        Signal::derive(move || failure.get().and_then(|f| f.field(field).map(str::to_owned)))
    };
    let done = Callback::new(move |()| {
        reload.run(());
        close.run(());
    });
    leave_when_done(
        change,
        || "Your password is changed; all other sessions have ended.".to_owned(),
        done,
        paths::ACCOUNT.to_owned(),
    );
    let action = view! { <FormButton verb="Change password" kind=Kind::Primary busy=change.pending() form=PASSWORD_FORM/> };
    view! {
        <Dialog title="Change your password" close=paths::ACCOUNT on_close=close action=action.into_any()>
            <ActionForm action=change attr:id=PASSWORD_FORM attr:class="form">
                <PasswordInput name="current_password" label="Password until now" autocomplete="current-password" error=error("current_password")/>
                <PasswordInput
                    name="password"
                    label="New password"
                    autocomplete="new-password"
                    new=true
                    error=error("password")
                />
                <p class="muted">"All other sessions end."</p>
                <Failed failure/>
            </ActionForm>
        </Dialog>
    }
}

#[component]
fn RemoveDialog(close: Callback<()>, reload: Callback<()>) -> impl IntoView {
    let remove = ServerAction::<RemoveCodes>::new();
    let done = Callback::new(move |()| {
        reload.run(());
        close.run(());
    });
    leave_when_done(remove, || "One-time codes are removed.".to_owned(), done, paths::ACCOUNT.to_owned());
    let action =
        view! { <FormButton verb="Remove" kind=Kind::Danger busy=remove.pending() form="remove-codes"/> };
    view! {
        <Dialog title="Remove one-time codes" close=paths::ACCOUNT on_close=close action=action.into_any()>
            <ActionForm action=remove attr:id="remove-codes">
                <Notice tone=Tone::Warn title="What changes">
                    "Your password alone lets in again. The recovery codes end with it."
                </Notice>
            </ActionForm>
            <Failed failure=failure_of(remove)/>
        </Dialog>
    }
}

#[component]
fn RecoveryDialog(close: Callback<()>, reload: Callback<()>) -> impl IntoView {
    let make = ServerAction::<MakeRecoveryCodes>::new();
    let made = move || make.value().get().and_then(Result::ok);
    let leave = Callback::new(move |()| {
        if made().is_some() {
            reload.run(());
        }
        close.run(());
    });
    let done = Signal::derive(move || made().is_some());
    let disabled = Signal::derive(move || done.get().then(|| "They are made.".to_owned()));
    let action = view! { <FormButton verb="Make new codes" kind=Kind::Primary disabled busy=make.pending() form="recovery-codes"/> };
    view! {
        <Dialog title="Make new recovery codes" close=paths::ACCOUNT on_close=leave begun=done action=action.into_any()>
            <ActionForm action=make attr:id="recovery-codes">
                <p>"Those that you have end. The new ones are shown once."</p>
            </ActionForm>
            {move || made().map(|codes| view! { <RecoveryCodes codes/> })}
            <Failed failure=failure_of(make)/>
        </Dialog>
    }
}
