//! The organization as of one generation, arranged for reading: built once, shared by all requests.
//!
//! What applies where, whether it is valid and where it is the same comes from one [`Effective`]; here are names, search
//! text, order and what is counted once.

mod arrange;
mod entry;
mod figures;
mod place;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use model::{
    AccountId, PolicyId, TargetId,
    organization::{OrganizationFacts, Part, PolicyRef, UnreadPart},
};
use policy::{
    merge::Merged,
    simulate::{Action, Effective, Group, OrganizationError},
};
use store::Snapshot;
use time::{Date, OffsetDateTime, UtcOffset};

pub(crate) use entry::PolicyEntry;
pub(crate) use figures::Figures;
pub(crate) use place::Place;

/// The organization, its policies and what applies where.
pub(crate) struct Directory {
    pub generation: i64,
    /// The day (UTC) for which validity is told: schedules that fit today may not fit tomorrow.
    pub day: Date,
    pub facts: Option<OrganizationFacts>,
    /// When the reading of the tree began.
    seen_at: Option<OffsetDateTime>,
    pub policy_type: Option<bool>,
    /// What could not be read when the rest was.
    pub unread: Vec<UnreadPart>,
    /// Whether AWS tells which effective policies it finds invalid; where it does not, our own finding stands alone.
    pub invalid_is_known: bool,
    /// In the tree's order, top to bottom: what is below a place follows it.
    pub places: Vec<Place>,
    pub policies: BTreeMap<PolicyId, PolicyEntry>,
    /// Of all accounts.
    pub figures: Figures,
    /// Its places stand as they do here.
    effective: Effective,
    /// Accounts by the number of their result.
    sharing: Vec<u64>,
}

impl Directory {
    /// Arranges a snapshot and computes what applies where. Nodes that hang on nothing are left out (the store never
    /// promotes such a tree).
    ///
    /// # Errors
    /// Where the nodes make no tree.
    pub fn build(snapshot: Snapshot, now: OffsetDateTime) -> Result<Self, OrganizationError> {
        let Snapshot {
            generation,
            facts,
            nodes,
            policies: stored,
            attachments,
            policy_type_enabled,
            seen_at,
            invalid_in_aws,
            unread,
        } = snapshot;
        let reasons: HashMap<(Part, &str), &String> =
            unread.iter().map(|part| ((part.part, part.id.as_str()), &part.reason)).collect();
        let why =
            |part: Part, id: &PolicyId| reasons.get(&(part, id.as_str())).map(|reason| (*reason).clone());
        let (mut policies, mut texts) = (BTreeMap::new(), Vec::new());
        for stored in stored {
            let id = stored.record.id.clone();
            let (entry, text) = PolicyEntry::read(stored, why(Part::PolicyText, &id), now);
            let entry = PolicyEntry { targets_unread: why(Part::PolicyTargets, &id), ..entry };
            texts.push((id.as_str().into(), text));
            policies.insert(id, entry);
        }
        // AWS detaches everything when the type is turned off; what was read before that says otherwise for a while.
        let off = policy_type_enabled == Some(false);
        let (attachments, invalid_in_aws) =
            if off { (Vec::new(), Some(BTreeSet::new())) } else { (attachments, invalid_in_aws) };
        let mut places = arrange::places(nodes, attachments);
        for place in &mut places {
            place.policies.retain(|id| policies.contains_key(id));
            for id in &place.policies {
                if let Some(entry) = policies.get_mut(id) {
                    entry.targets.push(place.node.id.clone());
                }
            }
        }
        arrange::mark_unknown(&mut places, &policies);
        let organization = arrange::organization(&places, texts)?;
        let effective = Effective::of(organization.into(), now);
        for (position, place) in places.iter_mut().enumerate() {
            if let Some((outcome, result)) = effective.at(position).zip(effective.result(position)) {
                (place.outcome, place.result) = (outcome.clone(), result);
            }
            let told = place.node.id.account().zip(invalid_in_aws.as_ref());
            place.invalid_in_aws = told.is_some_and(|(id, invalid)| invalid.contains(&id));
        }
        Ok(Self {
            generation,
            day: now.to_offset(UtcOffset::UTC).date(),
            facts,
            seen_at,
            policy_type: policy_type_enabled,
            unread,
            invalid_is_known: invalid_in_aws.is_some(),
            figures: Figures::of(&places),
            sharing: figures::sharing(&places),
            places,
            policies,
            effective,
        })
    }

