//! What the form can do to the text. Each edit touches only what it must; everything else keeps its spelling, order
//! and layout.

use std::sync::Arc;

use policy::{
    Document, Path,
    document::{EditError, Node, Value},
    operator::Operator,
    vocabulary::{self, Key, Kind},
};
use thiserror::Error;

use crate::{reading, templates};

/// One edit by the form.
#[derive(Clone, Debug, PartialEq)]
pub enum FormEdit {
    /// Sets a single value, also to nothing: while somebody types, the setting keeps its place.
    SetValue { at: Path, text: String },
    /// Takes a single value out.
    ClearValue { at: Path },
    /// Sets what an operator of a list carries; no values take the operator out.
    SetValues { at: Path, operator: Operator, values: Vec<Arc<str>> },
    /// Carries the values of one operator of a list by another one.
    ChangeOperator { at: Path, from: Operator, to: Operator },
    /// Adds an entry with its usual settings to a group.
    AddEntry { group: Path, name: String },
    /// Adds a copy of an entry beside it.
    DuplicateEntry { at: Path },
    /// Renames an entry.
    RenameEntry { at: Path, name: String },
    /// Takes an entry out.
    RemoveEntry { at: Path },
}

/// Why an edit was not made; the text is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditRefusal {
    /// The text cannot be read, so there is nothing to change in it.
    #[error("The JSON cannot be read. Mend it first.")]
    Unreadable,
    /// The name does not have the form that names have there.
    #[error("{0}")]
    Name(String),
    /// There is an entry of that name.
    #[error("“{0}” exists already. Choose another name.")]
    Taken(String),
    /// The document's shape does not allow it.
    #[error("This cannot be changed here: {0}.")]
    Shape(#[from] EditError),
}

/// Makes an edit. Answers the new text.
///
/// # Errors
/// Why it was not made.
pub fn apply(text: &str, edit: &FormEdit) -> Result<String, EditRefusal> {
    let mut document = Document::parse(text).map_err(|_| EditRefusal::Unreadable)?;
    match edit {
        FormEdit::SetValue { at, text } => set_single(&mut document, at, text)?,
        FormEdit::ClearValue { at } => clear(&mut document, at)?,
        FormEdit::SetValues { at, operator, values } => set_values(&mut document, at, *operator, values)?,
        FormEdit::ChangeOperator { at, from, to } => document.rename(&at.join(from.key()), to.key())?,
        FormEdit::AddEntry { group, name } => add(&mut document, group, name)?,
        FormEdit::DuplicateEntry { at } => duplicate(&mut document, at)?,
        FormEdit::RenameEntry { at, name } => rename(&mut document, at, name)?,
        FormEdit::RemoveEntry { at } => take_out(&mut document, at)?,
    }
    Ok(document.text().to_owned())
}

fn set_single(document: &mut Document, at: &Path, text: &str) -> Result<(), EditRefusal> {
    let place = at.join(Operator::Assign.key());
    let node = like(document.get(&place), text);
    Ok(document.set(&place, &node)?)
}

fn clear(document: &mut Document, at: &Path) -> Result<(), EditRefusal> {
    let place = at.join(Operator::Assign.key());
    if document.get(&place).is_some() { take_out(document, &place) } else { Ok(()) }
}

/// The text as the author spells such values: a number stays a number, a boolean a boolean, as far as it still is one.
fn like(present: Option<&Node>, text: &str) -> Node {
    let plain = text.len() < 16
        && text.bytes().all(|b| b.is_ascii_digit())
        && (text == "0" || !text.starts_with('0'));
    match (present.map(|node| &node.value), text) {
        (Some(Value::Number(_)), _) if plain => Node::new(Value::Number(text.into())),
        (Some(Value::Bool(_)), "true") => Node::new(Value::Bool(true)),
        (Some(Value::Bool(_)), "false") => Node::new(Value::Bool(false)),
        _ => Node::text(text),
    }
}

fn set_values(
    document: &mut Document,
    at: &Path,
    operator: Operator,
    values: &[Arc<str>],
) -> Result<(), EditRefusal> {
    let place = at.join(operator.key());
    let present = document.get(&place).map_or(&[] as &[Node], Node::elements);
    if values.is_empty() {
        return if document.get(&place).is_some() { take_out(document, &place) } else { Ok(()) };
    }
    let spelled =
        |value: &Arc<str>| present.iter().find(|node| node.scalar().as_ref() == Some(value)).cloned();
    let list =
        values.iter().map(|value| spelled(value).unwrap_or_else(|| Node::text(value.clone()))).collect();
    Ok(document.set(&place, &Node::new(Value::Array(list)))?)
}

fn add(document: &mut Document, group: &Path, name: &str) -> Result<(), EditRefusal> {
    check_name(document, group, name)?;
    let node = templates::new_entry(document, group, name);
    Ok(document.set(&group.join(name), &node)?)
}

fn duplicate(document: &mut Document, at: &Path) -> Result<(), EditRefusal> {
    let missing = || EditRefusal::Shape(EditError::Missing(at.clone()));
    let (name, group) = at.last().zip(at.parent()).ok_or_else(missing)?;
    let node = document.get(at).cloned().ok_or_else(missing)?;
    let free = reading::free_name(&reading::entry_names(document, &group), name);
    check_name(document, &group, &free)?;
    Ok(document.set(&group.join(free), &node)?)
}

fn rename(document: &mut Document, at: &Path, name: &str) -> Result<(), EditRefusal> {
    let group = at.parent().ok_or_else(|| EditRefusal::Shape(EditError::Missing(at.clone())))?;
    if at.last().is_some_and(|present| **present == *name) {
        return Ok(());
    }
    check_name(document, &group, name)?;
    Ok(document.rename(at, name)?)
}

fn check_name(document: &Document, group: &Path, name: &str) -> Result<(), EditRefusal> {
    if let Some(Key { kind: Kind::Named(form, _), .. }) = vocabulary::lookup(group) {
        // The time matters for schedules only, and a name is none.
        let checked = form.check(name, time::OffsetDateTime::UNIX_EPOCH);
        checked.map_err(|fault| EditRefusal::Name(format!("{}: {}.", fault.message, fault.help)))?;
    }
    if name.is_empty() || name.starts_with("@@") {
        return Err(EditRefusal::Name("Enter a name; names do not begin with @@.".into()));
    }
    if document.get(&group.join(name)).is_some() { Err(EditRefusal::Taken(name.to_owned())) } else { Ok(()) }
}

/// Takes a member out, and the objects above that hold nothing any more, up to the entry they belong to. What the
/// language needs in every document stays.
fn take_out(document: &mut Document, at: &Path) -> Result<(), EditRefusal> {
    document.remove(at)?;
    let mut above = at.clone();
    while above.pop() {
        let holds_something = document.get(&above).is_none_or(|node| !node.members().is_empty());
        if holds_something || must_stay(&above) {
            break;
        }
        document.remove(&above)?;
    }
    Ok(())
}

/// Entries, and what every document must have.
fn must_stay(path: &Path) -> bool {
    let of = |path: &Path| vocabulary::lookup(path);
    let is_entry =
        path.parent().and_then(|group| of(&group)).is_some_and(|row| matches!(row.kind, Kind::Named(..)));
    path.is_root() || is_entry || of(path).is_none_or(|row| row.need.in_document && !row.is_setting())
}

#[cfg(test)]
mod tests;
