//! What somebody may do, and where.

use leptos::prelude::*;
use model::{
    Role,
    access::Scope,
    paths,
    team::{GrantSource, Member},
};

use super::invite::RoleField;
use crate::{
    components::{Dialog, Kind, Notice, Tone},
    pages::{
        dialogs::{Failed, FormButton, failure_of, leave_when_done},
        places::PlacesField,
    },
    server_fns::team::GiveRights,
};

const FORM: &str = "rights";

/// Gives somebody another role, or another part of the organization.
#[component]
pub(super) fn RightsDialog(
    member: Member,
    /// Why they must stay an administrator of everything.
    #[prop(optional_no_strip)]
    kept: Option<&'static str>,
    reload: Callback<()>,
) -> impl IntoView {
    let give = ServerAction::<GiveRights>::new();
    let failure = failure_of(give);
    let error = move |field: &'static str| {
        Signal::derive(move || failure.get().and_then(|f| f.field(field).map(str::to_owned)))
    };
    let name = member.name.clone();
    leave_when_done(give, move || format!("{name} has the new role."), reload, paths::TEAM.to_owned());
    let own = member.given.iter().find(|given| !matches!(given.source, GrantSource::Mapping { .. }));
    let role = own.map_or(Role::Viewer, |given| given.grant.role);
    let (limited, places) = match own.map(|given| &given.grant.scope) {
        Some(Scope::Below(tops)) => {
            (true, tops.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        }
        _ => (false, String::new()),
    };
    let mapped: Vec<_> = member
        .given
        .iter()
        .filter(|given| matches!(given.source, GrantSource::Mapping { .. }))
        .map(|given| view! { <li>{given.grant.words()}": "{given.source.words()}</li> })
        .collect();
    let mapped = (!mapped.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Info title="Groups of the identity provider count beside it">
                <ul>{mapped}</ul>
                "They cannot be changed here: they come and go with the groups."
            </Notice>
        }
    });
    let sessions = (member.sessions > 0)
        .then(|| view! { <p class="muted">"Their sessions end: they sign in anew with the new role."</p> });
    let disabled = Signal::derive(move || kept.map(str::to_owned));
    let action =
        view! { <FormButton verb="Change role" kind=Kind::Primary disabled busy=give.pending() form=FORM/> };
    view! {
        <Dialog title=format!("Change the role of {}", member.name) close=paths::TEAM action=action.into_any()>
            <ActionForm action=give attr:id=FORM attr:class="form">
                <input type="hidden" name="id" value=member.id.to_string()/>
                {kept.map(|why| view! { <Notice tone=Tone::Warn title="Not possible now">{why}</Notice> })}
                <RoleField role error=error("role")/>
                <PlacesField limited places error=error("places")/>
                {mapped}
                {sessions}
                <Failed failure/>
            </ActionForm>
        </Dialog>
    }
}