    /// Whether it shows this generation, and findings that are no older than the day.
    pub fn serves(&self, generation: i64, day: Date) -> bool {
        self.generation >= generation && self.day >= day
    }

    /// What the actions, made one after the other, would do to the accounts of the organization.
    ///
    /// # Errors
    /// An action that does not fit the organization.
    #[cfg_attr(not(any(test, feature = "bench")), expect(dead_code, reason = "previews are shown later"))]
    pub fn preview(&self, actions: &[Action]) -> Result<Vec<Group>, OrganizationError> {
        self.effective.simulate(actions)
    }

    /// What applies at a place, with the origin of every value as it is there.
    pub fn exact(&self, place: &Place) -> Merged {
        self.effective.exact(place.node.id.as_str()).unwrap_or_else(|| place.outcome.merged.clone())
    }

    /// Accounts to which the very same policy applies as at a place, that one included.
    pub fn sharing(&self, place: &Place) -> u64 {
        self.sharing.get(place.result).copied().unwrap_or_default()
    }

    /// A place by id.
    pub fn place(&self, id: &TargetId) -> Option<&Place> {
        self.places.get(self.position(id)?)
    }

    /// Where a place stands in the tree's order.
    pub fn position(&self, id: &TargetId) -> Option<usize> {
        self.effective.organization().position(id.as_str())
    }

    /// The places above, root first.
    pub fn ancestors(&self, place: &Place) -> Vec<&Place> {
        let mut above: Vec<&Place> = std::iter::successors(self.parent(place), |p| self.parent(p)).collect();
        above.reverse();
        above
    }

    /// The places whose policies apply at a place: those above, root first, then itself.
    pub fn levels<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Place> {
        self.ancestors(place).into_iter().chain([place])
    }

    fn parent(&self, place: &Place) -> Option<&Place> {
        self.places.get(place.parent?)
    }

    /// The position of a place and those of all above it, upwards.
    pub fn way_up(&self, position: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(position), |at| self.places.get(*at)?.parent)
    }

    /// Positions of a place and of all below it.
    pub fn subtree(&self, id: &TargetId) -> Option<Range<usize>> {
        let position = self.position(id)?;
        Some(position..position + self.places.get(position)?.subtree)
    }

    /// The name of a place, or its id where it is not known.
    pub fn name(&self, id: &TargetId) -> String {
        self.place(id).map_or_else(|| id.to_string(), |p| p.node.name.clone())
    }

    /// The name of an account; empty where it is not in the organization.
    pub fn account_name(&self, id: &AccountId) -> String {
        self.place(&TargetId::from(id.clone())).map_or_else(String::new, |p| p.node.name.clone())
    }

    /// A policy as links need it.
    pub fn policy_ref(&self, id: &PolicyId) -> PolicyRef {
        let name = self.policies.get(id).map_or_else(|| id.to_string(), |p| p.stored.record.name.clone());
        PolicyRef { id: id.clone(), name }
    }

    /// How old the oldest reading is that what is known of a place rests on: of the tree, of the texts of the policies
    /// that apply there, and of where any policy is attached.
    pub fn seen_at(&self, place: &Place) -> Option<OffsetDateTime> {
        let applied =
            self.levels(place).flat_map(|level| &level.policies).filter_map(|id| self.policies.get(id));
        let texts = applied.map(|policy| policy.stored.seen_at);
        let targets = self.policies.values().map(|policy| policy.stored.targets_seen_at);
        self.seen_at.map(|tree| texts.chain(targets).fold(tree, OffsetDateTime::min))
    }

    /// The whole organization's name: its management account's, for it has none of its own.
    pub fn organization_name(&self) -> Option<String> {
        let facts = self.facts.as_ref()?;
        Some(self.account_name(&facts.management_account)).filter(|n| !n.is_empty())
    }
}

#[cfg(test)]
pub(crate) mod tests;
