//! What was asked to be changed in AWS, and what became of it.

mod list;
mod page;
mod run;

pub use list::ChangesPage;
pub use page::ChangePage;
pub use run::{ChangeRun, ChangeSteps};

use leptos::prelude::*;
use model::change::ChangeState;

use crate::components::{Status, Tone, icons};

/// How a change set stands.
fn status(state: ChangeState) -> AnyView {
    let (tone, icon) = match state {
        ChangeState::Running => (Tone::Info, icons::RUNNING),
        ChangeState::Settling => (Tone::Warn, icons::PENDING),
        ChangeState::Done => (Tone::Good, icons::GOOD),
        ChangeState::Stopped => (Tone::Bad, icons::BAD),
    };
    view! { <Status tone word=state.words() icon/> }.into_any()
}
