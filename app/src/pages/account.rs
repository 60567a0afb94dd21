//! One's own account: who one is, how and where one is signed in.

mod codes;
mod means;
mod passkeys;
mod profile;
mod sessions;
mod tokens;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::{access::CONFIRMED_MINUTES, paths, team::Account};

use crate::{
    components::{Button, Card, Fact, KeyValue, Notice, PageHeader, Pill, Time, Tone, icons, load_page},
    error::AppError,
    server_fns,
    shell::PreferenceChoices,
};
use means::MeansCard;
use profile::ProfileForm;
use sessions::SessionsCard;
use tokens::TokensCard;

/// The page of one's own account.
#[component]
pub fn AccountPage() -> impl IntoView {
    let account = Resource::new(|| (), |()| read());
    let reload = Callback::new(move |()| account.refetch());
    let problem = use_query_map().with_untracked(|query| query.get("problem")).unwrap_or_default();
    load_page(account, move |(account, confirmed)| {
        let sign_out = view! {
            <form method="post" action=paths::POST_SIGN_OUT><Button label="Sign out".to_owned() icon=icons::SIGN_OUT submit=true/></form>
        };
        let subtitle = "How you sign in, where you are signed in, and what acts for you";
        view! {
            <PageHeader title="Account" subtitle=subtitle.into_any() actions=sign_out.into_any()/>
            {account.must_set_up.then(set_up_first)}
            {passkeys::notice(&problem)}
            <div class="account">
                <div class="account-main">
                    <SessionsCard sessions=account.sessions.clone() now=account.now reload/>
                    <MeansCard account=account.clone() confirmed reload/>
                    <TokensCard account=account.clone() reload/>
                </div>
                <div class="account-aside">
                    <Who account=account.clone() confirmed/>
                    <Card title="How it looks"><PreferenceChoices/></Card>
                    <Card title="Your name"><ProfileForm account reload/></Card>
                </div>
            </div>
        }
    })
}

/// Whoever must have a second factor is led here, and can do nothing else before.
fn set_up_first() -> impl IntoView {
    view! {
        <div class="page-notice">
            <Notice tone=Tone::Warn title="Set up a second factor first">
                "Your account must have one: add a passkey or set up one-time codes below. Until then nothing else is open to you."
            </Notice>
        </div>
    }
}

async fn read() -> Result<(Account, bool), AppError> {
    let account = server_fns::account().await?;
    Ok((account, server_fns::frame().await?.me.is_some_and(|me| me.confirmed)))
}

#[component]
fn Who(account: Account, confirmed: bool) -> impl IntoView {
    let given: Vec<_> = account
        .given
        .iter()
        .map(|given| {
            view! { <div>{account.words(&given.grant)}<span class="sub">{given.source.words()}</span></div> }
        })
        .collect();
    let changed = account
        .password_changed_at
        .map(|at| view! { <Fact label="Password"><span>"changed "<Time at/></span></Fact> });
    let fresh = if confirmed {
        view! { <Pill text="confirmed" tone=Tone::Good icon=icons::CHECK/> }.into_any()
    } else {
        view! { <a href=paths::confirm_then(paths::ACCOUNT) rel="external">"Show that it is you"</a> }
            .into_any()
    };
    view! {
        <Card title=account.name.clone()>
            <KeyValue>
                <Fact label="Email">{account.email.clone()}</Fact>
                <Fact label="Role">{given}</Fact>
                {changed}
                <Fact label="Password or factor">
                    {fresh}<span class="sub">{format!("counts for {CONFIRMED_MINUTES} minutes for what is dangerous")}</span>
                </Fact>
            </KeyValue>
        </Card>
    }
}
