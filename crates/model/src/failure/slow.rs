//! What took too long, in words with a next step.

use serde::{Deserialize, Serialize};

/// What took longer than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slow {
    /// The database, over a question that a narrower filter makes easier.
    Filter,
    /// The database, over anything else.
    Database,
    /// What was sent did not arrive in time.
    Sending,
    /// A request that only reads. It was given up.
    Reading,
    /// A request that changes something. What was begun goes on.
    Change,
}

impl Slow {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Filter => {
                "The database takes too long for this filter. Narrow it, for example by time, and try again."
            }
            Self::Database => {
                "The database is busy with something else. Try again in a moment; where something was to be changed, look first what came of it."
            }
            Self::Sending => "What was sent did not arrive in time. Nothing was done; try again.",
            Self::Reading => "There was no answer in time. Try again in a moment.",
            Self::Change => {
                "There was no answer in time, but what was begun goes on. Look what came of it before you try again."
            }
        }
    }
}
