//! Lists that AWS does not give for all accounts at once: asked account by account in turns, or of our own account alone.

use aws::{AwsError, AwsErrorKind, JobsAfter, JobsOf};
use model::{
    failure::DeniedBy,
    organization::{AccountState, Node},
};
use store::{AccountRead, Watermark};
use time::{Duration, OffsetDateTime};

use super::list::{List, OVERLAP, Reading, is_lack_of_monitoring, is_untold, whole_second};
use crate::sync::SyncError;

/// Accounts of a list that are asked for in one reading; others have their turn in the next ones.
const TURN: i64 = 300;
/// After so many refusals alike, and none that succeeded, the others are not asked.
const ALIKE: usize = 3;
/// For so long.
const REFUSED_FOR: Duration = Duration::hours(1);

/// Refusals in a row that say the same.
#[derive(Default)]
struct Alike(Option<AwsErrorKind>, usize);

impl Alike {
    /// Counts a refusal; whether so many were alike.
    fn count(&mut self, kind: &AwsErrorKind) -> bool {
        self.1 = if self.0.as_ref() == Some(kind) { self.1 + 1 } else { 1 };
        self.0 = Some(kind.clone());
        self.1 >= ALIKE
    }
}

impl List<'_> {
    /// Reads the accounts whose turn it is, where AWS refuses all at once. An account that is refused keeps no other from
    /// being read, unless all are refused alike.
    pub(super) async fn each_account(&mut self, refusal: AwsError) -> Result<Reading, SyncError> {
        let accounts = self.known_accounts().await?;
        if accounts.is_empty() {
            // The organization was not read yet; no accounts would pass for no jobs.
            return Err(refusal.into());
        }
        if self.mark.accounts_refused_at.is_some_and(|at| self.asked_at - at < REFUSED_FOR) {
            return self.own_account(refusal).await;
        }
        let (region, kind) = (self.mark.region.clone(), self.mark.kind);
        let store = &self.sync.store;
        store.keep_job_accounts(&region, kind, &accounts).await?;
        let read_before =
            store.accounts_read().await?.get(&(region.clone(), kind)).is_some_and(|r| r.read > 0);
        let (mut any_read, mut alike) = (read_before, Alike::default());
        for read in store.job_accounts_in_turn(&region, kind, TURN).await? {
            let problem = match self.account(&read).await {
                Ok(()) => {
                    any_read = true;
                    None
                }
                Err(SyncError::Aws(error)) if is_untold(&error) => {
                    tracing::debug!(%error, account = %read.account, "an account's jobs are not told");
                    let problem = error.kind.to_string();
                    if !any_read && read.active && alike.count(&error.kind) {
                        self.mark.accounts_refused_at = Some(self.asked_at);
                        return self.own_account(error).await;
                    }
                    Some(problem)
                }
                Err(error) => return Err(error),
            };
            let asked_at = (self.sync.clock)();
            store.set_job_account(&region, kind, &read.account, asked_at, problem.as_deref()).await?;
        }
        self.mark.accounts_refused_at = None;
        self.mark.own_account_at = None;
        self.accounts_reading(refusal).await
    }

    /// How a list stands after a turn: whole once each active account was read.
    async fn accounts_reading(&mut self, refusal: AwsError) -> Result<Reading, SyncError> {
        let Watermark { region, kind, .. } = &self.mark;
        let store = &self.sync.store;
        let read = store.accounts_read().await?.remove(&(region.clone(), *kind));
        let whole = read.filter(|read| read.read == read.of);
        if let Some((problem, refused)) = store.job_account_problem(region, *kind).await? {
            self.mark.read_at = whole.and_then(|read| read.oldest_at).or(self.mark.read_at);
            let count = model::failure::count(usize::try_from(refused).unwrap_or(usize::MAX), "account");
            let problem = format!("{count} refused, asked for one by one: {problem}");
            return Ok(Reading::Part { problem, error: refusal });
        }
        // Those that wait for their turn make it no failure: how far it is stands beside.
        Ok(Reading::Whole { read_at: whole.and_then(|read| read.oldest_at).or(self.mark.read_at) })
    }

    /// What is new of an account, and what has ended since it was read.
    async fn account(&mut self, read: &AccountRead) -> Result<(), SyncError> {
        let of = JobsOf::Account(read.account.clone());
        self.since(of, read.read_at).await
    }

    /// Reads the jobs of our own account alone, where AWS gives no others; `refusal` stays what is told of the list.
    pub(super) async fn own_account(&mut self, refusal: AwsError) -> Result<Reading, SyncError> {
        match self.since(JobsOf::Caller, self.mark.own_account_at).await {
            Ok(()) => self.mark.own_account_at = Some(self.asked_at),
            Err(SyncError::Aws(error)) => {
                tracing::debug!(%error, "the jobs of our own account are not told either");
            }
            Err(error) => return Err(error),
        }
        let problem = match is_lack_of_monitoring(&refusal) {
            true => self.sync.why_own_account_only().await,
            false => refusal.kind.to_string(),
        };
        Ok(Reading::Part { problem, error: refusal })
    }

    /// Jobs created since an instant, or since the earliest that is read, and those that ended since.
    async fn since(&mut self, of: JobsOf, read_at: Option<OffsetDateTime>) -> Result<(), SyncError> {
        let since = read_at.map(|at| whole_second(at - OVERLAP));
        let created_after = Some(since.map_or(self.earliest, |since| since.max(self.earliest)));
        self.pages(&JobsAfter { created_after, of: of.clone(), ..JobsAfter::default() }).await?;
        if since.is_some() {
            self.pages(&JobsAfter { completed_after: since, of, ..JobsAfter::default() }).await?;
        }
        Ok(())
    }

    async fn known_accounts(&self) -> Result<Vec<(model::AccountId, bool)>, SyncError> {
        let nodes = self.sync.store.load_snapshot().await?.nodes;
        let listed = |node: Node| Some((node.id.account()?, node.state == Some(AccountState::Active)));
        Ok(nodes.into_iter().filter_map(listed).collect())
    }
}

