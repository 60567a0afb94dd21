//! Passkeys: a button that asks the browser for one, and sends a form with its answer.

mod browser;

use leptos::{prelude::*, task::spawn_local};

use super::{
    button::{Button, Kind},
    label::icons,
};
use browser::{Support, Unanswered};

/// What a passkey is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasskeyUse {
    SignIn,
    Join,
    Confirm,
    Add,
}

impl PasskeyUse {
    /// As the server knows it.
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Join => "join",
            Self::Confirm => "confirm",
            Self::Add => "add",
        }
    }

    /// Whether a new one is made.
    const fn makes(self) -> bool {
        matches!(self, Self::Join | Self::Add)
    }

    /// Where the form with the answer goes.
    const fn post(self) -> &'static str {
        match self {
            Self::SignIn => model::paths::POST_PASSKEY_SIGN_IN,
            Self::Join => model::paths::POST_PASSKEY_JOIN,
            Self::Confirm => model::paths::POST_PASSKEY_CONFIRM,
            Self::Add => model::paths::POST_PASSKEY_ADD,
        }
    }
}

/// Asks the browser for a passkey, and then sends the form with its answer in the place of a password. Where there are no scripts
/// or no passkeys, a word says so in its place.
#[component]
pub fn PasskeyButton(
    what: PasskeyUse,
    #[prop(into)] label: String,
    #[prop(optional)] kind: Kind,
    /// Takes the whole width.
    #[prop(optional)]
    wide: bool,
    /// Of a one-time link.
    #[prop(optional, into)]
    token: String,
    /// Id of the form that is sent.
    form: &'static str,
) -> impl IntoView {
    let support = RwSignal::new(None::<Support>);
    Effect::new(move || support.set(Some(browser::support())));
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<&'static str>));
    let token = StoredValue::new(token);
    let ask = move |_| {
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = browser::ask(what.name(), what.makes(), &token.get_value()).await;
            match answer.and_then(|answer| browser::send(form, what.post(), &answer)) {
                // The page is left.
                Ok(()) => (),
                Err(why) => {
                    let _ = problem.try_set(Some(words(&why)));
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    let missing = move || support.get().and_then(Support::missing);
    // Until scripts have looked, nothing is offered.
    let absent = move || support.get() != Some(Support::Yes);
    view! {
        <div class="passkey">
            <noscript><p class="muted">"Passkeys need scripts, which are off in this browser."</p></noscript>
            {move || missing().map(|why| view! { <p class="muted">{why}</p> })}
            <div hidden=absent>
                <Button label=label.clone() kind wide icon=icons::PASSKEY busy on_click=ask/>
            </div>
            <p class="field-error" role="alert" hidden=move || problem.with(Option::is_none)>{move || problem.get()}</p>
        </div>
    }
}

const fn words(why: &Unanswered) -> &'static str {
    match why {
        Unanswered::Declined => "No passkey was chosen, or it took too long. Try again.",
        Unanswered::Known => "There is a passkey of yours on this authenticator already.",
        Unanswered::Unconfirmed => "Show that it is you first: your password, a code or a passkey.",
        Unanswered::Link => "This link has been used, or it is too old. Ask an administrator for a new one.",
        Unanswered::Limited => "Too many tries from this network. Wait a quarter of an hour.",
        Unanswered::Server => "The server does not answer as it should. Try again in a moment.",
        Unanswered::Browser => "The browser could not use a passkey here. Try again, or choose another way.",
    }
}
