//! The inheritance operators (spec 2.1).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::choices::spells;
use crate::document::Node;

/// The key of the control that says what lower levels may do.
pub const CONTROL: &str = "@@operators_allowed_for_child_policies";

/// True for the key of the child control.
pub(crate) fn is_control(key: &str) -> bool {
    spells(CONTROL, key)
}

/// True for every key that begins like an operator: no such key is the name of anything.
pub(crate) fn is_operator_like(key: &str) -> bool {
    key.starts_with("@@")
}

/// What a policy does to one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operator {
    /// Replaces whatever was inherited.
    Assign,
    /// Adds values a list does not have yet.
    Append,
    /// Takes values out of a list.
    Remove,
}

impl Operator {
    /// All three, in the order the merge runs them within a level.
    pub const ALL: [Self; 3] = [Self::Assign, Self::Append, Self::Remove];

    /// The key that carries this operator in a policy.
    pub fn key(self) -> &'static str {
        match self {
            Self::Assign => "@@assign",
            Self::Append => "@@append",
            Self::Remove => "@@remove",
        }
    }

    /// The operator with this key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| spells(operator.key(), key))
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// A set of operators: what lower levels may still do at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operators(u8);

impl Operators {
    /// Everything, as without any control.
    pub const ALL: Self = Self(0b111);
    /// Nothing: the node is locked.
    pub const NONE: Self = Self(0);

    /// The set a control names: a list of operators, `@@all` or `@@none`. What AWS does not admit there has no
    /// effect: a control without any name that means something allows everything.
    pub fn of_control(control: &Node) -> Self {
        let one = std::slice::from_ref(control);
        let names = if control.elements().is_empty() { one } else { control.elements() };
        let named = names.iter().filter_map(Node::scalar).filter_map(|name| Self::of_name(&name));
        named.reduce(|all, one| Self(all.0 | one.0)).unwrap_or(Self::ALL)
    }

    /// The set one value of a control names: an operator, `@@all` or `@@none`.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let of_word = || match () {
            () if spells("@@all", name) => Some(Self::ALL),
            () if spells("@@none", name) => Some(Self::NONE),
            () => None,
        };
        Operator::of_key(name).map(|operator| Self::NONE.with(operator)).or_else(of_word)
    }

    /// True if `operator` is in the set.
    pub fn allows(self, operator: Operator) -> bool {
        self.0 & operator.bit() != 0
    }

    /// The set with `operator` in it.
    #[must_use]
    pub fn with(self, operator: Operator) -> Self {
        Self(self.0 | operator.bit())
    }

    /// What both sets have.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The operators in the set.
    pub fn iter(self) -> impl Iterator<Item = Operator> {
        Operator::ALL.into_iter().filter(move |operator| self.allows(*operator))
    }
}

/// Which operators a container must still allow for a lower level to add a new key to it; one is enough.
///
/// AWS's published Example 4 shows that `@@append` is enough and Example 3 that `@@none` is not; nothing shows
/// whether `@@assign` alone is (spec 2.3, open point 2). Removing does not create.
pub const CREATES_KEYS: [Operator; 2] = [Operator::Assign, Operator::Append];

/// True if a container with this set lets lower levels add keys.
pub(crate) fn may_add_keys(allowed: Operators) -> bool {
    CREATES_KEYS.into_iter().any(|operator| allowed.allows(operator))
}