impl crate::sync::Sync {
    /// Why AWS tells of our own account's jobs alone: one of two reasons, both if AWS does not tell which.
    async fn why_own_account_only(&self) -> String {
        let (caller, administrators, access) = tokio::join!(
            self.aws.caller_identity(),
            self.aws.delegated_administrators(),
            self.aws.trusted_access(),
        );
        let management = match self.store.load_snapshot().await {
            Ok(snapshot) => snapshot.facts.map(|facts| facts.management_account),
            Err(_) => None,
        };
        let account = caller.ok().map(|caller| caller.account);
        let standing = account.as_ref().and_then(|account| {
            if management.as_ref() == Some(account) {
                return Some(true);
            }
            let registered = match administrators {
                Ok(list) => list.iter().any(|one| one.account == *account),
                // Told to nobody who is neither, whatever IAM allows.
                Err(AwsError { kind: AwsErrorKind::Denied { by: DeniedBy::Outsider, .. }, .. }) => false,
                Err(_) => return None,
            };
            management.as_ref().map(|_| registered)
        });
        let only = "Only the jobs of Holdfast's own account are read";
        let off = "cross-account monitoring is off: turn on trusted access for AWS Backup in Settings";
        let member = |account: Option<&model::AccountId>| {
            let account = account.map_or_else(String::new, |account| format!(" {account}"));
            format!(
                "Holdfast's account{account} is neither the management account nor a delegated administrator for AWS Backup"
            )
        };
        match (standing, access) {
            (Some(true), Ok(None)) => format!("{only}: {off}"),
            (Some(false), _) => format!("{only}: {}", member(account.as_ref())),
            (Some(true), _) => {
                format!(
                    "{only}: AWS says that cross-account monitoring is off; look at trusted access for AWS Backup in Settings"
                )
            }
            (None, _) => format!("{only}: {off}; or {}", member(account.as_ref())),
        }
    }
}
