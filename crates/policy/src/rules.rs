//! Rules over several settings that admission applies to one document and validation to the merged result.

use time::OffsetDateTime;

use crate::schedule::{ARCHIVE_MINIMUM_GAP, Cron};
use crate::vocabulary::form::integer;

/// Continuous backup keeps no more than this many days (spec 1.3).
pub const CONTINUOUS_MOST_DAYS: u64 = 35;

/// With archive opt-in, deletion comes at least this many days after the move to cold storage (spec 1.3).
pub const ARCHIVE_DISTANCE_DAYS: u64 = 90;

/// Whether a retention suits continuous backup.
pub fn continuous_days_fit(delete: Option<&str>) -> bool {
    delete.and_then(integer).is_some_and(|days| days <= CONTINUOUS_MOST_DAYS)
}

/// Whether both day counts are there and far enough apart for the archive tier.
pub fn archive_days_fit(cold: Option<&str>, delete: Option<&str>) -> bool {
    let distance = |(cold, delete): (u64, u64)| delete.checked_sub(cold);
    let days = cold.and_then(integer).zip(delete.and_then(integer));
    days.and_then(distance).is_some_and(|days| days >= ARCHIVE_DISTANCE_DAYS)
}

/// Whether the next two runs are far enough apart for the archive tier. A rule without a schedule does not
/// qualify, although AWS Backup has a default.
pub fn archive_schedule_fits(schedule: Option<&str>, now: OffsetDateTime) -> bool {
    let cron = schedule.and_then(|text| Cron::parse(text).ok());
    cron.and_then(|cron| cron.gap_after(now)).is_some_and(|gap| gap >= ARCHIVE_MINIMUM_GAP)
}
