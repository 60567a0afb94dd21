//! Setting up an authenticator app.

use leptos::prelude::*;
use model::team::NewCodes;

use crate::{
    components::{CodeBlock, CopyLine, Dialog, Kind, Notice, TextInput, Tone, load},
    pages::dialogs::{Failed, FormButton, failure_of},
    server_fns::{self, team::FinishCodes},
};

const FORM: &str = "finish-codes";
/// Light squares around a QR code, without which readers do not see it.
const QUIET: usize = 4;

/// Shows a new secret, takes the first code of it, and shows the recovery codes once.
#[component]
pub(super) fn CodesDialog(close: Callback<()>, reload: Callback<()>) -> impl IntoView {
    let secret = Resource::new(|| (), |()| server_fns::begin_codes());
    let finish = ServerAction::<FinishCodes>::new();
    let made = move || finish.value().get().and_then(Result::ok);
    let failure = failure_of(finish);
    let error = Signal::derive(move || failure.get().and_then(|f| f.field("code").map(str::to_owned)));
    let leave = Callback::new(move |()| {
        if made().is_some() {
            reload.run(());
        }
        close.run(());
    });
    let done = Signal::derive(move || made().is_some());
    let disabled = Signal::derive(move || done.get().then(|| "They are set up.".to_owned()));
    let action =
        view! { <FormButton verb="Set up" kind=Kind::Primary disabled busy=finish.pending() form=FORM/> };
    let begun = load(secret, move |codes| view! { <Secret codes/> });
    view! {
        <Dialog title="Set up one-time codes" close=model::paths::ACCOUNT on_close=leave begun=done action=action.into_any()>
            <div hidden=done>
                {begun}
                <ActionForm action=finish attr:id=FORM attr:class="form">
                    <TextInput
                        name="code"
                        label="Code that the app shows now"
                        required=true
                        mono=true
                        maxlength=10
                        autocomplete="one-time-code"
                        error
                    />
                    <Failed failure/>
                </ActionForm>
            </div>
            {move || made().map(|codes| view! { <RecoveryCodes codes/> })}
        </Dialog>
    }
}

#[component]
fn Secret(codes: NewCodes) -> impl IntoView {
    let NewCodes { secret, picture, .. } = codes;
    view! {
        <p>"Scan this with an authenticator app, or type the secret into it. Then type the code that it shows."</p>
        {qr_code(&picture)}
        <CopyLine what="the secret" word="Secret" text=secret/>
    }
}

/// One path for all dark squares.
fn qr_code(rows: &[String]) -> AnyView {
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        for (x, _) in row.chars().enumerate().filter(|(_, c)| *c == '#') {
            path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    let edge = rows.len() + 2 * QUIET;
    view! {
        <svg class="qr-code" viewBox=format!("0 0 {edge} {edge}") role="img" aria-label="QR code of the secret below" shape-rendering="crispEdges">
            <rect class="qr-code-light" width="100%" height="100%"/>
            <path class="qr-code-dark" d=path/>
        </svg>
    }
    .into_any()
}

/// Recovery codes, which are shown this once.
#[component]
pub(super) fn RecoveryCodes(codes: Vec<String>) -> impl IntoView {
    let content = codes.join("\n");
    view! {
        <Notice tone=Tone::Good title="Keep these recovery codes. They are shown this once.">
            <CodeBlock label="Recovery codes" content framed=true/>
            <p>"Each lets you in once in the place of a one-time code. Print them, or keep them in a password manager."</p>
        </Notice>
    }
}
