//! A value that changes at known points in time. Because jobs are computed from their instant, the simulator has to
//! know what was in force then, not only what is in force now.

use time::OffsetDateTime;

#[derive(Debug, Clone)]
pub struct Timeline<T>(Vec<(OffsetDateTime, T)>);

impl<T> Default for Timeline<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Timeline<T> {
    pub fn starting(from: OffsetDateTime, value: T) -> Self {
        Self(vec![(from, value)])
    }

    /// Sets the value from an instant on; instants come in order.
    pub fn set(&mut self, from: OffsetDateTime, value: T) {
        self.0.push((from, value));
    }

    /// The value in force at an instant, and since when.
    pub fn at(&self, at: OffsetDateTime) -> Option<(OffsetDateTime, &T)> {
        self.0.iter().rev().find(|(from, _)| *from <= at).map(|(from, value)| (*from, value))
    }

    /// The newest value, in force or not yet.
    pub fn last(&self) -> Option<&T> {
        self.0.last().map(|(_, value)| value)
    }

    /// The changes in order.
    pub fn changes(&self) -> &[(OffsetDateTime, T)] {
        &self.0
    }
}
