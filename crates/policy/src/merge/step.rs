//! What happened to one setting on its way down, and what of it still stands.

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

/// The list after `operator`, order kept.
pub(super) fn changed(operator: Operator, inherited: &[Arc<str>], wanted: &[Arc<str>]) -> Vec<Arc<str>> {
    match operator {
        Operator::Assign => wanted.to_vec(),
        Operator::Append => {
            let mut values = inherited.to_vec();
            for value in wanted {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            values
        }
        Operator::Remove => inherited.iter().filter(|value| !wanted.contains(value)).cloned().collect(),
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
        let named = |text: &Arc<str>| (text.clone(), origin.clone());
        match step.operator {
            Operator::Assign => found = step.wanted.values().iter().map(named).collect(),
            Operator::Append => {
                for text in step.wanted.values() {
                    if !found.iter().any(|(known, _)| known == text) {
                        found.push(named(text));
                    }
                }
            }
            Operator::Remove => found.retain(|(known, _)| !step.wanted.values().contains(known)),
        }
    }
    found
}
