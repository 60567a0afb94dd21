//! Reads the organization: staged step by step, so that an interrupted reading goes on where it stopped, and taken over
//! whole. What AWS allows to be asked side by side is.

mod accounts;
mod policies;
pub(super) mod refusals;
mod unread;

use aws::{Aws, AwsError, AwsErrorKind, Page, PolicyTypeStatus};
use futures::{StreamExt, TryStreamExt, stream};
use model::{TargetId, organization::Part};
use store::{Import, Store, SyncPart};
use time::{Duration, OffsetDateTime};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use self::refusals::{Refusals, is_of_part};
use super::{Sync, error::SyncError, progress::Progress};
use crate::error::aws_words;

/// An interrupted reading that is older than this begins anew: its first half would be too old for its second.
const TOO_OLD: Duration = Duration::minutes(30);
/// A text or the targets of a policy that were not read for so long are read again in any case.
const FRESH: Duration = Duration::HOUR;
/// So many things are asked for one by one where a list does not say enough of them.
const ONE_BY_ONE: usize = 20;
/// Calls of one operation at once; the rates say how many a second.
pub(super) const LANE: usize = 4;

/// One reading of the organization.
struct Reading<'a> {
    store: &'a Store,
    aws: &'a Aws,
    progress: &'a Progress,
    import: i64,
    /// What was read of policies since then need not be read again; `None` reads everything.
    fresh_since: Option<OffsetDateTime>,
    /// Of policies' texts, …
    texts: Refusals,
    /// … and of their targets.
    targets: Refusals,
}

impl Sync {
    /// Reads the organization and takes it over: all of it as it is since somebody `asked` for it; else of the policies what
    /// there is time for while the tree is read.
    pub(super) async fn import_once(&self, asked: Option<OffsetDateTime>) -> Result<(), SyncError> {
        let import = begin(self, asked).await?;
        let reading = Reading {
            store: &self.store,
            aws: &self.aws,
            progress: &self.progress,
            import: import.id,
            fresh_since: asked.is_none().then(|| (self.clock)() - FRESH),
            texts: Refusals::default(),
            targets: Refusals::default(),
        };
        let root = reading.facts().await?;
        reading.progress.begin(SyncPart::Organization, "accounts, OUs and policies", None);
        let (tree_is_read, least) = (CancellationToken::new(), sleep(self.options.policies_for));
        let tree = async {
            tokio::try_join!(reading.accounts(), reading.ous(root))?;
            tree_is_read.cancel();
            Ok(())
        };
        let enough = async {
            tree_is_read.cancelled().await;
            least.await;
        };
        tokio::try_join!(tree, reading.policies(enough))?;
        reading.place_accounts().await?;
        reading.place_ous().await?;
        reading.confirm_accounts().await?;
        self.store.promote(import.id, (self.clock)()).await?;
        Ok(())
    }
}

/// Goes on with what was interrupted, unless it is too old for what is still to be read, or for who asked.
async fn begin(sync: &Sync, asked: Option<OffsetDateTime>) -> Result<Import, SyncError> {
    let now = (sync.clock)();
    let import = sync.store.begin_import(now).await?;
    let is_old = now - import.begun_at >= TOO_OLD || asked.is_some_and(|asked| import.begun_at < asked);
    if !import.resumed || !is_old {
        return Ok(import);
    }
    sync.store.discard_import(import.id).await?;
    Ok(sync.store.begin_import(now).await?)
}

