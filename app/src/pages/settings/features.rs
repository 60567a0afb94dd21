//! The way from consolidated billing to all features, step by step.

use leptos::prelude::*;
use model::{
    paths,
    settings::features::{AskedAccount, FeaturesRequest, FeaturesWay, Progress, Step},
};

use super::{command::Elsewhere, refused::Refused};
use crate::pages::dialogs::{Failed, FormButton, failure_of, leave_when_done, with_scripts};
use crate::{
    components::{
        Absent, Card, Column, Dialog, Icon, Kind, LinkButton, Notice, Row, Size, Status, Table, TextInput,
        Time, Tone, icons,
    },
    refused::refused as form_refused,
    server_fns::settings::EnableAllFeatures,
    words::counted,
};

const FORM: &str = "all-features-step";
/// The card's place on the page.
pub const PLACE: &str = "all-features";

/// The three steps, where each stands, and the accounts that were asked.
#[component]
pub fn FeaturesCard(way: FeaturesWay, #[prop(optional_no_strip)] refused: Refused) -> impl IntoView {
    let request = match &way {
        FeaturesWay::Known { request } => request.clone(),
        FeaturesWay::Unknown { .. } => None,
    };
    let open = way.open().is_some();
    let ready = matches!(way.open(), Some(request) if request.progress == Progress::Ready);
    let problem = match &way {
        FeaturesWay::Unknown { reason } => Some(reason.clone()),
        FeaturesWay::Known { .. } => None,
    };
    let problem = problem.map(|reason| {
        view! { <div class="card-notice"><Notice tone=Tone::Bad title="Requests for all features could not be read">{reason}</Notice></div> }
    });
    let button = |step: Step| button(step, refused.clone().or_else(|| way.why_not(step)));
    let (begin, finalize) = (button(Step::Begin), button(Step::Finalize));
    let cancel = open.then(|| button(Step::Cancel)).into_any();
    let asked = request.clone().filter(|_| open);
    let said = (begun(request.as_ref()), approved(asked.as_ref()));
    let accounts = asked.map(|request| view! { <Accounts request/> });
    view! {
        <Card title="Enable all features" actions=cancel flush=true id=PLACE>
            <p class="card-intro muted">
                "This organization has only consolidated billing: it can have neither backup policies nor trusted access. Three steps lead to all features; the last cannot be undone."
            </p>
            {problem}
            <ol class="settings-list">
                <li class="setting">
                    <Mark done=open/>
                    <div class="setting-text"><h3>"1. Ask the invited accounts"</h3><p class="muted">{said.0}</p></div>
                    <div class="setting-action">{begin}</div>
                </li>
                <li class="setting">
                    <Mark done=ready/>
                    <div class="setting-text"><h3>"2. Every invited account approves"</h3><p class="muted">{said.1}</p></div>
                </li>
                <li class="setting">
                    <Mark done=false/>
                    <div class="setting-text"><h3>"3. Finalize"</h3><p class="muted">"The management account completes the request. From then on the other settings can be turned on."</p></div>
                    <div class="setting-action">{finalize}</div>
                </li>
            </ol>
            {accounts}
        </Card>
    }
}

/// Leads to a step's dialog; disabled with the reason where the step cannot be taken.
fn button(step: Step, disabled: Option<String>) -> AnyView {
    let kind = if disabled.is_some() || step == Step::Cancel { Kind::Normal } else { Kind::Primary };
    let href = format!("{}?all-features={}", paths::SETTINGS, step.name());
    view! { <LinkButton label=step.verb() href kind size=Size::Small disabled stay=true/> }.into_any()
}

#[component]
fn Mark(done: bool) -> impl IntoView {
    let (tone, icon, word) =
        if done { (Tone::Good, icons::GOOD, "Done: ") } else { (Tone::Idle, icons::STOPPED, "To do: ") };
    view! {
        <span class="setting-icon" data-tone=tone.as_str()><Icon icon size=18/><span class="visually-hidden">{word}</span></span>
    }
}

/// Where the request stands.
fn begun(request: Option<&FeaturesRequest>) -> AnyView {
    let Some(request) = request else {
        return "Accounts that were created in the organization are not asked.".into_any();
    };
    let when = request.requested_at.map(|at| view! { " on "<Time at/> });
    if request.progress.is_open() {
        let until = request.expires_at.map(|at| view! { ", open until "<Time at/> });
        return view! { "Requested"{when}{until}". "<span class="mono">{request.id.clone()}</span> }
            .into_any();
    }
    let how = match request.progress {
        Progress::Expired => "expired",
        Progress::Canceled => "was cancelled",
        Progress::Declined => "was declined",
        _ => "has ended",
    };
    view! { "The last request, made"{when}", "{how}". Ask again to go on." }.into_any()
}

