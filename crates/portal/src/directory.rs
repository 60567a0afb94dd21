//! The organization as of one generation, arranged for reading: built once, shared by all requests.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use model::{
    AccountId, PolicyId, TargetId, TargetKind,
    organization::{AccountState, Node, NodeRef, OrganizationFacts, PolicyRef},
};
use policy::{
    Document, Problem,
    fragment::Fragment,
    merge::{Attached, Level, Merged},
    regions::regions_in,
};
use store::{Snapshot, StoredPolicy};
use time::OffsetDateTime;

/// A policy, read once.
pub(crate) struct PolicyEntry {
    pub stored: StoredPolicy,
    pub problems: Vec<Problem>,
    pub plans: Vec<String>,
    /// The Regions that its text names.
    pub regions: BTreeSet<Arc<str>>,
    /// What its text says for merging; `None` where it is not readable.
    fragment: Option<Arc<Fragment>>,
    /// Where it is attached, in the tree's order.
    pub targets: Vec<TargetId>,
}

/// A place in the tree.
pub(crate) struct Place {
    pub node: Node,
    /// Index of the place above.
    pub parent: Option<usize>,
    /// Indexes of the places directly below: OUs by name, then accounts by name.
    pub children: Vec<usize>,
    pub depth: u8,
    pub accounts_below: u64,
    pub ous_below: u64,
    /// Attached here, oldest first.
    pub policies: Vec<PolicyId>,
    /// Name, id and e-mail in lower case, for searching.
    pub text: String,
    /// AWS finds the effective policy invalid and keeps to an older one. False too where AWS does not tell.
    pub invalid_in_aws: bool,
    /// What applies here; accounts under one parent without policies of their own share it.
    pub merged: Arc<Merged>,
}

/// The organization, its policies and what applies where.
pub(crate) struct Directory {
    pub generation: i64,
    pub facts: Option<OrganizationFacts>,
    /// When the reading of the tree began.
    seen_at: Option<OffsetDateTime>,
    pub policy_type: Option<bool>,
    /// In the tree's order, top to bottom: what is below a place follows it.
    pub places: Vec<Place>,
    pub policies: BTreeMap<PolicyId, PolicyEntry>,
    index: HashMap<TargetId, usize>,
}

impl Directory {
    /// Arranges a snapshot. Nodes that hang on nothing are left out (the store never promotes such a tree).
    pub fn build(snapshot: Snapshot, now: OffsetDateTime) -> Self {
        let Snapshot {
            generation,
            facts,
            nodes,
            policies,
            attachments,
            policy_type_enabled,
            seen_at,
            invalid_in_aws,
        } = snapshot;
        let mut policies: BTreeMap<PolicyId, PolicyEntry> = policies
            .into_iter()
            .map(|stored| (stored.record.id.clone(), PolicyEntry::read(stored, now)))
            .collect();
        let mut attached: HashMap<TargetId, Vec<PolicyId>> = HashMap::new();
        for attachment in attachments {
            attached.entry(attachment.target).or_default().push(attachment.policy);
        }
        let mut places = arrange(nodes, &attached, &policies);
        if let Some(invalid) = invalid_in_aws {
            for place in &mut places {
                place.invalid_in_aws = place.node.id.account().is_some_and(|id| invalid.contains(&id));
            }
        }
        let index: HashMap<TargetId, usize> =
            places.iter().enumerate().map(|(i, place)| (place.node.id.clone(), i)).collect();
        for place in &places {
            for id in &place.policies {
                if let Some(entry) = policies.get_mut(id) {
                    entry.targets.push(place.node.id.clone());
                }
            }
        }
        Self { generation, facts, seen_at, policy_type: policy_type_enabled, places, policies, index }
    }

    /// A place by id.
    pub fn place(&self, id: &TargetId) -> Option<&Place> {
        self.places.get(self.position(id)?)
    }

    /// Where a place stands in the tree's order.
    pub fn position(&self, id: &TargetId) -> Option<usize> {
        self.index.get(id).copied()
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

    /// Every place at or below the one at `position`, in the tree's order.
    pub fn subtree(&self, position: usize) -> &[Place] {
        let Some(top) = self.places.get(position) else { return &[] };
        let below = self.places.get(position + 1..).unwrap_or_default();
        let len = below.iter().take_while(|p| p.depth > top.depth).count();
        self.places.get(position..=position + len).unwrap_or_default()
    }

    /// All accounts, in the tree's order.
    pub fn accounts(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|p| p.node.id.kind() == TargetKind::Account)
    }

