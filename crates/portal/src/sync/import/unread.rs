//! Parts that AWS does not show while it shows the rest: they keep nothing else from being read.

use std::sync::{Mutex, MutexGuard, PoisonError};

use aws::{AwsError, AwsErrorKind};
use model::{
    TargetId,
    organization::{Node, Part},
};

use super::{ONE_BY_ONE, Reading, SyncError};
use crate::error::aws_words;

/// Where so many parts of a sort are refused alike and none was read, the others of this reading are not asked for.
const ALIKE: usize = 3;

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

    fn refused(&self, reason: &str) {
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

impl Reading<'_> {
    /// Notes that a part could not be read.
    pub(super) async fn refused(
        &self,
        refusals: &Refusals,
        part: Part,
        id: &str,
        error: &AwsError,
    ) -> Result<(), SyncError> {
        tracing::debug!(%error, id, "a part of the organization cannot be read");
        let reason = aws_words(error);
        refusals.refused(&reason);
        self.unread(part, id, &reason).await
    }

    pub(super) async fn unread(&self, part: Part, id: &str, reason: &str) -> Result<(), SyncError> {
        Ok(self.store.stage_unread(self.import, part, id, reason).await?)
    }

    /// Finds a place for OUs that nobody listed and in which there are accounts: their parents' OUs could not be read.
    pub(super) async fn place_ous(&self) -> Result<(), SyncError> {
        for _ in 0..ONE_BY_ONE {
            let orphans: Vec<TargetId> = self.store.staged_parents_not_staged(self.import).await?;
            if orphans.is_empty() {
                break;
            }
            for id in orphans.into_iter().take(ONE_BY_ONE) {
                let parent = Some(self.aws.parent(&id).await?);
                // Its name is among what could not be read.
                let name = id.to_string();
                let (arn, email, state, joined_at) = (String::new(), None, None, None);
                let node = Node { id, parent, name, arn, email, state, joined_at };
                self.store.stage_nodes(self.import, &[node]).await?;
            }
        }
        Ok(())
    }
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
