//! Programs that ask for a token: their code is typed here, and what they ask for is approved or refused.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate, hooks::use_query_map};
use model::{
    TargetId,
    access::{Action, Scope},
    paths,
    session::Me,
    team::DeviceRequest,
};

use crate::{
    components::{
        Button, Card, Crumb, Fact, KeyValue, Kind, LinkButton, Notice, PageHeader, TextInput, Time, Tone,
        load_page,
    },
    error::AppError,
    pages::dialogs::{Failed, failure_of},
    server_fns::{
        self,
        team::{ApproveDevice, FindDevice, RefuseDevice},
    },
};

/// The page of the code. `?request=` is the number of what was found by it, `?done=` what was decided.
#[component]
pub fn DevicePage() -> impl IntoView {
    let query = use_query_map();
    let id = Memo::new(move |_| query.with(|query| query.get("request")?.parse::<i64>().ok()));
    let done = Memo::new(move |_| query.with(|query| query.get("done").unwrap_or_default()));
    let found = Resource::new(move || id.get(), read);
    load_page(found, move |found| {
        let body = match found {
            Some((request, me)) => view! { <Asked request me/> }.into_any(),
            None => view! { {move || decided(&done.get())}<CodeForm/> }.into_any(),
        };
        let subtitle = "As holdfast login on the command line: it shows a code, and waits for you here";
        view! {
            <PageHeader
                title="A program asks for a token"
                crumbs=vec![Crumb::new("Account", paths::ACCOUNT)]
                subtitle=subtitle.into_any()
            />
            <div class="device">{body}</div>
        }
    })
}

async fn read(id: Option<i64>) -> Result<Option<(DeviceRequest, Option<Me>)>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let request = server_fns::device_request(id).await?;
    Ok(Some((request, server_fns::frame().await?.me)))
}

/// The words for what was decided. Closed: whatever else stands in the address says nothing.
fn decided(done: &str) -> Option<AnyView> {
    let account = || view! { <LinkButton label="Your tokens" href=paths::ACCOUNT/> }.into_any();
    match done {
        "approved" => Some(view! {
            <Notice tone=Tone::Good title="Approved" action=account()>
                "The program has its token within seconds: go back to it. You can revoke it on your account’s page."
            </Notice>
        }.into_any()),
        "refused" => Some(view! {
            <Notice tone=Tone::Info title="Refused">"The program gets no token, and its code is not good any more."</Notice>
        }.into_any()),
        _ => None,
    }
}

/// Where the code is typed.
#[component]
fn CodeForm() -> impl IntoView {
    let find = ServerAction::<FindDevice>::new();
    let failure = failure_of(find);
    let error = Signal::derive(move || failure.get().and_then(|f| f.field("code").map(str::to_owned)));
    let other = Signal::derive(move || failure.get().filter(|failure| failure.field("code").is_none()));
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(id)) = find.value().get() {
            navigate(&paths::device_request(id), NavigateOptions::default());
        }
    });
    let help = "Eight letters, as BCDF-GHJK, which the program shows. Type only a code of a program that you have started yourself."
        .to_owned();
    view! {
        <Card title="Its code">
            <ActionForm action=find attr:class="form">
                <TextInput name="code" label="Code" help required=true maxlength=20 mono=true autocomplete="off" error/>
                <div><Button label="Continue".to_owned() kind=Kind::Primary submit=true busy=find.pending()/></div>
                <Failed failure=other/>
            </ActionForm>
        </Card>
    }
}

/// Who asks, for what, and the two answers.
#[component]
fn Asked(request: DeviceRequest, me: Option<Me>) -> impl IntoView {
    let (given, beyond) = me.as_ref().map(|me| request.split(&me.rights)).unwrap_or_default();
    let confirmed = me.is_some_and(|me| me.confirmed);
    let nothing = given.is_empty();
    let id = request.id;
    let address = if request.address.is_empty() { "not known".to_owned() } else { request.address };
    let place = match &request.limits.scope {
        Scope::All => "everywhere that you may".to_owned(),
        Scope::Below(tops) => {
            let tops: Vec<&str> = tops.iter().map(TargetId::as_str).collect();
            format!("{}, with what is below", tops.join(", "))
        }
    };
    let beyond = (!beyond.is_empty()).then(|| {
        view! { <Fact label="Asked for, and not yours to give"><Actions actions=beyond/></Fact> }
    });
    view! {
        <Notice tone=Tone::Warn title="Approve only what you have started yourself">
            "Whoever has this program can then do the following in your name. Compare name and address with the machine at which you sit."
        </Notice>
        <Card title="Who asks, and for what">
            <KeyValue>
                <Fact label="Calls itself">{request.name}</Fact>
                <Fact label="Address">{address}</Fact>
                <Fact label="Asked"><Time at=request.requested_at/></Fact>
                <Fact label="It may">
                    {nothing.then_some("nothing: your role allows nothing of what it asks for")}
                    <Actions actions=given/>
                </Fact>
                {beyond}
                <Fact label="Where">{place}</Fact>
                <Fact label="Good for">{format!("{} days", request.days)}</Fact>
            </KeyValue>
            <Answers id confirmed nothing/>
        </Card>
    }
}

#[component]
fn Actions(actions: Vec<Action>) -> impl IntoView {
    let all: Vec<_> = actions.into_iter().map(|action| view! { <li>{action.words()}</li> }).collect();
    (!all.is_empty()).then(|| view! { <ul class="device-actions">{all}</ul> })
}

#[component]
fn Answers(id: i64, confirmed: bool, nothing: bool) -> impl IntoView {
    let (approve, refuse) = (ServerAction::<ApproveDevice>::new(), ServerAction::<RefuseDevice>::new());
    let navigate = use_navigate();
    Effect::new(move || {
        let done = |ended: Option<Result<(), AppError>>| ended.is_some_and(|ended| ended.is_ok());
        for (ended, there) in [
            (done(approve.value().get()), paths::DEVICE_APPROVED),
            (done(refuse.value().get()), paths::DEVICE_REFUSED),
        ] {
            if ended {
                navigate(there, NavigateOptions::default());
            }
        }
    });
    let yes = match (nothing, confirmed) {
        (true, _) => ().into_any(),
        (false, true) => view! {
            <ActionForm action=approve>
                <input type="hidden" name="id" value=id.to_string()/>
                <Button label="Approve".to_owned() kind=Kind::Primary submit=true busy=approve.pending()/>
            </ActionForm>
        }
        .into_any(),
        (false, false) => {
            let href = paths::confirm_then(&paths::device_request(id));
            view! { <LinkButton label="Show that it is you, to approve" kind=Kind::Primary href reload=true/> }
                .into_any()
        }
    };
    view! {
        <div class="device-answers">
            {yes}
            <ActionForm action=refuse>
                <input type="hidden" name="id" value=id.to_string()/>
                <Button label="Refuse".to_owned() kind=Kind::Danger submit=true busy=refuse.pending()/>
            </ActionForm>
        </div>
        <Failed failure=failure_of(approve)/>
        <Failed failure=failure_of(refuse)/>
    }
}
