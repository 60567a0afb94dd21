//! One list of jobs: one Region, one kind.

use aws::{AwsError, AwsErrorKind, JobPage, JobsAfter, JobsOf};
use model::{
    JobState,
    failure::DeniedBy,
    job::{Job, lists::OddRow},
};
use serde::{Deserialize, Serialize};
use store::{SyncPart, Watermark};
use time::{Duration, OffsetDateTime};

use super::odd;
use crate::sync::{Sync, SyncError};

/// AWS keeps jobs in its lists for so long.
pub(super) const HISTORY: Duration = Duration::days(30);
/// Jobs can appear in the lists later than they were created, and clocks differ.
pub(super) const OVERLAP: Duration = Duration::hours(1);
/// History is read day by day, oldest first, so that a reading that breaks off goes on near where it stopped.
const DAY: Duration = Duration::DAY;
/// Days that are read again in one reading, where what was read has to be.
const DAYS_AGAIN: usize = 6;
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
    pub(super) sync: &'a Sync,
    pub mark: Watermark,
    pub(super) asked_at: OffsetDateTime,
    pub(super) earliest: OffsetDateTime,
}

/// What came of an attempt to read a list.
pub(super) enum Reading {
    /// Nothing stood in the way; how new the whole of it is, `None` while accounts still wait for their first turn.
    Whole { read_at: Option<OffsetDateTime> },
    /// AWS gives some of it only: why, in words, and its refusal.
    Part { problem: String, error: AwsError },
}

impl<'a> List<'a> {
    pub fn new(sync: &'a Sync, mark: Watermark, asked_at: OffsetDateTime, earliest: OffsetDateTime) -> Self {
        Self { sync, mark, asked_at, earliest: whole_second(earliest) }
    }

    /// Reads what is new, what has ended since, and what has been open for long. What AWS does not give for all accounts at
    /// once is read of those of which it does.
    pub async fn read(&mut self, round: usize) -> Result<Reading, SyncError> {
        let listed_from = self.start();
        if let Some(refusal) = self.created().await? {
            let reading = match is_lack_of_monitoring(&refusal) {
                true => self.own_account(refusal).await,
                false => self.each_account(refusal).await,
            };
            self.odd_again().await?;
            self.follow(self.earliest, round).await?;
            return reading;
        }
        if let Some(read_at) = self.mark.read_at {
            let ended =
                JobsAfter { completed_after: Some(whole_second(read_at - OVERLAP)), ..JobsAfter::default() };
            self.pages(&ended).await?;
        }
        self.odd_again().await?;
        self.follow(listed_from, round).await?;
        self.read_again().await?;
        if self.mark.own_account_at.take().is_some() || self.mark.accounts_refused_at.take().is_some() {
            tracing::info!(
                region = self.mark.region,
                kind = self.mark.kind.as_str(),
                "AWS lists all accounts again"
            );
        }
        self.sync.store.keep_job_accounts(&self.mark.region, self.mark.kind, &[]).await?;
        Ok(Reading::Whole { read_at: Some(self.asked_at) })
    }

    /// Where this reading begins: a little before what is known.
    fn start(&self) -> OffsetDateTime {
        let known = self.mark.read_up_to.map(|known| whole_second(known - OVERLAP));
        known.map_or(self.earliest, |known| known.max(self.earliest))
    }

