//! What exactly differs between two merged policies, before it is put into words.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use time::OffsetDateTime;

use super::view::View;
use super::{Change, walk};
use crate::merge::{Merged, Place};

/// The settings that differ, with what they are on either side. Equal differences are told in equal words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Difference(Arc<View>, Arc<View>);

impl Difference {
    pub(crate) fn changes(&self, now: OffsetDateTime) -> Vec<Change> {
        walk::changes(&self.0, &self.1, now)
    }
}

/// Finds differences of many pairs that share nodes: each pair of shared nodes is looked at once.
///
/// It tells nodes apart by their address; the policies must outlive it.
#[derive(Default)]
pub(crate) struct Differ<'a> {
    known: HashMap<(*const Place, *const Place), Option<Difference>>,
    whole: HashMap<*const Place, Arc<View>>,
    policies: std::marker::PhantomData<&'a Merged>,
}

/// Plans, their sections and the rules in these are shared between accounts; deeper nodes come along with them.
const SHARED_DEPTHS: std::ops::RangeInclusive<usize> = 2..=4;

impl<'a> Differ<'a> {
    /// None if both come to the same.
    pub(crate) fn between(&mut self, before: &'a Merged, after: &'a Merged) -> Option<Difference> {
        self.compare(before.root(), after.root(), 0)
    }

    fn compare(&mut self, before: &'a Place, after: &'a Place, depth: usize) -> Option<Difference> {
        if std::ptr::eq(before, after) {
            return None;
        }
        let key = (std::ptr::from_ref(before), std::ptr::from_ref(after));
        let shared = SHARED_DEPTHS.contains(&depth);
        if let Some(known) = self.known.get(&key).filter(|_| shared) {
            return known.clone();
        }
        let found = self.compare_children(before, after, depth);
        if shared {
            self.known.insert(key, found.clone());
        }
        found
    }

    fn compare_children(&mut self, before: &'a Place, after: &'a Place, depth: usize) -> Option<Difference> {
        let (mut old, mut new) = (BTreeMap::new(), BTreeMap::new());
        let (mut left, mut right) = (before.remaining().peekable(), after.remaining().peekable());
        loop {
            let order = match (left.peek(), right.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((left, _)), Some((right, _))) => left.cmp(right),
            };
            let was = if order.is_le() { left.next() } else { None };
            let is = if order.is_ge() { right.next() } else { None };
            if let (Some((key, was)), Some((_, is))) = (was, is) {
                if let Some(Difference(was, is)) = self.compare(was, is, depth + 1) {
                    old.insert(key.clone(), was);
                    new.insert(key.clone(), is);
                }
            } else {
                old.extend(was.map(|(key, place)| (key.clone(), self.whole(place, depth + 1))));
                new.extend(is.map(|(key, place)| (key.clone(), self.whole(place, depth + 1))));
            }
        }
        let (was, is) = (before.value(), after.value());
        if old.is_empty() && new.is_empty() && was == is {
            return None;
        }
        Some(Difference(View::partial(before, old).into(), View::partial(after, new).into()))
    }

    /// All of something that is on one side only.
    fn whole(&mut self, place: &'a Place, depth: usize) -> Arc<View> {
        let key = std::ptr::from_ref(place);
        let shared = SHARED_DEPTHS.contains(&depth);
        if let Some(known) = self.whole.get(&key).filter(|_| shared) {
            return known.clone();
        }
        let children = place.remaining().map(|(key, child)| (key.clone(), self.whole(child, depth + 1)));
        let view = Arc::new(View::effective(place.value().cloned(), children.collect()));
        if shared {
            self.whole.insert(key, view.clone());
        }
        view
    }
}
