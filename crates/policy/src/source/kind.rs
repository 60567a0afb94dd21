//! What a policy is one of, and why a value is none.

use crate::document::{Node, Span};

/// What a policy is one of. The two are not comparable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What is attached and merged: its settings hold operators.
    Document,
    /// What AWS computes for an account: its settings hold plain values. `{}` is the effective policy of an account
    /// to which no plan applies; AWS refuses it as a document (spec 1.1, 2.5).
    Effective,
    /// Nothing in it tells: it has `plans`, and no setting in them.
    Either,
}

/// Why a value is no policy and holds none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {help}")]
pub struct NotAPolicy {
    /// What it seems to be, in one sentence.
    pub message: String,
    /// What to give instead, in one sentence.
    pub help: String,
    /// The value concerned.
    pub span: Span,
}

impl Kind {
    /// Whether two policies can be compared.
    #[must_use]
    pub fn fits(self, other: Self) -> bool {
        self == other || self == Self::Either || other == Self::Either
    }
}

impl NotAPolicy {
    pub(super) fn new(node: &Node, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into(), span: node.span }
    }

    /// The same of a value inside a file.
    pub(super) fn at(mut self, within: &str) -> Self {
        if let Some(rest) = self.message.strip_prefix("this ") {
            self.message = format!("{within} {rest}");
        }
        self
    }
}
