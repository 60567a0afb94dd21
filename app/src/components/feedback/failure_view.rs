//! What a page shows instead of what could not be had.

use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::{hooks::use_location, location::Location};
use model::{Failure, FailureCode, FieldProblem, paths};

use crate::components::{
    button::{Button, LinkButton},
    label::{Icon, Tone, icons},
    page::PageHeader,
};

/// A failure in words, with the next step: sign in, go home, or try again.
#[component]
pub fn FailureView(
    failure: Failure,
    /// Fetches again without losing what is on the page.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
    /// Id of the form that trying again submits once more, instead of loading anything.
    #[prop(optional)]
    form: Option<&'static str>,
    /// Where the title stands above as the page's heading.
    #[prop(optional)]
    untitled: bool,
) -> impl IntoView {
    let here = here(&use_location());
    if failure.code == FailureCode::SignedOut {
        // During server rendering: straight to the sign-in page, and back here afterwards.
        #[cfg(feature = "ssr")]
        crate::server_fns::ssr::go_to(&paths::sign_in_then(&here));
    }
    let tone = tone(&failure.code);
    let words = failure.explain();
    let fields = match &failure.code {
        FailureCode::Invalid { fields } if fields.len() > 1 => fields.clone(),
        _ => Vec::new(),
    };
    let text = fields.is_empty().then_some(words.text);
    view! {
        <div class="notice" data-tone=tone.as_str() role="alert">
            <Icon icon=tone.icon() size=18/>
            <div class="notice-text">
                {(!untitled).then(|| view! { <strong class="notice-title">{words.title}</strong> })}
                <div class="notice-body">{text}<ErrorList errors=fields/></div>
            </div>
            <div class="notice-action">{next_step(&failure, here, on_retry, form)}</div>
        </div>
    }
}

/// A failure that takes the place of a whole page.
#[component]
pub fn FailurePage(
    failure: Failure,
    #[prop(optional, into)] on_retry: Option<Callback<()>>,
) -> impl IntoView {
    let title = failure.explain().title;
    let view = match on_retry {
        Some(on_retry) => view! { <FailureView failure on_retry untitled=true/> }.into_any(),
        None => view! { <FailureView failure untitled=true/> }.into_any(),
    };
    view! {
        <PageHeader title/>
        {view}
    }
}

/// Field problems as a list; each leads to its field, whose id is its name. Nothing where there is none.
#[component]
fn ErrorList(errors: Vec<FieldProblem>) -> impl IntoView {
    let items: Vec<_> = errors
        .into_iter()
        .map(|problem| {
            let href = format!("#{}", problem.field);
            view! { <li><a href=href rel="external">{problem.message}</a></li> }
        })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="error-list">{items}</ul> })
}

fn here(location: &Location) -> String {
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    if search.is_empty() { path } else { format!("{path}?{search}") }
}

/// Broken is what somebody has to mend; what passes by itself, or is the reader's to change, is a warning.
pub(super) const fn tone(code: &FailureCode) -> Tone {
    match code {
        FailureCode::SignedOut | FailureCode::NotAvailable { .. } => Tone::Info,
        FailureCode::Denied { .. }
        | FailureCode::Unconfirmed { .. }
        | FailureCode::NoSecondFactor { .. }
        | FailureCode::NotFound { .. }
        | FailureCode::Invalid { .. }
        | FailureCode::TooLarge
        | FailureCode::Stale { .. }
        | FailureCode::Outdated { .. }
        | FailureCode::Conflict { .. }
        | FailureCode::AwsNotFound { .. }
        | FailureCode::AwsNotReady { .. }
        | FailureCode::AwsThrottled { .. }
        | FailureCode::TooSlow { .. }
        | FailureCode::Busy { .. } => Tone::Warn,
        _ => Tone::Bad,
    }
}

fn next_step(
    failure: &Failure,
    here: String,
    on_retry: Option<Callback<()>>,
    form: Option<&'static str>,
) -> Option<AnyView> {
    match &failure.code {
        FailureCode::SignedOut => Some(
            view! { <LinkButton label="Sign in" href=paths::sign_in_then(&here) reload=true/> }.into_any(),
        ),
        FailureCode::Unconfirmed { .. } => Some(
            view! { <LinkButton label="Show that it is you" href=paths::confirm_then(&here) reload=true/> }
                .into_any(),
        ),
        FailureCode::NoSecondFactor { .. } => Some(
            view! { <LinkButton label="Go to your account" href=paths::ACCOUNT reload=true/> }.into_any(),
        ),
        FailureCode::NotFound { .. } | FailureCode::AwsNotFound { .. } | FailureCode::Denied { .. } => {
            Some(view! { <LinkButton label="Go to overview" href=paths::OVERVIEW/> }.into_any())
        }
        code if failure.is_passing()
            || matches!(
                code,
                FailureCode::Internal
                    | FailureCode::AwsDenied { .. }
                    | FailureCode::AwsBlocked { .. }
                    | FailureCode::AwsCredentials { .. }
            ) =>
        {
            Some(match form {
                Some(form) => {
                    view! { <Button label="Try again" icon=icons::REFRESH submit=true form/> }.into_any()
                }
                None => try_again(here, on_retry),
            })
        }
        _ => None,
    }
}

/// A link that loads the page anew; once the page is alive, it fetches in place.
fn try_again(here: String, on_retry: Option<Callback<()>>) -> AnyView {
    let retry = move |event: MouseEvent| {
        if let Some(on_retry) = on_retry {
            event.prevent_default();
            on_retry.run(());
        }
    };
    view! {
        <a class="button" href=here rel="external" on:click=retry>
            <Icon icon=icons::REFRESH/>
            <span>"Try again"</span>
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use model::failure::{Busy, Slow};

    use super::*;

    #[test]
    fn what_is_busy_or_slow_is_a_warning_and_what_is_down_is_broken() {
        let busy = [Busy::Connections, Busy::Lock, Busy::Passwords, Busy::Requests, Busy::Readings];
        for what in busy {
            let failure = Failure::from(FailureCode::Busy { what });
            assert!(tone(&failure.code) == Tone::Warn && failure.is_passing(), "{failure}");
        }
        for what in [Slow::Database, Slow::Reading, Slow::Sending, Slow::Filter, Slow::Change] {
            assert_eq!(tone(&FailureCode::TooSlow { what }), Tone::Warn, "{what:?}");
        }
        for code in [FailureCode::DatabaseUnavailable, FailureCode::Internal, FailureCode::Transport] {
            assert_eq!(tone(&code), Tone::Bad, "{code:?}");
        }
    }
}
