//! Jobs that calls started.

use super::job::id::{JobKind, Key};
use super::plan::{Copy, Lifecycle};
use time::{Date, OffsetDateTime};

/// What a call asked for.
#[derive(Debug)]
pub struct Started {
    pub key: Key,
    pub region: usize,
    pub at: OffsetDateTime,
    pub vault: String,
    pub role: String,
    pub lifecycle: Lifecycle,
    /// Minutes in which it may start, and then complete.
    pub start_window: i64,
    pub complete_window: i64,
    /// Of a copy: the backup, and where to.
    pub copied: Option<(u128, Copy)>,
    /// A call with the same token starts nothing new.
    pub token: Option<String>,
}

impl Started {
    /// Whether it is of this kind, and was asked for in an account and Region on a day.
    pub fn is_on(&self, kind: JobKind, account: u32, region: usize, day: Date) -> bool {
        self.key.kind == kind && self.key.account == account && self.region == region && self.at.date() == day
    }
}
