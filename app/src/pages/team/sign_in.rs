//! Rules about signing in: who must have a second factor, and whether local accounts sign in.

use leptos::prelude::*;
use model::{
    paths,
    sign_in::SecondFactorRule,
    team::{Team, may_break_glass, why_not_off},
};

use crate::{
    components::{Card, Choice, Dialog, Kind, LinkButton, ListRow, Notice, Select, Size, Time, Tone, icons},
    pages::dialogs::{Failed, FormButton, failure_of, leave_when_done},
    server_fns::team::{SetSecondFactorRule, TurnLocalSignInOff, TurnLocalSignInOn},
};

const FACTOR_FORM: &str = "second-factor";
const OFF_FORM: &str = "local-off";
const ON_FORM: &str = "local-on";

/// What is open over the page, by its name in the address.
pub(super) fn dialog(name: &str, team: &Team, reload: Callback<()>) -> Option<AnyView> {
    match name {
        "second-factor" => Some(view! { <FactorDialog rule=team.rules.second_factor reload/> }.into_any()),
        "local-off" => Some(view! { <OffDialog team=team.clone() reload/> }.into_any()),
        "local-on" => Some(view! { <OnDialog reload/> }.into_any()),
        _ => None,
    }
}

/// The page with a dialog open.
fn open(name: &str) -> String {
    format!("{}?do={name}", paths::TEAM)
}

/// The rules as they are.
#[component]
pub(super) fn SignInCard(team: Team, #[prop(optional_no_strip)] refused: Option<String>) -> impl IntoView {
    let missing = team.members.iter().filter(|member| team.must_set_up(member)).count();
    let missing = (missing > 0).then(|| {
        let words =
            if missing == 1 { "1 has none yet".to_owned() } else { format!("{missing} have none yet") };
        view! { "; "<strong class="warn-text">{words}</strong> }
    });
    let factor = view! { "asked of "{team.rules.second_factor.words()}{missing} }.into_any();
    let change = view! { <LinkButton label="Change" about="who must have a second factor" size=Size::Small href=open("second-factor") stay=true disabled=refused.clone()/> };
    let local = team.members.iter().filter(|member| member.means.local()).count();
    let (icon, words, action) = match &team.rules.local_off {
        None => {
            let words = format!(
                "{local} of {} have a password or passkey here, and sign in with it",
                team.members.len()
            );
            let why = refused.or_else(|| why_not_off(&team.members).map(str::to_owned));
            let note = why.clone().map(|why| view! { <span class="sub">{why}</span> });
            let action = view! { <LinkButton label="Switch off" about="local sign-in" size=Size::Small href=open("local-off") stay=true disabled=why/> };
            (icons::LOCK, view! { {words}{note} }.into_any(), action.into_any())
        }
        Some(off) => {
            let used = match off.used_at {
                Some(at) => view! { <strong class="warn-text">"used "<Time at now=Some(team.now)/></strong> }
                    .into_any(),
                None => "not used since".into_any(),
            };
            let words = view! {
                "switched off by "{off.by.clone()}", "<Time at=off.since/>". Break-glass account: "
                {off.email.clone()}", "{used}
            };
            let action = view! { <LinkButton label="Switch on" about="local sign-in" size=Size::Small href=open("local-on") stay=true disabled=refused/> };
            (icons::STOPPED, words.into_any(), action.into_any())
        }
    };
    let mapping =
        "what a token's groups stand for here can be tried before anybody signs in with it".into_any();
    let trying = view! { <LinkButton label="Try a mapping" size=Size::Small href=paths::MAPPING/> };
    view! {
        <Card title="Sign-in" flush=true>
            <ul class="settings-list">
                <ListRow icon=icons::KEY title="Second factor" note=factor action=change.into_any()/>
                <ListRow icon title="Local accounts" note=words action/>
                <ListRow icon=icons::TEAM title="Identity providers" note=mapping action=trying.into_any()/>
            </ul>
        </Card>
    }
}

#[component]
fn FactorDialog(rule: SecondFactorRule, reload: Callback<()>) -> impl IntoView {
    let set = ServerAction::<SetSecondFactorRule>::new();
    leave_when_done(set, || "The rule holds from now on.".to_owned(), reload, paths::TEAM.to_owned());
    let choices = SecondFactorRule::ALL
        .map(|rule| Choice::new(rule.as_str(), super::roles::capital(rule.words())))
        .to_vec();
    let action = view! { <FormButton verb="Change" kind=Kind::Primary busy=set.pending() form=FACTOR_FORM/> };
    view! {
        <Dialog title="Change who must have a second factor" close=paths::TEAM action=action.into_any()>
            <ActionForm action=set attr:id=FACTOR_FORM attr:class="form">
                <Select name="rule" label="Second factor" choices value=rule.as_str()/>
            </ActionForm>
            <Notice tone=Tone::Info title="What changes">
                "Whoever must have one and has none is led to set up a passkey or one-time codes, and can do nothing else before. Identity providers ask for factors of their own."
            </Notice>
            <Failed failure=failure_of(set)/>
        </Dialog>
    }
}

#[component]
fn OffDialog(team: Team, reload: Callback<()>) -> impl IntoView {
    let off = ServerAction::<TurnLocalSignInOff>::new();
    leave_when_done(off, || "Local sign-in is off.".to_owned(), reload, paths::TEAM.to_owned());
    let why = why_not_off(&team.members);
    let choices: Vec<_> = team
        .members
        .iter()
        .filter(|member| may_break_glass(member))
        .map(|member| Choice::new(member.id.to_string(), format!("{}, {}", member.name, member.email)))
        .collect();
    let help = "A local administrator of everything with a password and a second factor.".to_owned();
    let disabled = Signal::derive(move || why.map(str::to_owned));
    let action =
        view! { <FormButton verb="Switch off" kind=Kind::Danger disabled busy=off.pending() form=OFF_FORM/> };
    let account = (!choices.is_empty()).then(|| {
        view! { <Select name="break_glass" label="Break-glass account" choices help=Some(help)/> }
    });
    view! {
        <Dialog title="Switch off local sign-in" close=paths::TEAM action=action.into_any()>
            <ActionForm action=off attr:id=OFF_FORM attr:class="form">{account}</ActionForm>
            <Notice tone=Tone::Warn title="What changes">
                "Passwords and passkeys let nobody in any more but this account, whose every use is written down and shown here. All sessions of other local accounts end, yours too if it is one. People sign in at the identity providers."
            </Notice>
            {why.map(|why| view! { <Notice tone=Tone::Warn title="Not possible now">{why}</Notice> })}
            <Failed failure=failure_of(off)/>
        </Dialog>
    }
}

#[component]
fn OnDialog(reload: Callback<()>) -> impl IntoView {
    let on = ServerAction::<TurnLocalSignInOn>::new();
    leave_when_done(on, || "Local accounts sign in again.".to_owned(), reload, paths::TEAM.to_owned());
    let action = view! { <FormButton verb="Switch on" kind=Kind::Primary busy=on.pending() form=ON_FORM/> };
    view! {
        <Dialog title="Switch on local sign-in" close=paths::TEAM action=action.into_any()>
            <ActionForm action=on attr:id=ON_FORM>
                <Notice tone=Tone::Info title="What changes">
                    "Everybody with a password or passkey here can sign in with it again. No account is the break-glass account any more."
                </Notice>
            </ActionForm>
            <Failed failure=failure_of(on)/>
        </Dialog>
    }
}