impl Reading<'_> {
    /// The organization itself and its root.
    async fn facts(&self) -> Result<TargetId, SyncError> {
        const STEP: &str = "facts";
        let known = self.store.import_step(self.import, STEP).await?.and_then(|step| step.cursor);
        if let Some(root) = known.and_then(|cursor| cursor.parse().ok()) {
            return Ok(root);
        }
        self.progress.begin(SyncPart::Organization, "the organization", None);
        let (facts, root) = tokio::try_join!(self.aws.describe_organization(), self.aws.root())?;
        let enabled = match root.backup_policies {
            PolicyTypeStatus::Enabled => Some(true),
            PolicyTypeStatus::Disabled => Some(false),
            PolicyTypeStatus::Changing => None,
        };
        let id = root.node.id.clone();
        self.store.stage_facts(self.import, &facts, enabled).await?;
        self.store.stage_nodes(self.import, &[root.node]).await?;
        self.store.save_step(self.import, STEP, true, Some(id.as_str())).await?;
        Ok(id)
    }

    /// Walks a paged list from where it stopped. What `keep` has kept is not asked for again. A page that AWS does not
    /// know any more (pages do not last for ever) begins the list again.
    async fn pages<T, A, K>(
        &self,
        step: &str,
        ask: impl Fn(Option<String>) -> A,
        mut keep: impl FnMut(Vec<T>) -> K,
    ) -> Result<(), SyncError>
    where
        A: Future<Output = Result<Page<T>, AwsError>>,
        K: Future<Output = Result<(), SyncError>>,
    {
        let state = self.store.import_step(self.import, step).await?;
        if state.as_ref().is_some_and(|state| state.done) {
            return Ok(());
        }
        let mut token = state.and_then(|state| state.cursor);
        let mut resumed = token.is_some();
        loop {
            let page = match ask(token.clone()).await {
                Err(error) if resumed && is_stale_page(&error) => {
                    (token, resumed) = (None, false);
                    continue;
                }
                answer => answer?,
            };
            resumed = false;
            self.progress.add(SyncPart::Organization, page.rows.len());
            keep(page.rows).await?;
            for odd in page.odd {
                tracing::warn!(list = step, odd, "a row cannot be read");
                self.unread(Part::Row, &format!("{step}: {odd}"), "It is asked for again.").await?;
            }
            self.store.save_step(self.import, step, page.next.is_none(), page.next.as_deref()).await?;
            match page.next {
                Some(next) => token = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// The OUs, level by level.
    async fn ous(&self, root: TargetId) -> Result<(), SyncError> {
        // Of a resumed reading, the containers found before; those already asked are passed over.
        let mut level = self.store.staged_containers(self.import).await?;
        if level.is_empty() {
            level.push(root);
        }
        while !level.is_empty() {
            let below: Vec<Vec<TargetId>> =
                stream::iter(level).map(|ou| self.ous_in(ou)).buffer_unordered(LANE).try_collect().await?;
            level = below.into_iter().flatten().collect();
        }
        Ok(())
    }

    /// The OUs in one root or OU; those found now.
    async fn ous_in(&self, parent: TargetId) -> Result<Vec<TargetId>, SyncError> {
        let mut found = Vec::new();
        let step = format!("ous/{parent}");
        let ask = |token: Option<String>| {
            let parent = parent.clone();
            async move { gone_is_empty(self.aws.ous_page(&parent, token.as_deref()).await) }
        };
        let keep = |nodes: Vec<model::organization::Node>| {
            found.extend(nodes.iter().map(|node| node.id.clone()));
            async move { Ok(self.store.stage_nodes(self.import, &nodes).await?) }
        };
        match self.pages(&step, ask, keep).await {
            Err(SyncError::Aws(error)) if is_of_part(&error) => {
                self.unread(Part::Ous, parent.as_str(), &aws_words(&error)).await?;
                found.extend(self.store.carry_ous(self.import, &parent).await?);
            }
            read => read?,
        }
        Ok(found)
    }
}

/// A place that was removed while the tree was read has nothing in it.
fn gone_is_empty<T>(answer: Result<Page<T>, AwsError>) -> Result<Page<T>, AwsError> {
    match answer {
        Err(error) if error.is_not_found() => Ok(Page { rows: Vec::new(), next: None, odd: Vec::new() }),
        answer => answer,
    }
}

fn is_stale_page(error: &AwsError) -> bool {
    matches!(&error.kind, AwsErrorKind::InvalidInput { reason, .. } if reason.contains("NEXT_TOKEN"))
}
