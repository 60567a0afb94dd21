//! What a change would do.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::organization::{Action, NodeKind, Organization, OrganizationError};
use super::outcome::{Effective, Outcome, Walk};
use crate::diff::{Change, Differ};
use crate::validate::EffectiveError;

/// Accounts to which the same happens: the same settings change, from the same values to the same values, and AWS
/// would or would not publish the result for the same reasons. What does not change may differ between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Their ids, in the order of the organization.
    pub accounts: Vec<String>,
    /// How the merged policy changes.
    pub changes: Vec<Change>,
    /// For which AWS does not publish the policy as it is.
    pub errors_before: Vec<EffectiveError>,
    /// For which AWS would not publish the new one and keep the last valid one.
    pub errors_after: Vec<EffectiveError>,
    /// The merged policy of the first of the accounts as it is.
    pub before: serde_json::Value,
    /// The merged policy of the first of the accounts as it would be.
    pub after: serde_json::Value,
}

/// What the actions, made one after the other, would do: the accounts whose merged policy changes, grouped by what
/// changes, the largest group first. Accounts whose values only come from elsewhere are not among them.
///
/// # Errors
/// An action that does not fit the organization.
pub fn simulate(
    organization: &Organization,
    actions: &[Action],
    now: OffsetDateTime,
) -> Result<Vec<Group>, OrganizationError> {
    groups(Walk::new(organization, now), organization, actions, now)
}

impl Effective {
    /// As [`simulate`], for an organization whose effective policies are known: half the work.
    ///
    /// # Errors
    /// An action that does not fit the organization.
    pub fn simulate(&self, actions: &[Action]) -> Result<Vec<Group>, OrganizationError> {
        groups(self.walk(), self.organization(), actions, self.now())
    }
}

fn groups(
    mut before: Walk,
    organization: &Organization,
    actions: &[Action],
    now: OffsetDateTime,
) -> Result<Vec<Group>, OrganizationError> {
    let mut changed = organization.clone();
    let mut tops = HashSet::new();
    for action in actions {
        // Looked at before the action, because a deletion leaves nothing attached.
        tops.extend(touched(&changed, action)?);
        changed.apply(action)?;
    }
    let accounts: BTreeSet<usize> =
        below(organization, &tops).into_iter().chain(below(&changed, &tops)).collect();
    let outcomes: Vec<_> = accounts.into_iter().map(|account| (account, before.outcome(account))).collect();
    let mut after = before.changed(&changed);
    let mut pairs = Pairs::default();
    for (account, outcome) in outcomes {
        pairs.add(account, outcome, after.outcome(account));
    }
    Ok(pairs.groups(organization, now))
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

/// Accounts by what applies before and after, each distinct pair once.
#[derive(Default)]
struct Pairs {
    pairs: Vec<(Arc<Outcome>, Arc<Outcome>, Vec<usize>)>,
    slots: HashMap<(*const Outcome, *const Outcome), usize>,
}

impl Pairs {
    fn add(&mut self, account: usize, before: Arc<Outcome>, after: Arc<Outcome>) {
        let slot = self.slots.entry((Arc::as_ptr(&before), Arc::as_ptr(&after))).or_insert(self.pairs.len());
        match self.pairs.get_mut(*slot) {
            Some((.., accounts)) => accounts.push(account),
            None => self.pairs.push((before, after, vec![account])),
        }
    }

    /// Different pairs can change alike.
    fn groups(&self, organization: &Organization, now: OffsetDateTime) -> Vec<Group> {
        let mut slots = HashMap::new();
        let mut alike: Vec<(&Outcome, &Outcome, Vec<usize>)> = Vec::new();
        let mut differ = Differ::default();
        for (before, after, accounts) in &self.pairs {
            let Some(difference) = differ.between(&before.merged, &after.merged) else { continue };
            let key = (difference, &before.errors, &after.errors);
            let slot = *slots.entry(key).or_insert(alike.len());
            match alike.get_mut(slot) {
                Some((.., known)) => known.extend(accounts),
                None => alike.push((before, after, accounts.clone())),
            }
        }
        let mut groups: Vec<(usize, Group)> = Vec::new();
        for ((difference, ..), slot) in slots {
            let Some((before, after, accounts)) = alike.get_mut(slot) else { continue };
            accounts.sort_unstable();
            let ids = accounts.iter().filter_map(|at| organization.places().get(*at));
            let group = Group {
                accounts: ids.map(|place| place.id.to_string()).collect(),
                changes: difference.changes(now),
                errors_before: before.errors.clone(),
                errors_after: after.errors.clone(),
                before: before.merged.to_json(),
                after: after.merged.to_json(),
            };
            groups.push((slot, group));
        }
        groups.sort_by_key(|(slot, group)| (Reverse(group.accounts.len()), *slot));
        groups.into_iter().map(|(_, group)| group).collect()
    }
}
