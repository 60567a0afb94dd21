//! The input files of `effective` and `simulate`: objects whose keys are all known, with policies in them.

use std::sync::Arc;

use policy::admission::closest_of;
use policy::document::{Node, Value};
use policy::fragment::Fragment;
use policy::source::{self, Kind, NewKeys};
use time::OffsetDateTime;

use super::common::sound;

/// Reads a file's policies and what stands around them.
pub struct Reader<'a> {
    /// The text of the file.
    pub text: &'a str,
    pub new_keys: NewKeys,
    /// When schedules are judged.
    pub now: OffsetDateTime,
}

impl Reader<'_> {
    /// The policy that stands at `place`: a document, or what AWS answers with one in it.
    pub fn policy(&self, place: &str, node: &Node) -> Result<Arc<Fragment>, String> {
        let refused = |message: &dyn std::fmt::Display| at(node, &format!("{place}: {message}"));
        let source = source::read_node(self.text, node).map_err(|error| refused(&error))?;
        if source.kind == Kind::Effective {
            return Err(refused(
                &"this is an effective policy; give the policy documents that AWS makes it of",
            ));
        }
        sound(&source, self.new_keys, self.now)
            .map_err(|error| refused(&format!("in the policy, {error}")))?;
        Ok(Arc::new(Fragment::of(&source.document)))
    }
}

/// Refuses an object with a key that it does not have.
pub fn only(node: &Node, keys: &[&str]) -> Result<(), String> {
    let Some(member) = node.members().iter().find(|member| !keys.contains(&&*member.key)) else {
        return Ok(());
    };
    let help = match closest_of(&member.key, keys.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => format!("its keys are {}", keys.join(", ")),
    };
    Err(format!("line {}: \"{}\" is no key of this object; {help}", member.key_span.line, member.key))
}

/// The text under a key.
pub fn text(node: &Node, key: &str) -> Result<Arc<str>, String> {
    node.get(key)
        .and_then(Node::scalar)
        .ok_or_else(|| at(node, &format!("a text \"{key}\" was expected in this object")))
}

/// The elements of the list under a key.
pub fn list<'a>(node: &'a Node, key: &str) -> Result<&'a [Node], String> {
    match node.get(key).map(|node| &node.value) {
        Some(Value::Array(elements)) => Ok(elements),
        _ => Err(at(node, &format!("a list \"{key}\" was expected in this object"))),
    }
}

/// The object under a key.
pub fn object<'a>(node: &'a Node, key: &str) -> Result<&'a Node, String> {
    node.get(key)
        .filter(|inner| matches!(inner.value, Value::Object(_)))
        .ok_or_else(|| at(node, &format!("an object \"{key}\" was expected in this object")))
}

/// A message with the line of the node that it is about.
pub fn at(node: &Node, message: &str) -> String {
    format!("line {}: {message}", node.span.line)
}
