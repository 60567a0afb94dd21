//! A root, OU or account in the tree, with what is known of it.

use std::sync::Arc;

use model::{
    PolicyId, TargetKind,
    organization::{AccountState, Coverage, Node, NodeRef},
};
use policy::simulate::Outcome;

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
    /// Places at and below it: they follow one another.
    pub subtree: usize,
    /// Attached here, oldest first.
    pub policies: Vec<PolicyId>,
    /// Name, id and e-mail in lower case, for searching.
    pub text: String,
    /// AWS finds the effective policy invalid and keeps to an older one. False too where AWS does not tell.
    pub invalid_in_aws: bool,
    /// A policy applies here whose text nobody has read: then the outcome leaves it out, and means nothing.
    pub unknown: bool,
    /// What applies here; its origins may show another account in the place of this one, see
    /// [`super::Directory::exact`].
    pub outcome: Arc<Outcome>,
    /// Equal for places at which the very same policy applies.
    pub result: usize,
}

impl Place {
    /// As links need it.
    pub fn reference(&self) -> NodeRef {
        NodeRef { id: self.node.id.clone(), name: self.node.name.clone() }
    }

    pub fn is_account(&self) -> bool {
        self.node.id.kind() == TargetKind::Account
    }

    pub fn is_ou(&self) -> bool {
        self.node.id.kind() == TargetKind::Ou
    }

    /// Whether it is an account that can run backups.
    pub fn is_active(&self) -> bool {
        self.is_account() && self.node.state == Some(AccountState::Active)
    }

    /// Whether its effective policy is invalid, as Holdfast or AWS finds.
    pub fn is_invalid(&self) -> bool {
        self.invalid_in_aws || (!self.unknown && !self.outcome.errors.is_empty())
    }

    /// Whether it is an active account of this sort.
    pub fn needs(&self, coverage: Coverage) -> bool {
        self.is_active()
            && match coverage {
                Coverage::WithoutPlan => !self.unknown && self.outcome.merged.is_empty(),
                Coverage::Outdated => self.is_invalid(),
            }
    }
}
