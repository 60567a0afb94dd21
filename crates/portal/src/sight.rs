//! The organization as one caller may see it: the only way to it for use cases that read.
//!
//! What lies in the caller's scope is shown and counted; the places above it are shown as the way there, with what is
//! attached to them, for that applies below. Of everything else there is nothing, not even a number.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use model::{
    AccountId, PolicyId, TargetId,
    access::{Action, Scope},
    organization::{NodeRef, OrganizationFacts, PolicyRef, UnreadPart},
};
use policy::merge::Merged;
use store::{Extent, Visible, VisiblePart};
use time::OffsetDateTime;

use crate::{
    Caller, Portal, PortalError,
    directory::{Directory, Figures, Place, PolicyEntry},
};

/// What a caller may see of a directory.
pub(crate) struct Sight {
    directory: Arc<Directory>,
    /// Everything, also what belongs to no place.
    whole: bool,
    /// What lies in scope, by position in the tree's order: apart, ascending, each the place at its top with all below.
    parts: Vec<Range<usize>>,
    /// Positions of the places above those in scope.
    above: BTreeSet<usize>,
}

impl Portal {
    /// The newest organization, as the caller may see it.
    pub(crate) async fn sight(&self, caller: &Caller) -> Result<Sight, PortalError> {
        self.sight_for(caller, Action::Read).await
    }

    /// The newest organization, as far as the caller may do something in it.
    pub(crate) async fn sight_for(&self, caller: &Caller, action: Action) -> Result<Sight, PortalError> {
        let (rights, token) = caller.scopes(action);
        let directory = self.unscoped_directory().await?;
        Ok(Sight::new(directory.clone(), &rights).within(&Sight::new(directory, &token)))
    }

    /// Which entries of the lists about the organization the caller may see.
    pub(crate) async fn visible(&self, caller: &Caller, action: Action) -> Result<Visible, PortalError> {
        // The whole needs no tree, which may not have been read yet.
        match caller.scopes(action) {
            (Scope::All, Scope::All) => Ok(Visible::All),
            _ => Ok(self.sight_for(caller, action).await?.visible(caller)),
        }
    }
}

impl Sight {
    pub fn new(directory: Arc<Directory>, scope: &Scope) -> Self {
        let all = 0..directory.places.len();
        let Scope::Below(tops) = scope else {
            return Self { directory, whole: true, parts: vec![all], above: BTreeSet::new() };
        };
        let mut parts: Vec<Range<usize>> = tops.iter().filter_map(|top| directory.subtree(top)).collect();
        parts.sort_unstable_by_key(|part| (part.start, std::cmp::Reverse(part.end)));
        // Of two that overlap, one lies within the other and does not begin before it.
        parts.dedup_by(|later, earlier| later.start < earlier.end);
        Self::of_parts(directory, parts)
    }

    fn of_parts(directory: Arc<Directory>, parts: Vec<Range<usize>>) -> Self {
        let above = parts.iter().flat_map(|part| directory.way_up(part.start).skip(1)).collect();
        Self { directory, whole: false, parts, above }
    }

    /// What both show of one directory.
    fn within(self, other: &Self) -> Self {
        match (self.whole, other.whole) {
            (_, true) => self,
            (true, false) => Self::of_parts(self.directory, other.parts.clone()),
            (false, false) => {
                let of = |part: &Range<usize>| {
                    let part = part.clone();
                    other.parts.iter().map(move |other| part.start.max(other.start)..part.end.min(other.end))
                };
                let both = self.parts.iter().flat_map(of).filter(|part| !part.is_empty()).collect();
                Self::of_parts(self.directory, both)
            }
        }
    }

    /// Whether it is the whole organization.
    pub const fn is_whole(&self) -> bool {
        self.whole
    }

    /// A root, OU or account in scope.
    pub fn place(&self, id: &TargetId) -> Option<&Place> {
        self.at(self.position(id)?)
    }

    /// A root, OU or account in scope, or above it.
    pub fn shown(&self, id: &TargetId) -> Option<&Place> {
        let position = self.directory.position(id)?;
        self.at(position).filter(|_| self.covers(position) || self.above.contains(&position))
    }

    /// The position of a root, OU or account in scope, in the tree's order.
    pub fn position(&self, id: &TargetId) -> Option<usize> {
        self.directory.position(id).filter(|position| self.covers(*position))
    }

    fn covers(&self, position: usize) -> bool {
        let after = self.parts.partition_point(|part| part.end <= position);
        self.parts.get(after).is_some_and(|part| part.contains(&position))
    }

