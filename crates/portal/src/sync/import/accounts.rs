//! All accounts, and where each stands.

use futures::{StreamExt, TryStreamExt, stream};
use model::{TargetId, organization::Node};

use super::{LANE, ONE_BY_ONE, Reading, SyncError, gone_is_empty};

impl Reading<'_> {
    /// The list of all accounts. AWS tells the place of each with it; other endpoints may not.
    pub(super) async fn accounts(&self) -> Result<(), SyncError> {
        let ask = |token: Option<String>| async move { self.aws.account_page(token.as_deref()).await };
        let keep = |nodes: Vec<Node>| async move { Ok(self.store.stage_nodes(self.import, &nodes).await?) };
        self.pages("accounts", ask, keep).await
    }

    /// Asks for accounts that were known and are not in the list: one that has left is told as such, so the list alone is
    /// not enough. Where many are missing it is.
    pub(super) async fn confirm_accounts(&self) -> Result<(), SyncError> {
        let missing = self.store.accounts_not_staged(self.import).await?;
        let asked = if missing.len() > ONE_BY_ONE { Vec::new() } else { missing };
        stream::iter(asked).map(|account| self.place(account)).buffer_unordered(LANE).try_collect().await
    }

    /// Finds a place for the accounts that came without one; for many, every OU is asked for its accounts.
    pub(super) async fn place_accounts(&self) -> Result<(), SyncError> {
        let mut homeless = self.store.staged_accounts_without_parent(self.import).await?;
        if homeless.len() > ONE_BY_ONE {
            let containers = self.store.staged_containers(self.import).await?;
            stream::iter(containers)
                .map(|container| self.accounts_in(container))
                .buffer_unordered(LANE)
                .try_collect::<()>()
                .await?;
            // Those who moved meanwhile, out of an OU not yet asked into one that had been.
            homeless = self.store.staged_accounts_without_parent(self.import).await?;
        }
        stream::iter(homeless).map(|account| self.place(account)).buffer_unordered(LANE).try_collect().await
    }

    async fn accounts_in(&self, parent: TargetId) -> Result<(), SyncError> {
        let step = format!("accounts/{parent}");
        let ask = |token: Option<String>| {
            let parent = parent.clone();
            async move { gone_is_empty(self.aws.accounts_for_parent_page(&parent, token.as_deref()).await) }
        };
        let keep = |nodes: Vec<Node>| async move { Ok(self.store.stage_nodes(self.import, &nodes).await?) };
        self.pages(&step, ask, keep).await
    }

    async fn place(&self, account: Node) -> Result<(), SyncError> {
        match self.aws.parent(&account.id).await {
            Ok(parent) => {
                let placed = Node { parent: Some(parent), ..account };
                Ok(self.store.stage_nodes(self.import, &[placed]).await?)
            }
            // It has left the organization since it was listed.
            Err(error) if error.is_not_found() => {
                Ok(self.store.unstage_node(self.import, &account.id).await?)
            }
            Err(error) => Err(error.into()),
        }
    }
}
