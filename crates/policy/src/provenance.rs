//! Where every value of a merged policy is from, told for people: plain text, ready for the wire.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::merge::{Merged, Origin, Outcome, Place, Refused, Source, Step};
use crate::operator::Operator;
use crate::path::Path;

/// Everything that happened at one path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The keys from the root.
    pub keys: Path,
    /// The same, joined by slashes.
    pub path: String,
    /// True if the setting is a list.
    pub list: bool,
    /// The values that apply, each with who put it there. Empty where nothing remains, or the list is empty.
    pub values: Vec<Value>,
    /// What policies did or tried to do, in the order it ran.
    pub steps: Vec<Act>,
    /// Keys that policies tried to add and a higher level forbids.
    pub refused: Vec<RefusedKey>,
}

/// A value and who put it there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// The value.
    pub value: String,
    /// With which operator.
    pub operator: Operator,
    /// Who.
    #[serde(flatten)]
    pub who: Who,
}

/// A policy at a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// Policy id.
    pub policy: String,
    /// Root, OU or account id.
    pub target: String,
}

/// Something a policy did or tried to do to a setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Act {
    /// Who.
    #[serde(flatten)]
    pub who: Who,
    /// With which operator.
    pub operator: Operator,
    /// The values the operator carries.
    pub values: Vec<String>,
    /// What came of it.
    pub fate: Fate,
    /// The policy that prevailed or forbids.
    pub by: Option<Who>,
}

/// What came of an [`Act`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It took effect and still does.
    Stands,
    /// It took effect, and a lower level assigned anew.
    Overridden,
    /// There was nothing to do.
    NoChange,
    /// A policy attached earlier to the same target assigned first.
    Outranked,
    /// A control at a higher level forbids it.
    Forbidden,
}

/// A key that could not be added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefusedKey {
    /// The key.
    pub key: String,
    /// Who tried to add it.
    #[serde(flatten)]
    pub who: Who,
    /// The policy whose control forbids it.
    pub by: Who,
}

/// The trace of every path at which something happened, in the order of the paths.
pub fn traces(merged: &Merged) -> Vec<Trace> {
    let mut traces = Vec::new();
    collect(merged.root(), &mut Path::root(), &mut traces);
    traces
}

/// The trace of one path; `None` if no policy mentions it.
pub fn trace(merged: &Merged, path: &Path) -> Option<Trace> {
    merged.get(path).map(|place| of_place(place, path))
}

fn collect(place: &Place, path: &mut Path, traces: &mut Vec<Trace>) {
    if !place.steps().is_empty() || !place.refused().is_empty() {
        traces.push(of_place(place, path));
    }
    for (key, below) in place.children() {
        path.push(key.clone());
        collect(below, path, traces);
        path.pop();
    }
}

fn of_place(place: &Place, path: &Path) -> Trace {
    let value = |(value, origin): (Arc<str>, Origin)| Value {
        value: value.to_string(),
        operator: origin.operator,
        who: Who::of(&origin.source),
    };
    let refused = |refused: &Refused| RefusedKey {
        key: refused.key.to_string(),
        who: Who::of(&refused.source),
        by: Who::of(&refused.by),
    };
    let standing = place.first_standing();
    let steps = place.steps().iter().enumerate();
    Trace {
        keys: path.clone(),
        path: path.to_string(),
        list: place.value().is_some_and(|value| value.text().is_none()),
        values: place.origins().into_iter().map(value).collect(),
        steps: steps.map(|(at, step)| Act::of(step, at >= standing)).collect(),
        refused: place.refused().iter().map(refused).collect(),
    }
}

impl Who {
    fn of(source: &Source) -> Self {
        Self { policy: source.policy.to_string(), target: source.target.to_string() }
    }
}

impl Act {
    fn of(step: &Step, standing: bool) -> Self {
        let (fate, by) = match &step.outcome {
            Outcome::Applied if standing => (Fate::Stands, None),
            Outcome::Applied => (Fate::Overridden, None),
            Outcome::NoChange => (Fate::NoChange, None),
            Outcome::Outranked { by } => (Fate::Outranked, Some(by)),
            Outcome::Forbidden { by } => (Fate::Forbidden, Some(by)),
        };
        Self {
            who: Who::of(&step.source),
            operator: step.operator,
            values: step.wanted.values().iter().map(ToString::to_string).collect(),
            fate,
            by: by.map(|source| Who::of(source)),
        }
    }
}

#[cfg(test)]
mod tests;
