//! Merging: from the policies attached along the way from the root to an account to what applies there, with
//! the origin of every value (spec 2.2 and 2.3).

mod again;
mod result;
mod step;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::fragment::{Fragment, Part, Setting};
use crate::operator::{Operator, Operators, may_add_keys};
use crate::path::Path;
use again::Earlier;

pub(crate) use result::Results;
pub use step::{Origin, Outcome, Refused, Source, Step};

/// The policies attached to one target, oldest attachment first.
#[derive(Debug, Clone)]
pub struct Level {
    /// Root, OU or account id.
    pub target: Arc<str>,
    /// In attachment order.
    pub policies: Vec<Attached>,
}

/// A policy attached to a target.
#[derive(Debug, Clone)]
pub struct Attached {
    /// Policy id.
    pub id: Arc<str>,
    /// Its compiled content, shared between all its targets.
    pub fragment: Arc<Fragment>,
}

/// What the levels merged so far come to. Cloning is cheap, and applying a level shares everything that level
/// does not touch: accounts below one OU share the OU's state.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    root: Arc<Place>,
}

/// One node of the merged policy, with everything that happened to it.
#[derive(Debug, Clone)]
pub struct Place {
    value: Option<Setting>,
    steps: Vec<Step>,
    allowed: Operators,
    limits: Vec<(Arc<Source>, Operators)>,
    /// Sorted by key.
    children: Vec<(Arc<str>, Arc<Place>)>,
    refused: Vec<Refused>,
    /// Whether a value remains here or below.
    remains: bool,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            value: None,
            steps: Vec::new(),
            allowed: Operators::ALL,
            limits: Vec::new(),
            children: Vec::new(),
            refused: Vec::new(),
            remains: false,
        }
    }
}

/// Merges the levels from the root down.
pub fn merge(levels: &[Level]) -> Merged {
    levels.iter().fold(Merged::default(), |merged, level| merged.apply(level))
}

/// What one policy says about the node at hand.
type Given<'a> = (&'a Arc<Source>, &'a Part);

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

    /// The node that holds `plans`.
    pub fn root(&self) -> &Place {
        &self.root
    }

    /// The node at `path`, also where nothing remains of it.
    pub fn get(&self, path: &Path) -> Option<&Place> {
        path.segments().iter().try_fold(self.root(), |place, key| place.child(key))
    }

    /// The merged policy as AWS would print it: all values strings or lists of strings, nothing empty but
    /// lists; `{}` if nothing remains.
    pub fn to_json(&self) -> serde_json::Value {
        self.root.to_json().unwrap_or_else(|| serde_json::Value::Object(serde_json::Map::new()))
    }

    /// True if nothing remains.
    pub fn is_empty(&self) -> bool {
        self.root.is_empty()
    }

    /// True if both come to the same policy, wherever its values are from.
    pub fn same_result(&self, other: &Self) -> bool {
        result::same(&self.root, &other.root)
    }

    /// Every setting that remains, with its path, in the order of the paths.
    pub fn settings(&self) -> Vec<(Path, &Place)> {
        let mut found = Vec::new();
        self.root.collect(&mut Path::root(), &mut found);
        found
    }
}

impl Place {
    /// The value that applies here; `None` for containers and where nothing remains.
    pub fn value(&self) -> Option<&Setting> {
        if self.remaining().next().is_some() { None } else { self.value.as_ref() }
    }

    /// The single value that applies here.
    pub fn text(&self) -> Option<&str> {
        self.value()?.text().map(|text| &**text)
    }

    /// What lower levels may still do here.
    pub fn allowed(&self) -> Operators {
        self.allowed
    }

    /// The controls that hold here: who set them and what each allows. What all allow is [`Self::allowed`].
    pub fn limits(&self) -> &[(Arc<Source>, Operators)] {
        &self.limits
    }

    /// Everything that policies did or tried to do to the value, in the order it ran.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Index in [`Self::steps`] of the last assignment that took effect: what took effect before it is
    /// overridden.
    pub fn first_standing(&self) -> usize {
        step::first_standing(&self.steps)
    }

    /// Keys that policies tried to add here and a control of a higher level forbids.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// The node under `key`, also where nothing remains of it.
    pub fn child(&self, key: &str) -> Option<&Place> {
        self.slot(key).ok().and_then(|at| self.children.get(at)).map(|(_, place)| &**place)
    }

    /// The nodes below of which something remains, by key.
    pub fn remaining(&self) -> impl Iterator<Item = (&Arc<str>, &Place)> {
        self.children.iter().map(|(key, place)| (key, &**place)).filter(|(_, place)| !place.is_empty())
    }

    /// All nodes below, by key.
    pub fn children(&self) -> impl Iterator<Item = (&Arc<str>, &Place)> {
        self.children.iter().map(|(key, place)| (key, &**place))
    }

    /// True if nothing remains here: neither a value nor anything below. An empty list is a value.
    pub fn is_empty(&self) -> bool {
        !self.remains
    }

    /// Where each value is from: one entry for a single value, one per element of a list.
    pub fn origins(&self) -> Vec<(Arc<str>, Origin)> {
        if self.value().is_some() { step::origins(&self.steps) } else { Vec::new() }
    }

    /// The policies that supplied what remains here and below.
    pub fn contributors(&self) -> BTreeSet<Arc<str>> {
        let mut policies = BTreeSet::new();
        self.add_contributors(&mut policies);
        policies
    }

    fn add_contributors(&self, policies: &mut BTreeSet<Arc<str>>) {
        policies.extend(step::standing(&self.steps).map(|step| step.source.policy.clone()));
        for (_, place) in self.remaining() {
            place.add_contributors(policies);
        }
    }

    fn to_json(&self) -> Option<serde_json::Value> {
        let members: serde_json::Map<_, _> = self
            .children
            .iter()
            .filter_map(|(key, place)| Some((key.to_string(), place.to_json()?)))
            .collect();
        if members.is_empty() { self.value.as_ref().map(Setting::to_json) } else { Some(members.into()) }
    }

    fn collect<'a>(&'a self, path: &mut Path, found: &mut Vec<(Path, &'a Place)>) {
        if self.value().is_some() {
            found.push((path.clone(), self));
        }
        for (key, place) in self.remaining() {
            path.push(key.clone());
            place.collect(path, found);
            path.pop();
        }
    }

    fn slot(&self, key: &str) -> Result<usize, usize> {
        self.children.binary_search_by(|(at, _)| (**at).cmp(key))
    }

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
