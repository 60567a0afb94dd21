//! Takes a policy out of what people have: the policy itself, or an answer of AWS that holds one. Whatever else a file
//! holds is refused and named, never read as an empty policy.

mod envelope;
mod foreign;
mod kind;

use time::OffsetDateTime;

use crate::admission;
use crate::document::{Document, Node, Value};
use crate::operator::{Operator, is_operator_like};
use crate::path::Path;
use crate::problem::Problem;
use crate::vocabulary::{self, Key, TABLE};
pub use kind::{Kind, NotAPolicy};

/// What to make of keys that the language does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewKeys {
    /// They are faults.
    Refused,
    /// AWS may have added them: they are faults only where they look misspelt. So it always is in effective policies,
    /// which AWS wrote.
    Kept,
}

/// A policy and where it was.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it is one of.
    pub kind: Kind,
    /// The policy by itself. Its positions count from its own beginning, not from that of the file.
    pub document: Document,
    /// Where in the file it was, such as `Policy.Content`; empty where the file is the policy.
    pub within: String,
}

/// The policy that the file is or holds.
///
/// # Errors
/// What the file seems to be, where it is neither a policy nor an answer of AWS with exactly one.
pub fn read(file: &Document) -> Result<Source, NotAPolicy> {
    read_node(file.text(), file.root())
}

/// The policy that `node` of `text` is or holds, for policies inside a larger file.
///
/// # Errors
/// As [`read`].
pub fn read_node(text: &str, node: &Node) -> Result<Source, NotAPolicy> {
    let found = envelope::open(node)?;
    let (document, within) = match (found.value, found.text) {
        (_, Some(document)) => (document, found.within),
        (value, None) => (part(text, value)?, found.within),
    };
    let kind = kind_of(document.root(), found.expected, &within)?;
    Ok(Source { kind, document, within })
}

/// A part of a document's text as a document of its own.
fn part(text: &str, node: &Node) -> Result<Document, NotAPolicy> {
    let slice = text.get(node.span.start as usize..node.span.end as usize).unwrap_or_default();
    Document::parse(slice).map_err(|_| foreign::name(node))
}

fn kind_of(root: &Node, expected: Kind, within: &str) -> Result<Kind, NotAPolicy> {
    let plans = root.spelled("plans").map(|member| &member.node);
    let plans = plans.filter(|plans| matches!(plans.value, Value::Object(_)));
    let (operators, values) = (has_operators(root), plans.is_some_and(has_values));
    match expected {
        Kind::Effective if operators => Err(NotAPolicy::new(
            root,
            format!("{within} holds operators, which AWS's effective policies do not have"),
            "take it from `aws organizations describe-effective-policy`",
        )),
        Kind::Document if root.members().is_empty() => Err(NotAPolicy::new(
            root,
            format!("{within} is an empty object, which AWS refuses as a policy"),
            "an empty policy is {\"plans\": {}}",
        )),
        Kind::Document | Kind::Effective => Ok(expected),
        Kind::Either if operators => Ok(Kind::Document),
        Kind::Either if values || root.members().is_empty() => Ok(Kind::Effective),
        Kind::Either => Ok(Kind::Either),
    }
}

fn has_operators(node: &Node) -> bool {
    node.members().iter().any(|member| is_operator_like(&member.key) || has_operators(&member.node))
}

fn has_values(node: &Node) -> bool {
    match &node.value {
        Value::Object(members) => members.iter().any(|member| has_values(&member.node)),
        _ => true,
    }
}

impl Source {
    /// What keeps the policy from being read as one: keys that the language does not have, values where objects must
    /// stand, and the like. Values that AWS would refuse are none of these.
    #[must_use]
    pub fn faults(&self, new_keys: NewKeys, now: OffsetDateTime) -> Vec<Problem> {
        let is_effective = self.kind == Kind::Effective;
        let mut faults = if is_effective {
            admission::structure(&assigned(self.document.root(), Some(&TABLE)), now)
        } else {
            admission::structure(self.document.root(), now)
        };
        if is_effective || new_keys == NewKeys::Kept {
            faults.retain(|fault| fault.code != "unknown-key" || self.is_slip(&fault.path));
        }
        faults
    }

    /// Whether an unknown key is more likely one misspelt than one that AWS added: at the root, in a setting, or where it
    /// is like a key of the language.
    fn is_slip(&self, shown: &str) -> bool {
        let Some(path) = self.document.locate(shown) else { return true };
        let Some((last, above)) = path.segments().split_last().filter(|(_, above)| !above.is_empty()) else {
            return true;
        };
        vocabulary::lookup(&Path::of(above.iter().cloned()))
            .is_none_or(|row| row.is_setting() || admission::closest(last, row.below()).is_some())
    }

    /// The policy as a document: an effective policy becomes one that assigns every value.
    #[must_use]
    pub fn assigning(&self) -> Node {
        match self.kind {
            Kind::Effective => assigned(self.document.root(), Some(&TABLE)),
            Kind::Document | Kind::Either => self.document.root().clone(),
        }
    }
}

/// Every value under an `@@assign`, at the place where it was; one where the language has an object is left alone.
fn assigned(node: &Node, row: Option<&'static Key>) -> Node {
    let mut assigned = node.clone();
    match &mut assigned.value {
        Value::Object(members) => {
            for member in members {
                member.node = self::assigned(&member.node, row.and_then(|row| row.row(&member.key)));
            }
        }
        _ if row.is_some_and(|row| !row.is_setting()) => {}
        _ => assigned.value = Node::object([(Operator::Assign.key(), node.clone())]).value,
    }
    assigned
}

#[cfg(test)]
mod tests;
