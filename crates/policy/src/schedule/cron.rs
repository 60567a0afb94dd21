//! What an expression comes to.

use super::set::{Set, Years};

/// A parsed `cron(...)` expression. Equal values run at the same instants however they were spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cron {
    pub(super) minutes: Set,
    pub(super) hours: Set,
    pub(super) days: Days,
    pub(super) months: Set,
    pub(super) years: Years,
}

/// Which days a schedule runs on. Weekdays count from 1 = Sunday, as AWS does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Days {
    Every,
    OfMonth(Set),
    /// `L`, `L-n`; with `weekday` the Monday to Friday nearest to it (`LW`, `L-nW`).
    Last {
        before: u8,
        weekday: bool,
    },
    /// `15W`
    NearestWeekday(u8),
    OfWeek(Set),
    /// `6#3`
    Nth {
        weekday: u8,
        nth: u8,
    },
    /// `6L`
    LastOfWeek(u8),
}
