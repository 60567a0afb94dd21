//! A policy document: its text, and the tree read from it with the position of every key and value.

mod edit;
mod parse;
mod print;

use std::sync::Arc;

use crate::choices::spells;
use crate::path::Path;
use crate::problem::Problem;

pub use edit::EditError;
pub use parse::MAX_DEPTH;

/// Where a key or a value stands in the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
    /// Line of the first character, counted from 1; 0 for a node that was not read from text.
    pub line: u32,
    /// Column of the first character, in characters, counted from 1.
    pub column: u32,
    /// Its characters if it ends on the same line, else 1: the opening bracket.
    pub columns: u32,
}

/// A value with its position.
#[derive(Debug, Clone)]
pub struct Node {
    /// What stands there.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
}

/// A JSON value. Numbers keep their spelling, objects their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Members in the order written, no key twice.
    Object(Vec<Member>),
    /// Elements in the order written.
    Array(Vec<Node>),
    /// Text, unescaped.
    String(Arc<str>),
    /// A number as it was spelled: `60.0` is not `60`.
    Number(Arc<str>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

/// One key of an object with its value.
#[derive(Debug, Clone)]
pub struct Member {
    /// The key, unescaped.
    pub key: Arc<str>,
    /// Where the key stands, quotes included.
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

/// Equal if they say the same; positions do not count.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl PartialEq for Member {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.node == other.node
    }
}

/// A policy document that is well-formed JSON. Text and tree always agree: an edit changes the text in place
/// and reads it again, so everything the author wrote elsewhere stays as it was.
#[derive(Debug, Clone)]
pub struct Document {
    text: Arc<str>,
    root: Node,
}

/// Equal if they say the same with their keys in the same order; layout and positions do not count.
impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.root == other.root
    }
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// Everything that keeps the text from being JSON with unique keys (spec 1.1), as far as it can be told
    /// apart: all repeated keys, and the first break of the grammar.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let root = parse::read(text)?;
        Ok(Self { text: text.into(), root })
    }

    /// The text as it was given, or as the last edit left it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// Length of the text as AWS counts it against the limit of 10,000: Unicode characters, white space
    /// included (spec 1.1).
    pub fn characters(&self) -> usize {
        self.text.chars().count()
    }

    /// The document without white space, for saving within the limit.
    pub fn compact(&self) -> String {
        print::compact(&self.root)
    }

    /// The document in canonical layout: two spaces a level, lists of scalars on one line where they fit.
    pub fn pretty(&self) -> String {
        print::pretty(&self.root)
    }

    /// The node at `path`.
    pub fn get(&self, path: &Path) -> Option<&Node> {
        path.segments().iter().try_fold(&self.root, |node, key| node.get(key))
    }

    /// The member at `path`, with the position of its key. `None` for the root.
    pub fn member(&self, path: &Path) -> Option<&Member> {
        let (last, above) = path.segments().split_last()?;
        above.iter().try_fold(&self.root, |node, key| node.get(key))?.member(last)
    }

    /// The path that prints as `shown`, resolved against the keys that are there, so that keys with slashes
    /// are found too.
    pub fn locate(&self, shown: &str) -> Option<Path> {
        let mut path = Path::root();
        (shown.is_empty() || locate(&self.root, shown, &mut path)).then_some(path)
    }
}

fn locate(node: &Node, rest: &str, path: &mut Path) -> bool {
    for member in node.members() {
        let Some(after) = rest.strip_prefix(&*member.key) else { continue };
        path.push(member.key.clone());
        if after.is_empty() || after.strip_prefix('/').is_some_and(|below| locate(&member.node, below, path))
        {
            return true;
        }
        path.pop();
    }
    false
}

impl Node {
    /// A node that was not read from text.
    pub fn new(value: Value) -> Self {
        Self { value, span: Span::default() }
    }

    /// A string.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::new(Value::String(text.into()))
    }

    /// A list of strings.
    pub fn list<S: Into<Arc<str>>>(items: impl IntoIterator<Item = S>) -> Self {
        Self::new(Value::Array(items.into_iter().map(Node::text).collect()))
    }

    /// An object of the given members.
    pub fn object<K: Into<Arc<str>>>(members: impl IntoIterator<Item = (K, Node)>) -> Self {
        let member = |(key, node): (K, Node)| Member { key: key.into(), key_span: Span::default(), node };
        Self::new(Value::Object(members.into_iter().map(member).collect()))
    }

    /// The members of an object; none for anything else.
    pub fn members(&self) -> &[Member] {
        match &self.value {
            Value::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of a list; none for anything else.
    pub fn elements(&self) -> &[Node] {
        match &self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// The member of an object with this key.
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().find(|member| &*member.key == key)
    }

    /// The value of an object under this key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.node)
    }

    /// The member that AWS reads as `key`, a key of the language or an operator, however it is capitalized.
    pub fn spelled(&self, key: &str) -> Option<&Member> {
        self.member(key).or_else(|| self.members().iter().find(|member| spells(key, &member.key)))
    }

    /// A scalar as AWS turns it into text: `true` becomes `"true"`, `60.0` becomes `"60.0"`, `null` becomes
    /// `"null"` (spec 1.1). `None` for objects and lists.
    pub fn scalar(&self) -> Option<Arc<str>> {
        match &self.value {
            Value::String(text) | Value::Number(text) => Some(text.clone()),
            Value::Bool(true) => Some("true".into()),
            Value::Bool(false) => Some("false".into()),
            Value::Null => Some("null".into()),
            Value::Object(_) | Value::Array(_) => None,
        }
    }

    /// What kind of value this is, as a person would say it.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Object(_) => "an object",
            Value::Array(_) => "a list",
            Value::String(_) => "text",
            Value::Number(_) => "a number",
            Value::Bool(_) => "true or false",
            Value::Null => "null",
        }
    }
}

#[cfg(test)]
mod tests;
