//! The states of jobs and accounts, with their tones.

use leptos::prelude::*;
use model::{JobState, organization::AccountState};

use super::{icon::icons, status::Status, tone::Tone};

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
