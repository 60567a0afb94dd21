//! What one is called, and the zone that times are shown in.

use leptos::prelude::*;
use model::{paths, team::Account};

use crate::{
    components::{Button, TextInput},
    pages::dialogs::{Failed, failure_of, leave_when_done},
    server_fns::team::ChangeProfile,
};

/// Changes both.
#[component]
pub(super) fn ProfileForm(account: Account, reload: Callback<()>) -> impl IntoView {
    let change = ServerAction::<ChangeProfile>::new();
    let failure = failure_of(change);
    let error = move |field: &'static str| {
        Signal::derive(move || failure.get().and_then(|f| f.field(field).map(str::to_owned)))
    };
    leave_when_done(
        change,
        || "Your name and time zone are saved.".to_owned(),
        reload,
        paths::ACCOUNT.to_owned(),
    );
    let help =
        "As the IANA database names it, as Europe/Berlin. Kept for what is coming; times are shown in UTC."
            .to_owned();
    view! {
        <ActionForm action=change attr:class="form">
            <TextInput name="name" label="Name" value=account.name required=true maxlength=100 autocomplete="name" error=error("name")/>
            <TextInput name="time_zone" label="Time zone" value=account.time_zone optional=true maxlength=60 autocomplete="off" help=help error=error("time_zone")/>
            <Button label="Save".to_owned() submit=true busy=change.pending()/>
            <Failed failure/>
        </ActionForm>
    }
}
