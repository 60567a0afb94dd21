//! What was asked to be changed in AWS, and what became of it.

mod list;
mod page;
mod run;

pub use list::ChangesPage;
pub use page::ChangePage;
pub use run::{ChangeRun, ChangeSteps};

use model::change::ChangeState;

use crate::components::Tone;

/// How a change set stands, as a tone.
const fn tone(state: ChangeState) -> Tone {
    match state {
        ChangeState::Running => Tone::Info,
        ChangeState::Settling => Tone::Warn,
        ChangeState::Done => Tone::Good,
        ChangeState::Stopped => Tone::Bad,
    }
}
