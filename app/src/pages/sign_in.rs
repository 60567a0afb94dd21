//! Signing in: a plain form, so that it works before and without WASM.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
#[cfg(feature = "ssr")]
use model::session::LocalSignIn;
use model::{
    access::CONFIRMED_MINUTES,
    paths,
    session::{ProviderLink, RefusedForm},
    team::SignInMeans,
};

use crate::{
    components::{
        Button, Kind, LinkButton, Notice, PageHeader, PasskeyButton, PasskeyUse, PasswordInput, TextInput,
        Tone,
    },
    shell::Gate,
};

const PASSKEY_FORM: &str = "passkey-form";
/// Shows the form to the holder of the break-glass account, where local sign-in is off.
const BREAK_GLASS_WAY: &str = "break-glass";

/// The sign-in page. `?next=` says where to go afterwards, `?problem=` why the last try failed.
#[component]
pub fn SignInPage() -> impl IntoView {
    let (problem, next) = use_query_map()
        .with_untracked(|q| (q.get("problem").unwrap_or_default(), q.get("next").unwrap_or_default()));
    let by_glass = use_query_map().with_untracked(|q| q.get("way")).as_deref() == Some(BREAK_GLASS_WAY);
    let (refused, local) = (refused_form(), local_sign_in());
    let (providers, href) = (providers(), |provider: &ProviderLink| paths::provider(&provider.name, &next));
    let tried = !problem.is_empty() && !problem.starts_with("provider-") && problem != "ended";
    let ways = if local {
        let buttons = provider_buttons(&providers, "Sign in with", href);
        view! { {buttons}{local_form(&refused, &next)} }.into_any()
    } else if by_glass || tried {
        view! {
            <Notice tone=Tone::Warn title="Only the break-glass account signs in here">
                "Local sign-in is off. Each use of this account is written down and shown to all administrators."
            </Notice>
            {local_form(&refused, &next)}
        }
        .into_any()
    } else {
        provider_links(&providers, "Sign in with", href)
    };
    let note = if local || by_glass || tried {
        "Several failed tries pause signing in for a short while.".into_any()
    } else {
        let href = paths::sign_in_by_break_glass(&next);
        view! { <a href=href rel="external">"Use the break-glass account"</a> }.into_any()
    };
    view! {
        <Gate>
            <div class="gate-card">
                <PageHeader title="Sign in" top=true/>
                {notice(&problem)}
                {ways}
            </div>
            <p class="gate-note">{note}</p>
        </Gate>
    }
    .into_any()
}

