//! One change set: where it stands, also while it goes on.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{
    Failure, FailureCode, PolicyId,
    change::{ChangeSet, ChangeState, StepState},
    paths,
};

use super::{ChangeRun, ChangeSteps, status};
use crate::{
    components::{Card, Crumb, Fact, KeyValue, LinkButton, Notice, PageHeader, Time, Tone, icons, load_page},
    server_fns, words,
};

/// The page of a change set.
#[component]
pub fn ChangePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let change = Resource::new(
        move || id.get(),
        |id| async move {
            let unknown = || Failure::from(FailureCode::NotFound { what: "change".into() });
            server_fns::change(id.parse().map_err(|_| unknown())?).await
        },
    );
    load_page(change, |change| view! { <Change change/> })
}

#[component]
fn Change(change: ChangeSet) -> impl IntoView {
    let crumbs = vec![Crumb::new("Changes", paths::CHANGES)];
    let (id, title) = (change.id, change.title.clone());
    let subtitle = view! { {format!("Change {id}")} };
    let run = ChangeRun::following(change.clone());
    let newest = Signal::derive(move || run.set().get().unwrap_or_else(|| change.clone()));
    let facts = move || newest.with(facts);
    let explained = move || newest.with(explained);
    let again = view! { <noscript><LinkButton label="Look again" href=paths::change(id) icon=icons::REFRESH/></noscript> };
    view! {
        <PageHeader title crumbs subtitle=subtitle.into_any() actions=again.into_any()/>
        {explained}
        <Card title="Change">{facts}</Card>
        <Card title="Steps" flush=true><ChangeSteps run done="Done" not_done="Not done" noun="step" elsewhere=false/></Card>
    }
}

fn facts(change: &ChangeSet) -> AnyView {
    let state = status(change.state);
    let ended = match change.ended_at {
        Some(at) => view! { <Time at/> }.into_any(),
        None => view! { "Not yet" }.into_any(),
    };
    let policy = policy(change);
    let elsewhere = (change.elsewhere > 0)
        .then(|| format!("{} at places that you may not see", words::counted(change.elsewhere, "step")));
    let (asked_by, asked_at) = (change.asked_by.clone(), change.asked_at);
    view! {
        <KeyValue>
            <Fact label="State">{state}</Fact>
            {policy.map(|policy| view! { <Fact label="Policy">{policy}</Fact> })}
            <Fact label="Asked by">{asked_by}<span class="sub"><Time at=asked_at/></span></Fact>
            <Fact label="Ended (UTC)">{ended}</Fact>
            {elsewhere.map(|words| view! { <Fact label="Elsewhere">{words}</Fact> })}
        </KeyValue>
    }
    .into_any()
}

/// The policy that all of it is about, so that the rest can be done from its page.
fn policy(change: &ChangeSet) -> Option<AnyView> {
    let first = &change.steps.first()?.subject;
    let id = first.id.parse::<PolicyId>().ok()?;
    let name = first.name.clone();
    let one = change.steps.iter().all(|step| step.subject == *first);
    one.then(|| view! { <a href=paths::policy(&id)>{name}</a> }.into_any())
}

/// What the state means, where somebody might have to do something.
fn explained(change: &ChangeSet) -> Option<AnyView> {
    let counted = |state| words::counted(change.count(state) as u64, "step");
    let (failed, untried) = (change.count(StepState::Failed), change.count(StepState::Waiting));
    let (tone, title, text) = match change.state {
        ChangeState::Settling => (
            Tone::Warn,
            "AWS did not say of some of it whether it was done",
            format!(
                "Of {} it is not known yet whether AWS has done them. Holdfast looks in AWS until it knows. Do not repeat them before.",
                counted(StepState::Unknown)
            ),
        ),
        ChangeState::Stopped => (Tone::Bad, "Not all of it is done", {
            let failed = (failed > 0).then(|| format!("{} failed", counted(StepState::Failed)));
            let untried = (untried > 0).then(|| format!("{} not tried", counted(StepState::Waiting)));
            let mut what: Vec<_> = failed.into_iter().chain(untried).collect();
            if what.is_empty() {
                what.push("What is not done lies at places that you may not see".to_owned());
            }
            format!("{}. What is done stays done; do the rest again where it was begun.", what.join(", "))
        }),
        ChangeState::Running | ChangeState::Done => return None,
    };
    Some(view! { <Notice tone title=title.to_owned()>{text}</Notice> }.into_any())
}
