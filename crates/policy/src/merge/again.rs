//! Merging again after a change: what an earlier merge has for equal nodes is taken over, not computed anew.
//!
//! Applying a level to a node depends on that node and on what the policies of the level say about it, on nothing
//! else. So where both are as before, so is the result.

use std::sync::Arc;

use super::level::{Given, Level};
use super::place::{Merged, Place};

/// An earlier merge of the same level: what was above it, and what came of it.
#[derive(Clone, Copy)]
pub(super) struct Earlier<'a> {
    above: &'a Place,
    result: &'a Place,
}

impl Merged {
    /// As [`Merged::apply`], where the same level has been applied to `above` before and came to `result`.
    #[must_use]
    pub(crate) fn apply_again(&self, level: &Level, above: &Self, result: &Self) -> Self {
        if Arc::ptr_eq(&self.root, &above.root) {
            return result.clone();
        }
        self.apply_given(level, Some(Earlier { above: &above.root, result: &result.root }))
    }

    /// The same, made of the nodes of an earlier result wherever they are equal in everything.
    #[must_use]
    pub(crate) fn reusing(&self, earlier: &Self) -> Self {
        Self { root: reuse(&self.root, &earlier.root) }
    }

    /// True if both are one and the same, not only equal.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.root, &other.root)
    }
}

/// A child that was there, after a level.
pub(super) fn child(earlier: Option<Earlier>, key: &str, place: &Arc<Place>, parts: &[Given]) -> Arc<Place> {
    let known = earlier.and_then(|earlier| Some((earlier.above.shared(key)?, earlier.result.shared(key)?)));
    match known {
        Some((above, result)) if Arc::ptr_eq(above, place) => result.clone(),
        known => Arc::new(place.apply(parts, known.map(|(above, result)| Earlier { above, result }))),
    }
}

/// A child that a level adds.
pub(super) fn new_child(earlier: Option<Earlier>, key: &str, parts: &[Given]) -> Arc<Place> {
    let added_before = earlier.filter(|earlier| earlier.above.shared(key).is_none());
    let known = added_before.and_then(|earlier| earlier.result.shared(key));
    known.cloned().unwrap_or_else(|| Arc::new(Place::default().apply(parts, None)))
}

fn reuse(place: &Arc<Place>, earlier: &Arc<Place>) -> Arc<Place> {
    if Arc::ptr_eq(place, earlier) {
        return earlier.clone();
    }
    let children: Vec<_> = place
        .children
        .iter()
        .map(|(key, child)| {
            let child = earlier.shared(key).map_or_else(|| child.clone(), |known| reuse(child, known));
            (key.clone(), child)
        })
        .collect();
    let same_children = children.len() == earlier.children.len()
        && children.iter().zip(&earlier.children).all(|(a, b)| a.0 == b.0 && Arc::ptr_eq(&a.1, &b.1));
    let same_self = (&place.value, &place.steps, place.allowed, &place.limits, &place.refused)
        == (&earlier.value, &earlier.steps, earlier.allowed, &earlier.limits, &earlier.refused);
    if same_children && same_self {
        return earlier.clone();
    }
    Arc::new(Place { children, ..(**place).clone() })
}

impl Place {
    /// All nodes below, by key, to share them.
    pub(crate) fn shared_children(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Place>)> {
        self.children.iter().map(|(key, place)| (key, place))
    }

    fn shared(&self, key: &str) -> Option<&Arc<Place>> {
        self.slot(key).ok().and_then(|at| self.children.get(at)).map(|(_, place)| place)
    }
}
