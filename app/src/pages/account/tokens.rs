//! One's own tokens.

use leptos::prelude::*;
use model::{paths, team::Account};

use crate::{
    components::{Button, Card, LinkButton, Size, icons},
    pages::tokens::{NewTokenDialog, TokenList},
};

/// The tokens that speak for one, and the way to another.
#[component]
pub(super) fn TokensCard(account: Account, reload: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(false);
    let on_close = Callback::new(move |made: bool| {
        open.set(false);
        if made {
            reload.run(());
        }
    });
    let actions = view! {
        <LinkButton label="Type a program’s code" href=paths::DEVICE size=Size::Small/>
        <div data-needs-script=""><Button label="New token".to_owned() size=Size::Small icon=icons::ADD on_click=move |_| open.set(true)/></div>
    };
    let note = "a token does what it was made for, and nothing else";
    let Account { tokens, places, now, .. } = account;
    view! {
        <Card title="Tokens" note=note.into_any() actions=actions.into_any() flush=true>
            <TokenList tokens places now reload/>
        </Card>
        {move || open.get().then(|| view! { <NewTokenDialog close=paths::ACCOUNT.to_owned() on_close/> })}
    }
}
