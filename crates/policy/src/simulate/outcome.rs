//! What applies to each account.

use std::collections::HashMap;
use std::sync::Arc;

use time::OffsetDateTime;

use super::organization::{NodeKind, Organization};
use crate::merge::{Merged, merge};
use crate::validate::{EffectiveError, validate};

/// What the policies on the way to an account come to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The merged policy with the origin of every value. Accounts that have policies of their own and share this
    /// result show as its target the first of them; [`Effective::exact`] tells each account's own.
    pub merged: Merged,
    /// For which AWS would not publish it and keep the last valid one; none if it is valid.
    pub errors: Vec<EffectiveError>,
}

/// What applies to every account of an organization.
#[derive(Debug)]
pub struct Effective {
    outcomes: HashMap<Arc<str>, Arc<Outcome>>,
    distinct: usize,
}

impl Effective {
    /// Merges and validates the policies of every account, each distinct way once.
    #[must_use]
    pub fn of(organization: &Organization, now: OffsetDateTime) -> Self {
        let mut walk = Walk::new(organization, now);
        let places = organization.places().iter().enumerate();
        let accounts = places.filter(|(_, place)| place.kind == NodeKind::Account);
        let outcomes = accounts.map(|(at, place)| (place.id.clone(), walk.outcome(at))).collect();
        Self { outcomes, distinct: walk.distinct() }
    }

    /// What applies to an account.
    #[must_use]
    pub fn get(&self, account: &str) -> Option<&Arc<Outcome>> {
        self.outcomes.get(account)
    }

    /// Every account with what applies to it.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Outcome>)> {
        self.outcomes.iter()
    }

    /// How many results there are: accounts share one where the same policies stand on their way.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.distinct
    }

    /// What applies at a root, OU or account, with every origin exactly as it is for this place.
    #[must_use]
    pub fn exact(organization: &Organization, id: &str) -> Option<Merged> {
        organization.levels(id).map(|levels| merge(&levels))
    }
}

/// The nearest place above an account that has policies, and the policies of the account itself.
type Way<'a> = (Option<usize>, &'a [Arc<str>]);

/// Computes outcomes, each distinct way from the root once.
pub(super) struct Walk<'a> {
    organization: &'a Organization,
    now: OffsetDateTime,
    /// What merges down to a place, by place; filled for those with policies of their own.
    merged: Vec<Option<Merged>>,
    outcomes: HashMap<Way<'a>, Arc<Outcome>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(organization: &'a Organization, now: OffsetDateTime) -> Self {
        Self { organization, now, merged: vec![None; organization.places().len()], outcomes: HashMap::new() }
    }

    pub(super) fn distinct(&self) -> usize {
        self.outcomes.len()
    }

    pub(super) fn outcome(&mut self, account: usize) -> Arc<Outcome> {
        let organization = self.organization;
        let own = organization.places().get(account).map_or(&[][..], |place| &place.attached);
        let above = organization.parent_of(account).and_then(|parent| self.nearest_with_policies(parent));
        if let Some(known) = self.outcomes.get(&(above, own)) {
            return known.clone();
        }
        let inherited = above.map(|above| self.merged(above)).unwrap_or_default();
        let level = organization.level(account).filter(|_| !own.is_empty());
        let merged = level.map_or(inherited.clone(), |level| inherited.apply(&level));
        let errors = validate(&merged, self.now);
        let outcome = Arc::new(Outcome { merged, errors });
        self.outcomes.insert((above, own), outcome.clone());
        outcome
    }

    fn nearest_with_policies(&self, at: usize) -> Option<usize> {
        let attached =
            |at: &usize| self.organization.places().get(*at).is_some_and(|place| !place.attached.is_empty());
        self.organization.way_up(at).find(attached)
    }

    /// Merges down to a place, from the nearest one above that is known.
    fn merged(&mut self, at: usize) -> Merged {
        let organization = self.organization;
        let unknown = |at: &usize| self.merged.get(*at).is_some_and(Option::is_none);
        let way: Vec<usize> = organization.way_up(at).take_while(unknown).collect();
        let known = way.last().map_or(Some(at), |top| organization.parent_of(*top));
        let mut merged = known.and_then(|at| self.merged.get(at).cloned().flatten()).unwrap_or_default();
        for at in way.into_iter().rev() {
            if let Some(level) = organization.level(at) {
                merged = merged.apply(&level);
            }
            if let Some(slot) = self.merged.get_mut(at) {
                *slot = Some(merged.clone());
            }
        }
        merged
    }
}