/// By what Holdfast keeps itself: a password, or a passkey.
fn local_form(refused: &RefusedForm, next: &str) -> AnyView {
    view! {
        <form class="form" method="post" action=paths::POST_SIGN_IN>
            <input type="hidden" name="next" value=next.to_owned()/>
            <TextInput name="email" label="Email" kind="email" value=refused.email.clone() required=true autocomplete="username"/>
            <PasswordInput name="password" label="Password" autocomplete="current-password"/>
            <Button label="Sign in" kind=Kind::Primary submit=true wide=true/>
        </form>
        {by_passkey(next.to_owned())}
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
                    <input type="hidden" name="next" value=next.clone()/>
                    <TextInput name="code" label="One-time code" required=true autocomplete="one-time-code" mono=true maxlength=40 help=help.to_owned()/>
                    <Button label="Sign in" kind=Kind::Primary submit=true wide=true/>
                </form>
                {by_passkey(next)}
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
    let way = match own_provider() {
        Some(provider) => at_provider(&provider, &next),
        None => here(next, &own_means()),
    };
    view! {
        <Gate>
            <div class="gate-card">
                <PageHeader title="Show that it is you" top=true subtitle=subtitle.into_any()/>
                {notice(&problem)}
                {way}
            </div>
            <p class="gate-note"><a href=back rel="external">"Back, without it"</a></p>
        </Gate>
    }
    .into_any()
}

/// By what Holdfast keeps itself: what they have of it.
fn here(next: String, means: &SignInMeans) -> AnyView {
    let (typed, passkeys) = (means.password || means.codes, means.passkeys > 0);
    let typed = typed.then(|| {
        let password = means.password.then(|| {
            view! { <PasswordInput name="password" label="Password" autocomplete="current-password" optional=true/> }
        });
        let code = means.codes.then(|| {
            let label = if means.password { "or a one-time code" } else { "One-time code" };
            view! { <TextInput name="code" label autocomplete="one-time-code" mono=true maxlength=40 optional=true/> }
        });
        view! {
            <form class="form" method="post" action=paths::POST_CONFIRM>
                <input type="hidden" name="next" value=next.clone()/>
                {password}
                {code}
                <Button label="Go on" kind=Kind::Primary submit=true wide=true/>
            </form>
        }
    });
    let or = (typed.is_some() && passkeys).then(or);
    let passkey = passkeys.then(|| {
        let kind = if typed.is_some() { Kind::Normal } else { Kind::Primary };
        passkey_form(PasskeyUse::Confirm, "Use a passkey", kind, next)
    });
    view! { {typed}{or}{passkey} }.into_any()
}

/// By a passkey alone, below another way.
fn by_passkey(next: String) -> AnyView {
    let form = passkey_form(PasskeyUse::SignIn, "Sign in with a passkey", Kind::Normal, next);
    view! { {or()}{form} }.into_any()
}

fn passkey_form(what: PasskeyUse, label: &'static str, kind: Kind, next: String) -> AnyView {
    view! {
        <form id=PASSKEY_FORM method="post">
            <input type="hidden" name="next" value=next/>
            <input type="hidden" name="passkey"/>
            <PasskeyButton what label kind wide=true form=PASSKEY_FORM/>
        </form>
    }
    .into_any()
}

/// Between two ways.
pub(super) fn or() -> AnyView {
    view! { <p class="or" role="separator">"or"</p> }.into_any()
}

/// At the identity provider that the session was begun at.
fn at_provider(provider: &ProviderLink, next: &str) -> AnyView {
    let (label, href) =
        (format!("Sign in again with {}", provider.title), paths::provider_confirm(&provider.name, next));
    view! {
        <p>{provider.title.clone()}" asks for what you sign in with there, and leads back here."</p>
        <div class="providers"><LinkButton label href reload=true kind=Kind::Primary/></div>
    }
    .into_any()
}

/// A button for each identity provider, above a form; nothing where there are none.
pub(super) fn provider_buttons(
    providers: &[ProviderLink],
    verb: &str,
    href: impl Fn(&ProviderLink) -> String,
) -> Option<AnyView> {
    (!providers.is_empty()).then(|| view! { {provider_links(providers, verb, href)}{or()} }.into_any())
}

/// A button for each identity provider, one below the other.
pub(super) fn provider_links(
    providers: &[ProviderLink],
    verb: &str,
    href: impl Fn(&ProviderLink) -> String,
) -> AnyView {
    let buttons: Vec<_> = providers
        .iter()
        .map(|provider| {
            let label = format!("{verb} {}", provider.title);
            view! { <LinkButton label href=href(provider) reload=true/> }
        })
        .collect();
    view! { <div class="providers">{buttons}</div> }.into_any()
}

/// The words for each problem. Closed: whatever else stands in the address says nothing.
pub(super) fn notice(problem: &str) -> Option<AnyView> {
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
        "passkey" => (
            Tone::Bad,
            "That passkey does not let in",
            "It is not known here, or the answer came too late. Try again, or choose another way.",
        ),
        "passkey-too" => (
            Tone::Info,
            "Your password is right, and not enough",
            "You have a passkey, so the password alone does not let in. Sign in with the passkey.",
        ),
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
        _ if problem.starts_with("provider-") => {
            let (title, text) = provider_problem(problem)?;
            (Tone::Bad, title, text)
        }
        _ => (
            Tone::Bad,
            "Not signed in",
            "Something went wrong on our side. Try again; the server's log has more.",
        ),
    };
    Some(view! { <Notice tone title>{text}</Notice> }.into_any())
}

