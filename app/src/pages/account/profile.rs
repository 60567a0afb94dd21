//! What one is called.

use leptos::prelude::*;
use model::{paths, team::Account};

use crate::{
    components::{Button, TextInput},
    pages::dialogs::{Failed, failure_of, leave_when_done},
    server_fns::team::ChangeName,
};

/// Changes it.
#[component]
pub(super) fn ProfileForm(account: Account, reload: Callback<()>) -> impl IntoView {
    let change = ServerAction::<ChangeName>::new();
    let failure = failure_of(change);
    let error = Signal::derive(move || failure.get().and_then(|f| f.field("name").map(str::to_owned)));
    leave_when_done(change, || "Your name is saved.".to_owned(), reload, paths::ACCOUNT.to_owned());
    view! {
        <ActionForm action=change attr:class="form">
            <TextInput name="name" label="Name" value=account.name required=true maxlength=100 autocomplete="name" error/>
            <Button label="Save".to_owned() submit=true busy=change.pending()/>
            <Failed failure/>
        </ActionForm>
    }
}
