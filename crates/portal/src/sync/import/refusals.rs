//! Whether a refusal speaks of one part of the organization, and when a few speak for all.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aws::{AwsError, AwsErrorKind};

/// Where so many parts of a sort are refused alike and none was read, the others of this reading are not asked for.
pub(in crate::sync) const ALIKE: usize = 3;

/// How the parts of one sort were answered so far.
#[derive(Default)]
pub(super) struct Refusals(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    any_read: bool,
    reason: String,
    alike: usize,
}

impl Refusals {
    /// One was read: what is refused is refused for itself.
    pub fn read(&self) {
        self.answers().any_read = true;
    }

    pub fn refused(&self, reason: &str) {
        let mut answers = self.answers();
        answers.alike = if answers.reason == reason { answers.alike + 1 } else { 1 };
        reason.clone_into(&mut answers.reason);
    }

    /// Why there is no use in asking for another.
    pub fn of_all(&self) -> Option<String> {
        let answers = self.answers();
        (!answers.any_read && answers.alike >= ALIKE).then(|| answers.reason.clone())
    }

    /// Never held across a wait.
    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an answer speaks of what was asked for alone: not of the credentials, the way to AWS, or what will pass.
pub(super) const fn is_of_part(error: &AwsError) -> bool {
    matches!(
        error.kind,
        AwsErrorKind::Denied { .. }
            | AwsErrorKind::InvalidInput { .. }
            | AwsErrorKind::Constraint { .. }
            | AwsErrorKind::NotAvailable
            | AwsErrorKind::Unexpected { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_alike_and_none_read_speak_for_all() {
        let refusals = Refusals::default();
        refusals.refused("denied");
        refusals.refused("odd");
        refusals.refused("denied");
        refusals.refused("denied");
        assert_eq!(refusals.of_all(), None, "two in a row");
        refusals.refused("denied");
        assert_eq!(refusals.of_all().as_deref(), Some("denied"));
        refusals.read();
        assert_eq!(refusals.of_all(), None, "one that is shown is shown");
    }
}
