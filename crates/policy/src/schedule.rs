//! The cron dialect of AWS Backup: reading it, listing its runs, saying it in plain English.
//!
//! Organizations accepts what the Quartz scheduler accepts, without the seconds field: recordings of AWS show
//! the very limits and oddities of that parser, so those are followed here (`L` stands alone, one `#` only,
//! in a list with `W` or `#` the smallest value alone counts). All times are UTC.

mod calendar;
mod cron;
mod describe;
mod display;
mod error;
mod overlap;
mod parse;
mod set;
#[cfg(test)]
mod tests;

use time::{Duration, OffsetDateTime};

pub use cron::Cron;
pub use error::{CronError, CronErrorKind, CronField};
pub use overlap::{MOST_RULES_COMPARED, Overlap, ScheduledRule, overlaps};
pub use parse::Ignored;
pub use set::{FIRST_YEAR, LAST_YEAR};

/// Two runs closer together than this are refused at admission.
pub const MINIMUM_GAP: Duration = Duration::hours(1);
/// With archive opt-in two runs closer together than this are refused.
pub const ARCHIVE_MINIMUM_GAP: Duration = Duration::days(28);
/// What AWS Backup runs when a rule has no `schedule_expression`.
pub const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";
/// How long AWS Backup may take to start a job when the rule has no `start_backup_window_minutes`.
pub const DEFAULT_START_WINDOW: Duration = Duration::hours(8);

impl Cron {
    /// Reads an expression such as `cron(0 5 ? * MON-FRI *)`.
    ///
    /// # Errors
    /// What is wrong, in which field and where in the text. The one-hour rule is not checked here, see
    /// [`Cron::gap_after`].
    pub fn parse(text: &str) -> Result<Self, CronError> {
        parse::parse(text).map(|(cron, _)| cron)
    }

    /// Like [`Cron::parse`], and also returns the parts of the text that AWS accepts but does not heed.
    ///
    /// # Errors
    /// As [`Cron::parse`].
    pub fn parse_with_ignored(text: &str) -> Result<(Self, Vec<Ignored>), CronError> {
        parse::parse(text)
    }

    /// The first run strictly after an instant; none when the last one has passed or there never is one
    /// (31 February).
    #[must_use]
    pub fn next_after(&self, after: OffsetDateTime) -> Option<OffsetDateTime> {
        calendar::next_after(self, after)
    }

    /// All runs strictly after an instant, in order.
    pub fn runs_after(&self, after: OffsetDateTime) -> impl Iterator<Item = OffsetDateTime> + '_ {
        std::iter::successors(self.next_after(after), |run| self.next_after(*run))
    }

    /// The next `n` runs after `from`; fewer when the schedule ends before.
    #[must_use]
    pub fn next_runs(&self, from: OffsetDateTime, n: usize) -> Vec<OffsetDateTime> {
        self.runs_after(from).take(n).collect()
    }

    /// The distance of the next two runs. AWS judges a schedule by it at admission: it must be at least
    /// [`MINIMUM_GAP`], and a schedule with fewer than two runs to come (none here) is refused.
    #[must_use]
    pub fn gap_after(&self, now: OffsetDateTime) -> Option<Duration> {
        let mut runs = self.runs_after(now);
        let first = runs.next()?;
        runs.next().map(|second| second - first)
    }

    /// The smallest distance of two neighbouring runs between `from` and `from + horizon`. AWS looks only at
    /// the next two; a schedule that passes today may be refused on another day if this is smaller.
    #[must_use]
    pub fn smallest_gap(&self, from: OffsetDateTime, horizon: Duration) -> Option<Duration> {
        calendar::gaps(self, from, horizon).into_iter().min()
    }

    /// The longest distance of two neighbouring runs between `from` and `from + horizon`.
    #[must_use]
    pub fn longest_gap(&self, from: OffsetDateTime, horizon: Duration) -> Option<Duration> {
        calendar::gaps(self, from, horizon).into_iter().max()
    }

    /// How often a month it runs, as the mean of the twelve months from `from`.
    #[must_use]
    pub fn runs_per_month(&self, from: OffsetDateTime) -> f64 {
        let days = calendar::days_in_year_from(self, from);
        f64::from(days) * f64::from(self.minutes.len()) * f64::from(self.hours.len()) / 12.0
    }

    /// The schedule as a sentence without its full stop: `Every day at 02:00 UTC`.
    #[must_use]
    pub fn describe(&self) -> String {
        describe::describe(self)
    }
}

impl std::str::FromStr for Cron {
    type Err = CronError;

    fn from_str(text: &str) -> Result<Self, CronError> {
        Self::parse(text)
    }
}
