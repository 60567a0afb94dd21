//! Merging: from the policies attached along the way from the root to an account to what applies there, with
//! the origin of every value (spec 2.2 and 2.3).

mod again;
mod level;
mod place;
mod result;
mod step;

use std::sync::Arc;

use crate::fragment::Setting;
use crate::operator::{Operator, Operators, may_add_keys};
use again::Earlier;
use level::Given;

pub use level::{Attached, Level};
pub use place::{Merged, Place};
pub(crate) use result::Results;
pub use step::{Origin, Outcome, Refused, Source, Step};

/// Merges the levels from the root down.
pub fn merge(levels: &[Level]) -> Merged {
    levels.iter().fold(Merged::default(), |merged, level| merged.apply(level))
}

impl Merged {
    /// The state after one more level.
    #[must_use]
    pub fn apply(&self, level: &Level) -> Self {
        self.apply_given(level, None)
    }

    fn apply_given(&self, level: &Level, earlier: Option<Earlier>) -> Self {
        if level.policies.is_empty() {
            return self.clone();
        }
        let source =
            |policy: &Attached| Arc::new(Source { target: level.target.clone(), policy: policy.id.clone() });
        let sources: Vec<_> = level.policies.iter().map(source).collect();
        let given: Vec<Given> =
            sources.iter().zip(&level.policies).map(|(source, p)| (source, &p.fragment.root)).collect();
        Self { root: Arc::new(self.root.apply(&given, earlier)) }
    }
}

impl Place {
    /// The node after one level. The phases run in AWS's order whatever the order of attachment.
    fn apply(&self, given: &[Given], earlier: Option<Earlier>) -> Self {
        let mut next = self.clone();
        next.assign(given);
        next.change_list(given, Operator::Append);
        next.change_list(given, Operator::Remove);
        next.descend(given, earlier);
        for (source, part) in given {
            if let Some(control) = part.control {
                next.allowed = next.allowed.and(control);
                next.limits.push((Arc::clone(source), control));
            }
        }
        next.remains = next.value.is_some() || next.children.iter().any(|(_, place)| place.remains);
        next
    }

    /// Phase 1: the oldest attachment that assigns wins.
    fn assign(&mut self, given: &[Given]) {
        let mut winner: Option<&Arc<Source>> = None;
        for (source, part) in given {
            let Some(wanted) = &part.assign else { continue };
            let outcome = match (self.forbids(Operator::Assign), winner) {
                (Some(by), _) => Outcome::Forbidden { by },
                (None, Some(by)) => Outcome::Outranked { by: by.clone() },
                (None, None) => {
                    winner = Some(source);
                    self.value = Some(wanted.clone());
                    Outcome::Applied
                }
            };
            self.note(source, Operator::Assign, wanted.clone(), outcome);
        }
    }

    /// Phases 2 and 3: every attachment in turn adds to or takes from the list.
    fn change_list(&mut self, given: &[Given], operator: Operator) {
        for (source, part) in given {
            let wanted = if operator == Operator::Append { &part.append } else { &part.remove };
            let Some(wanted) = wanted else { continue };
            let outcome = match self.forbids(operator) {
                Some(by) => Outcome::Forbidden { by },
                None if self.change(operator, wanted) => Outcome::Applied,
                None => Outcome::NoChange,
            };
            self.note(source, operator, Setting::List(wanted.clone()), outcome);
        }
    }

    /// Changes the list; false if nothing changed. A single value is no list and stays.
    fn change(&mut self, operator: Operator, wanted: &[Arc<str>]) -> bool {
        let inherited: &[Arc<str>] = match &self.value {
            Some(Setting::List(values)) => values,
            None if operator == Operator::Append => &[],
            None | Some(Setting::Text(_)) => return false,
        };
        let changed = step::changed(operator, inherited, wanted);
        let differs = self.value.is_none() || changed.len() != inherited.len();
        if differs {
            self.value = Some(Setting::List(changed.into()));
        }
        differs
    }

    /// Phase 4: the children, grouped by key over all policies of the level.
    fn descend(&mut self, given: &[Given], earlier: Option<Earlier>) {
        let mut below: Vec<(&Arc<str>, Given)> = given
            .iter()
            .flat_map(|(source, part)| part.children.iter().map(move |(key, child)| (key, (*source, child))))
            .collect();
        below.sort_by(|a, b| a.0.cmp(b.0));
        for group in below.chunk_by(|a, b| a.0 == b.0) {
            let Some((key, _)) = group.first() else { continue };
            let parts: Vec<Given> = group.iter().map(|(_, given)| *given).collect();
            self.descend_to(key, &parts, earlier);
        }
    }

    fn descend_to(&mut self, key: &Arc<str>, parts: &[Given], earlier: Option<Earlier>) {
        match self.slot(key) {
            Ok(at) => {
                if let Some((_, place)) = self.children.get_mut(at) {
                    *place = again::child(earlier, key, place, parts);
                }
            }
            Err(at) if may_add_keys(self.allowed) => {
                self.children.insert(at, (key.clone(), again::new_child(earlier, key, parts)));
            }
            Err(_) => {
                let Some(by) = self.limiter(may_add_keys) else { return };
                let refuse = |(source, _): &Given| Refused {
                    key: key.clone(),
                    source: Arc::clone(source),
                    by: by.clone(),
                };
                self.refused.extend(parts.iter().map(refuse));
            }
        }
    }

    /// Who forbids `operator` here; `None` if it is allowed.
    fn forbids(&self, operator: Operator) -> Option<Arc<Source>> {
        if self.allowed.allows(operator) { None } else { self.limiter(|set| set.allows(operator)) }
    }

    /// The first control by which the sets so far stop passing `test`.
    fn limiter(&self, test: impl Fn(Operators) -> bool) -> Option<Arc<Source>> {
        let mut allowed = Operators::ALL;
        self.limits.iter().find_map(|(source, control)| {
            allowed = allowed.and(*control);
            (!test(allowed)).then(|| source.clone())
        })
    }

    fn note(&mut self, source: &Arc<Source>, operator: Operator, wanted: Setting, outcome: Outcome) {
        self.steps.push(Step { source: source.clone(), operator, wanted, outcome });
    }
}

#[cfg(test)]
mod tests;
