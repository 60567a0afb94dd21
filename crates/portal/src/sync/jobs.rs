//! Reads the jobs of all Regions and kinds: first AWS's thirty days, then what is new and what has ended since. Each
//! Region and kind succeeds or fails by itself.

mod list;

use std::{collections::BTreeSet, sync::atomic::Ordering};

use aws::{AwsError, AwsErrorKind};
use futures::{StreamExt, TryStreamExt, stream};
use model::{JobKind, failure::count};
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

/// A list that could not be read.
struct Failed {
    region: String,
    kind: JobKind,
    error: AwsError,
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
        let failed: Vec<Option<Failed>> = stream::iter(marks)
            .map(|mark| self.read_list(mark, round))
            .buffer_unordered(LISTS)
            .try_collect()
            .await?;
        Ok(summary(&failed.into_iter().flatten().collect::<Vec<_>>()))
    }

    /// How far each list has been read, a new one from nothing; first those that wait longest.
    async fn marks(&self) -> Result<Vec<Watermark>, SyncError> {
        let regions = self.regions_with_jobs().await?;
        self.store.keep_watermarks_of(&regions).await?;
        let known = self.store.watermarks().await?;
        let lists = regions.iter().flat_map(|region| JobKind::ALL.map(|kind| (region, kind)));
        let mark = |(region, kind): (&String, JobKind)| {
            let found = known.iter().find(|mark| mark.region == *region && mark.kind == kind);
            found.cloned().unwrap_or_else(|| Watermark {
                region: region.clone(),
                kind,
                read_up_to: None,
                read_at: None,
                problem: None,
                page_cursor: None,
            })
        };
        let mut marks: Vec<Watermark> = lists.map(mark).collect();
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

    async fn read_list(&self, mark: Watermark, round: usize) -> Result<Option<Failed>, SyncError> {
        let asked_at = (self.clock)();
        let (region, kind) = (mark.region.clone(), mark.kind);
        let mut list = List::new(self, mark, asked_at, asked_at - list::HISTORY.min(self.options.keep_jobs));
        let (read_at, problem, failed) = match Box::pin(list.read(round)).await {
            Ok(()) => (Some(asked_at), None, None),
            Err(SyncError::Aws(error)) => {
                let problem = Some(error.kind.to_string());
                (list.mark.read_at, problem, Some(Failed { region, kind, error }))
            }
            Err(error) => return Err(error),
        };
        self.store.set_watermark(&Watermark { read_at, problem, ..list.mark }).await?;
        Ok(failed)
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

/// What failed, in a sentence. What the endpoint does not offer is no failure: the lists say so themselves.
fn summary(failed: &[Failed]) -> Option<String> {
    let mut failed = failed.iter().filter(|f| f.error.kind != AwsErrorKind::NotAvailable);
    let first = failed.next()?;
    let Failed { region, kind, error } = first;
    let others = match failed.count() {
        0 => String::new(),
        n => format!(" The same goes for {n} more, for this or another reason: see Jobs."),
    };
    Some(format!("{} jobs of {region} could not be read: {}.{others}", kind.word(), error.kind))
}
