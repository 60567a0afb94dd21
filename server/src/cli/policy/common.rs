//! What all commands take, read and print.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use policy::document::Document;
use policy::source::{self, NewKeys, Source};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How to print results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// Options every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The instant to judge schedules at, such as 2026-11-20T12:00:00Z, instead of now
    #[arg(long, value_parser = instant)]
    pub at: Option<OffsetDateTime>,
}

/// What a command came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Exit status 0.
    Good,
    /// Exit status 1.
    Bad,
}

/// Why a command could not do its work; exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The file or standard input cannot be read.
    #[error("cannot read {name}: {source}")]
    Unreadable {
        /// The file.
        name: String,
        /// Why.
        source: std::io::Error,
    },
    /// The input is not what the command works on.
    #[error("{name}: {message}")]
    Input {
        /// The file.
        name: String,
        /// What is wrong with it.
        message: String,
    },
}

impl Common {
    /// The instant to judge schedules at.
    pub fn now(&self) -> OffsetDateTime {
        #[expect(clippy::disallowed_methods, reason = "the command line is where the real clock is read")]
        self.at.unwrap_or_else(OffsetDateTime::now_utc)
    }
}

/// Reads a file, or standard input for `-`.
pub fn read(file: &Path) -> Result<String, CommandError> {
    crate::cli::file::read(file).map_err(|source| CommandError::Unreadable { name: name(file), source })
}

/// Reads a file, or standard input for `-`, as JSON with positions.
pub fn read_document(file: &Path) -> Result<Document, CommandError> {
    Document::parse(&read(file)?).map_err(|problems| {
        let first = problems.first().map(|p| format!("line {}, column {}: {}", p.line, p.column, p.message));
        CommandError::Input { name: name(file), message: first.unwrap_or_default() }
    })
}

/// Reads the policy that a file, or standard input for `-`, is or holds as an answer of AWS.
pub fn read_policy(file: &Path, now: OffsetDateTime) -> Result<Source, CommandError> {
    let input = |message| CommandError::Input { name: name(file), message };
    let source = source::read(&read_document(file)?).map_err(|error| input(error.to_string()))?;
    sound(&source, NewKeys::Refused, now).map_err(|error| match &*source.within {
        "" => input(error),
        within => input(format!("in the policy at {within}, {error}")),
    })?;
    Ok(source)
}

/// Refuses a policy of which less would be read than its author wrote.
pub fn sound(source: &Source, new_keys: NewKeys, now: OffsetDateTime) -> Result<(), String> {
    let faults = source.faults(new_keys, now);
    let Some(first) = faults.first() else { return Ok(()) };
    let more = match faults.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more; see holdfast policy lint)"),
    };
    let place = if first.path.is_empty() { String::new() } else { format!(" at {}", first.path) };
    Err(format!(
        "line {}, column {}: {}{place}; {}{more}",
        first.line, first.column, first.message, first.help
    ))
}

/// What to call a file in messages.
pub fn name(file: &Path) -> String {
    if file == Path::new("-") { "standard input".into() } else { file.display().to_string() }
}

/// Writes to standard output. A reader that has gone away is no error.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints one JSON value on one line.
pub fn print_json(value: &serde_json::Value) {
    print(&format!("{value}\n"));
}

fn instant(text: &str) -> Result<OffsetDateTime, time::error::Parse> {
    OffsetDateTime::parse(text, &Rfc3339)
}

/// The positional argument of commands that read one file.
#[derive(Debug, Clone, Args)]
pub struct Input {
    /// The file to read, or - for standard input
    pub file: PathBuf,
}
