//! All backup policies: their texts, and where they are attached.

use aws::{AwsErrorKind, PolicyHead};
use futures::{StreamExt, TryStreamExt, stream};
use model::{PolicyId, TargetId, organization::PolicyRecord};
use serde::{Deserialize, Serialize};

use super::{LANE, Reading, SyncError, is_stale_page};

/// Where the reading of a policy's targets stopped.
#[derive(Default, Serialize, Deserialize)]
struct Targets {
    token: Option<String>,
    found: Vec<TargetId>,
}

impl Reading<'_> {
    /// The list of policies; then texts and targets side by side; then the order where several are on one target.
    pub(super) async fn policies(&self) -> Result<(), SyncError> {
        let ask = |token: Option<String>| async move { self.aws.policies_page(token.as_deref()).await };
        let keep = |heads: Vec<PolicyHead>| async move {
            let records: Vec<PolicyRecord> = heads.into_iter().map(without_text).collect();
            Ok(self.store.stage_policies(self.import, &records).await?)
        };
        self.pages("policies", ask, keep).await?;
        tokio::try_join!(self.texts(), self.targets())?;
        self.orders().await
    }

    /// AWS keeps no version of a policy, so every text is read again.
    async fn texts(&self) -> Result<(), SyncError> {
        let policies = self.store.staged_policies_without_content(self.import).await?;
        stream::iter(policies).map(|policy| self.text(policy)).buffer_unordered(LANE).try_collect().await
    }

    async fn text(&self, policy: PolicyId) -> Result<(), SyncError> {
        match self.aws.describe_policy(&policy).await {
            Ok(record) => Ok(self.store.stage_policies(self.import, &[record]).await?),
            // It was deleted since it was listed.
            Err(error) if error.kind == AwsErrorKind::NotFound => {
                Ok(self.store.unstage_policy(self.import, &policy).await?)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn targets(&self) -> Result<(), SyncError> {
        let policies = self.store.staged_policies_without_targets(self.import).await?;
        stream::iter(policies)
            .map(|policy| self.targets_of(policy))
            .buffer_unordered(LANE)
            .try_collect()
            .await
    }

    async fn targets_of(&self, policy: PolicyId) -> Result<(), SyncError> {
        let step = format!("targets/{policy}");
        let known = self.store.import_step(self.import, &step).await?.and_then(|state| state.cursor);
        let mut so_far: Targets =
            known.and_then(|cursor| serde_json::from_str(&cursor).ok()).unwrap_or_default();
        let mut resumed = so_far.token.is_some();
        loop {
            let page = match self.aws.targets_page(&policy, so_far.token.as_deref()).await {
                Ok(page) => page,
                Err(error) if resumed && is_stale_page(&error) => {
                    (so_far, resumed) = (Targets::default(), false);
                    continue;
                }
                Err(error) if error.kind == AwsErrorKind::NotFound => {
                    return Ok(self.store.unstage_policy(self.import, &policy).await?);
                }
                Err(error) => return Err(error.into()),
            };
            resumed = false;
            so_far.found.extend(page.rows);
            so_far.token = page.next;
            if so_far.token.is_none() {
                return Ok(self.store.stage_attachments(self.import, &policy, &so_far.found).await?);
            }
            let cursor = serde_json::to_string(&so_far).unwrap_or_default();
            self.store.save_step(self.import, &step, false, Some(&cursor)).await?;
        }
    }

    /// Where several policies are on one target, their order decides who wins: it is the one in which AWS lists them.
    async fn orders(&self) -> Result<(), SyncError> {
        let several = self.store.staged_targets_without_order(self.import).await?;
        stream::iter(several).map(|target| self.order_on(target)).buffer_unordered(LANE).try_collect().await
    }

    async fn order_on(&self, target: TargetId) -> Result<(), SyncError> {
        let policies = match self.aws.policies_for_target(&target).await {
            Ok(policies) => policies,
            // It was removed since; taking over will tell.
            Err(error) if error.kind == AwsErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        Ok(self.store.stage_order(self.import, &target, &policies).await?)
    }
}

fn without_text(head: PolicyHead) -> PolicyRecord {
    let PolicyHead { id, arn, name, description } = head;
    PolicyRecord { id, arn, name, description, content: String::new() }
}
