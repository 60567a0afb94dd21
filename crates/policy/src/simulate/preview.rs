//! What a change would do.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::organization::{Action, NodeKind, Organization, OrganizationError};
use super::outcome::{Outcome, Walk};
use crate::diff::{Change, diff_effective};
use crate::validate::EffectiveError;

/// Accounts to which the same happens.
#[derive(Debug)]
pub struct Group {
    /// Their ids, in the order of the organization.
    pub accounts: Vec<Arc<str>>,
    pub before: Arc<Outcome>,
    pub after: Arc<Outcome>,
    /// How the merged policy changes.
    pub changes: Vec<Change>,
}

/// A [`Group`] ready for the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub accounts: Vec<String>,
    /// The merged policy as it is.
    pub before: serde_json::Value,
    /// The merged policy as it would be.
    pub after: serde_json::Value,
    pub changes: Vec<Change>,
    /// For which AWS does not publish the policy as it is.
    pub errors_before: Vec<EffectiveError>,
    /// For which AWS would not publish the new one and keep the last valid one.
    pub errors_after: Vec<EffectiveError>,
}

impl Group {
    /// The group for the wire.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            accounts: self.accounts.iter().map(ToString::to_string).collect(),
            before: self.before.merged.to_json(),
            after: self.after.merged.to_json(),
            changes: self.changes.clone(),
            errors_before: self.before.errors.clone(),
            errors_after: self.after.errors.clone(),
        }
    }
}

/// What the actions, made one after the other, would do: the accounts whose merged policy changes, grouped by
/// what it is before and after, the largest group first. Accounts whose values only come from elsewhere are not
/// among them.
///
/// # Errors
/// An action that does not fit the organization.
pub fn simulate(
    organization: &Organization,
    actions: &[Action],
    now: OffsetDateTime,
) -> Result<Vec<Group>, OrganizationError> {
    let mut changed = organization.clone();
    let mut tops = HashSet::new();
    for action in actions {
        // Looked at before the action too, because a deletion leaves nothing attached.
        tops.extend(touched(&changed, action)?);
        changed.apply(action)?;
    }
    let mut accounts = below(organization, &tops);
    accounts.extend(below(&changed, &tops));
    let accounts: BTreeMap<usize, ()> = accounts.into_iter().map(|account| (account, ())).collect();
    Ok(groups(organization, &changed, accounts.into_keys(), now))
}

/// The places at and below which an action can change anything.
fn touched(organization: &Organization, action: &Action) -> Result<Vec<usize>, OrganizationError> {
    match action {
        Action::Attach { target, .. } | Action::Detach { target, .. } => Ok(vec![organization.at(target)?]),
        Action::Move { node, .. } => Ok(vec![organization.at(node)?]),
        Action::Edit { policy, .. } | Action::Delete { policy } => {
            let places = organization.places().iter().enumerate();
            Ok(places.filter(|(_, place)| place.attached.contains(policy)).map(|(at, _)| at).collect())
        }
    }
}

/// The accounts at and below some places.
fn below(organization: &Organization, tops: &HashSet<usize>) -> Vec<usize> {
    // What is known of a place: whether it is at or below one of the tops.
    let mut known: Vec<Option<bool>> = vec![None; organization.places().len()];
    let mut found = Vec::new();
    for account in 0..known.len() {
        let mut inside = false;
        let mut way = Vec::new();
        for at in organization.way_up(account) {
            way.push(at);
            match known.get(at).copied().flatten() {
                Some(answer) => inside = answer,
                None if tops.contains(&at) => inside = true,
                None => continue,
            }
            break;
        }
        for at in way {
            if let Some(slot) = known.get_mut(at) {
                *slot = Some(inside);
            }
        }
        if inside && organization.kind(account) == Some(NodeKind::Account) {
            found.push(account);
        }
    }
    found
}

type Pair = (Arc<Outcome>, Arc<Outcome>);

fn groups(
    before: &Organization,
    after: &Organization,
    accounts: impl Iterator<Item = usize>,
    now: OffsetDateTime,
) -> Vec<Group> {
    let (mut old, mut new) = (Walk::new(before, now), Walk::new(after, now));
    let mut order: Vec<(Pair, Vec<Arc<str>>)> = Vec::new();
    let mut slots: HashMap<(*const Outcome, *const Outcome), usize> = HashMap::new();
    for account in accounts {
        let Some(place) = before.places().get(account) else { continue };
        let pair = (old.outcome(account), new.outcome(account));
        let slot = *slots.entry((Arc::as_ptr(&pair.0), Arc::as_ptr(&pair.1))).or_insert(order.len());
        match order.get_mut(slot) {
            Some((_, accounts)) => accounts.push(place.id.clone()),
            None => order.push((pair, vec![place.id.clone()])),
        }
    }
    merge_equal(order, now)
}

/// Different ways can come to the same policies.
fn merge_equal(pairs: Vec<(Pair, Vec<Arc<str>>)>, now: OffsetDateTime) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut slots: HashMap<(String, String), usize> = HashMap::new();
    for ((before, after), accounts) in pairs {
        if before.merged.same_result(&after.merged) {
            continue;
        }
        let (old, new) = (before.merged.to_json(), after.merged.to_json());
        let slot = *slots.entry((old.to_string(), new.to_string())).or_insert(groups.len());
        match groups.get_mut(slot) {
            Some(group) => group.accounts.extend(accounts),
            None => groups.push(Group { accounts, before, after, changes: diff_effective(&old, &new, now) }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.accounts.len()));
    groups
}
