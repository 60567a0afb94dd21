//! One-time links: an invitation, or a new password.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{
    Failure, FailureCode, paths,
    session::{JoinLink, ProviderLink, RefusedForm},
    team::LinkPurpose,
};

use super::sign_in::{
    notice as provider_notice, or, provider_buttons, provider_links, providers, refused_form,
};
use crate::{
    components::{
        Button, Kind, LinkButton, Notice, PageHeader, PasskeyButton, PasskeyUse, PasswordInput, TextInput,
        Tone, load,
    },
    server_fns,
    shell::Gate,
};

const FORM: &str = "join";

/// The page of a one-time link. `?token=` comes from the link, `?problem=` says why the last try failed.
#[component]
pub fn JoinPage() -> impl IntoView {
    let (token, problem) = use_query_map()
        .with_untracked(|q| (q.get("token").unwrap_or_default(), q.get("problem").unwrap_or_default()));
    let link = {
        let token = token.clone();
        Resource::new(|| (), move |()| server_fns::join_link(token.clone()))
    };
    let (refused, providers) = (refused_form(), providers());
    let body = load(link, move |link| match link {
        Some(link) => form(link, token.clone(), &problem, refused.clone(), &providers),
        None => {
            let action = view! { <LinkButton label="Sign in" href=paths::SIGN_IN reload=true/> }.into_any();
            view! {
                <PageHeader title="This link does not work" top=true/>
                <Notice tone=Tone::Bad title="It has been used, or it is too old" action>
                    "Each link works once, for 24 hours, and a newer one ends it. Ask an administrator for a new one."
                </Notice>
            }
            .into_any()
        }
    });
    view! { <Gate><div class="gate-card">{body}</div></Gate> }.into_any()
}

fn form(
    link: JoinLink,
    token: String,
    problem: &str,
    refused: RefusedForm,
    providers: &[ProviderLink],
) -> AnyView {
    let failure = Failure::from(FailureCode::Invalid { fields: refused.problems });
    let [bad_name, bad_password] = ["name", "password"].map(|field| failure.field(field).map(str::to_owned));
    let name = if refused.name.is_empty() { link.name } else { refused.name };
    let (title, note, button) = match link.purpose {
        LinkPurpose::Invitation => ("Join Holdfast", "You were invited as", "Join"),
        LinkPurpose::Reset => {
            ("Choose a new password", "All sessions, one-time codes and passkeys end, of", "Change password")
        }
    };
    let subtitle = view! { {note}" "<strong>{link.email.clone()}</strong>"." }.into_any();
    let verb = match link.purpose {
        LinkPurpose::Invitation => "Join with",
        LinkPurpose::Reset => "From now on sign in with",
    };
    let href = |provider: &ProviderLink| paths::provider_join(&provider.name, &token);
    if !link.local {
        return view! {
            <PageHeader title top=true subtitle/>
            {notice(problem)}
            <p>"People sign in at an identity provider here: passwords and passkeys are off."</p>
            {provider_links(providers, verb, href)}
        }
        .into_any();
    }
    let ways = provider_buttons(providers, verb, href);
    view! {
        <PageHeader title top=true subtitle/>
        {notice(problem)}
        {ways}
        <form class="form" id=FORM method="post" action=paths::POST_JOIN>
            <input type="hidden" name="token" value=token.clone()/>
            <input type="hidden" name="passkey"/>
            <input type="hidden" name="email" value=link.email autocomplete="username"/>
            <TextInput name="name" label="Name" value=name required=true maxlength=100 autocomplete="name" error=bad_name/>
            <PasswordInput
                name="password"
                label="Password"
                autocomplete="new-password"
                new=true
                error=bad_password
            />
            <Button label=button.to_owned() kind=Kind::Primary submit=true wide=true/>
        </form>
        {or()}
        <PasskeyButton what=PasskeyUse::Join label="Use a passkey instead" wide=true token form=FORM/>
    }
    .into_any()
}

/// The words for each problem. Closed: whatever else stands in the address says nothing.
fn notice(problem: &str) -> Option<AnyView> {
    let (tone, title, text) = match problem {
        "" | "token" => return None,
        _ if problem.starts_with("provider-") => return provider_notice(problem),
        "fields" => (Tone::Warn, "Some fields need another look", "Each says below what is wrong."),
        "passkey" => (
            Tone::Warn,
            "No passkey was made",
            "The browser's answer was not right, or came too late. Try again, or choose a password.",
        ),
        "database" => {
            (Tone::Bad, "The database does not answer", "Nothing was changed. Try again in a moment.")
        }
        "limited" => (
            Tone::Warn,
            "Too many tries",
            "Tries from this network are paused for a quarter of an hour. Then open the link again.",
        ),
        "busy" => {
            (Tone::Warn, "Holdfast is busy", "Nothing was changed. Wait a few seconds, then try again.")
        }
        _ => {
            (Tone::Bad, "Not done", "Something went wrong on our side. Try again; the server's log has more.")
        }
    };
    Some(view! { <Notice tone title>{text}</Notice> }.into_any())
}