    /// Accounts that can run backups.
    pub fn active_accounts(&self) -> impl Iterator<Item = &Place> {
        self.accounts().filter(|p| p.node.state == Some(AccountState::Active))
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

    /// Distinct accounts at or below the targets.
    pub fn accounts_reached(&self, targets: &[TargetId]) -> u64 {
        // Targets come in the tree's order, so one below another starts before the other ends.
        let (mut reached, mut end) = (0, 0);
        for position in targets.iter().filter_map(|t| self.position(t)) {
            let subtree = self.subtree(position);
            if position + subtree.len() <= end {
                continue;
            }
            end = position + subtree.len();
            reached += subtree.iter().filter(|p| p.node.id.kind() == TargetKind::Account).count() as u64;
        }
        reached
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

impl Place {
    /// As links need it.
    pub fn reference(&self) -> NodeRef {
        NodeRef { id: self.node.id.clone(), name: self.node.name.clone() }
    }
}

impl PolicyEntry {
    fn read(stored: StoredPolicy, now: OffsetDateTime) -> Self {
        let targets = Vec::new();
        match Document::parse(&stored.record.content) {
            Ok(document) => Self {
                stored,
                problems: policy::admission::check(&document, now),
                plans: plan_names(&document),
                regions: regions_in(&document),
                fragment: Some(Arc::new(Fragment::of(&document))),
                targets,
            },
            Err(problems) => Self {
                stored,
                problems,
                plans: Vec::new(),
                regions: BTreeSet::new(),
                fragment: None,
                targets,
            },
        }
    }
}

fn plan_names(document: &Document) -> Vec<String> {
    let plans = document.root().members().iter().find(|m| &*m.key == "plans");
    plans.map_or_else(Vec::new, |plans| {
        let names = plans.node.members().iter().filter(|m| !m.key.starts_with("@@"));
        names.map(|m| m.key.to_string()).collect()
    })
}

/// What is needed while places are put in order.
struct Arranging<'a> {
    below: HashMap<Option<TargetId>, Vec<Node>>,
    attached: &'a HashMap<TargetId, Vec<PolicyId>>,
    policies: &'a BTreeMap<PolicyId, PolicyEntry>,
    places: Vec<Place>,
}

fn arrange(
    nodes: Vec<Node>,
    attached: &HashMap<TargetId, Vec<PolicyId>>,
    policies: &BTreeMap<PolicyId, PolicyEntry>,
) -> Vec<Place> {
    let mut below: HashMap<Option<TargetId>, Vec<Node>> = HashMap::new();
    let count = nodes.len();
    for node in nodes {
        below.entry(node.parent.clone()).or_default().push(node);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_cached_key(|n| (n.id.kind(), n.name.to_lowercase(), n.id.clone()));
    }
    let mut arranging = Arranging { below, attached, policies, places: Vec::with_capacity(count) };
    arranging.place_below(None, None, 0, &Arc::new(Merged::default()));
    arranging.places
}

impl Arranging<'_> {
    /// Places everything below `parent`, depth first; tells the indexes of the direct children, and the accounts and OUs.
    fn place_below(
        &mut self,
        parent: Option<&TargetId>,
        at: Option<usize>,
        depth: u8,
        inherited: &Arc<Merged>,
    ) -> (Vec<usize>, u64, u64) {
        let (mut children, mut accounts, mut ous) = (Vec::new(), 0, 0);
        // AWS allows OUs five levels deep; the bound keeps a broken tree from going on for ever.
        let nodes = if depth > 20 { None } else { self.below.remove(&parent.cloned()) };
        for node in nodes.unwrap_or_default() {
            let id = node.id.clone();
            let index = self.places.len();
            self.places.push(self.one(node, at, depth, inherited));
            let merged = self.places[index].merged.clone();
            let (own, accounts_below, ous_below) =
                self.place_below(Some(&id), Some(index), depth + 1, &merged);
            let place = &mut self.places[index];
            (place.children, place.accounts_below, place.ous_below) = (own, accounts_below, ous_below);
            children.push(index);
            accounts += accounts_below + u64::from(id.kind() == TargetKind::Account);
            ous += ous_below + u64::from(id.kind() == TargetKind::Ou);
        }
        (children, accounts, ous)
    }

    fn one(&self, node: Node, parent: Option<usize>, depth: u8, inherited: &Arc<Merged>) -> Place {
        let policies = self.attached.get(&node.id).cloned().unwrap_or_default();
        let levels: Vec<Attached> = policies
            .iter()
            .filter_map(|id| {
                let fragment = self.policies.get(id)?.fragment.clone()?;
                Some(Attached { id: id.as_str().into(), fragment })
            })
            .collect();
        let merged = if levels.is_empty() {
            inherited.clone()
        } else {
            Arc::new(inherited.apply(&Level { target: node.id.as_str().into(), policies: levels }))
        };
        let text = [node.name.as_str(), node.id.as_str(), node.email.as_deref().unwrap_or("")]
            .join("\n")
            .to_lowercase();
        Place {
            node,
            parent,
            children: Vec::new(),
            depth,
            accounts_below: 0,
            ous_below: 0,
            policies,
            text,
            invalid_in_aws: false,
            merged,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
