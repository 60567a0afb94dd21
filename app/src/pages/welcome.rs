//! The first administrator: who holds the link that the server printed at its first start becomes it.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{Failure, FailureCode, paths, session::RefusedForm};

use super::sign_in::refused_form;
use crate::{
    components::{Button, Kind, LinkButton, Notice, PageHeader, PasswordInput, TextInput, Tone},
    shell::Gate,
};

/// The page of the first administrator. `?token=` comes from the link, `?problem=` says why the last try failed.
#[component]
pub fn WelcomePage() -> impl IntoView {
    let (token, problem) = use_query_map()
        .with_untracked(|q| (q.get("token").unwrap_or_default(), q.get("problem").unwrap_or_default()));
    let RefusedForm { email, name, problems } = refused_form();
    let failure = Failure::from(FailureCode::Invalid { fields: problems });
    let [bad_name, bad_email, bad_password] =
        ["name", "email", "password"].map(|field| failure.field(field).map(str::to_owned));
    view! {
        <Gate>
            <div class="gate-card">
                <PageHeader
                    title="Create the first administrator"
                    top=true
                    subtitle=view! { "This account may do everything. It can add others later." }.into_any()
                />
                {notice(&problem, token.is_empty())}
                <form class="form" method="post" action=paths::POST_WELCOME>
                    <input type="hidden" name="token" value=token/>
                    <TextInput name="name" label="Name" value=name required=true maxlength=100 autocomplete="name" error=bad_name/>
                    <TextInput
                        name="email"
                        label="Email"
                        kind="email"
                        value=email
                        required=true
                        maxlength=254
                        autocomplete="username"
                        help="You sign in with it. No mail is sent.".to_owned()
                        error=bad_email
                    />
                    <PasswordInput
                        name="password"
                        label="Password"
                        autocomplete="new-password"
                        new=true
                        error=bad_password
                    />
                    <Button label="Create administrator" kind=Kind::Primary submit=true wide=true/>
                </form>
            </div>
        </Gate>
    }
    .into_any()
}

/// The words for each problem. Closed: whatever else stands in the address says nothing.
fn notice(problem: &str, no_token: bool) -> Option<AnyView> {
    let (tone, title, text) = match problem {
        "token" => {
            let action = view! { <LinkButton label="Sign in" href=paths::SIGN_IN reload=true/> }.into_any();
            let text = "It has been used, or it is not the one that the server printed last. If an administrator exists \
                        already, sign in instead.";
            return Some(
                view! { <Notice tone=Tone::Bad title="This link does not work" action>{text}</Notice> }
                    .into_any(),
            );
        }
        "fields" => (Tone::Warn, "Some fields need another look", "Each says below what is wrong."),
        "database" => {
            (Tone::Bad, "The database does not answer", "Nothing was created. Try again in a moment.")
        }
        "limited" => (
            Tone::Warn,
            "Too many tries",
            "Tries from this network are paused for a quarter of an hour. Then open the newest link again.",
        ),
        "busy" => {
            (Tone::Warn, "Holdfast is busy", "Nothing was created. Wait a few seconds, then try again.")
        }
        "" if no_token => (
            Tone::Info,
            "This page needs the link that the server printed",
            "At its first start the server prints a link that ends in a token. Open exactly that link.",
        ),
        "" => return None,
        _ => (
            Tone::Bad,
            "Nothing was created",
            "Something went wrong on our side. Try again; the server's log has more.",
        ),
    };
    Some(view! { <Notice tone title>{text}</Notice> }.into_any())
}
