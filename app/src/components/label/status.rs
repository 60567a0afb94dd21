//! A state: icon and word, never colour alone. Those of jobs and accounts have their tones here.

use icondata_core::Icon as IconData;
use leptos::prelude::*;
use model::{JobState, organization::AccountState};

use super::{
    icon::{Icon, icons},
    tone::Tone,
};

/// A state in a table or a header.
#[component]
pub fn Status(
    tone: Tone,
    /// The word for it.
    #[prop(into)]
    word: String,
    /// Where the tone's own icon would mislead.
    #[prop(optional)]
    icon: Option<IconData>,
) -> impl IntoView {
    view! {
        <span class="status" data-tone=tone.as_str()>
            <Icon icon=icon.unwrap_or_else(|| tone.icon()) size=15/>
            <span>{word}</span>
        </span>
    }
}

/// A job's state.
#[component]
pub fn JobStatus(state: JobState) -> impl IntoView {
    let (tone, icon) = match state {
        JobState::Completed => (Tone::Good, icons::GOOD),
        JobState::CompletedWithIssues | JobState::Partial => (Tone::Warn, icons::WARN),
        JobState::Failed => (Tone::Bad, icons::BAD),
        JobState::Expired => (Tone::Bad, icons::CLOCK),
        JobState::Aborted | JobState::Aborting => (Tone::Warn, icons::STOPPED),
        JobState::Running => (Tone::Info, icons::RUNNING),
        JobState::Created | JobState::Pending => (Tone::Idle, icons::PENDING),
        JobState::Unknown => (Tone::Idle, icons::HELP),
    };
    view! { <Status tone word=state.word() icon/> }
}

/// An account's state.
#[component]
pub fn AccountStatus(state: AccountState) -> impl IntoView {
    let (tone, icon) = match state {
        AccountState::Active => (Tone::Good, icons::GOOD),
        AccountState::PendingActivation => (Tone::Info, icons::PENDING),
        AccountState::Suspended => (Tone::Bad, icons::STOPPED),
        AccountState::PendingClosure => (Tone::Warn, icons::PENDING),
        AccountState::Closed => (Tone::Idle, icons::STOPPED),
        AccountState::Unknown => (Tone::Idle, icons::HELP),
    };
    view! { <Status tone word=state.word() icon/> }
}
