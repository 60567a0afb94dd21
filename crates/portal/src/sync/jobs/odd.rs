//! Rows of job lists that could not be read: noted, logged once, and asked for again.

use aws::{JobsAfter, JobsOf};
use model::job::{Job, lists::OddRow};
use store::{OddJob, Watermark};
use time::{Duration, OffsetDateTime};

/// Odd rows are asked for again after so long: whatever made them odd may be mended.
const AGAIN: Duration = Duration::hours(1);

/// The question that brings an odd row again.
pub(super) fn question(odd: &OddJob) -> JobsAfter {
    JobsAfter {
        created_after: odd.created_after,
        created_before: odd.created_before,
        completed_after: odd.completed_after,
        of: odd.account.clone().map_or(JobsOf::All, JobsOf::Account),
    }
}

/// Takes what a page tells of odd rows into a list's mark. A job that was read is odd no more.
pub(super) fn note(
    mark: &mut Watermark,
    filter: &JobsAfter,
    rows: &[Job],
    odd: Vec<OddRow>,
    now: OffsetDateTime,
) {
    if !mark.odd_rows.is_empty() {
        mark.odd_rows.retain(|known| !rows.iter().any(|job| known.row.id.as_deref() == Some(&*job.id)));
    }
    let account = match &filter.of {
        JobsOf::Account(account) => Some(account.clone()),
        JobsOf::All | JobsOf::Caller => None,
    };
    for row in odd {
        let OddRow { id, member, why, kept } = row.clone();
        let new = mark.add_odd(OddJob {
            row,
            created_after: filter.created_after,
            created_before: filter.created_before,
            completed_after: filter.completed_after,
            account: account.clone(),
            asked_at: now,
        });
        if new {
            let (region, kind) = (&mark.region, mark.kind.as_str());
            tracing::warn!(region, kind, id, member, why, kept, "a row of a list of jobs is odd");
        }
    }
}

/// Takes the odd rows of the question whose turn it is out of a mark; `None` where none is due. Those of which AWS does not
/// tell any more are let go.
pub(super) fn take_due(
    mark: &mut Watermark,
    earliest: OffsetDateTime,
    now: OffsetDateTime,
) -> Option<Vec<OddJob>> {
    mark.odd_rows.retain(|odd| odd.created_before.is_none_or(|before| before > earliest));
    let due = mark.odd_rows.iter().filter(|odd| now - odd.asked_at >= AGAIN);
    let first = due.min_by_key(|odd| odd.asked_at)?.clone();
    let (taken, others) = mark.odd_rows.drain(..).partition(|odd| odd.is_asked_like(&first));
    mark.odd_rows = others;
    Some(taken)
}
