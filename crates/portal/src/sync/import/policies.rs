//! All backup policies: their texts, and where they are attached.

use aws::PolicyHead;
use futures::{FutureExt, Stream, StreamExt, TryStreamExt, stream};
use model::{
    PolicyId, TargetId,
    organization::{Part, PolicyRecord},
};
use serde::{Deserialize, Serialize};
use store::DuePolicy;

use super::{LANE, ONE_BY_ONE, Reading, SyncError, is_of_part, is_stale_page};

/// Where the reading of a policy's targets stopped.
#[derive(Default, Serialize, Deserialize)]
struct Targets {
    token: Option<String>,
    found: Vec<TargetId>,
}

impl Reading<'_> {
    /// The list of policies; then texts and targets side by side, until there was `enough`; then the order where several
    /// are on one target. AWS tells of no policy whether it is as before, so those that were not reached are carried
    /// over, and come first the next time.
    pub(super) async fn policies(&self, enough: impl Future<Output = ()>) -> Result<(), SyncError> {
        let ask = |token: Option<String>| async move { self.aws.policies_page(token.as_deref()).await };
        let keep = |heads: Vec<PolicyHead>| async move {
            let records: Vec<PolicyRecord> = heads.into_iter().map(without_text).collect();
            Ok(self.store.stage_policies(self.import, &records).await?)
        };
        self.pages("policies", ask, keep).await?;
        self.confirm_policies().await?;
        let enough = enough.shared();
        tokio::try_join!(self.texts(enough.clone()), self.targets(enough))?;
        self.store.carry_policies(self.import).await?;
        self.orders().await
    }

    /// Asks for policies that were known and are not in the list, as one that was made just now may be: one that is gone
    /// is told as such, and takes its attachments with it, so the list alone is not enough. Where many are missing it is.
    async fn confirm_policies(&self) -> Result<(), SyncError> {
        let missing = self.store.policies_not_staged(self.import).await?;
        let asked = if missing.len() > ONE_BY_ONE { Vec::new() } else { missing };
        for policy in asked {
            match self.aws.describe_policy(&policy).await {
                Ok(record) => self.store.stage_policies(self.import, &[record]).await?,
                // AWS neither lists it nor shows it.
                Err(error) if error.is_not_found() || is_of_part(&error) => (),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    async fn texts(&self, enough: impl Future<Output = ()>) -> Result<(), SyncError> {
        let due = self.store.staged_texts_due(self.import, self.fresh_since).await?;
        in_turn(due, enough).map(|policy| self.text(policy)).buffer_unordered(LANE).try_collect().await
    }

    async fn text(&self, policy: PolicyId) -> Result<(), SyncError> {
        if let Some(reason) = self.texts.of_all() {
            return self.unread(Part::PolicyText, policy.as_str(), &reason).await;
        }
        match self.aws.describe_policy(&policy).await {
            Ok(record) => {
                self.texts.read();
                Ok(self.store.stage_text(self.import, &record).await?)
            }
            Err(error) if is_of_part(&error) => {
                self.refused(&self.texts, Part::PolicyText, policy.as_str(), &error).await
            }
            // It was deleted since it was listed.
            Err(error) if error.is_not_found() => Ok(self.store.unstage_policy(self.import, &policy).await?),
            Err(error) => Err(error.into()),
        }
    }

    async fn targets(&self, enough: impl Future<Output = ()>) -> Result<(), SyncError> {
        let due = self.store.staged_targets_due(self.import, self.fresh_since).await?;
        in_turn(due, enough).map(|policy| self.targets_of(policy)).buffer_unordered(LANE).try_collect().await
    }

    async fn targets_of(&self, policy: PolicyId) -> Result<(), SyncError> {
        if let Some(reason) = self.targets.of_all() {
            return self.unread(Part::PolicyTargets, policy.as_str(), &reason).await;
        }
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
                Err(error) if error.is_not_found() => {
                    return Ok(self.store.unstage_policy(self.import, &policy).await?);
                }
                Err(error) if is_of_part(&error) => {
                    return self.refused(&self.targets, Part::PolicyTargets, policy.as_str(), &error).await;
                }
                Err(error) => return Err(error.into()),
            };
            self.targets.read();
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
            Err(error) if error.is_not_found() => Vec::new(),
            // Who wins there is as it was known, or as AWS lists the policies.
            Err(error) if is_of_part(&error) => {
                return self.unread(Part::Order, target.as_str(), &crate::error::aws_words(&error)).await;
            }
            Err(error) => return Err(error.into()),
        };
        Ok(self.store.stage_order(self.import, &target, &policies).await?)
    }
}

/// Those that must be read, and of the others as many as there is time for.
fn in_turn(due: Vec<DuePolicy>, enough: impl Future<Output = ()>) -> impl Stream<Item = PolicyId> {
    let (must, may): (Vec<_>, Vec<_>) = due.into_iter().partition(|due| due.must);
    let ids = |due: Vec<DuePolicy>| stream::iter(due).map(|due| due.policy);
    ids(must).chain(ids(may).take_until(enough))
}

fn without_text(head: PolicyHead) -> PolicyRecord {
    let PolicyHead { id, arn, name, description } = head;
    PolicyRecord { id, arn, name, description, content: String::new() }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn what_must_be_read_is_read_first_and_whatever_the_time() {
        let id = |n: u32| -> PolicyId { format!("p-{n:08}").parse().unwrap() };
        let due = || [(1, false), (2, true), (3, false)].map(|(n, must)| DuePolicy { policy: id(n), must });
        let read = async |enough: futures::future::BoxFuture<'static, ()>| {
            in_turn(due().into(), enough).collect::<Vec<_>>().await
        };
        assert_eq!(read(pending().boxed()).await, [id(2), id(1), id(3)]);
        assert_eq!(read(ready(()).boxed()).await, [id(2)]);
    }
}
