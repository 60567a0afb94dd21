//! A policy made ready for merging: operators told apart from keys, scalars turned into text, children sorted.

use std::sync::Arc;

use crate::choices::NAMES_IGNORE_CASE;
use crate::document::{Document, Node, Value};
use crate::operator::{Operator, Operators, is_control, is_operator_like};
use crate::vocabulary::{Key, Kind, TABLE};

/// The value of a setting after AWS turned every scalar into text (spec 1.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Setting {
    /// A single value.
    Text(Arc<str>),
    /// A list; order counts.
    List(Arc<[Arc<str>]>),
}

impl Setting {
    /// The single value, if it is one.
    pub fn text(&self) -> Option<&Arc<str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(_) => None,
        }
    }

    /// The values: those of the list, or the single one.
    pub fn values(&self) -> &[Arc<str>] {
        match self {
            Self::Text(text) => std::slice::from_ref(text),
            Self::List(values) => values,
        }
    }

    /// As AWS prints it in an effective policy.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => serde_json::Value::from(&**text),
            Self::List(values) => values.iter().map(|value| &**value).collect(),
        }
    }
}

/// One policy, compiled once and merged many times. Works for every well-formed document: what AWS would refuse
/// has no effect.
#[derive(Debug, Default)]
pub struct Fragment {
    pub(crate) root: Part,
}

/// What a fragment says about one node.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub assign: Option<Setting>,
    pub append: Option<Arc<[Arc<str>]>>,
    pub remove: Option<Arc<[Arc<str>]>>,
    pub control: Option<Operators>,
    /// Sorted by key, no key twice.
    pub children: Vec<(Arc<str>, Part)>,
}

impl Fragment {
    /// Compiles a document.
    pub fn of(document: &Document) -> Self {
        Self::of_node(document.root())
    }

    /// Compiles the policy under `node`, for documents inside a larger one.
    pub fn of_node(node: &Node) -> Self {
        let mut root = Part::of(node, Some(&TABLE));
        // Operators beside `plans` are admitted and have no effect (spec 1.1).
        (root.assign, root.append, root.remove) = (None, None, None);
        Self { root }
    }
}

impl Part {
    fn of(node: &Node, row: Option<&'static Key>) -> Self {
        let mut part = Self::default();
        for member in node.members() {
            match Operator::of_key(&member.key) {
                Some(Operator::Assign) => part.assign = setting(&member.node),
                Some(Operator::Append) => part.append = list(&member.node),
                Some(Operator::Remove) => part.remove = list(&member.node),
                None if is_control(&member.key) => part.control = Some(Operators::of_control(&member.node)),
                None if is_operator_like(&member.key) => {}
                None if matches!(member.node.value, Value::Object(_)) => {
                    let below = row.and_then(|row| row.row(&member.key));
                    part.children.push((name(row, below, &member.key), Self::of(&member.node, below)));
                }
                None => {}
            }
        }
        part.children.sort_by(|a, b| a.0.cmp(&b.0));
        part.children.dedup_by(|later, first| later.0 == first.0);
        part
    }
}

/// The key under which a child is merged: a name as it is, a key of the language as it is usually spelled.
fn name(row: Option<&Key>, below: Option<&Key>, key: &Arc<str>) -> Arc<str> {
    match (row.map(|row| &row.kind), below) {
        (Some(Kind::Named(..)), _) if NAMES_IGNORE_CASE => key.to_lowercase().into(),
        (Some(Kind::Object(_)), Some(below)) if below.key != &**key => below.key.into(),
        _ => key.clone(),
    }
}

/// What `@@assign` sets; nothing for an object or for `null`, which AWS refuses.
fn setting(node: &Node) -> Option<Setting> {
    match &node.value {
        Value::Array(_) => list(node).map(Setting::List),
        Value::Null => None,
        _ => node.scalar().map(Setting::Text),
    }
}

/// The values of a list operator. A bare scalar counts as a list of one.
fn list(node: &Node) -> Option<Arc<[Arc<str>]>> {
    match &node.value {
        Value::Array(elements) => Some(elements.iter().filter_map(Node::scalar).collect()),
        Value::Null => None,
        _ => node.scalar().map(|scalar| [scalar].into()),
    }
}
