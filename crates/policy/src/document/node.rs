//! The tree: values with their positions.

use std::sync::Arc;

use crate::choices::spells;

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
