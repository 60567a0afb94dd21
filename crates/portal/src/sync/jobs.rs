//! Reads the jobs of all Regions and kinds: first AWS's thirty days, then what is new and what has ended since. Each
//! Region and kind succeeds or fails by itself, and how is told of each.

mod accounts;
mod list;
mod odd;

use std::{collections::BTreeSet, sync::atomic::Ordering};

use aws::{AwsError, AwsErrorKind};
use futures::{StreamExt, TryStreamExt, stream};
use model::{JobKind, failure::count, job::lists::ListOutcome};
use store::{StoreError, SyncPart, Watermark};
use time::OffsetDateTime;

use super::{Sync, error::SyncError};
use list::List;

/// A Region that nobody names any more is read for so long after its youngest job was made: AWS may be late in ending what
/// makes jobs there.
const LINGERS: time::Duration = time::Duration::days(3);
/// Lists read at once.
const LISTS: usize = 6;
/// Old months are dropped at the first reading and at every so many after it.
const DROP_EVERY: usize = 100;

/// How a list was left, and how it stood before.
struct Tried {
    before: Watermark,
    after: Watermark,
    /// The refusal or failure, for the log.
    error: Option<AwsError>,
}

impl Tried {
    /// Whether the endpoint said anything about the list but that it does not offer it.
    fn is_offered(&self) -> bool {
        let AwsError { kind, .. } = match &self.error {
            None => return true,
            Some(error) => error,
        };
        !matches!(kind, AwsErrorKind::NotAvailable | AwsErrorKind::Timeout | AwsErrorKind::Unavailable)
            || self.before.read_at.is_some()
    }
}

impl Sync {
    /// Reads all jobs once. What could not be read is noted with its Region and kind; the answer is a summary of it.
    pub(super) async fn read_jobs(&self) -> Result<Option<String>, SyncError> {
        let round = self.round.fetch_add(1, Ordering::Relaxed);
        if round == 0 {
            self.find_regions().await?;
        }
        if round.is_multiple_of(DROP_EVERY) {
            self.drop_old_jobs().await?;
        }
        let marks = self.marks().await?;
        let what = format!("jobs of {}", count(marks.len() / JobKind::ALL.len(), "Region"));
        self.progress.begin(SyncPart::Jobs, what, None);
        let tried: Vec<Tried> = stream::iter(marks)
            .map(|mark| self.read_list(mark, round))
            .buffer_unordered(LISTS)
            .try_collect()
            .await?;
        Ok(self.summary(&tried))
    }

    /// How far each list has been read, a new one from nothing; first those that wait longest.
    async fn marks(&self) -> Result<Vec<Watermark>, SyncError> {
        let regions = self.regions_with_jobs().await?;
        self.store.keep_watermarks_of(&regions).await?;
        self.store.add_watermarks_of(&regions).await?;
        let mut marks = self.store.watermarks().await?;
        marks.sort_by_key(|mark| mark.read_at);
        Ok(marks)
    }

    /// The Regions that are named, and those of jobs whose end is still to come.
    async fn regions_with_jobs(&self) -> Result<Vec<String>, SyncError> {
        let now = (self.clock)();
        let lately = self.store.regions_of_jobs(now - list::HISTORY, now - LINGERS).await?;
        let regions: BTreeSet<String> = self.regions().into_iter().chain(lately).collect();
        Ok(regions.into_iter().collect())
    }

    async fn read_list(&self, before: Watermark, round: usize) -> Result<Tried, SyncError> {
        let asked_at = (self.clock)();
        let earliest = asked_at - list::HISTORY.min(self.options.keep_jobs);
        let mut list = List::new(self, before.clone(), asked_at, earliest);
        let read = Box::pin(list.read(round)).await;
        let mut after = list.mark;
        let error = match read {
            Ok(list::Reading::Whole { read_at }) => {
                after.outcome = ListOutcome::Read;
                after.problem = None;
                after.read_at = read_at;
                None
            }
            Ok(list::Reading::Part { problem, error }) => {
                after.outcome = outcome(&error.kind);
                after.problem = Some(problem);
                Some(error)
            }
            Err(SyncError::Aws(error)) => {
                after.outcome = outcome(&error.kind);
                after.problem = Some(error.kind.to_string());
                Some(error)
            }
            Err(error) => return Err(error),
        };
        self.store.set_watermark(&after).await?;
        Ok(Tried { before, after, error })
    }

    /// What could not be read, in a sentence; each list that turned so is logged once. Where an endpoint that somebody named
    /// offers no list at all, that is how it is; beside lists that are offered, and at AWS itself, it is a failure.
    fn summary(&self, tried: &[Tried]) -> Option<String> {
        let lacks_all = self.aws.has_named_endpoint() && !tried.iter().any(Tried::is_offered);
        let is_problem =
            |t: &&Tried| t.error.is_some() && !(lacks_all && t.after.outcome == ListOutcome::NotAvailable);
        for Tried { before, after, error } in tried {
            let turned = (before.outcome, &before.problem) != (after.outcome, &after.problem);
            let Some(error) = error.as_ref().filter(|_| turned) else { continue };
            let (region, kind) = (&after.region, after.kind.as_str());
            let (outcome, source) =
                (after.outcome.as_str(), error.source.as_deref().map(tracing::field::display));
            if lacks_all {
                tracing::info!(region, kind, outcome, %error, "the endpoint offers no such list of jobs");
            } else {
                tracing::warn!(region, kind, outcome, %error, source, "a list of jobs cannot be read");
            }
        }
        let mut problems = tried.iter().filter(is_problem);
        let Watermark { region, kind, problem, .. } = &problems.next()?.after;
        let others = match problems.count() {
            0 => String::new(),
            n => format!(" The same goes for {n} more, for this or another reason: see Jobs."),
        };
        let problem = problem.as_deref().unwrap_or_default();
        Some(format!("{} jobs of {region} could not be read: {problem}.{others}", kind.word()))
    }

    async fn drop_old_jobs(&self) -> Result<(), SyncError> {
        let before: OffsetDateTime = (self.clock)() - self.options.keep_jobs;
        match self.store.drop_jobs_before(before.date()).await {
            Ok(0) => Ok(()),
            Ok(months) => {
                tracing::info!(months, "dropped old jobs");
                Ok(())
            }
            // Readers are in the way; there is a next time.
            Err(StoreError::Locked(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// How an attempt that failed so ended.
fn outcome(kind: &AwsErrorKind) -> ListOutcome {
    match kind {
        AwsErrorKind::NotAvailable => ListOutcome::NotAvailable,
        AwsErrorKind::Denied { .. } => ListOutcome::Denied,
        _ => ListOutcome::Failed,
    }
}
