//! Edits by path. Each changes only the text it must and reads the result again.

use std::ops::Range;

use thiserror::Error;

use super::{Document, Member, Node, Span, Value, parse, print};
use crate::path::Path;

/// Why an edit was not made; the document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EditError {
    /// There is nothing at the path.
    #[error("there is nothing at {0}")]
    Missing(Path),
    /// The path leads through something that has no keys.
    #[error("{0} is not an object")]
    NotAnObject(Path),
    /// The object has a member of that name already.
    #[error("{0} exists already")]
    Exists(Path),
    /// The result would nest deeper than [`MAX_DEPTH`](super::MAX_DEPTH).
    #[error("the document would nest too deeply")]
    TooDeep,
}

impl Document {
    /// Puts `node` at `path`, in place of what is there or as the last member of its object. Objects missing on
    /// the way are made.
    ///
    /// # Errors
    ///
    /// [`EditError::NotAnObject`] if the path leads through a list or a scalar.
    pub fn set(&mut self, path: &Path, node: &Node) -> Result<(), EditError> {
        if let Some(present) = self.get(path) {
            let (range, level) = (bytes(present.span), path.segments().len());
            return self.splice(range, &self.rendered(node, level));
        }
        let mut keys = path.segments().iter();
        let (mut object, mut at) = (&self.root, Path::root());
        let missing = loop {
            let Some(key) = keys.next() else { return Err(EditError::Missing(path.clone())) };
            match object.get(key) {
                Some(below) => object = below,
                None => break key,
            }
            at.push(key.clone());
        };
        let Value::Object(members) = &object.value else { return Err(EditError::NotAnObject(at)) };
        let node = keys.rev().fold(node.clone(), |node, key| Node::object([(key.clone(), node)]));
        let level = at.segments().len() + 1;
        let mut member = String::new();
        print::quoted(missing, &mut member);
        member.push_str(if self.laid_out() { ": " } else { ":" });
        member.push_str(&self.rendered(&node, level));
        let (range, text) = self.insertion(object, members, &member, level);
        self.splice(range, &text)
    }

    /// Takes the member at `path` out of its object.
    ///
    /// # Errors
    ///
    /// [`EditError::Missing`] if there is none.
    pub fn remove(&mut self, path: &Path) -> Result<(), EditError> {
        let missing = || EditError::Missing(path.clone());
        let (key, above) = path.last().zip(path.parent()).ok_or_else(missing)?;
        let object = self.get(&above).ok_or_else(missing)?;
        let members = object.members();
        let at = members.iter().position(|member| member.key == *key).ok_or_else(missing)?;
        let gone = members.get(at).ok_or_else(missing)?;
        let before = at.checked_sub(1).and_then(|at| members.get(at));
        let range = match (before, members.get(at + 1)) {
            (Some(before), _) => before.node.span.end..gone.node.span.end,
            (None, Some(after)) => gone.key_span.start..after.key_span.start,
            (None, None) => object.span.start + 1..object.span.end - 1,
        };
        self.splice(range.start as usize..range.end as usize, "")
    }

    /// Gives the member at `path` another key. It keeps its place in the object.
    ///
    /// # Errors
    ///
    /// [`EditError::Missing`] if there is none, [`EditError::Exists`] if the object has the new key already.
    pub fn rename(&mut self, path: &Path, key: &str) -> Result<(), EditError> {
        let missing = || EditError::Missing(path.clone());
        let above = path.parent().ok_or_else(missing)?;
        let member = self.member(path).ok_or_else(missing)?;
        if &*member.key == key {
            return Ok(());
        }
        let renamed = above.join(key);
        if self.get(&renamed).is_some() {
            return Err(EditError::Exists(renamed));
        }
        let mut text = String::new();
        print::quoted(key, &mut text);
        self.splice(bytes(member.key_span), &text)
    }

    /// True if the author lays the document out in lines.
    fn laid_out(&self) -> bool {
        self.text.contains('\n')
    }

    fn rendered(&self, node: &Node, level: usize) -> String {
        if self.laid_out() { print::pretty_at(node, level, self.indentation()) } else { print::compact(node) }
    }

    /// One level of indentation as the author writes it: the white space before the first indented line.
    fn indentation(&self) -> &str {
        let blank = |line: &'_ str| line.len() - line.trim_start_matches([' ', '\t']).len();
        let indented = |line: &&str| blank(line) > 0 && line.len() > blank(line);
        let first = self.text.split('\n').skip(1).find(indented);
        first.and_then(|line| line.get(..blank(line))).unwrap_or(print::INDENTATION)
    }

    /// Where to write a new last member of `object`, and the text with its comma and white space.
    fn insertion(
        &self,
        object: &Node,
        members: &[Member],
        member: &str,
        level: usize,
    ) -> (Range<usize>, String) {
        let line = |level: usize| match self.laid_out() {
            true => format!("\n{}", self.indentation().repeat(level)),
            false => String::new(),
        };
        match members.last() {
            Some(last) => {
                let end = last.node.span.end as usize;
                (end..end, format!(",{}{member}", line(level)))
            }
            None => {
                let inside = object.span.start as usize + 1..object.span.end as usize - 1;
                (inside, format!("{}{member}{}", line(level), line(level - 1)))
            }
        }
    }

    fn splice(&mut self, range: Range<usize>, with: &str) -> Result<(), EditError> {
        let mut text = self.text.to_string();
        text.replace_range(range, with);
        self.root = parse::read(&text).map_err(|_| EditError::TooDeep)?;
        self.text = text.into();
        Ok(())
    }
}

fn bytes(span: Span) -> Range<usize> {
    span.start as usize..span.end as usize
}
