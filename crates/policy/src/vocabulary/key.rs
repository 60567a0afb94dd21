//! What there is to know about a key.

use super::form::Form;
use crate::choices::spells;

/// One row: a key of the language and everything there is to know about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// The key as it stands in a policy; `*` where the author chooses it.
    pub key: &'static str,
    /// What a form calls it.
    pub title: &'static str,
    /// What it means, in one or two sentences.
    pub help: &'static str,
    /// What stands there.
    pub kind: Kind,
    /// Where it must be present.
    pub need: Need,
    /// What AWS Backup does if it is absent; empty if there is nothing to say.
    pub default: &'static str,
    /// Unit of an integer; empty if it has none.
    pub unit: &'static str,
    /// How many elements AWS's effective-policy validation asks for, smallest and largest.
    pub elements: Option<(usize, usize)>,
    /// The largest number of elements AWS Backup documents and Organizations was not seen to enforce (spec 1.7).
    pub quota: Option<usize>,
}

/// What stands at a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// An object with these keys.
    Object(&'static [Key]),
    /// An object whose keys the author chooses, in the given form; each holds what the row says.
    Named(Form, &'static Key),
    /// A single value: takes `@@assign`.
    Scalar(Form),
    /// A list: takes `@@assign`, `@@append` and `@@remove`.
    List {
        /// The form of its elements.
        of: Form,
        /// Whether an operator may carry an empty list.
        may_be_empty: bool,
    },
}

/// Where a key must be present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// In every document that has the object around it; else AWS does not admit the document.
    pub in_document: bool,
    /// In the effective policy wherever the object around it remains; else `KEY_REQUIRED`.
    pub in_effective: bool,
    /// Not needed if this key stands beside it.
    pub unless: Option<&'static str>,
}

impl Key {
    /// The rows directly below: fixed keys, or the one row for all names.
    pub fn below(&self) -> &'static [Key] {
        match self.kind {
            Kind::Object(keys) => keys,
            Kind::Named(_, each) => std::slice::from_ref(each),
            Kind::Scalar(_) | Kind::List { .. } => &[],
        }
    }

    /// The row for `key` directly below.
    pub fn row(&self, key: &str) -> Option<&'static Key> {
        match self.kind {
            Kind::Object(keys) => keys.iter().find(|row| spells(row.key, key)),
            Kind::Named(_, each) => Some(each),
            Kind::Scalar(_) | Kind::List { .. } => None,
        }
    }

    /// True for settings, false for the objects around them.
    pub fn is_setting(&self) -> bool {
        matches!(self.kind, Kind::Scalar(_) | Kind::List { .. })
    }
}