/// What is wrong where an identity provider had its part in it: title and text.
fn provider_problem(problem: &str) -> Option<(&'static str, &'static str)> {
    let words = match problem {
        "provider-away" => (
            "The identity provider does not answer",
            "Try again in a moment. If it goes on, its address in the configuration may be wrong, or Holdfast cannot reach it; the server's log has more.",
        ),
        "provider-not-pending" => (
            "Not signed in",
            "This sign-in took longer than ten minutes, was used already, or was begun in another browser. Start again.",
        ),
        "provider-declined" => (
            "The identity provider did not let you in",
            "You went back, or have no access to this application there. Ask whoever manages the identity provider.",
        ),
        "provider-answer" => (
            "Not signed in",
            "The identity provider's answer is not one that Holdfast believes. Start again; if it goes on, the server's log has the reason.",
        ),
        "provider-no-address" => (
            "Not signed in",
            "The identity provider does not tell your e-mail address, and you are new here. Ask an administrator for an invitation.",
        ),
        "provider-unverified" => (
            "Not signed in",
            "The identity provider does not say that your e-mail address was verified, and you are new here. Ask an administrator for an invitation.",
        ),
        "provider-groups" => (
            "Not signed in",
            "The identity provider did not send your groups, perhaps because there are too many, so it is not known what you may do. Whoever manages it can limit them to those of this application.",
        ),
        "provider-not-invited" => (
            "You are not in the team yet",
            "People come by invitation. Ask an administrator for a one-time link, open it, and choose the identity provider there.",
        ),
        "provider-address-taken" => (
            "Your address has an account already",
            "Somebody signs in to it in another way, so it is not given to whoever comes from an identity provider. If it is yours, ask an administrator for a one-time link, open it, and choose the identity provider there.",
        ),
        "provider-identity-taken" => (
            "Somebody is signed in with this identity already",
            "At the identity provider you are somebody who has another account here. Sign in there as whoever the link is for; the link still works.",
        ),
        "provider-break-glass" => (
            "This is the break-glass account",
            "It signs in here, so that somebody can when no identity provider does. Choose a password or passkey; the link still works.",
        ),
        "provider-link-used" => (
            "This link does not work any more",
            "It has been used, or it is too old. Ask an administrator for a new one.",
        ),
        "provider-disabled" => {
            ("Your account is disabled", "An administrator has disabled it. Ask one to enable it again.")
        }
        "provider-somebody-else" => (
            "That was somebody else",
            "At the identity provider you signed in as another person than here. Try again as yourself.",
        ),
        "provider-not-anew" => (
            "The identity provider did not ask you anew",
            "It does not say that you showed a password or factor just now (auth_time), so it cannot be counted. Some providers need to be told to send it.",
        ),
        _ => return None,
    };
    Some(words)
}

/// The identity providers, in the order of the configuration.
pub(super) fn providers() -> Vec<ProviderLink> {
    SharedValue::new(|| providers_of_server().unwrap_or_default()).into_inner()
}

#[cfg(feature = "ssr")]
fn providers_of_server() -> Option<Vec<ProviderLink>> {
    Some(use_context::<portal::Portal>()?.provider_links())
}

#[cfg(not(feature = "ssr"))]
const fn providers_of_server() -> Option<Vec<ProviderLink>> {
    None
}

/// The identity provider that the session was begun at.
fn own_provider() -> Option<ProviderLink> {
    SharedValue::new(own_provider_of_server).into_inner()
}

#[cfg(feature = "ssr")]
fn own_provider_of_server() -> Option<ProviderLink> {
    use_context::<http::request::Parts>()?.extensions.get::<ProviderLink>().cloned()
}

#[cfg(not(feature = "ssr"))]
const fn own_provider_of_server() -> Option<ProviderLink> {
    None
}

/// Whether local accounts sign in.
fn local_sign_in() -> bool {
    SharedValue::new(|| local_sign_in_of_server().unwrap_or(true)).into_inner()
}

#[cfg(feature = "ssr")]
fn local_sign_in_of_server() -> Option<bool> {
    use_context::<http::request::Parts>()?.extensions.get::<LocalSignIn>().map(|local| local.0)
}

#[cfg(not(feature = "ssr"))]
const fn local_sign_in_of_server() -> Option<bool> {
    None
}

/// What the signed-in person has to show that it is they.
fn own_means() -> SignInMeans {
    SharedValue::new(|| own_means_of_server().unwrap_or_default()).into_inner()
}

#[cfg(feature = "ssr")]
fn own_means_of_server() -> Option<SignInMeans> {
    use_context::<http::request::Parts>()?.extensions.get::<SignInMeans>().cloned()
}

#[cfg(not(feature = "ssr"))]
const fn own_means_of_server() -> Option<SignInMeans> {
    None
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