    /// Jobs created since the last reading; or AWS's refusal to list all accounts at once.
    async fn created(&mut self) -> Result<Option<AwsError>, SyncError> {
        let mut span = self.resumed().unwrap_or_else(|| self.span(self.start()));
        loop {
            let newest = match self.span_pages(&mut span).await {
                Err(SyncError::Aws(error)) if refuses_all_accounts(&error, &span) => return Ok(Some(error)),
                newest => newest?,
            };
            let known = span.until.or(newest.map(|at| at.min(self.asked_at))).unwrap_or(span.from);
            self.mark.read_up_to = self.mark.read_up_to.max(Some(known));
            self.mark.page_cursor = None;
            self.sync.store.set_watermark(&self.mark).await?;
            match span.until {
                Some(until) => span = self.span(until),
                None => return Ok(None),
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

    /// All pages of a filter.
    pub(super) async fn pages(&mut self, filter: &JobsAfter) -> Result<(), SyncError> {
        let mut token = None;
        loop {
            let (_, next) = self.page(filter, token.as_deref()).await?;
            match next {
                Some(next) => token = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Reads and keeps one page: the newest time of creation in it, and the next page. Rows that are odd are noted.
    async fn page(
        &mut self,
        filter: &JobsAfter,
        token: Option<&str>,
    ) -> Result<(Option<OffsetDateTime>, Option<String>), SyncError> {
        let asked_at = (self.sync.clock)();
        let page = self.sync.aws.job_page(&self.mark.region, self.mark.kind, filter, token).await?;
        let JobPage { rows, odd, next } = page;
        self.sync.store.upsert_jobs(&rows, asked_at).await?;
        self.sync.progress.add(SyncPart::Jobs, rows.len());
        odd::note(&mut self.mark, filter, &rows, odd, asked_at);
        Ok((rows.iter().map(|job| job.created_at).max(), next))
    }

    /// Reads days again that were read when less was kept of jobs. What is new comes first, and a failure here is none of it.
    async fn read_again(&mut self) -> Result<(), SyncError> {
        for _ in 0..DAYS_AGAIN {
            let Some(until) = self.mark.again_until else { return Ok(()) };
            let from = until - DAY;
            let (created_after, created_before) = (Some(from - Duration::SECOND), Some(until));
            let filter = JobsAfter { created_after, created_before, ..JobsAfter::default() };
            match self.pages(&filter).await {
                Err(SyncError::Aws(error)) => {
                    let (region, kind) = (&self.mark.region, self.mark.kind.as_str());
                    tracing::warn!(region, kind, %error, "older jobs cannot be read again now");
                    return Ok(());
                }
                read => read?,
            }
            self.mark.again_until = Some(from).filter(|from| *from > self.earliest);
            self.sync.store.set_watermark(&self.mark).await?;
        }
        Ok(())
    }

    /// Asks again for rows that were odd, one question in a reading.
    async fn odd_again(&mut self) -> Result<(), SyncError> {
        let now = (self.sync.clock)();
        let Some(due) = odd::take_due(&mut self.mark, self.earliest, now) else { return Ok(()) };
        let asked = match due.first() {
            Some(first) => self.pages(&odd::question(first)).await,
            None => Ok(()),
        };
        match asked {
            Err(SyncError::Aws(error)) => {
                tracing::debug!(%error, "odd rows could not be asked for again");
                for odd in due {
                    self.mark.add_odd(store::OddJob { asked_at: now, ..odd });
                }
                Ok(())
            }
            asked => asked,
        }
    }

    /// Jobs that are open for longer than what was listed anew: their progress, and their end where AWS gives it no
    /// time. A few in each reading, others in the next.
    async fn follow(&mut self, listed_from: OffsetDateTime, round: usize) -> Result<(), SyncError> {
        let sync = self.sync;
        let store = &sync.store;
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
                of: JobsOf::Account(job.account),
                ..JobsAfter::default()
            };
            match self.pages(&filter).await {
                Err(SyncError::Aws(error)) if is_untold(&error) => {
                    // Its account may have left the organization.
                    tracing::debug!(%error, id, "an open job is not told");
                }
                told => told?,
            }
        }
        Ok(())
    }

    /// Reads a job that is older than what AWS lists. Of one that AWS does not describe nobody knows any more what it
    /// does; should AWS tell of it later, it is as AWS says.
    async fn describe(&mut self, job: Job) -> Result<(), SyncError> {
        let asked_at = (self.sync.clock)();
        let Watermark { region, kind, .. } = &self.mark;
        let told = match self.sync.aws.describe_job(region, *kind, &job.id).await {
            Ok(told) => told,
            Err(error) if is_untold(&error) => {
                tracing::debug!(%error, job.id, "an old job is not told");
                Job { state: JobState::Unknown, ..job }
            }
            Err(AwsError { kind: AwsErrorKind::Unexpected { message }, .. }) => {
                let row = OddRow { kept: true, ..OddRow::lost(Some(job.id), "its own description", message) };
                odd::note(&mut self.mark, &JobsAfter::default(), &[], vec![row], asked_at);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        self.sync.store.upsert_jobs(&[told], asked_at).await?;
        Ok(())
    }
}

/// Whether AWS refuses to list the jobs of all accounts at once: since it does not know the question, which is documented
/// for backups, not for copies and restores, or since it tells the caller of no other account. On a later page it is the
/// page that is refused.
fn refuses_all_accounts(error: &AwsError, span: &Span) -> bool {
    let refuses = matches!(error.kind, AwsErrorKind::InvalidInput { .. }) || is_lack_of_monitoring(error);
    span.token.is_none() && refuses
}

/// Whether AWS gives the caller no other accounts' jobs, whatever its IAM policies say.
pub(super) fn is_lack_of_monitoring(error: &AwsError) -> bool {
    matches!(error.kind, AwsErrorKind::Denied { by: DeniedBy::CrossAccountMonitoring, .. })
}

/// Whether AWS will not describe a job: it is gone, or another account's.
pub(super) fn is_untold(error: &AwsError) -> bool {
    use AwsErrorKind as K;
    matches!(error.kind, K::NotFound(_) | K::Denied { .. } | K::InvalidInput { .. } | K::NotAvailable)
}

/// AWS takes times of whole seconds for granted.
pub(super) fn whole_second(at: OffsetDateTime) -> OffsetDateTime {
    at.replace_nanosecond(0).unwrap_or(at)
}
