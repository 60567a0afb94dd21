//! Puts the nodes of a snapshot into the order of the tree, and makes of them what policies are merged over.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use model::{
    PolicyId, TargetId, TargetKind,
    organization::{Attachment, Node},
};
use policy::{
    fragment::Fragment,
    simulate::{self, NodeKind, Organization, OrganizationError, Outcome},
};

use super::{entry::PolicyEntry, place::Place};

/// AWS allows OUs five levels deep; the bound keeps a broken tree from going on for ever.
const DEPTH: u8 = 20;

/// All nodes that hang on the root, in the tree's order: what is below a place follows it.
pub(super) fn places(nodes: Vec<Node>, attachments: Vec<Attachment>) -> Vec<Place> {
    let mut attached: HashMap<TargetId, Vec<PolicyId>> = HashMap::new();
    for attachment in attachments {
        attached.entry(attachment.target).or_default().push(attachment.policy);
    }
    let count = nodes.len();
    let mut below: HashMap<Option<TargetId>, Vec<Node>> = HashMap::new();
    for node in nodes.into_iter().filter(|node| (node.id.kind() == TargetKind::Root) == node.parent.is_none())
    {
        below.entry(node.parent.clone()).or_default().push(node);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_cached_key(|n| (n.id.kind(), n.name.to_lowercase(), n.id.clone()));
    }
    let mut arranging =
        Arranging { below, attached, places: Vec::with_capacity(count), nothing: Arc::default() };
    arranging.place_below(None, None, 0);
    arranging.places
}

/// What is needed while places are put in order.
struct Arranging {
    below: HashMap<Option<TargetId>, Vec<Node>>,
    attached: HashMap<TargetId, Vec<PolicyId>>,
    places: Vec<Place>,
    /// Until it is computed what applies.
    nothing: Arc<Outcome>,
}

/// What is below a place.
#[derive(Default)]
struct Below {
    /// Indexes of those directly below.
    children: Vec<usize>,
    accounts: u64,
    ous: u64,
}

impl Arranging {
    /// Places everything below `parent`, depth first.
    fn place_below(&mut self, parent: Option<&TargetId>, at: Option<usize>, depth: u8) -> Below {
        let mut below = Below::default();
        let nodes = if depth > DEPTH { None } else { self.below.remove(&parent.cloned()) };
        for node in nodes.unwrap_or_default() {
            let id = node.id.clone();
            let index = self.places.len();
            let place = self.one(node, at, depth);
            self.places.push(place);
            // Nothing is below an account.
            if id.kind() != TargetKind::Account {
                let own = self.place_below(Some(&id), Some(index), depth + 1);
                (below.accounts, below.ous) = (below.accounts + own.accounts, below.ous + own.ous);
                let end = self.places.len();
                let place = &mut self.places[index];
                (place.children, place.accounts_below, place.ous_below) =
                    (own.children, own.accounts, own.ous);
                place.subtree = end - index;
            }
            below.children.push(index);
            below.accounts += u64::from(id.kind() == TargetKind::Account);
            below.ous += u64::from(id.kind() == TargetKind::Ou);
        }
        below
    }

    fn one(&mut self, node: Node, parent: Option<usize>, depth: u8) -> Place {
        let text = [node.name.as_str(), node.id.as_str(), node.email.as_deref().unwrap_or("")];
        Place {
            parent,
            children: Vec::new(),
            depth,
            accounts_below: 0,
            ous_below: 0,
            subtree: 1,
            policies: self.attached.remove(&node.id).unwrap_or_default(),
            text: text.join("\n").to_lowercase(),
            invalid_in_aws: false,
            unknown: false,
            outcome: self.nothing.clone(),
            result: 0,
            node,
        }
    }
}

/// Marks the places at which a policy applies whose text nobody has read: what applies there is not known.
pub(super) fn mark_unknown(places: &mut [Place], policies: &BTreeMap<PolicyId, PolicyEntry>) {
    for at in 0..places.len() {
        let above = places[at].parent.is_some_and(|parent| places[parent].unknown);
        let own =
            || places[at].policies.iter().any(|id| policies.get(id).is_some_and(PolicyEntry::is_unknown));
        places[at].unknown = above || own();
    }
}

/// What policies are merged over: the places in the same order, with what the policies' texts say.
pub(super) fn organization(
    places: &[Place],
    texts: Vec<(Arc<str>, Arc<Fragment>)>,
) -> Result<Organization, OrganizationError> {
    let ids: Vec<Arc<str>> = places.iter().map(|place| place.node.id.as_str().into()).collect();
    let node = |(place, id): (&Place, &Arc<str>)| simulate::Node {
        id: id.clone(),
        parent: place.parent.and_then(|parent| ids.get(parent)).cloned(),
        kind: kind(place.node.id.kind()),
    };
    let attached = places.iter().zip(&ids).filter(|(place, _)| !place.policies.is_empty());
    let attached = attached
        .map(|(place, id)| (id.clone(), place.policies.iter().map(|id| id.as_str().into()).collect()));
    Organization::new(places.iter().zip(&ids).map(node), texts, attached)
}

const fn kind(kind: TargetKind) -> NodeKind {
    match kind {
        TargetKind::Root => NodeKind::Root,
        TargetKind::Ou => NodeKind::Ou,
        TargetKind::Account => NodeKind::Account,
    }
}
