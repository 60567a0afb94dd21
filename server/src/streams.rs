//! How many streams of news are open.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use store::UserId;

/// Streams of one person at once: as many visible pages.
const MOST: usize = 16;
/// The streams that are open in this process. Clones count the same.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<BTreeMap<UserId, usize>>>);

/// One of them. Ends with this value.
pub struct Counted {
    streams: Streams,
    user: UserId,
}

impl Streams {
    /// `None` where the person has as many as may be.
    #[must_use]
    pub fn open(&self, user: UserId) -> Option<Counted> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(user).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Counted { streams: self.clone(), user })
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.user) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.user);
            }
        }
    }
}
