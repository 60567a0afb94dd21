//! Service accounts, and the tokens of somebody in the team.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use model::{
    Role, paths,
    team::{Member, Team},
};

use super::invite::RoleField;
use crate::{
    components::{Dialog, Kind, LinkButton, TextInput, icons},
    pages::{
        dialogs::{Failed, FormButton, failure_of, leave_when_done},
        places::PlacesField,
        tokens::{NewTokenDialog, TokenList},
    },
    server_fns::team::MakeServiceAccount,
};

const FORM: &str = "service-account";

/// Adds a service account.
#[component]
pub(super) fn ServiceAccountDialog(reload: Callback<()>) -> impl IntoView {
    let make = ServerAction::<MakeServiceAccount>::new();
    let failure = failure_of(make);
    let error = move |field: &'static str| {
        Signal::derive(move || failure.get().and_then(|f| f.field(field).map(str::to_owned)))
    };
    leave_when_done(
        make,
        || "The service account is made. It may do nothing until you make a token of it.".to_owned(),
        reload,
        paths::TEAM.to_owned(),
    );
    let action =
        view! { <FormButton verb="Make service account" kind=Kind::Primary busy=make.pending() form=FORM/> };
    let help = "A program of its own in the team, as “nightly-report”: lower-case letters, digits, hyphens."
        .to_owned();
    view! {
        <Dialog title="New service account" close=paths::TEAM action=action.into_any()>
            <ActionForm action=make attr:id=FORM attr:class="form">
                <TextInput name="name" label="Name" help required=true mono=true maxlength=40 autocomplete="off" error=error("name")/>
                <RoleField role=Role::Viewer error=error("role")/>
                <PlacesField error=error("places")/>
                <Failed failure/>
            </ActionForm>
        </Dialog>
    }
}

/// Somebody's tokens.
#[component]
pub(super) fn TokensDialog(member: Member, team: Team, reload: Callback<()>) -> impl IntoView {
    let owner = member.id;
    let action = member.service.then(|| {
        let href = format!("{}?do=new-token&person={owner}", paths::TEAM);
        view! { <LinkButton label="New token" icon=icons::ADD kind=Kind::Primary href stay=true/> }.into_any()
    });
    let tokens = team.tokens_of(owner).cloned().collect();
    view! {
        <Dialog title=format!("Tokens of {}", member.name) close=paths::TEAM action=action.unwrap_or_else(|| ().into_any())>
            <TokenList tokens places=team.places owner=Some(owner) now=team.now reload/>
        </Dialog>
    }
}

/// Makes a token of a service account.
#[component]
pub(super) fn ServiceTokenDialog(member: Member, reload: Callback<()>) -> impl IntoView {
    let navigate = use_navigate();
    let tokens = format!("{}?do=tokens&person={}", paths::TEAM, member.id);
    let on_close = {
        let tokens = tokens.clone();
        Callback::new(move |made: bool| {
            if made {
                reload.run(());
            }
            navigate(&tokens, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        })
    };
    view! { <NewTokenDialog account=Some((member.id, member.name)) close=tokens on_close/> }
}
