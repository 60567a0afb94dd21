//! The first page: is the organization protected right now.

use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};

use crate::{
    job::{JobState, lists::Cover},
    job_filter::{Instant, JobFilter},
    organization::UnreadPart,
};

/// Jobs of one day, all kinds, Regions and accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOfJobs {
    /// The day in UTC.
    #[serde(with = "crate::job::day")]
    pub on: Date,
    /// Completed without issues.
    pub completed: u64,
    /// Completed with issues, or partial.
    pub with_issues: u64,
    /// Failed, expired or aborted.
    pub failed: u64,
}

/// A reason why jobs failed, and how often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// AWS's message category, or [`crate::job_filter::NO_CATEGORY`].
    pub category: String,
    /// Jobs that ended so.
    pub jobs: u64,
    /// Accounts concerned.
    pub accounts: u64,
    /// One of the messages, as AWS wrote it.
    pub example: String,
}

/// The figures of the first page. A figure that is not known is `None`, never zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// False before the first import of the organization: then no figure about it means anything, and none is shown.
    pub organization_read: bool,
    /// Accounts whose state is active.
    pub active_accounts: u64,
    /// Accounts that are suspended, closing or closed.
    pub other_accounts: u64,
    /// OUs.
    pub ous: u64,
    /// Backup policies.
    pub policies: u64,
    /// Active accounts whose effective policy holds no plan.
    pub accounts_without_plan: u64,
    /// Active accounts whose effective policy is not known, since a policy that applies could not be read: they are in no other
    /// figure of policies.
    pub accounts_not_known: u64,
    /// What could not be read of the organization when the rest was.
    pub unread: Vec<UnreadPart>,
    /// Accounts whose effective policy is invalid, so that AWS keeps an older one.
    pub invalid_accounts: Vec<crate::organization::NodeRef>,
    /// Whether AWS tells which effective policies it finds invalid. Where it does not, only those are named above that
    /// Holdfast itself finds invalid.
    pub invalid_is_known: bool,
    /// Distinct effective policies among active accounts.
    pub distinct_policies: u64,
    /// Jobs created in the last 24 hours; `None` while no list of jobs was read so far.
    pub last_day: Option<DayOfJobs>,
    /// The 24 hours of `last_day` end before this, a whole second: the one after now.
    #[serde(with = "time::serde::rfc3339")]
    pub last_day_ends: OffsetDateTime,
    /// The last 14 days, oldest first.
    pub days: Vec<DayOfJobs>,
    /// First day (UTC) of the jobs whose causes are counted.
    #[serde(with = "crate::job::day")]
    pub causes_since: Date,
    /// Most frequent causes of the last 7 days, most frequent first, at most five.
    pub causes: Vec<Cause>,
    /// What of the lists of jobs was read: the figures about jobs are of no more.
    pub cover: Cover,
}

impl Overview {
    /// The last 24 hours, for a page made at an instant: from the first on, and before the second.
    #[must_use]
    pub fn last_day_at(now: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
        // Whole seconds, as addresses have them; what was made this instant is in it.
        let ends = now.replace_nanosecond(0).unwrap_or(now) + Duration::SECOND;
        (ends - Duration::DAY, ends)
    }

    /// Those jobs of `last_day` whose state holds, whenever the filter is asked for.
    #[must_use]
    pub fn last_day_jobs(&self, holds: impl Fn(JobState) -> bool) -> JobFilter {
        let at = |at: OffsetDateTime| Some(Instant::At(at.unix_timestamp()));
        JobFilter {
            states: JobState::TABLE
                .into_iter()
                .map(|(state, ..)| state)
                .filter(|state| holds(*state))
                .collect(),
            from: at(self.last_day_ends - Duration::DAY),
            until: at(self.last_day_ends),
            ..JobFilter::default()
        }
    }
}
