//! Tokens: of one's own account, and of service accounts for administrators.

use leptos::prelude::*;
use model::{
    access::{Action, Scope},
    paths,
    team::{MadeToken, Token},
};
use time::OffsetDateTime;

use super::places::PlacesField;
use crate::{
    components::{
        Absent, Button, Checkbox, Choice, CopyLine, Dialog, Kind, ListRow, Notice, Pill, Select, Size,
        TextInput, Time, Tone, icons,
    },
    pages::dialogs::{Failed, FormButton, failure_of},
    server_fns::team::{EndToken, MakeToken},
};

const FORM: &str = "make-token";
/// How long a token may be good, in days; the first is offered.
const DAYS: [i64; 4] = [90, 30, 7, 366];
/// Fewer days than this to the end are worth a warning.
const SOON: i64 = 14;

/// Tokens with what they may, where and how long, each with a button that ends it.
#[component]
pub fn TokenList(
    tokens: Vec<Token>,
    /// Names of places, by id.
    places: Vec<(String, String)>,
    /// Whose they are; `None` for one's own.
    #[prop(optional_no_strip)]
    owner: Option<i64>,
    now: OffsetDateTime,
    reload: Callback<()>,
) -> impl IntoView {
    let end = ServerAction::<EndToken>::new();
    Effect::new(move || {
        if end.value().get().is_some_and(|ended| ended.is_ok()) {
            reload.run(());
        }
    });
    if tokens.is_empty() {
        return view! {
            <Absent title="No tokens" text="A token lets a program ask in this name, for as little as you choose."/>
        }
        .into_any();
    }
    let rows: Vec<_> = tokens.iter().map(|token| row(token, &places, owner, now, end)).collect();
    view! {
        <ul class="settings-list" aria-label="Tokens, newest first">{rows}</ul>
        <Failed failure=failure_of(end)/>
    }
    .into_any()
}

fn row(
    token: &Token,
    places: &[(String, String)],
    owner: Option<i64>,
    now: OffsetDateTime,
    end: ServerAction<EndToken>,
) -> AnyView {
    let used = match token.used_at {
        Some(at) => {
            let from = format!(" from {}", token.used_from);
            view! { "used "<Time at now=Some(now)/>{from} }.into_any()
        }
        None => "never used".into_any(),
    };
    let owner = owner.map(|owner| view! { <input type="hidden" name="owner" value=owner.to_string()/> });
    let (id, name) = (token.id.to_string(), token.name.clone());
    let may = format!(" · may {}", token.actions());
    let note = view! {
        <code>{format!("{}…", token.hint)}</code>{may}<br/>
        {scope(&token.limits.scope, places)}" · "{used}" · "{ends(token, now)}
    };
    let action = view! {
        <ActionForm action=end>
            <input type="hidden" name="id" value=id/>
            {owner}
            <Button label="Revoke".to_owned() about=name.clone() size=Size::Small submit=true busy=end.pending()/>
        </ActionForm>
    };
    view! { <ListRow icon=icons::KEY title=token.name.clone() note=note.into_any() action=action.into_any()/> }.into_any()
}

fn scope(scope: &Scope, places: &[(String, String)]) -> AnyView {
    let Scope::Below(tops) = scope else {
        return view! { <Pill text="everything" icon=icons::ROOT/> }.into_any();
    };
    let name = |id: &str| {
        let known = places.iter().find(|(place, _)| place == id);
        known.map_or_else(|| id.to_owned(), |(_, name)| name.clone())
    };
    tops.iter()
        .map(|top| view! { <Pill text=name(top.as_str()) icon=icons::OU href=paths::target(top)/>" " })
        .collect::<Vec<_>>()
        .into_any()
}

fn ends(token: &Token, now: OffsetDateTime) -> AnyView {
    let left = token.expires_at - now;
    if left.is_negative() {
        return view! { <Pill text="has ended" tone=Tone::Idle icon=icons::STOPPED/> }.into_any();
    }
    let soon = (left.whole_days() < SOON).then_some("warn");
    view! { <span data-tone=soon>"ends "<Time at=token.expires_at now=Some(now)/></span> }.into_any()
}

/// Makes a token, which is shown this once.
#[component]
pub fn NewTokenDialog(
    /// Whose it is to be, and their name; `None` for one's own.
    #[prop(optional_no_strip)]
    account: Option<(i64, String)>,
    /// Of the page behind it.
    close: String,
    on_close: Callback<bool>,
) -> impl IntoView {
    let make = ServerAction::<MakeToken>::new();
    let made = move || make.value().get().and_then(Result::ok);
    let failure = failure_of(make);
    let error = move |field: &'static str| {
        Signal::derive(move || failure.get().and_then(|f| f.field(field).map(str::to_owned)))
    };
    let leave = Callback::new(move |()| on_close.run(untrack(made).is_some()));
    let done = Signal::derive(move || made().is_some());
    let disabled = Signal::derive(move || done.get().then(|| "It is made.".to_owned()));
    let action =
        view! { <FormButton verb="Make token" kind=Kind::Primary disabled busy=make.pending() form=FORM/> };
    let title = match &account {
        Some((_, name)) => format!("New token for {name}"),
        None => "New token".to_owned(),
    };
    let account = account.map(|(id, _)| view! { <input type="hidden" name="account" value=id.to_string()/> });
    let days = DAYS.map(|days| Choice::new(days.to_string(), format!("{days} days"))).to_vec();
    view! {
        <Dialog title close on_close=leave begun=done action=action.into_any()>
            <ActionForm action=make attr:id=FORM attr:class="form">
                {account}
                <div class="form" hidden=done>
                    <TextInput name="name" label="Name" help="What it is for, as “nightly report”.".to_owned() required=true maxlength=100 autocomplete="off" error=error("name")/>
                    <ActionsField error=error("actions")/>
                    <PlacesField error=error("places")/>
                    <Select name="days" label="Good for" choices=days error=error("days")/>
                </div>
                <Failed failure/>
            </ActionForm>
            {move || made().map(|token| view! { <TokenOnce token/> })}
        </Dialog>
    }
}

/// What a token may; reading is chosen at first.
#[component]
fn ActionsField(error: Signal<Option<String>>) -> impl IntoView {
    let choices: Vec<_> = Action::ALL
        .into_iter()
        .filter(|action| action.is_for_tokens())
        .map(|action| {
            let (value, label) = (action.as_str(), capital(action.words()));
            view! { <Checkbox name="actions[]" label value checked=action == Action::Read/> }
        })
        .collect();
    view! {
        <fieldset class="choices">
            <legend>"It may"</legend>
            {choices}
            <p class="field-help">"Never more than whoever it belongs to may at that time."</p>
            {move || error.get().map(|error| view! { <p class="field-error" role="alert">{error}</p> })}
        </fieldset>
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A token that is shown this once.
#[component]
fn TokenOnce(token: MadeToken) -> impl IntoView {
    let title = format!("Token “{}” is made. It is shown this once.", token.name);
    view! {
        <Notice tone=Tone::Good title>
            <CopyLine what="the token" word="Token" text=token.token/>
            <p>"Good until "<Time at=token.expires_at/>", or until you revoke it. Send it as "<code>"Authorization: Bearer …"</code>"."</p>
        </Notice>
    }
}
