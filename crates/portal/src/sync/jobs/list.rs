//! One list of jobs: one Region, one kind.

use aws::{AwsError, AwsErrorKind, JobsAfter};
use model::{
    AccountId, JobState,
    job::Job,
    organization::{AccountState, Node},
};
use serde::{Deserialize, Serialize};
use store::{SyncPart, Watermark};
use time::{Duration, OffsetDateTime};

use crate::sync::{Sync, SyncError};

/// AWS keeps jobs in its lists for so long.
pub(super) const HISTORY: Duration = Duration::days(30);
/// Jobs can appear in the lists later than they were created, and clocks differ.
const OVERLAP: Duration = Duration::hours(1);
/// History is read day by day, oldest first, so that a reading that breaks off goes on near where it stopped.
const DAY: Duration = Duration::DAY;
/// Open jobs older than what is listed anyway that are asked for one by one, in one reading.
const STRAGGLERS: usize = 40;

/// A span of creation times being read.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Span {
    #[serde(with = "time::serde::rfc3339")]
    from: OffsetDateTime,
    /// `None` for the last span, which ends with the list.
    #[serde(with = "time::serde::rfc3339::option")]
    until: Option<OffsetDateTime>,
    token: Option<String>,
}

pub(super) struct List<'a> {
    sync: &'a Sync,
    pub mark: Watermark,
    asked_at: OffsetDateTime,
    earliest: OffsetDateTime,
    /// Set where AWS does not list all accounts at once: then each is asked for.
    accounts: Option<Vec<Listed>>,
}

/// An account whose jobs are asked for.
struct Listed {
    account: AccountId,
    active: bool,
}

impl<'a> List<'a> {
    pub fn new(sync: &'a Sync, mark: Watermark, asked_at: OffsetDateTime, earliest: OffsetDateTime) -> Self {
        Self { sync, mark, asked_at, earliest: whole_second(earliest), accounts: None }
    }

    /// Reads what is new, what has ended since, and what has been open for long.
    pub async fn read(&mut self, round: usize) -> Result<(), SyncError> {
        let listed_from = self.start();
        self.created().await?;
        if let Some(read_at) = self.mark.read_at {
            let ended =
                JobsAfter { completed_after: Some(whole_second(read_at - OVERLAP)), ..JobsAfter::default() };
            self.all(ended).await?;
        }
        self.follow(listed_from, round).await
    }

    /// Where this reading begins: a little before what is known.
    fn start(&self) -> OffsetDateTime {
        let known = self.mark.read_up_to.map(|known| whole_second(known - OVERLAP));
        known.map_or(self.earliest, |known| known.max(self.earliest))
    }

    /// Jobs created since the last reading.
    async fn created(&mut self) -> Result<(), SyncError> {
        let mut span = self.resumed().unwrap_or_else(|| self.span(self.start()));
        loop {
            let newest = match self.span_pages(&mut span).await {
                Err(SyncError::Aws(error))
                    if self.accounts.is_none() && refuses_all_accounts(&error, &span) =>
                {
                    let accounts = self.known_accounts().await?;
                    if accounts.is_empty() {
                        // The organization was not read yet; no accounts would pass for no jobs.
                        return Err(error.into());
                    }
                    self.accounts = Some(accounts);
                    // A call for each account and day would be too many.
                    span = Span { from: span.from, until: None, token: None };
                    continue;
                }
                newest => newest?,
            };
            let known = span.until.or(newest.map(|at| at.min(self.asked_at))).unwrap_or(span.from);
            self.mark.read_up_to = self.mark.read_up_to.max(Some(known));
            self.mark.page_cursor = None;
            self.sync.store.set_watermark(&self.mark).await?;
            match span.until {
                Some(until) => span = self.span(until),
                None => return Ok(()),
            }
        }
    }

    /// The span in which an earlier reading broke off, unless all of it is older than what is read by now.
    fn resumed(&self) -> Option<Span> {
        let span: Span = serde_json::from_str(self.mark.page_cursor.as_deref()?).ok()?;
        (span.until.unwrap_or(self.asked_at) > self.earliest).then_some(span)
    }

    fn span(&self, from: OffsetDateTime) -> Span {
        let until = from + DAY;
        Span { from, until: (until < self.asked_at).then_some(until), token: None }
    }

    /// All pages of a span; the newest time of creation in them.
    async fn span_pages(&mut self, span: &mut Span) -> Result<Option<OffsetDateTime>, SyncError> {
        // “After” may leave out the very instant.
        let created_after = Some(span.from - Duration::SECOND);
        let filter = JobsAfter { created_after, created_before: span.until, ..JobsAfter::default() };
        if self.accounts.is_some() {
            return self.all(filter).await;
        }
        let mut newest = None;
        let mut resumed = span.token.is_some();
        loop {
            let (seen, next) = match self.page(&filter, span.token.as_deref()).await {
                Err(SyncError::Aws(error))
                    if resumed && matches!(error.kind, AwsErrorKind::InvalidInput { .. }) =>
                {
                    (span.token, resumed) = (None, false);
                    continue;
                }
                page => page?,
            };
            resumed = false;
            newest = newest.max(seen);
            span.token = next;
            if span.token.is_none() {
                return Ok(newest);
            }
            self.mark.page_cursor = serde_json::to_string(&span).ok();
            self.sync.store.set_watermark(&self.mark).await?;
        }
    }

