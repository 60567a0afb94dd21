//! Inviting somebody, and the link that is shown once.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    Role, paths,
    team::{LinkPurpose, NewLink},
};

use super::roles::capital;
use crate::{
    components::{Choice, CopyLine, Dialog, Kind, Notice, Select, TextInput, Time, Tone},
    pages::{
        dialogs::{Failed, FormButton, failure_of},
        places::PlacesField,
    },
    refused::refused as form_refused,
    server_fns::team::InvitePerson,
};

const FORM: &str = "invite";

/// Roles to choose among, and what the chosen one means.
#[component]
pub(super) fn RoleField(role: Role, error: Signal<Option<String>>) -> impl IntoView {
    let chosen = RwSignal::new(role);
    let choices = Role::ALL.map(|role| Choice::new(role.as_str(), capital(role.word()))).to_vec();
    let choose = Callback::new(move |name: String| {
        if let Ok(role) = name.parse() {
            chosen.set(role);
        }
    });
    let help = Signal::derive(move || Some(chosen.get().purpose().to_owned()));
    view! { <Select name="role" label="Role" choices value=role.as_str() help error on_change=choose/> }
}

/// Invites somebody.
#[component]
pub(super) fn InviteDialog(reload: Callback<()>) -> impl IntoView {
    let invite = ServerAction::<InvitePerson>::new();
    let made = move || invite.value().get().and_then(Result::ok);
    let on_close = leave_with(made, reload);
    let failure = failure_of(invite);
    let error = move |field: &'static str| {
        Signal::derive(move || failure.get().and_then(|f| f.field(field).map(str::to_owned)))
    };
    let post = form_refused::<InvitePerson>();
    let typed = |field: &str| post.as_ref().map(|(post, _)| post.field(field).to_owned()).unwrap_or_default();
    let (email, name, places) = (typed("email"), typed("name"), typed("places"));
    let role = typed("role").parse().unwrap_or(Role::Viewer);
    let limited = typed("scope") == "below";
    let done = Signal::derive(move || made().is_some());
    let disabled = Signal::derive(move || done.get().then(|| "Invited.".to_owned()));
    let action =
        view! { <FormButton verb="Invite" kind=Kind::Primary disabled busy=invite.pending() form=FORM/> };
    view! {
        <Dialog title="Invite a person" close=paths::TEAM on_close begun=done action=action.into_any()>
            <ActionForm action=invite attr:id=FORM attr:class="form">
                <TextInput name="email" label="Email" kind="email" value=email required=true maxlength=254 autocomplete="off" error=error("email")/>
                <TextInput name="name" label="Name" value=name required=true maxlength=100 autocomplete="off" error=error("name")/>
                <RoleField role error=error("role")/>
                <PlacesField limited places error=error("places")/>
                <Failed failure/>
            </ActionForm>
            {move || made().map(|link| view! { <LinkOnce link/> })}
        </Dialog>
    }
}

/// Leaves a dialog that shows something once. The page is read anew only then: that puts it together again, and with it the
/// dialog, without what it showed.
pub(super) fn leave_with<T: 'static>(
    made: impl Fn() -> Option<T> + Send + Sync + 'static,
    reload: Callback<()>,
) -> Callback<()> {
    let navigate = use_navigate();
    Callback::new(move |()| {
        if untrack(&made).is_some() {
            reload.run(());
        }
        navigate(paths::TEAM, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    })
}

/// A link that is shown this once.
#[component]
pub(super) fn LinkOnce(link: NewLink) -> impl IntoView {
    let address = format!("{}{}", origin(), link.path);
    let title = match link.purpose {
        LinkPurpose::Invitation => format!("{} is invited. The link is shown this once.", link.email),
        LinkPurpose::Reset => format!("A link for {}. It is shown this once.", link.email),
    };
    view! {
        <Notice tone=Tone::Good title=title>
            <CopyLine what="the one-time link" word="Link" text=address/>
            <p>"Send it yourself: Holdfast sends no mail. It works once, until "<Time at=link.expires_at/>"."</p>
        </Notice>
    }
}

/// `https://host`; empty on the server, where no such link is shown.
fn origin() -> String {
    if cfg!(feature = "ssr") { String::new() } else { window().location().origin().unwrap_or_default() }
}
