//! Parts that AWS does not show while it shows the rest: they keep nothing else from being read.

use aws::AwsError;
use model::{
    TargetId,
    organization::{Node, Part},
};

use super::{ONE_BY_ONE, Reading, SyncError, refusals::Refusals};
use crate::error::aws_words;

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
