//! An account's effective policy: every value with who decided it, beside what AWS answers.

use std::sync::Arc;

use leptos::prelude::*;
use model::{
    AccountId,
    organization::{AwsEffective, EffectivePolicy, EffectiveProblem, NextRun, PolicyRef},
    paths,
};
use time::OffsetDateTime;

use super::{
    aws_answer::{AwsAnswer, BothDocuments},
    problem_list::problem_list,
    settings_table::PlanSettings,
};
use crate::{
    components::{Absent, Card, CodeBlock, Column, Notice, Row, Table, Time, Tone, icons, load, load_or},
    error::AppError,
    server_fns,
    shell::{use_frame, use_synced, with_frame},
    words,
};

/// The effective policy of an account. What AWS answers may take a moment and comes by itself.
#[component]
pub fn Effective(account: AccountId) -> impl IntoView {
    let synced = use_synced();
    let account = account.to_string();
    let of = account.clone();
    let policy = Resource::new(move || synced.get(), move |_| server_fns::effective_policy(of.clone()));
    let aws = Resource::new(move || synced.get(), move |_| server_fns::aws_effective_policy(account.clone()));
    load(policy, move |policy| view! { <EffectiveView policy aws/> })
}

#[component]
fn EffectiveView(policy: EffectivePolicy, aws: Resource<Result<AwsEffective, AppError>>) -> impl IntoView {
    if !policy.unread.is_empty() {
        let answer = load(aws, |aws| view! { <AwsAnswer aws found=Vec::new() shared_with=0/> });
        return view! {
            {not_known(&policy.unread)}
            {answer}
        }
        .into_any();
    }
    let plans = plans(&policy)
        .into_iter()
        .map(|(plan, settings)| view! { <PlanSettings plan settings/> })
        .collect::<Vec<_>>();
    let age = policy.seen_at.map(|at| {
        view! { <p class="muted small">"Computed from what Holdfast read from AWS at "<Time at/>" and changed itself since."</p> }
    });
    let nothing = policy.settings.is_empty().then(|| no_plan(policy.attached));
    let (found, shared_with) = (policy.problems.clone(), policy.shared_with);
    let answer = load(aws, move |aws| view! { <AwsAnswer aws found=found.clone() shared_with/> });
    let problems = problems(policy.problems.clone());
    let policy = Arc::new(policy);
    // What differs is read first; but where it is invalid, what decides each value is the way to mend it.
    let ours = policy.clone();
    let first = problems.is_none().then(|| load_or(aws, move |aws| difference(&ours, &aws), || ()));
    let without = policy.clone();
    let last = load_or(aws, move |aws| end(&policy, Some(&aws)), move || end(&without, None));
    view! {
        {problems}
        {answer}
        {age}
        {first}
        {nothing}
        {plans}
        {last}
    }
    .into_any()
}

/// Ours and AWS's documents, where they differ.
fn difference(ours: &EffectivePolicy, aws: &AwsEffective) -> Option<AnyView> {
    let AwsEffective::Differs { content, .. } = aws else { return None };
    let (ours, aws) = (ours.content.clone(), content.clone());
    Some(view! { <BothDocuments ours aws/> }.into_any())
}

/// The end of the page: the next runs, and the document unless it is compared.
fn end(policy: &EffectivePolicy, aws: Option<&AwsEffective>) -> AnyView {
    let (none, valid) = (policy.settings.is_empty(), policy.problems.is_empty());
    let runs = (!none).then(|| next_runs(policy.next_runs.clone(), valid));
    match aws.and_then(|aws| difference(policy, aws)) {
        Some(difference) => view! { {(!valid).then_some(difference)}{runs} }.into_any(),
        None => {
            let document = (!none).then(|| document(policy.content.clone()));
            view! { <div class="columns">{runs}{document}</div> }.into_any()
        }
    }
}

/// Policies apply, or none, and no plan comes of it.
fn no_plan(attached: u64) -> AnyView {
    let text = match attached {
        0 => "No backup policy is attached to this account or above it, so no plan made by a policy backs it up.".into(),
        1 => "One backup policy is attached to this account or above it, but it makes no plan, so no plan made by a policy backs it up.".into(),
        n => format!(
            "{} are attached to this account or above it, but together they make no plan, so no plan made by a policy backs it up.",
            words::counted(n, "backup policy")
        ),
    };
    view! { <Card><Absent title="No plan" text icon=icons::POLICY/></Card> }.into_any()
}

/// Policies apply whose documents AWS has not shown.
fn not_known(unread: &[PolicyRef]) -> AnyView {
    let policies: Vec<_> = unread
        .iter()
        .map(|policy| view! { <li><a href=paths::policy(&policy.id)>{policy.name.clone()}</a></li> })
        .collect();
    view! {
        <Notice tone=Tone::Warn title="What applies here is not known">
            "AWS has not shown Holdfast the document of: "<ul class="inline-list">{policies}</ul>
        </Notice>
    }
    .into_any()
}

/// The settings of each plan, in the document's order.
fn plans(policy: &EffectivePolicy) -> Vec<(String, Vec<model::organization::EffectiveSetting>)> {
    let mut plans: Vec<(String, Vec<_>)> = Vec::new();
    for setting in &policy.settings {
        match plans.iter_mut().find(|(plan, _)| *plan == setting.plan) {
            Some((_, settings)) => settings.push(setting.clone()),
            None => plans.push((setting.plan.clone(), vec![setting.clone()])),
        }
    }
    plans
}

fn problems(problems: Vec<EffectiveProblem>) -> Option<AnyView> {
    if problems.is_empty() {
        return None;
    }
    Some(
        view! {
            <Notice tone=Tone::Bad title="This effective policy is invalid">
                "AWS does not apply it and keeps the last valid one until it is mended:"
                {problem_list(problems)}
            </Notice>
        }
        .into_any(),
    )
}

fn next_runs(runs: Vec<NextRun>, valid: bool) -> AnyView {
    // AWS runs the older policy that it keeps.
    let title = if valid { "Next runs" } else { "Next runs, once it is valid" };
    // The frame's clock is the server's; without it only the times are shown.
    let latest = use_frame().latest;
    with_frame(move |frame| {
        let now = latest.get_untracked().unwrap_or(frame).freshness.now;
        let rows = runs.iter().map(|run| run_row(run, now)).collect();
        let absent = view! { <Absent title="No run ahead" text="No rule has a schedule that comes again." icon=icons::CLOCK/> };
        let columns =
            vec![Column::new("When"), Column::new("Rule"), Column::new("Plan"), Column::number("In")];
        view! {
            <Card title flush=true>
                <Table caption="The next runs of all rules" columns rows absent=absent.into_any()/>
            </Card>
        }
        .into_any()
    })
}

fn run_row(run: &NextRun, now: Option<OffsetDateTime>) -> Row {
    Row::new(vec![
        view! { <Time at=run.at/> }.into_any(),
        run.rule.clone().into_any(),
        run.plan.clone().into_any(),
        now.map(|now| words::span(run.at - now)).into_any(),
    ])
}

fn document(content: String) -> AnyView {
    view! {
        <Card title="Effective document" flush=true>
            <CodeBlock content label="Effective policy document"/>
        </Card>
    }
    .into_any()
}