    /// All pages of a filter, for all accounts; the newest time of creation in them. An account that is refused keeps no
    /// other from being read: it is told when they are, unless it is one that is no longer active.
    async fn all(&self, filter: JobsAfter) -> Result<Option<OffsetDateTime>, SyncError> {
        let Some(accounts) = &self.accounts else { return self.pages(&filter).await };
        let (mut newest, mut refused) = (None, None);
        for Listed { account, active } in accounts {
            let of_account = JobsAfter { account: Some(account.clone()), ..filter.clone() };
            match self.pages(&of_account).await {
                Ok(seen) => newest = newest.max(seen),
                Err(SyncError::Aws(error)) if is_untold(&error) => {
                    tracing::debug!(%error, %account, "an account's jobs are not told");
                    refused = refused.or(active.then_some(error));
                }
                Err(error) => return Err(error),
            }
        }
        refused.map_or(Ok(newest), |error| Err(error.into()))
    }

    async fn pages(&self, filter: &JobsAfter) -> Result<Option<OffsetDateTime>, SyncError> {
        let (mut newest, mut token) = (None, None);
        loop {
            let (seen, next) = self.page(filter, token.as_deref()).await?;
            newest = newest.max(seen);
            match next {
                Some(next) => token = Some(next),
                None => return Ok(newest),
            }
        }
    }

    /// Reads and keeps one page: the newest time of creation in it, and the next page.
    async fn page(
        &self,
        filter: &JobsAfter,
        token: Option<&str>,
    ) -> Result<(Option<OffsetDateTime>, Option<String>), SyncError> {
        let asked_at = (self.sync.clock)();
        let page = self.sync.aws.job_page(&self.mark.region, self.mark.kind, filter, token).await?;
        self.sync.store.upsert_jobs(&page.rows, asked_at).await?;
        self.sync.progress.add(SyncPart::Jobs, page.rows.len());
        Ok((page.rows.iter().map(|job| job.created_at).max(), page.next))
    }

    /// Jobs that are open for longer than what was listed anew: their progress, and their end where AWS gives it no
    /// time. A few in each reading, others in the next.
    async fn follow(&self, listed_from: OffsetDateTime, round: usize) -> Result<(), SyncError> {
        let store = &self.sync.store;
        let open = store.open_jobs(&self.mark.region, self.mark.kind, listed_from).await?;
        let turn = (round * STRAGGLERS).checked_rem(open.len()).unwrap_or_default();
        for id in open.iter().cycle().skip(turn).take(STRAGGLERS.min(open.len())) {
            let Some((job, _)) = store.job(self.mark.kind, id).await? else { continue };
            if job.created_at < self.earliest {
                self.describe(job).await?;
                continue;
            }
            let at = whole_second(job.created_at);
            // Asked for by its place in the list as long as it is in one: AWS may not describe jobs of other accounts.
            let filter = JobsAfter {
                created_after: Some(at - Duration::SECOND),
                created_before: Some(at + 2 * Duration::SECOND),
                account: Some(job.account),
                ..JobsAfter::default()
            };
            match self.pages(&filter).await {
                Err(SyncError::Aws(error)) if is_untold(&error) => {
                    // Its account may have left the organization.
                    tracing::debug!(%error, id, "an open job is not told");
                }
                told => drop(told?),
            }
        }
        Ok(())
    }

    /// Reads a job that is older than what AWS lists. Of one that AWS does not describe nobody knows any more what it
    /// does; should AWS tell of it later, it is as AWS says.
    async fn describe(&self, job: Job) -> Result<(), SyncError> {
        let asked_at = (self.sync.clock)();
        let Watermark { region, kind, .. } = &self.mark;
        let told = match self.sync.aws.describe_job(region, *kind, &job.id).await {
            Ok(told) => told,
            Err(error) if is_untold(&error) => {
                tracing::debug!(%error, job.id, "an old job is not told");
                Job { state: JobState::Unknown, ..job }
            }
            Err(error) => return Err(error.into()),
        };
        self.sync.store.upsert_jobs(&[told], asked_at).await?;
        Ok(())
    }

    async fn known_accounts(&self) -> Result<Vec<Listed>, SyncError> {
        let nodes = self.sync.store.load_snapshot().await?.nodes;
        let listed = |node: Node| {
            let active = node.state == Some(AccountState::Active);
            Some(Listed { account: node.id.account()?, active })
        };
        Ok(nodes.into_iter().filter_map(listed).collect())
    }
}

/// Whether AWS refuses to list the jobs of all accounts at once: documented for backups, not for copies and restores.
/// On a later page it is the page that is refused.
fn refuses_all_accounts(error: &AwsError, span: &Span) -> bool {
    span.token.is_none() && matches!(error.kind, AwsErrorKind::InvalidInput { .. })
}

/// Whether AWS will not describe a job: it is gone, or another account's.
fn is_untold(error: &AwsError) -> bool {
    use AwsErrorKind as K;
    matches!(error.kind, K::NotFound(_) | K::Denied { .. } | K::InvalidInput { .. } | K::NotAvailable)
}

/// AWS takes times of whole seconds for granted.
fn whole_second(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_nanosecond(0).unwrap_or(at)
}
