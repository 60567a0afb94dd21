//! Report plans and frameworks are set up in the background: their name is taken at once, and until AWS Backup has
//! finished one change it takes no other.

use time::{Duration, OffsetDateTime};

/// How long a change takes to arrive.
const TIME: Duration = Duration::seconds(40);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Create,
    Update,
    Delete,
}

/// The newest change and when it was asked for.
#[derive(Debug, Clone, Copy)]
pub struct Deployment {
    change: Change,
    since: OffsetDateTime,
}

impl Deployment {
    pub fn new(change: Change, since: OffsetDateTime) -> Self {
        Self { change, since }
    }

    pub fn is_running(self, now: OffsetDateTime) -> bool {
        now < self.since + TIME
    }

    pub fn is_gone(self, now: OffsetDateTime) -> bool {
        self.change == Change::Delete && !self.is_running(now)
    }

    /// The member `DeploymentStatus`.
    pub fn status(self, now: OffsetDateTime) -> &'static str {
        match self.change {
            _ if !self.is_running(now) => "COMPLETED",
            Change::Create => "CREATE_IN_PROGRESS",
            Change::Update => "UPDATE_IN_PROGRESS",
            Change::Delete => "DELETE_IN_PROGRESS",
        }
    }
}
