//! What happened to one setting on its way down, and what of it still stands.

use std::collections::HashSet;
use std::sync::Arc;

use crate::fragment::Setting;
use crate::operator::Operator;

/// A policy at a target.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// Root, OU or account id.
    pub target: Arc<str>,
    /// Policy id.
    pub policy: Arc<str>,
}

/// Something a policy did or tried to do to a setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Who.
    pub source: Arc<Source>,
    /// With which operator.
    pub operator: Operator,
    /// The value or values the operator carries.
    pub wanted: Setting,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a [`Step`].
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It took effect.
    Applied,
    /// Nothing to do: the values were there already, or were not there to be removed.
    NoChange,
    /// A policy attached earlier to the same target has already assigned; only the first counts.
    Outranked {
        /// The policy whose value counts.
        by: Arc<Source>,
    },
    /// A control at a higher level forbids the operator here; AWS skips it silently.
    Forbidden {
        /// The policy with that control.
        by: Arc<Source>,
    },
}

/// A key that could not be added, because a control at a higher level closes the container.
#[derive(Debug, Clone, PartialEq)]
pub struct Refused {
    /// The key.
    pub key: Arc<str>,
    /// Who tried to add it.
    pub source: Arc<Source>,
    /// The policy with that control.
    pub by: Arc<Source>,
}

/// Where a value is from.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Who set it.
    pub source: Arc<Source>,
    /// With which operator.
    pub operator: Operator,
}

/// The list after values were added or taken out, order kept.
pub(super) fn changed(operator: Operator, inherited: &[Arc<str>], wanted: &[Arc<str>]) -> Vec<Arc<str>> {
    let mut values = inherited.to_vec();
    match operator {
        Operator::Assign => values = wanted.to_vec(),
        Operator::Append => {
            let mut seen = Seen::of(inherited, wanted.len());
            values.extend(wanted.iter().filter(|value| seen.add(value)).cloned());
        }
        Operator::Remove => {
            let gone = Seen::of(wanted, inherited.len());
            values.retain(|value| !gone.has(value));
        }
    }
    values
}

/// Which values a list has. Lists of policies are short, where looking through them is quickest; long ones, which
/// no policy AWS admits can hold, must not take quadratic time either.
enum Seen<'a> {
    Few(Vec<&'a str>),
    Many(HashSet<&'a str>),
}

impl<'a> Seen<'a> {
    const FEW: usize = 32;

    fn of(values: &'a [Arc<str>], more: usize) -> Self {
        let values = values.iter().map(|value| &**value);
        if values.len() + more <= Self::FEW {
            Self::Few(values.collect())
        } else {
            Self::Many(values.collect())
        }
    }

    fn has(&self, value: &str) -> bool {
        match self {
            Self::Few(values) => values.contains(&value),
            Self::Many(values) => values.contains(value),
        }
    }

    /// Adds a value; false if it is there already.
    fn add(&mut self, value: &'a str) -> bool {
        match self {
            Self::Few(values) if values.contains(&value) => false,
            Self::Few(values) => {
                values.push(value);
                true
            }
            Self::Many(values) => values.insert(value),
        }
    }
}

/// Index of the last assignment that took effect; everything before it is overridden.
pub(super) fn first_standing(steps: &[Step]) -> usize {
    let assigned = |step: &Step| step.operator == Operator::Assign && step.outcome == Outcome::Applied;
    steps.iter().rposition(assigned).unwrap_or(0)
}

/// The steps that made the value what it is: the last assignment that took effect and what took effect after it.
pub(super) fn standing(steps: &[Step]) -> impl Iterator<Item = &Step> {
    let applied = |step: &&Step| step.outcome == Outcome::Applied;
    steps.iter().skip(first_standing(steps)).filter(applied)
}

/// Replays the steps that stand, to tell for each value who put it there.
pub(super) fn origins(steps: &[Step]) -> Vec<(Arc<str>, Origin)> {
    let mut found: Vec<(Arc<str>, Origin)> = Vec::new();
    for step in standing(steps) {
        let origin = Origin { source: step.source.clone(), operator: step.operator };
        let wanted = step.wanted.values();
        let named = |text: &Arc<str>| (text.clone(), origin.clone());
        match step.operator {
            Operator::Assign => found = wanted.iter().map(named).collect(),
            Operator::Append => {
                let known: Vec<_> = found.iter().map(|(value, _)| value.clone()).collect();
                let mut seen = Seen::of(&known, wanted.len());
                found.extend(wanted.iter().filter(|value| seen.add(value)).map(named));
            }
            Operator::Remove => {
                let gone = Seen::of(wanted, found.len());
                found.retain(|(value, _)| !gone.has(value));
            }
        }
    }
    found
}
