//! Attaching and detaching, some targets at a time, and what became of each.

use std::future::Future;

use leptos::prelude::*;
use model::{Failure, policies::TargetResult};

use crate::{
    components::{Icon, Tone},
    error::AppError,
    words,
};

/// Targets that one request takes: small, so that progress shows and little is unknown if the connection breaks.
const AT_ONCE: usize = 5;

/// Work on several targets: how far it is, and what became of those that were tried.
#[derive(Clone, Copy)]
pub struct Run {
    /// Targets to work on in all; 0 before the work begins.
    pub total: RwSignal<usize>,
    /// What became of each, in order.
    pub results: RwSignal<Vec<TargetResult>>,
    /// Why the work stopped before its end.
    pub stopped: RwSignal<Option<Failure>>,
    /// True while it goes on.
    pub busy: RwSignal<bool>,
}

impl Run {
    /// Nothing was tried yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            total: RwSignal::new(0),
            results: RwSignal::new(Vec::new()),
            stopped: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Works on all targets, a few at a time. Results of an earlier run for the same targets are replaced. Answers how
    /// many there are in all if each was done. The page may be left meanwhile: the work goes on, nobody watches it.
    pub async fn go<F>(self, targets: Vec<String>, ask: impl Fn(Vec<String>) -> F) -> Option<u64>
    where
        F: Future<Output = Result<Vec<TargetResult>, AppError>>,
    {
        self.busy.set(true);
        self.stopped.set(None);
        self.results.update(|results| results.retain(|r| !targets.iter().any(|t| t == r.id.as_str())));
        let mut all = self.results.get_untracked();
        self.total.set(targets.len() + all.len());
        let mut stopped = false;
        for some in targets.chunks(AT_ONCE) {
            match ask(some.to_vec()).await {
                Ok(done) => {
                    all.extend(done);
                    self.results.set(all.clone());
                }
                Err(error) => {
                    self.stopped.set(Some(error.into_failure()));
                    stopped = true;
                    break;
                }
            }
        }
        self.busy.set(false);
        (!stopped && all.iter().all(|r| r.failure.is_none())).then_some(all.len() as u64)
    }

    /// Targets that failed, for another try.
    #[must_use]
    pub fn failed(self) -> Vec<String> {
        self.results.with(|results| {
            results.iter().filter(|r| r.failure.is_some()).map(|r| r.id.to_string()).collect()
        })
    }

    /// Whether everything was done as wished.
    #[must_use]
    pub fn all_done(self) -> bool {
        !self.busy.get()
            && self.stopped.with(Option::is_none)
            && self.total.get() > 0
            && self.results.with(|results| results.iter().all(|r| r.failure.is_none()))
    }
}

/// What became of each target.
#[component]
pub fn Results(
    run: Run,
    /// What was done to those that went well: “Attached”.
    done: &'static str,
    /// What was tried with the others: “Not attached”.
    not_done: &'static str,
) -> impl IntoView {
    let progress = move || {
        let (tried, total) = (run.results.with(Vec::len), run.total.get());
        run.busy.get().then(|| {
            view! {
                <div class="run-progress">
                    <progress class="progress" max=total.to_string() value=tried.to_string() aria-label="Progress"></progress>
                    <span>{format!("{tried} of {}", words::counted(total as u64, "target"))}</span>
                </div>
            }
        })
    };
    let rows =
        move || run.results.get().into_iter().map(|result| row(result, done, not_done)).collect::<Vec<_>>();
    view! {
        <div role="status" aria-live="polite">{progress}</div>
        <ul class="results" hidden=move || run.results.with(Vec::is_empty)>{rows}</ul>
    }
}

fn row(result: TargetResult, done: &'static str, not_done: &'static str) -> AnyView {
    let (tone, word) = if result.failure.is_none() { (Tone::Good, done) } else { (Tone::Bad, not_done) };
    let why = result.failure.map(|failure| failure.explain());
    view! {
        <li class="result" data-tone=tone.as_str()>
            <Icon icon=tone.icon()/>
            <div class="result-text">
                <span><b>{result.name}</b>" "<code>{result.id.to_string()}</code></span>
                {why.map(|why| view! { <span class="small">{why.title}". "{why.text}</span> })}
            </div>
            <span class="result-word">{word}</span>
        </li>
    }
    .into_any()
}
