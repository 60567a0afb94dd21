//! What is wrong with the document, each with its place and what to do about it.

use form::check;
use leptos::prelude::*;
use policy::{Problem, Severity};

use super::draft::Draft;
use crate::{
    components::{Card, Icon, Pill, Tone},
    words,
};

/// The list of problems, kept while somebody types.
#[component]
pub fn ProblemList(draft: Draft) -> impl IntoView {
    let problems = draft.problems;
    let counts = move || problems.with(|problems| counts(problems));
    let rows = move || {
        problems.with(|problems| match problems.as_slice() {
            [] => view! {
                <p class="problems-none"><Icon icon=Tone::Good.icon()/>"None found. AWS accepts this document as it is."</p>
            }
            .into_any(),
            problems => {
                let rows: Vec<_> = problems.iter().map(|problem| row(draft, problem.clone())).collect();
                view! { <ul class="problems">{rows}</ul> }.into_any()
            }
        })
    };
    let actions = view! { <span class="pills" role="status" aria-live="polite">{counts}</span> }.into_any();
    view! { <Card title="Problems" actions flush=true id="problems">{rows}</Card> }
}

fn counts(problems: &[Problem]) -> Vec<AnyView> {
    let count = |severity, tone: Tone, noun: &str| {
        let n = check::count(problems, severity) as u64;
        (n > 0).then(|| view! { <Pill text=words::counted(n, noun) tone icon=tone.icon()/> }.into_any())
    };
    let all = [
        count(Severity::Error, Tone::Bad, "error"),
        count(Severity::Warning, Tone::Warn, "warning"),
        count(Severity::Info, Tone::Info, "remark"),
    ];
    all.into_iter().flatten().collect()
}

fn row(draft: Draft, problem: Problem) -> AnyView {
    let (tone, word) = match problem.severity {
        Severity::Error => (Tone::Bad, "Error"),
        Severity::Warning => (Tone::Warn, "Warning"),
        Severity::Info => (Tone::Info, "Remark"),
    };
    let (line, column, length) = (problem.line, problem.column, problem.length);
    let place = if problem.path.is_empty() { "the document".to_owned() } else { problem.path };
    view! {
        <li class="problem" data-tone=tone.as_str()>
            <Icon icon=tone.icon() size=18/>
            <div class="problem-text">
                <span class="problem-message">
                    <span class="visually-hidden">{format!("{word}: ")}</span>
                    {check::sentence(&problem.message)}
                </span>
                <span class="problem-help">{check::sentence(&problem.help)}</span>
                <span class="sub mono">{place}" · "{problem.code.into_owned()}</span>
            </div>
            <button
                type="button"
                class="button"
                data-kind="quiet"
                data-size="small"
                aria-label=format!("Go to line {line}: {}", problem.message)
                on:click=move |_| draft.go_to(line, column, length)
            >
                {format!("Line {line}")}
            </button>
        </li>
    }
    .into_any()
}
