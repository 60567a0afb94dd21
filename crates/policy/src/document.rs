//! A policy document: its text, and the tree read from it with the position of every key and value.

mod edit;
mod node;
mod parse;
mod print;

use std::sync::Arc;

use crate::path::Path;
use crate::problem::Problem;

pub use edit::EditError;
pub use node::{Member, Node, Span, Value};
pub use parse::MAX_DEPTH;

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

#[cfg(test)]
mod tests;
