//! What merged policies hold, and how it is read.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::step::{self, Origin, Refused, Source, Step};
use crate::fragment::Setting;
use crate::operator::Operators;
use crate::path::Path;

/// What the levels merged so far come to. Cloning is cheap, and applying a level shares everything that level
/// does not touch: accounts below one OU share the OU's state.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    pub(super) root: Arc<Place>,
}

/// One node of the merged policy, with everything that happened to it.
#[derive(Debug, Clone)]
pub struct Place {
    pub(super) value: Option<Setting>,
    pub(super) steps: Vec<Step>,
    pub(super) allowed: Operators,
    pub(super) limits: Vec<(Arc<Source>, Operators)>,
    /// Sorted by key.
    pub(super) children: Vec<(Arc<str>, Arc<Place>)>,
    pub(super) refused: Vec<Refused>,
    /// Whether a value remains here or below.
    pub(super) remains: bool,
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

impl Merged {
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

    pub(super) fn slot(&self, key: &str) -> Result<usize, usize> {
        self.children.binary_search_by(|(at, _)| (**at).cmp(key))
    }
}
