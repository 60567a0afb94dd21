//! The organization as far as inheritance is concerned: tree, policies, attachments.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fragment::Fragment;
use crate::merge::{Attached, Level};

/// What a place in the organization is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// The root of the organization.
    Root,
    /// An organizational unit.
    Ou,
    /// An account; nothing is below it.
    Account,
}

/// A place in the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Root, OU or account id.
    pub id: Arc<str>,
    /// `None` for the root.
    pub parent: Option<Arc<str>>,
    /// What it is.
    pub kind: NodeKind,
}

/// A change to an organization.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the names of the fields say what they hold")]
pub enum Action {
    /// Attaches a policy to a target, after those that are attached there already. Attaching again moves nothing.
    Attach { policy: Arc<str>, target: Arc<str> },
    /// Detaches a policy from a target.
    Detach { policy: Arc<str>, target: Arc<str> },
    /// Gives a policy new content, or creates it.
    Edit { policy: Arc<str>, content: Arc<Fragment> },
    /// Deletes a policy, detaching it everywhere.
    Delete { policy: Arc<str> },
    /// Moves an account or an OU, with all that is below it, under another parent.
    Move { node: Arc<str>, parent: Arc<str> },
}

/// Why an organization cannot be, or cannot be changed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum OrganizationError {
    #[error("{id} stands in the tree twice")]
    Duplicate { id: Arc<str> },
    #[error("{id} is not in the tree")]
    UnknownNode { id: Arc<str> },
    #[error("there is no policy {id}")]
    UnknownPolicy { id: Arc<str> },
    #[error("{id} is a root and has a parent, or has no parent and is none")]
    Misplaced { id: Arc<str> },
    #[error("{parent} is an account; nothing can be below it")]
    BelowAccount { parent: Arc<str> },
    #[error("{id} is below itself")]
    Cycle { id: Arc<str> },
    #[error("the root cannot be moved")]
    RootMoved,
    #[error("policy {policy} is attached to {target} twice")]
    AttachedTwice { policy: Arc<str>, target: Arc<str> },
    #[error("policy {policy} is not attached to {target}")]
    NotAttached { policy: Arc<str>, target: Arc<str> },
}

/// A tree of roots, OUs and accounts with the policies attached to them.
#[derive(Clone, Debug)]
pub struct Organization {
    places: Vec<Place>,
    /// Ids do not change; copies of an organization share them.
    index: Arc<HashMap<Arc<str>, usize>>,
    policies: HashMap<Arc<str>, Arc<Fragment>>,
}

#[derive(Clone, Debug)]
pub(super) struct Place {
    pub id: Arc<str>,
    pub kind: NodeKind,
    pub parent: Option<usize>,
    /// Oldest attachment first.
    pub attached: Vec<Arc<str>>,
}

impl Organization {
    /// Builds an organization. `attachments` gives a target's policies in the order of attachment, oldest first.
    ///
    /// # Errors
    /// What does not fit together.
    pub fn new(
        nodes: impl IntoIterator<Item = Node>,
        policies: impl IntoIterator<Item = (Arc<str>, Arc<Fragment>)>,
        attachments: impl IntoIterator<Item = (Arc<str>, Vec<Arc<str>>)>,
    ) -> Result<Self, OrganizationError> {
        let nodes: Vec<Node> = nodes.into_iter().collect();
        let mut index = HashMap::with_capacity(nodes.len());
        for (at, node) in nodes.iter().enumerate() {
            if index.insert(node.id.clone(), at).is_some() {
                return Err(OrganizationError::Duplicate { id: node.id.clone() });
            }
        }
        let mut organization =
            Self { places: Vec::new(), index: Arc::new(index), policies: policies.into_iter().collect() };
        organization.places =
            nodes.into_iter().map(|node| organization.place(node)).collect::<Result<_, _>>()?;
        organization.check_tree()?;
        for (target, policies) in attachments {
            for policy in policies {
                if !organization.attach(&policy, &target)? {
                    return Err(OrganizationError::AttachedTwice { policy, target });
                }
            }
        }
        Ok(organization)
    }

    fn place(&self, node: Node) -> Result<Place, OrganizationError> {
        if (node.kind == NodeKind::Root) != node.parent.is_none() {
            return Err(OrganizationError::Misplaced { id: node.id });
        }
        let parent = node.parent.map(|parent| self.at(&parent)).transpose()?;
        Ok(Place { id: node.id, kind: node.kind, parent, attached: Vec::new() })
    }

    /// Nothing is below an account, and every way up ends.
    fn check_tree(&self) -> Result<(), OrganizationError> {
        let mut known_good = vec![false; self.places.len()];
        let mut way = Vec::new();
        for start in 0..self.places.len() {
            let mut at = Some(start);
            while let Some(here) = at.filter(|here| !known_good.get(*here).copied().unwrap_or(true)) {
                if let Some(good) = known_good.get_mut(here) {
                    *good = true;
                }
                way.push(here);
                at = self.parent_of(here);
                if let Some(parent) =
                    at.and_then(|at| self.places.get(at)).filter(|p| p.kind == NodeKind::Account)
                {
                    return Err(OrganizationError::BelowAccount { parent: parent.id.clone() });
                }
            }
            if let Some(place) = at.filter(|at| way.contains(at)).and_then(|at| self.places.get(at)) {
                return Err(OrganizationError::Cycle { id: place.id.clone() });
            }
            way.clear();
        }
        Ok(())
    }

