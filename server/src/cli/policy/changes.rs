//! How differences between policies are shown and judged.

use std::fmt::Write;

use clap::ValueEnum;
use policy::diff::{Change, Effect};

use super::common::Verdict;

/// Which differences end a command with exit status 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any that protects less, or may.
    Weakens,
    /// Any at all.
    Changes,
}

impl FailOn {
    pub(super) fn verdict<'a>(
        option: Option<Self>,
        mut changes: impl Iterator<Item = &'a Change>,
    ) -> Verdict {
        let bad = match option {
            None => false,
            Some(Self::Weakens) => changes.any(|change| change.effect == Effect::Weakens),
            Some(Self::Changes) => changes.next().is_some(),
        };
        if bad { Verdict::Bad } else { Verdict::Good }
    }
}

const EFFECTS: [(Effect, &str); 3] =
    [(Effect::Weakens, "weakens"), (Effect::Neutral, "neutral"), (Effect::Strengthens, "strengthens")];

fn word(effect: Effect) -> &'static str {
    EFFECTS.iter().find(|(known, _)| *known == effect).map_or("", |(_, word)| word)
}

pub(super) fn count(changes: &[Change], effect: Effect) -> usize {
    changes.iter().filter(|change| change.effect == effect).count()
}

/// One line for each change and one for its place, what weakens first.
pub(super) fn lines(changes: &[Change], indent: &str) -> String {
    let mut out = String::new();
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort_by_key(|change| change.effect);
    for change in sorted {
        let _ = writeln!(out, "{indent}{:<12}{}", word(change.effect), change.sentence);
        let _ = writeln!(out, "{indent}{:12}at {}", "", change.path);
    }
    out
}

/// `3 changes: 1 weakens, 0 neutral, 2 strengthens`
pub(super) fn summary(changes: &[Change]) -> String {
    let counts: Vec<String> =
        EFFECTS.iter().map(|(effect, word)| format!("{} {word}", count(changes, *effect))).collect();
    let plural = if changes.len() == 1 { "" } else { "s" };
    format!("{} change{plural}: {}", changes.len(), counts.join(", "))
}
