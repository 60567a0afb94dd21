//! Signing in: a plain form, so that it works before and without WASM.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{access::CONFIRMED_MINUTES, paths, session::RefusedForm};

use crate::{
    components::{Button, Kind, Notice, PageHeader, PasswordInput, TextInput, Tone},
    shell::Gate,
};

/// The sign-in page. `?next=` says where to go afterwards, `?problem=` why the last try failed.
#[component]
pub fn SignInPage() -> impl IntoView {
    let (problem, next) = use_query_map()
        .with_untracked(|q| (q.get("problem").unwrap_or_default(), q.get("next").unwrap_or_default()));
    let refused = refused_form();
    view! {
        <Gate>
            <div class="gate-card">
                <PageHeader title="Sign in" top=true/>
                {notice(&problem)}
                <form class="form" method="post" action=paths::POST_SIGN_IN>
                    <input type="hidden" name="next" value=next/>
                    <TextInput name="email" label="Email" kind="email" value=refused.email required=true autocomplete="username"/>
                    <PasswordInput name="password" label="Password" autocomplete="current-password"/>
                    <Button label="Sign in" kind=Kind::Primary submit=true wide=true/>
                </form>
            </div>
            <p class="gate-note">"Several failed tries pause signing in for a short while."</p>
        </Gate>
    }
    .into_any()
}

/// Asks for the one-time code of somebody whose password was right.
#[component]
pub fn CodePage() -> impl IntoView {
    let (problem, next) = use_query_map()
        .with_untracked(|q| (q.get("problem").unwrap_or_default(), q.get("next").unwrap_or_default()));
    let problem = if problem == "credentials" { "code".to_owned() } else { problem };
    let help = "The six digits that your authenticator app shows, or one of your recovery codes.";
    view! {
        <Gate>
            <div class="gate-card">
                <PageHeader title="One more step" top=true/>
                {notice(&problem)}
                <form class="form" method="post" action=paths::POST_SIGN_IN_CODE>
                    <input type="hidden" name="next" value=next/>
                    <TextInput name="code" label="One-time code" required=true autocomplete="one-time-code" mono=true maxlength=40 help=help.to_owned()/>
                    <Button label="Sign in" kind=Kind::Primary submit=true wide=true/>
                </form>
            </div>
            <p class="gate-note"><a href=paths::SIGN_IN rel="external">"Sign in as somebody else"</a></p>
        </Gate>
    }
    .into_any()
}

/// Asks a signed-in person to show that it is they, before what is dangerous. `?next=` says where to go on.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let (problem, next) = use_query_map()
        .with_untracked(|q| (q.get("problem").unwrap_or_default(), q.get("next").unwrap_or_default()));
    let problem = if problem == "credentials" { "confirm".to_owned() } else { problem };
    let back = if paths::is_local(&next) { next.clone() } else { paths::OVERVIEW.to_owned() };
    let subtitle = format!("Counts for {CONFIRMED_MINUTES} minutes, in this browser alone.");
    view! {
        <Gate>
            <div class="gate-card">
                <PageHeader title="Show that it is you" top=true subtitle=subtitle.into_any()/>
                {notice(&problem)}
                <form class="form" method="post" action=paths::POST_CONFIRM>
                    <input type="hidden" name="next" value=next/>
                    <PasswordInput name="password" label="Password" autocomplete="current-password" optional=true/>
                    <TextInput name="code" label="or a one-time code" autocomplete="one-time-code" mono=true maxlength=40 optional=true/>
                    <Button label="Go on" kind=Kind::Primary submit=true wide=true/>
                </form>
            </div>
            <p class="gate-note"><a href=back rel="external">"Back, without it"</a></p>
        </Gate>
    }
    .into_any()
}

/// The words for each problem. Closed: whatever else stands in the address says nothing.
fn notice(problem: &str) -> Option<AnyView> {
    let (tone, title, text) = match problem {
        "" => return None,
        "credentials" => (
            Tone::Bad,
            "Not signed in",
            "No account has this email and password. Check both, then try again.",
        ),
        "code" => (
            Tone::Bad,
            "Not signed in",
            "This code is not right, or was used already. Wait for the next one and type it.",
        ),
        "confirm" => {
            (Tone::Bad, "That is not right", "Neither the password nor the code is yours. Try again.")
        }
        "limited" => (
            Tone::Warn,
            "Too many tries",
            "Signing in is paused for a short while. Wait a minute, then try again.",
        ),
        "busy" => (
            Tone::Warn,
            "Holdfast is busy",
            "Many requests arrive at this moment. Wait a few seconds, then try again.",
        ),
        "fields" => (Tone::Bad, "Not signed in", "Fill in both fields, then try again."),
        "ended" => (Tone::Info, "Your session has ended", "Sign in again to go on where you were."),
        "database" => (
            Tone::Bad,
            "The database does not answer",
            "Nobody can sign in until it does. Try again in a moment; if it goes on, check that Postgres runs.",
        ),
        _ => (
            Tone::Bad,
            "Not signed in",
            "Something went wrong on our side. Try again; the server's log has more.",
        ),
    };
    Some(view! { <Notice tone title>{text}</Notice> }.into_any())
}

/// What a refused form left for this page view. The server renders with it, and the browser gets the same.
pub(super) fn refused_form() -> RefusedForm {
    SharedValue::new(|| kept_by_server().unwrap_or_default()).into_inner()
}

#[cfg(feature = "ssr")]
fn kept_by_server() -> Option<RefusedForm> {
    use_context::<http::request::Parts>()?.extensions.get::<RefusedForm>().cloned()
}

#[cfg(not(feature = "ssr"))]
const fn kept_by_server() -> Option<RefusedForm> {
    None
}
