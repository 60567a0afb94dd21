//! A change set under way: asked for once, followed until it has ended, and what became of each of its steps.

use std::{future::Future, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use model::{
    Failure, FailureCode,
    change::{ChangeId, ChangeSet, ChangeState, Step, StepState},
    news::Topic,
    paths,
};

use crate::{
    components::{FailureView, Icon, Tone, icons},
    error::AppError,
    server_fns,
    shell::use_news,
    words,
};

/// Between two looks at a change set of which there is no news.
const WITHOUT_NEWS: Duration = Duration::from_secs(5);

/// A change that a page has asked for, or may ask for.
#[derive(Clone, Copy)]
pub struct ChangeRun {
    set: RwSignal<Option<ChangeSet>>,
    /// Steps of earlier tries that the newest one does not repeat.
    before: RwSignal<Vec<Step>>,
    asking: RwSignal<bool>,
    /// Why nothing was begun, or why it cannot be followed.
    pub failure: RwSignal<Option<Failure>>,
}

impl ChangeRun {
    /// Nothing was asked for yet. `on_end` is called with all steps, each time a change set has ended.
    #[must_use]
    pub fn new(on_end: impl Fn(Vec<Step>) + Send + Sync + 'static) -> Self {
        let run = Self::of(None);
        let ended =
            Memo::new(move |_| run.set.with(|set| set.as_ref().filter(|set| !is_busy(set)).map(|s| s.id)));
        Effect::new(move || {
            if ended.get().is_some() {
                on_end(run.steps_untracked());
            }
        });
        run
    }

    /// A change set that is there already.
    #[must_use]
    pub fn following(set: ChangeSet) -> Self {
        Self::of(Some(set))
    }

    fn of(set: Option<ChangeSet>) -> Self {
        let run = Self {
            set: RwSignal::new(set),
            before: RwSignal::new(Vec::new()),
            asking: RwSignal::new(false),
            failure: RwSignal::new(None),
        };
        run.follow();
        run
    }

    /// Asks for a change. Steps that were tried before and are done are kept.
    pub fn ask<F>(self, change: F)
    where
        F: Future<Output = Result<ChangeSet, AppError>> + 'static,
    {
        self.asking.set(true);
        self.failure.set(None);
        spawn_local(async move {
            match change.await {
                Ok(set) => {
                    let repeats = |step: &Step| set.steps.iter().any(|new| new.target == step.target);
                    let kept = self.steps_untracked().into_iter().filter(|step| !repeats(step)).collect();
                    self.before.try_set(kept);
                    self.set.try_set(Some(set));
                }
                Err(error) => {
                    self.failure.try_set(Some(error.into_failure()));
                }
            }
            self.asking.try_set(false);
        });
    }

    /// Looks at each news of it while something may still become of it. The page may be left meanwhile: the change goes on.
    fn follow(self) {
        let open = Memo::new(move |_| {
            self.set.with(|set| set.as_ref().filter(|set| set.state.is_open()).map(|set| set.id))
        });
        Effect::new(move || {
            let Some(id) = open.get() else { return };
            let look = move || {
                spawn_local(async move {
                    match server_fns::change(id).await {
                        Ok(set) => drop(self.set.try_set(Some(set))),
                        // It goes on without us; somebody who is signed out is told so.
                        Err(error) if matches!(error.failure().code, FailureCode::SignedOut) => {
                            self.failure.try_set(Some(error.into_failure()));
                        }
                        Err(_) => (),
                    }
                });
            };
            let news = use_news(Topic::Change(id.0));
            Effect::new(move || {
                news.track();
                look();
            });
            let quiet = set_interval_with_handle(look, WITHOUT_NEWS);
            on_cleanup(move || drop(quiet.map(|quiet| quiet.clear())));
        });
    }

    /// Whether anything was tried.
    #[must_use]
    pub fn has_begun(self) -> bool {
        self.set.with(Option::is_some)
    }

    /// True from the question until the last step was tried.
    #[must_use]
    pub fn busy(self) -> Signal<bool> {
        Signal::derive(move || self.asking.get() || self.set.with(|set| set.as_ref().is_some_and(is_busy)))
    }

    /// The change set as it was last seen.
    #[must_use]
    pub fn set(self) -> Signal<Option<ChangeSet>> {
        self.set.into()
    }

    /// All steps, those of earlier tries first.
    #[must_use]
    pub fn steps(self) -> Vec<Step> {
        let newest = self.set.with(|set| set.as_ref().map(|set| set.steps.clone()).unwrap_or_default());
        self.before.get().into_iter().chain(newest).collect()
    }

    fn steps_untracked(self) -> Vec<Step> {
        untrack(|| self.steps())
    }

    /// Targets that can be tried again: at which AWS has not done it.
    #[must_use]
    pub fn left(self) -> Vec<String> {
        let left = |step: &Step| matches!(step.state, StepState::Failed | StepState::Waiting);
        self.steps().into_iter().filter(left).filter_map(|step| Some(step.target?.id)).collect()
    }

    /// Whether everything was done as wished.
    #[must_use]
    pub fn all_done(self) -> bool {
        let done = |step: &Step| step.state == StepState::Done;
        self.has_begun() && !self.busy().get() && self.steps().iter().all(done)
    }
}

fn is_busy(set: &ChangeSet) -> bool {
    set.state == ChangeState::Running
}

/// How far it is, and what became of each step.
#[component]
pub fn ChangeSteps(
    run: ChangeRun,
    /// What was done where it went well: “Attached”.
    done: &'static str,
    /// What was tried where it did not: “Not attached”.
    not_done: &'static str,
    /// What a step is called: “target”.
    noun: &'static str,
    /// Shown elsewhere than on the change set's own page: leads there while something may still become of it.
    #[prop(default = true)]
    elsewhere: bool,
) -> impl IntoView {
    let steps = Memo::new(move |_| run.steps());
    let progress = Memo::new(move |_| {
        let set = run.set.with(|set| set.as_ref().map(|set| (set.id, is_busy(set), set.state.is_open())));
        let (ended, total) = steps.with(|steps| (steps.iter().filter(|s| tried(s)).count(), steps.len()));
        set.map(|(id, going, open)| Progress { id, going, open, ended, total })
    });
    let progress = move || progress.get().map(|progress| progress.view(noun, elsewhere));
    let rows = move || {
        let steps = steps.get();
        // One policy at several targets needs no name in each row.
        let one = steps.windows(2).all(|pair| matches!(pair, [a, b] if a.subject == b.subject));
        steps.into_iter().map(|step| row(step, one, done, not_done)).collect::<Vec<_>>()
    };
    view! {
        {move || run.failure.get().map(|failure| view! { <FailureView failure/> })}
        <div class="run-progress-frame" role="status" aria-live="polite">{progress}</div>
        <ul class="results" aria-label="Steps" hidden=move || !run.has_begun()>{rows}</ul>
    }
}

/// How far a change set is.
#[derive(Clone, Copy, PartialEq)]
struct Progress {
    id: ChangeId,
    going: bool,
    /// Something may still become of it.
    open: bool,
    ended: usize,
    total: usize,
}

impl Progress {
    /// Nothing where it has ended. The change set's own page needs no way to itself.
    fn view(self, noun: &'static str, elsewhere: bool) -> Option<AnyView> {
        let Self { id, going, open, ended, total } = self;
        let page = || view! { <a href=paths::change(id)>{format!("Change {id}")}</a> };
        if going {
            let leave = if elsewhere {
                view! { <span>"It goes on when you leave: "{page()}" says how it stands."</span> }.into_any()
            } else {
                view! { <span>"It goes on when you leave this page."</span> }.into_any()
            };
            let bar = view! {
                <div class="run-progress">
                    <progress class="progress" max=total.to_string() value=ended.to_string() aria-label="Progress"></progress>
                    <span class="run-count">{format!("{ended} of {}", words::counted(total as u64, noun))}</span>
                    {leave}
                </div>
            };
            return Some(bar.into_any());
        }
        let unknown = || {
            view! {
                <p class="muted">
                    "AWS did not say of some of it whether it was done. Holdfast looks there until it knows, also when this page is closed: "
                    {page()}
                </p>
            }
        };
        (open && elsewhere).then(|| unknown().into_any())
    }
}

fn tried(step: &Step) -> bool {
    !matches!(step.state, StepState::Waiting | StepState::Sent)
}

fn row(step: Step, one: bool, done: &'static str, not_done: &'static str) -> AnyView {
    let (tone, word) = match step.state {
        StepState::Done => (Tone::Good, done),
        StepState::Failed => (Tone::Bad, not_done),
        StepState::Unknown => (Tone::Warn, step.state.words()),
        StepState::Sent => (Tone::Info, step.state.words()),
        StepState::Waiting => (Tone::Idle, "Waiting"),
    };
    let icon = if step.state == StepState::Sent { icons::RUNNING } else { tone.icon() };
    let why = step.failure.map(|failure| failure.explain());
    // A policy at several targets, or several policies: what tells the rows apart comes first.
    let at = step.target.clone().unwrap_or_else(|| step.subject.clone());
    let what = step.target.filter(|_| !one).map(|_| step.subject.name);
    let id = (!at.id.is_empty() && at.id != at.name).then(|| view! { " "<code>{at.id.clone()}</code> });
    view! {
        <li class="result" data-tone=tone.as_str()>
            <Icon icon/>
            <div class="result-text">
                <span><b>{at.name}</b>{id}</span>
                {what.map(|what| view! { <span class="small muted">{what}</span> })}
                {why.map(|why| view! { <span class="small">{why.title}". "{why.text}</span> })}
            </div>
            <span class="result-word">{word}</span>
        </li>
    }
    .into_any()
}
