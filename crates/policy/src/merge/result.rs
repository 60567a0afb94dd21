//! What merged policies come to, wherever their values are from.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::place::{Merged, Place};

impl Merged {
    /// True if both come to the same policy, wherever its values are from.
    pub fn same_result(&self, other: &Self) -> bool {
        same(&self.root, &other.root)
    }
}

/// Compares what remains. Shared nodes are equal without a look inside.
fn same(a: &Place, b: &Place) -> bool {
    if std::ptr::eq(a, b) {
        return true;
    }
    let (mut left, mut right) = (a.remaining(), b.remaining());
    loop {
        match (left.next(), right.next()) {
            (Some((k, x)), Some((l, y))) if k == l && same(x, y) => {}
            (None, None) => break a.value() == b.value(),
            _ => break false,
        }
    }
}

/// Numbers many policies that share nodes: those that come to the same get one number. A shared node is looked at once.
///
/// It tells nodes apart by their address; the policies must outlive it.
#[derive(Default)]
pub(crate) struct Results<'a> {
    hashes: HashMap<*const Place, u64>,
    /// One policy of each number, by its hash.
    known: HashMap<u64, Vec<(&'a Merged, usize)>>,
    count: usize,
}

/// Plans, their sections and the rules in these are shared between places; deeper nodes come along with them.
const SHARED_DEPTHS: std::ops::RangeInclusive<usize> = 2..=4;

impl<'a> Results<'a> {
    /// The number of what a policy comes to; a new one is the next, from 0.
    pub(crate) fn number(&mut self, merged: &'a Merged) -> usize {
        let hash = self.hash(merged.root(), 0);
        let alike = self.known.entry(hash).or_default();
        if let Some((_, number)) = alike.iter().find(|(known, _)| known.same_result(merged)) {
            return *number;
        }
        let number = self.count;
        alike.push((merged, number));
        self.count += 1;
        number
    }

    fn hash(&mut self, place: &'a Place, depth: usize) -> u64 {
        let key = std::ptr::from_ref(place);
        let shared = SHARED_DEPTHS.contains(&depth);
        if let Some(known) = self.hashes.get(&key).filter(|_| shared) {
            return *known;
        }
        let mut hasher = DefaultHasher::new();
        for (key, child) in place.remaining() {
            key.hash(&mut hasher);
            hasher.write_u64(self.hash(child, depth + 1));
        }
        place.value().hash(&mut hasher);
        let hash = hasher.finish();
        if shared {
            self.hashes.insert(key, hash);
        }
        hash
    }
}
