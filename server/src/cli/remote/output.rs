//! What is printed: tables for people, JSON for programs. Nothing that others have named reaches a terminal as a command to it.

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use comfy_table::{Table, presets::NOTHING};
use model::text::is_never_typed;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{error::RemoteError, plain::plain};
use crate::api::page::{Count, Reference};

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Output {
    /// How to print: a table, or JSON, of lists an object a line
    #[arg(long, value_enum, default_value_t, value_name = "FORM")]
    output: Form,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Form {
    #[default]
    Table,
    Json,
}

impl Output {
    /// Whether programs read it.
    #[must_use]
    pub fn is_json(self) -> bool {
        self.output == Form::Json
    }
}

/// A line or more on standard error. A reader that has gone away is no error.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A line or more on standard output.
///
/// # Errors
/// Where it cannot be written.
pub fn say(text: &str) -> Result<(), RemoteError> {
    write(&format!("{text}\n"))
}

/// Text as it is.
///
/// # Errors
/// Where it cannot be written.
pub fn write(text: &str) -> Result<(), RemoteError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(RemoteError::Output)
}

/// One JSON value on a line.
///
/// # Errors
/// Where it cannot be written.
pub fn say_json(value: &Value) -> Result<(), RemoteError> {
    let mut line = String::new();
    for c in value.to_string().chars() {
        if is_never_typed(c) { line.push_str(&format!("\\u{:04x}", u32::from(c))) } else { line.push(c) }
    }
    say(&line)
}

/// Rows under their heads.
#[must_use]
pub fn table<const N: usize>(heads: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(heads);
    for row in rows {
        table.add_row(row.map(|cell| plain(&cell).replace('\n', " ")));
    }
    lines(&mut table)
}

/// Facts about one thing, a line each.
#[must_use]
pub fn facts<const N: usize>(facts: [(&str, String); N]) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING);
    for (name, value) in facts {
        table.add_row([name.to_owned(), plain(&value)]);
    }
    lines(&mut table)
}

fn lines(table: &mut Table) -> String {
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

/// A name with its id.
#[must_use]
pub fn named(reference: &Reference) -> String {
    match (reference.id.as_str(), reference.name.as_str()) {
        (id, "") => id.to_owned(),
        ("", name) => name.to_owned(),
        (id, name) => format!("{name} ({id})"),
    }
}

/// Several, or that there are none.
#[must_use]
pub fn all(references: &[Reference]) -> String {
    if references.is_empty() {
        return "none".to_owned();
    }
    references.iter().map(named).collect::<Vec<_>>().join(", ")
}

/// A moment, or the word for there being none.
#[must_use]
pub fn moment(at: Option<OffsetDateTime>, none: &str) -> String {
    at.and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_else(|| none.to_owned())
}

/// A figure that may not be known.
#[must_use]
pub fn figure(count: Option<u64>) -> String {
    count.map_or_else(|| "not known".to_owned(), |count| count.to_string())
}

/// How many there are.
#[must_use]
pub fn count(Count { count, exact }: &Count) -> String {
    if *exact { count.to_string() } else { format!("{count} or more") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_have_named_is_no_command_to_a_terminal() {
        let name = "\u{1b}[2Jevil\u{9b}x\u{202e}\nnext";
        let shown = table(["name"], [[name.to_owned()]]);
        assert_eq!(shown, "name\n\u{fffd}[2Jevil\u{fffd}x\u{fffd} next");
        assert_eq!(plain("a\nb"), "a\nb");
    }

    #[test]
    fn not_known_is_not_zero_and_none_is_not_never() {
        assert_eq!([figure(None), figure(Some(0))], ["not known", "0"]);
        assert_eq!(all(&[]), "none");
        assert_eq!(moment(None, "never"), "never");
        assert_eq!(count(&Count { count: 7, exact: false }), "7 or more");
    }
}
