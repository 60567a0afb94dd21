//! What applies to each account.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use time::OffsetDateTime;

use super::organization::{NodeKind, Organization};
use crate::merge::{Level, Merged, Place, Results};
use crate::validate::{EffectiveError, validate_by, validate_plan};

/// What the policies on the way to a place come to.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The merged policy with the origin of every value. Accounts that have policies of their own and share this
    /// result show as its target the first of them; [`Effective::exact`] tells each account's own.
    pub merged: Merged,
    /// For which AWS would not publish it and keep the last valid one; none if it is valid.
    pub errors: Vec<EffectiveError>,
}

/// What applies to every root, OU and account of an organization at a time: to an account by AWS, and to the others if
/// they were accounts, which is what it is for accounts directly below them without policies of their own.
#[derive(Debug)]
pub struct Effective {
    organization: Arc<Organization>,
    now: OffsetDateTime,
    /// By place.
    outcomes: Vec<Arc<Outcome>>,
    /// By place, the number of its result.
    results: Vec<usize>,
    known: Known,
}

impl Effective {
    /// Merges and validates the policies of every place, each distinct way once.
    #[must_use]
    pub fn of(organization: Arc<Organization>, now: OffsetDateTime) -> Self {
        let mut walk = Walk::new(&organization, now);
        let outcomes: Vec<_> = (0..organization.places().len()).map(|at| walk.outcome(at)).collect();
        let known = walk.known;
        let results = numbered(&outcomes);
        Self { organization, now, outcomes, results, known }
    }

    /// The organization that this is for.
    #[must_use]
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// What applies at a place.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Arc<Outcome>> {
        self.at(self.organization.position(id)?)
    }

    /// What applies at the place with this [position](Organization::position).
    #[must_use]
    pub fn at(&self, position: usize) -> Option<&Arc<Outcome>> {
        self.outcomes.get(position)
    }

    /// Every account with what applies to it.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<Outcome>)> {
        let all = self.organization.places().iter().zip(&self.outcomes);
        all.filter(|(place, _)| place.kind == NodeKind::Account).map(|(place, outcome)| (&place.id, outcome))
    }

    /// How many distinct ways there are from the root to a place: those on one way share an [`Outcome`].
    #[must_use]
    pub fn ways(&self) -> usize {
        self.known.outcomes.len()
    }

    /// The number of the result at the place with this position: equal where the very same policy applies, wherever its
    /// values are from. The numbers of all places begin at 0 and leave none out.
    #[must_use]
    pub fn result(&self, position: usize) -> Option<usize> {
        self.results.get(position).copied()
    }

    /// What applies at a place, with every origin exactly as it is for this place.
    #[must_use]
    pub fn exact(&self, id: &str) -> Option<Merged> {
        let organization = &self.organization;
        let at = organization.position(id)?;
        let shared = || self.outcomes.get(at).map(|outcome| outcome.merged.clone());
        if organization.kind(at) != Some(NodeKind::Account) || !organization.has_policies(at) {
            return shared();
        }
        let above = self.known.down_to(organization, organization.parent_of(at))?;
        Some(above.apply(&organization.level(at)?))
    }

    /// A walk that goes on from here.
    pub(super) fn walk(&self) -> Walk<'_> {
        Walk { known: self.known.clone(), ..Walk::new(&self.organization, self.now) }
    }

    /// When it was computed for.
    pub(super) fn now(&self) -> OffsetDateTime {
        self.now
    }
}

/// The number of each outcome's result.
fn numbered(outcomes: &[Arc<Outcome>]) -> Vec<usize> {
    let mut results = Results::default();
    let mut known: HashMap<*const Outcome, usize> = HashMap::new();
    outcomes
        .iter()
        .map(|outcome| *known.entry(Arc::as_ptr(outcome)).or_insert_with(|| results.number(&outcome.merged)))
        .collect()
}

/// The nearest place above an account, or the nearest of another place and those above it, that has policies; and the
/// policies of the account itself.
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

    fn outcome(&self, organization: &Organization, at: usize) -> Option<&Arc<Outcome>> {
        self.outcomes.get(&organization.way(at))
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
        Self { organization, now, known: Known::default(), before: None }
    }

    /// The walk of an organization that came from this one by a change.
    pub(super) fn changed<'b>(&'b self, organization: &'b Organization) -> Walk<'b> {
        let before = Some((self.organization, &self.known));
        let known = Known { errors: self.known.errors.clone(), ..Known::default() };
        Walk { organization, now: self.now, known, before }
    }

    pub(super) fn outcome(&mut self, at: usize) -> Arc<Outcome> {
        let way = self.organization.way(at);
        if let Some(known) = self.known.outcomes.get(&way) {
            return known.clone();
        }
        let inherited = way.0.map(|above| self.merged(above)).unwrap_or_default();
        let before = self.before.and_then(|(organization, known)| known.outcome(organization, at)).cloned();
        let result = before.as_ref().map(|outcome| &outcome.merged);
        let merged = if way.1.is_empty() { inherited } else { self.apply(at, &inherited, result) };
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
