//! How many answers are open that last: streams of news, and exports.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use store::UserId;

/// Streams of news of one person at once: as many visible pages.
pub const NEWS: usize = 16;
/// Exports of one person at once.
pub const EXPORTS: usize = 2;

/// The streams of a kind that are open in this process. Clones count the same.
#[derive(Clone)]
pub struct Streams {
    open: Arc<Mutex<BTreeMap<UserId, usize>>>,
    most: usize,
}

/// One of them. Ends with this value.
pub struct Counted {
    streams: Streams,
    user: UserId,
}

impl Streams {
    /// At most so many of one person at once.
    #[must_use]
    pub fn at_most(most: usize) -> Self {
        Self { open: Arc::default(), most }
    }

    /// `None` where the person has as many as may be.
    #[must_use]
    pub fn open(&self, user: UserId) -> Option<Counted> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Counted { streams: self.clone(), user })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_as_many_as_may_be_and_one_more_when_one_ends() {
        let streams = Streams::at_most(EXPORTS);
        let mut open: Vec<_> = (0..EXPORTS).map(|_| streams.open(1).unwrap()).collect();
        assert!(streams.open(1).is_none() && streams.open(2).is_some());
        open.pop();
        assert!(streams.open(1).is_some());
    }
}