    /// Makes a change.
    ///
    /// # Errors
    /// What in it does not fit the organization, which then stays as it was.
    pub fn apply(&mut self, action: &Action) -> Result<(), OrganizationError> {
        match action {
            Action::Attach { policy, target } => self.attach(policy, target).map(|_| ()),
            Action::Detach { policy, target } => self.detach(policy, target),
            Action::Edit { policy, content } => {
                self.policies.insert(policy.clone(), content.clone());
                Ok(())
            }
            Action::Delete { policy } => {
                let unknown = || OrganizationError::UnknownPolicy { id: policy.clone() };
                self.policies.remove(policy).ok_or_else(unknown)?;
                self.places.iter_mut().for_each(|place| place.attached.retain(|id| id != policy));
                Ok(())
            }
            Action::Move { node, parent } => self.move_under(node, parent),
        }
    }

    /// True if it was not attached there yet.
    fn attach(&mut self, policy: &Arc<str>, target: &Arc<str>) -> Result<bool, OrganizationError> {
        let Some((id, _)) = self.policies.get_key_value(policy) else {
            return Err(OrganizationError::UnknownPolicy { id: policy.clone() });
        };
        let id = id.clone();
        let at = self.at(target)?;
        let Some(place) = self.places.get_mut(at) else { return Ok(false) };
        let new = !place.attached.contains(policy);
        if new {
            place.attached.push(id);
        }
        Ok(new)
    }

    fn detach(&mut self, policy: &Arc<str>, target: &Arc<str>) -> Result<(), OrganizationError> {
        let at = self.at(target)?;
        let place = self.places.get_mut(at);
        let found = place.and_then(|place| {
            let slot = place.attached.iter().position(|id| id == policy)?;
            Some(place.attached.remove(slot))
        });
        let missing = || OrganizationError::NotAttached { policy: policy.clone(), target: target.clone() };
        found.map(|_| ()).ok_or_else(missing)
    }

    fn move_under(&mut self, node: &Arc<str>, parent: &Arc<str>) -> Result<(), OrganizationError> {
        let (node_at, parent_at) = (self.at(node)?, self.at(parent)?);
        if self.kind(parent_at) == Some(NodeKind::Account) {
            return Err(OrganizationError::BelowAccount { parent: parent.clone() });
        }
        if self.way_up(parent_at).any(|at| at == node_at) {
            return Err(OrganizationError::Cycle { id: node.clone() });
        }
        match self.places.get_mut(node_at) {
            Some(place) if place.kind == NodeKind::Root => Err(OrganizationError::RootMoved),
            Some(place) => {
                place.parent = Some(parent_at);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Ids of all accounts, in the order they were given.
    pub fn accounts(&self) -> impl Iterator<Item = &Arc<str>> {
        self.places.iter().filter(|place| place.kind == NodeKind::Account).map(|place| &place.id)
    }

    /// Where a place stands among the nodes that were given, counted from 0.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// The levels that merge into what applies at a place, the root first; none if it is not in the tree.
    #[must_use]
    pub fn levels(&self, id: &str) -> Option<Vec<Level>> {
        let at = self.position(id)?;
        let mut way: Vec<usize> = self.way_up(at).collect();
        way.reverse();
        Some(way.into_iter().filter_map(|at| self.level(at)).collect())
    }

    pub(super) fn at(&self, id: &Arc<str>) -> Result<usize, OrganizationError> {
        self.position(id).ok_or_else(|| OrganizationError::UnknownNode { id: id.clone() })
    }

    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    pub(super) fn kind(&self, at: usize) -> Option<NodeKind> {
        self.places.get(at).map(|place| place.kind)
    }

    pub(super) fn parent_of(&self, at: usize) -> Option<usize> {
        self.places.get(at).and_then(|place| place.parent)
    }

    /// A place and all above it, upwards.
    pub(super) fn way_up(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(at), |at| self.parent_of(*at))
    }

    /// What is attached to a place itself.
    pub(super) fn level(&self, at: usize) -> Option<Level> {
        let place = self.places.get(at)?;
        let attached = |id: &Arc<str>| {
            self.policies.get(id).map(|fragment| Attached { id: id.clone(), fragment: fragment.clone() })
        };
        Some(Level {
            target: place.id.clone(),
            policies: place.attached.iter().filter_map(attached).collect(),
        })
    }

    pub(super) fn has_policies(&self, at: usize) -> bool {
        self.places.get(at).is_some_and(|place| !place.attached.is_empty())
    }

    pub(super) fn nearest_with_policies(&self, at: usize) -> Option<usize> {
        self.way_up(at).find(|at| self.has_policies(*at))
    }

    /// What tells apart the results of places: accounts have one with all whose policies are the same, a root or an OU
    /// with the accounts below it that have none of their own.
    pub(super) fn way(&self, at: usize) -> (Option<usize>, Vec<Arc<str>>) {
        let Some(place) = self.places.get(at).filter(|place| place.kind == NodeKind::Account) else {
            return (self.nearest_with_policies(at), Vec::new());
        };
        let above = place.parent.and_then(|parent| self.nearest_with_policies(parent));
        (above, place.attached.clone())
    }
}
