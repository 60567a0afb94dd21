//! What is wrong in a document, and where.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::document::Span;
use crate::path::Path;

/// How much a [`Problem`] matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// AWS refuses the document.
    Error,
    /// AWS takes it, and it is likely not what was meant.
    Warning,
    /// Worth knowing.
    Info,
}

/// One finding in a document. Crosses the wire as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Errors keep a document from being saved.
    pub severity: Severity,
    /// A stable name to look up or to suppress: words with hyphens for refusals, `HF001` and up for advice.
    pub code: Cow<'static, str>,
    /// The policy keys from the root, joined by slashes; empty for the document itself.
    pub path: String,
    /// Line of the first character concerned, counted from 1.
    pub line: u32,
    /// Column of that character in its line, in characters, counted from 1.
    pub column: u32,
    /// How many characters of that line are concerned; at least 1.
    pub length: u32,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it, in one sentence.
    pub help: String,
}

impl Problem {
    /// A problem of the given severity at `span`.
    pub fn new(
        severity: Severity,
        code: impl Into<Cow<'static, str>>,
        path: &Path,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code: code.into(),
            path: path.to_string(),
            line: span.line,
            column: span.column,
            length: span.columns.max(1),
            message: message.into(),
            help: help.into(),
        }
    }

    /// True if this problem keeps AWS from accepting the document.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