/// How many accounts have answered, and how.
fn approved(request: Option<&FeaturesRequest>) -> AnyView {
    let Some(request) = request else {
        return "Each approves in its own console, or with the AWS CLI. Who does not approve keeps the others waiting.".into_any();
    };
    if let Some(problem) = &request.problem {
        return format!("The accounts could not be read. {problem}").into_any();
    }
    let total = counted(request.accounts.len() as u64, "invited account");
    let parts: Vec<String> = [
        (Progress::Waiting, "not answered yet"),
        (Progress::Declined, "declined"),
        (Progress::Expired, "expired"),
        (Progress::Unknown, "in a state that is not known"),
    ]
    .into_iter()
    .filter_map(|(progress, words)| {
        let count = request.count(progress);
        (count > 0).then(|| format!(", {count} {words}"))
    })
    .collect();
    let said = format!("{} of {total} approved{}.", request.count(Progress::Accepted), parts.concat());
    match request.accounts.is_empty() {
        true => "No account was invited: nobody has to approve.".into_any(),
        false => view! { <strong>{said}</strong>" Each approves in its own console, or with the AWS CLI." }
            .into_any(),
    }
}

/// The accounts that were asked, those that are waited for first.
#[component]
fn Accounts(request: FeaturesRequest) -> impl IntoView {
    let waiting = request.count(Progress::Accepted) < request.accounts.len() as u64;
    let columns = vec![Column::new("Invited account"), Column::new("Answer")];
    let rows = request.accounts.iter().map(account).collect();
    let absent =
        view! { <Absent title="No account was asked" text="Nobody has to approve: finalize the request."/> }
            .into_any();
    let command = "aws organizations list-handshakes-for-account && aws organizations accept-handshake --handshake-id HANDSHAKE_ID";
    (!request.accounts.is_empty()).then(|| {
        view! {
            <details class="asked-accounts" open=waiting>
                <summary>"Invited accounts"</summary>
                <Table caption="Invited accounts and their answers" columns rows absent/>
            </details>
            <div class="card-notice">
                <Elsewhere
                    summary="How an account approves"
                    about="All features"
                    changes="To be run with credentials of the invited account."
                    commands=vec![("Approve", command.to_owned())]
                    console="AWS Organizations, Invitations, of the invited account"
                />
            </div>
        }
    })
}

fn account(one: &AskedAccount) -> Row {
    let name = if one.name.is_empty() { "Not in the list of accounts".to_owned() } else { one.name.clone() };
    let tone = match one.progress {
        Progress::Accepted | Progress::Ready => Tone::Good,
        Progress::Waiting => Tone::Info,
        Progress::Declined | Progress::Canceled | Progress::Expired => Tone::Warn,
        Progress::Unknown => Tone::Idle,
    };
    Row::new(vec![
        view! { {name}" "<span class="mono muted nowrap">{one.account.clone()}</span> }.into_any(),
        view! { <Status tone word=one.progress.words()/> }.into_any(),
    ])
}

/// Takes one step.
#[component]
pub fn FeaturesDialog(
    step: Step,
    way: Option<FeaturesWay>,
    #[prop(optional_no_strip)] refused: Refused,
    reload: Callback<()>,
) -> impl IntoView {
    let request = way.as_ref().and_then(FeaturesWay::open).map(|open| open.id.clone()).unwrap_or_default();
    let impossible = match &way {
        Some(way) => way.why_not(step),
        None => Some("The organization has all features already.".to_owned()),
    };
    let take = ServerAction::<EnableAllFeatures>::new();
    let post = form_refused::<EnableAllFeatures>();
    let confirmation =
        RwSignal::new(post.map(|(post, _)| post.field("confirmation").to_owned()).unwrap_or_default());
    let typed = step.typed_confirmation();
    let scripts = with_scripts();
    let disabled = Signal::derive(move || {
        let wrong =
            typed && scripts.get() && !confirmation.with(|c| c.trim().eq_ignore_ascii_case("confirm"));
        let word = wrong.then(|| "Type confirm first.".to_owned());
        refused.clone().or_else(|| impossible.clone()).or(word)
    });
    let said = move || {
        match step {
            Step::Begin => "The invited accounts are asked.",
            Step::Finalize => "The organization has all features.",
            Step::Cancel => "The request is cancelled.",
        }
        .to_owned()
    };
    leave_when_done(take, said, reload, paths::SETTINGS.to_owned());
    let failure = failure_of(take);
    let error =
        Signal::derive(move || failure.get().and_then(|f| f.field("confirmation").map(str::to_owned)));
    let (title, kind, tone) = match step {
        Step::Begin => ("Ask the invited accounts to approve all features", Kind::Primary, Tone::Info),
        Step::Finalize => ("Enable all features for good", Kind::Danger, Tone::Warn),
        Step::Cancel => ("Cancel the request for all features", Kind::Danger, Tone::Warn),
    };
    let verb = step.verb();
    let action = view! { <FormButton verb kind disabled busy=take.pending() form=FORM/> }.into_any();
    let shown = if request.is_empty() { "HANDSHAKE_ID" } else { &request };
    let command = step.command(shown);
    view! {
        <Dialog title close=paths::SETTINGS action>
            <ActionForm action=take attr:id=FORM attr:class="form">
                <input type="hidden" name="step" value=step.name()/>
                <input type="hidden" name="request" value=request/>
                <Notice tone title="What changes">{step.consequence()}</Notice>
                {typed.then(|| view! { <TextInput name="confirmation" label="Type confirm, since it cannot be undone" bind=confirmation error autocomplete="off"/> })}
                <Failed failure/>
            </ActionForm>
            <Elsewhere summary="AWS CLI and console" about=title commands=vec![(verb, command)] console="AWS Organizations, Settings, Feature set"/>
        </Dialog>
    }
}
