//! What applies to each account.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use time::OffsetDateTime;

use super::organization::{NodeKind, Organization};
use crate::merge::{Level, Merged, Place, merge};
use crate::validate::{EffectiveError, validate_by, validate_plan};

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
    by_account: HashMap<Arc<str>, Arc<Outcome>>,
    pub(super) known: Known,
}

impl Effective {
    /// Merges and validates the policies of every account, each distinct way once.
    #[must_use]
    pub fn of(organization: &Organization, now: OffsetDateTime) -> Self {
        let mut walk = Walk::new(organization, now);
        let places = organization.places().iter().enumerate();
        let accounts = places.filter(|(_, place)| place.kind == NodeKind::Account);
        let by_account = accounts.map(|(at, place)| (place.id.clone(), walk.outcome(at))).collect();
        Self { by_account, known: walk.known }
    }

    /// What applies to an account.
    #[must_use]
    pub fn get(&self, account: &str) -> Option<&Arc<Outcome>> {
        self.by_account.get(account)
    }

    /// Every account with what applies to it.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Outcome>)> {
        self.by_account.iter()
    }

    /// How many results there are: accounts share one where the same policies stand on their way.
    #[must_use]
    pub fn distinct(&self) -> usize {
        self.known.outcomes.len()
    }

    /// What applies at a root, OU or account, with every origin exactly as it is for this place.
    #[must_use]
    pub fn exact(organization: &Organization, id: &str) -> Option<Merged> {
        organization.levels(id).map(|levels| merge(&levels))
    }
}

/// The nearest place above an account that has policies, and the policies of the account itself.
type Way = (Option<usize>, Vec<Arc<str>>);

/// What has been computed for an organization.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// What merges down to a place, for places that have policies of their own.
    merged: HashMap<usize, Merged>,
    outcomes: HashMap<Way, Arc<Outcome>>,
    /// Errors of plans; accounts share plans that no policy of their own touches.
    errors: HashMap<Shared, Arc<[EffectiveError]>>,
}

/// A node that is equal to no other, however alike.
#[derive(Clone, Debug)]
struct Shared(Arc<Place>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Shared {}

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

impl Known {
    fn validate(&mut self, merged: &Merged, now: OffsetDateTime) -> Vec<EffectiveError> {
        validate_by(merged, now, |name, plan| {
            let errors = self.errors.entry(Shared(plan.clone()));
            errors.or_insert_with(|| validate_plan(name, plan, now).into()).clone()
        })
    }

    /// What merges down to the nearest of a place and those above it that has policies.
    fn down_to(&self, organization: &Organization, at: Option<usize>) -> Option<Merged> {
        match at.and_then(|at| organization.nearest_with_policies(at)) {
            Some(at) => self.merged.get(&at).cloned(),
            None => Some(Merged::default()),
        }
    }

    fn outcome(&self, organization: &Organization, account: usize) -> Option<&Arc<Outcome>> {
        self.outcomes.get(&organization.way(account))
    }
}

/// Computes outcomes, each distinct way from the root once.
pub(super) struct Walk<'a> {
    organization: &'a Organization,
    now: OffsetDateTime,
    known: Known,
    /// The organization before a change and what is known of it, to compute only what differs.
    before: Option<(&'a Organization, &'a Known)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(organization: &'a Organization, now: OffsetDateTime) -> Self {
        Self::knowing(organization, Known::default(), now)
    }

    pub(super) fn knowing(organization: &'a Organization, known: Known, now: OffsetDateTime) -> Self {
        Self { organization, now, known, before: None }
    }

    /// The walk of an organization that came from this one by a change.
    pub(super) fn changed<'b>(&'b self, organization: &'b Organization) -> Walk<'b> {
        let before = Some((self.organization, &self.known));
        let known = Known { errors: self.known.errors.clone(), ..Known::default() };
        Walk { organization, now: self.now, known, before }
    }

    pub(super) fn outcome(&mut self, account: usize) -> Arc<Outcome> {
        let way = self.organization.way(account);
        if let Some(known) = self.known.outcomes.get(&way) {
            return known.clone();
        }
        let inherited = way.0.map(|above| self.merged(above)).unwrap_or_default();
        let before =
            self.before.and_then(|(organization, known)| known.outcome(organization, account)).cloned();
        let result = before.as_ref().map(|outcome| &outcome.merged);
        let merged = if way.1.is_empty() { inherited } else { self.apply(account, &inherited, result) };
        let unchanged = before.filter(|before| before.merged.is_same(&merged));
        let outcome = unchanged.unwrap_or_else(|| {
            let errors = self.known.validate(&merged, self.now);
            Arc::new(Outcome { merged, errors })
        });
        self.known.outcomes.insert(way, outcome.clone());
        outcome
    }

    /// Merges down to a place, from the nearest one above that is known.
    fn merged(&mut self, at: usize) -> Merged {
        let organization = self.organization;
        let unknown = |at: &usize| !self.known.merged.contains_key(at);
        let way: Vec<usize> = organization.way_up(at).take_while(unknown).collect();
        let top = way.last().map_or(Some(at), |top| organization.parent_of(*top));
        let mut merged = top.and_then(|at| self.known.merged.get(&at)).cloned().unwrap_or_default();
        for at in way.into_iter().rev().filter(|at| organization.has_policies(*at)) {
            let result = self.before.and_then(|(_, known)| known.merged.get(&at));
            merged = self.apply(at, &merged, result);
            self.known.merged.insert(at, merged.clone());
        }
        merged
    }

    /// What comes of a place's policies, made of an earlier result where possible.
    fn apply(&self, at: usize, above: &Merged, result: Option<&Merged>) -> Merged {
        let Some(level) = self.organization.level(at) else { return above.clone() };
        let Some((result, (before, known))) = result.zip(self.before) else { return above.apply(&level) };
        let earlier_above = known.down_to(before, before.parent_of(at));
        match earlier_above.filter(|_| before.level(at).is_some_and(|earlier| same(&earlier, &level))) {
            Some(earlier_above) => above.apply_again(&level, &earlier_above, result),
            None => above.apply(&level).reusing(result),
        }
    }
}

fn same(one: &Level, other: &Level) -> bool {
    one.policies.len() == other.policies.len()
        && one
            .policies
            .iter()
            .zip(&other.policies)
            .all(|(a, b)| a.id == b.id && Arc::ptr_eq(&a.fragment, &b.fragment))
}
