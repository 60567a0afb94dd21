//! What is counted over accounts.

use std::collections::HashSet;

use model::organization::{Coverage, NodeRef};

use super::place::Place;

/// Counts over some places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Figures {
    /// Accounts that can run backups.
    pub active: u64,
    /// Accounts that are suspended, closing or closed.
    pub other: u64,
    pub ous: u64,
    /// Active accounts whose effective policy holds no plan.
    pub without_plan: u64,
    /// Active accounts whose effective policy is not known.
    pub unknown: u64,
    /// Active accounts whose effective policy is invalid.
    pub invalid: Vec<NodeRef>,
    /// Distinct effective policies of active accounts.
    pub distinct: u64,
}

impl Figures {
    pub fn of<'a>(places: impl IntoIterator<Item = &'a Place>) -> Self {
        let mut figures = Self::default();
        let mut distinct = HashSet::new();
        for place in places {
            figures.ous += u64::from(place.is_ou());
            figures.other += u64::from(place.is_account() && !place.is_active());
            if !place.is_active() {
                continue;
            }
            figures.active += 1;
            if place.unknown {
                figures.unknown += 1;
            } else {
                distinct.insert(place.result);
            }
            figures.without_plan += u64::from(place.needs(Coverage::WithoutPlan));
            if place.needs(Coverage::Outdated) {
                figures.invalid.push(place.reference());
            }
        }
        figures.distinct = distinct.len() as u64;
        figures
    }
}

/// Accounts by the number of their result.
pub(super) fn sharing(places: &[Place]) -> Vec<u64> {
    let mut sharing = vec![0; places.iter().map(|place| place.result + 1).max().unwrap_or_default()];
    for place in places.iter().filter(|place| place.is_account()) {
        if let Some(count) = sharing.get_mut(place.result) {
            *count += 1;
        }
    }
    sharing
}
