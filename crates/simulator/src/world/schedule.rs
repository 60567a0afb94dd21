//! Schedules of backup plans.

use policy::schedule::Cron;
use time::{Date, OffsetDateTime, UtcOffset};

/// When a rule runs.
#[derive(Debug)]
pub struct Schedule(Option<Cron>);

impl Schedule {
    /// Reads a cron expression; one that cannot be read never runs.
    pub fn read(expression: &str) -> Self {
        Self(Cron::parse(expression).ok())
    }

    /// The runs of one day in UTC.
    pub fn runs_on(&self, day: Date) -> impl Iterator<Item = OffsetDateTime> + '_ {
        let midnight = day.midnight().assume_offset(UtcOffset::UTC);
        let before = midnight - time::Duration::NANOSECOND;
        let runs = self.0.iter().flat_map(move |cron| cron.runs_after(before));
        runs.take_while(move |run| run.date() == day)
    }

    /// The next runs from an instant.
    pub fn runs_after(&self, after: OffsetDateTime, count: usize) -> Vec<OffsetDateTime> {
        self.0.as_ref().map(|cron| cron.next_runs(after, count)).unwrap_or_default()
    }
}

/// What AWS Backup runs when a rule names no schedule.
pub const DEFAULT_SCHEDULE: &str = policy::schedule::DEFAULT_SCHEDULE;