    /// A place by its position. Positions come from here, so it is one that may be shown.
    pub fn at(&self, position: usize) -> Option<&Place> {
        self.directory.places.get(position)
    }

    /// The position of the root, where anything may be shown at all.
    pub fn root(&self) -> Option<usize> {
        let first = self.parts.iter().find(|part| !part.is_empty())?;
        self.directory.way_up(first.start).last()
    }

    /// Positions of the places in scope, in the tree's order.
    pub fn positions(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().cloned().flatten()
    }

    /// The places in scope, in the tree's order.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.parts.iter().filter_map(|part| self.directory.places.get(part.clone())).flatten()
    }

    /// The accounts in scope, in the tree's order.
    pub fn accounts(&self) -> impl Iterator<Item = &Place> {
        self.places().filter(|place| place.is_account())
    }

    /// Positions of what is shown directly below a place that is shown: OUs by name, then accounts by name.
    pub fn children<'a>(&'a self, position: usize, place: &'a Place) -> impl Iterator<Item = usize> + 'a {
        let all = self.covers(position);
        let shown = move |child: &usize| all || self.covers(*child) || self.above.contains(child);
        place.children.iter().copied().filter(shown)
    }

    /// Accounts and OUs in scope below a place that is shown.
    pub fn below(&self, position: usize, place: &Place) -> (u64, u64) {
        if self.covers(position) {
            return (place.accounts_below, place.ous_below);
        }
        let end = position + place.subtree;
        let parts = self.parts.iter().filter(|part| (position..end).contains(&part.start));
        self.count(parts)
    }

    /// Accounts and OUs in scope.
    pub fn counts(&self) -> (u64, u64) {
        self.count(self.parts.iter())
    }

    fn count<'a>(&self, parts: impl Iterator<Item = &'a Range<usize>>) -> (u64, u64) {
        let tops = parts.filter_map(|part| self.at(part.start));
        tops.fold((0, 0), |(accounts, ous), top| {
            let (account, ou) = (u64::from(top.is_account()), u64::from(top.is_ou()));
            (accounts + top.accounts_below + account, ous + top.ous_below + ou)
        })
    }

    /// What is counted over the places in scope.
    pub fn figures(&self) -> Figures {
        if self.whole { self.directory.figures.clone() } else { Figures::of(self.places()) }
    }

    /// Accounts in scope to which the very same policy applies as at a place, that one included.
    pub fn sharing(&self, place: &Place) -> u64 {
        if self.whole {
            return self.directory.sharing(place);
        }
        self.accounts().filter(|account| account.result == place.result).count() as u64
    }

    /// Distinct accounts in scope at or below the targets, which come in the tree's order.
    pub fn accounts_reached(&self, targets: &[TargetId]) -> u64 {
        let (mut reached, mut end) = (0, 0);
        for target in targets.iter().filter_map(|target| self.directory.subtree(target)) {
            // One below another starts before the other ends.
            if target.end <= end {
                continue;
            }
            end = target.end;
            reached += self.accounts_in(&target);
        }
        reached
    }

    /// Accounts in scope at or below a place.
    pub fn accounts_at(&self, id: &TargetId) -> u64 {
        self.directory.subtree(id).map_or(0, |places| self.accounts_in(&places))
    }

    /// Accounts in scope among a place and all below it.
    fn accounts_in(&self, places: &Range<usize>) -> u64 {
        if self.covers(places.start) {
            return self.at(places.start).map_or(0, |top| top.accounts_below + u64::from(top.is_account()));
        }
        self.count(self.parts.iter().filter(|part| places.contains(&part.start))).0
    }

    /// The places above, root first.
    pub fn ancestors(&self, place: &Place) -> Vec<&Place> {
        self.directory.ancestors(place)
    }

    /// The places whose policies apply at a place in scope: those above, root first, then itself.
    pub fn levels<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        self.directory.levels(place)
    }

    /// What applies at a place in scope, with the origin of every value as it is there.
    pub fn exact(&self, place: &Place) -> Merged {
        self.directory.exact(place)
    }

    /// How old the oldest reading is that what is known of a place rests on.
    pub fn seen_at(&self, place: &Place) -> Option<OffsetDateTime> {
        self.directory.seen_at(place)
    }

    /// A place as links need it, where it is shown.
    pub fn reference(&self, id: &TargetId) -> Option<NodeRef> {
        self.shown(id).map(Place::reference)
    }

    /// The name of a place that is shown, or its id.
    pub fn name(&self, id: &TargetId) -> String {
        self.shown(id).map_or_else(|| id.to_string(), |place| place.node.name.clone())
    }

    /// The name of an account; empty where it is not in scope.
    pub fn account_name(&self, id: &AccountId) -> String {
        self.place(&id.clone().into()).map_or_else(String::new, |place| place.node.name.clone())
    }

    /// Whether jobs of an account may be seen: of the whole organization also those of accounts that left it.
    pub fn covers_account(&self, id: &AccountId) -> bool {
        self.whole || self.place(&id.clone().into()).is_some()
    }

    /// All backup policies: what is attached nowhere in scope may be attached there.
    pub fn policies(&self) -> impl Iterator<Item = &PolicyEntry> {
        self.directory.policies.values()
    }

    /// A policy by id.
    pub fn policy(&self, id: &PolicyId) -> Option<&PolicyEntry> {
        self.directory.policies.get(id)
    }

    /// A policy as links need it.
    pub fn policy_ref(&self, id: &PolicyId) -> PolicyRef {
        self.directory.policy_ref(id)
    }

    /// The targets of a policy that are shown, in the tree's order.
    pub fn targets<'a>(&'a self, policy: &'a PolicyEntry) -> impl Iterator<Item = &'a Place> {
        policy.targets.iter().filter_map(|id| self.shown(id))
    }

    /// Every place that is shown and every policy attached to it, target by target from the root down.
    pub fn attachments(&self) -> Vec<(NodeRef, PolicyRef)> {
        let mut positions: BTreeSet<usize> = self.above.clone();
        positions.extend(self.positions());
        let at = |place: &Place| {
            let node = place.reference();
            place.policies.iter().map(|id| (node.clone(), self.policy_ref(id))).collect::<Vec<_>>()
        };
        positions.into_iter().filter_map(|position| self.at(position)).flat_map(at).collect()
    }

    /// Whose jobs those are of the accounts in scope at and below some places; of no place given, all in scope.
    pub fn extent<'a>(&self, places: impl IntoIterator<Item = &'a TargetId>) -> Extent {
        let mut places = places.into_iter().peekable();
        let tops = |within: Range<usize>| {
            let parts = self.parts.iter().filter(move |part| within.contains(&part.start));
            parts.filter_map(|part| self.at(part.start)).map(|top| top.node.id.clone())
        };
        match (self.whole, places.peek().is_some()) {
            (true, false) => Extent::All,
            (true, true) => Extent::Within(places.cloned().collect()),
            (false, false) => Extent::Within(tops(0..usize::MAX).collect()),
            (false, true) => {
                let narrowed = places.flat_map(|id| match self.directory.subtree(id) {
                    Some(below) if self.covers(below.start) => vec![id.clone()],
                    Some(below) => tops(below).collect(),
                    None => Vec::new(),
                });
                Extent::Within(narrowed.collect())
            }
        }
    }

    /// Which entries of lists a caller may see who sees this. With a token, not what its owner did elsewhere.
    pub fn visible(&self, caller: &Caller) -> Visible {
        if self.whole {
            return Visible::All;
        }
        let containers = |place: &&Place| !place.is_account();
        let id = |place: &Place| place.node.id.clone();
        Visible::Part(VisiblePart {
            person: caller.token().is_none().then(|| caller.email().to_owned()),
            tops: self.tops().map(id).collect(),
            containers: self.places().filter(containers).map(id).collect(),
            above: self.above.iter().filter_map(|position| self.at(*position)).map(id).collect(),
        })
    }

    /// The places at the top of the parts in scope.
    pub fn tops(&self) -> impl Iterator<Item = &Place> {
        let parts = self.parts.iter().filter(|part| !part.is_empty());
        parts.filter_map(|part| self.at(part.start))
    }

    /// The organization itself.
    pub fn facts(&self) -> Option<&OrganizationFacts> {
        self.directory.facts.as_ref()
    }

    /// The whole organization's name.
    pub fn organization_name(&self) -> Option<String> {
        self.directory.organization_name()
    }

    /// What could not be read of the organization when the rest was; told to whoever sees all of it.
    pub fn unread(&self) -> &[UnreadPart] {
        if self.is_whole() { &self.directory.unread } else { &[] }
    }

    /// Whether AWS tells which effective policies it finds invalid.
    pub fn invalid_is_known(&self) -> bool {
        self.directory.invalid_is_known
    }

    /// Whether backup policies take effect; `None` where it is not known.
    pub fn policy_type(&self) -> Option<bool> {
        self.directory.policy_type
    }
}

#[cfg(test)]
mod tests;
