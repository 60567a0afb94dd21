//! Collects advice.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::table::lint_of;
use crate::merge::Place;
use crate::path::Path;
use crate::problem::Severity;

/// One piece of advice on a merged policy, which has no text to point into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// `HF001` and up.
    pub code: String,
    /// A warning or worth knowing; never an error, as AWS accepts what advice is about.
    pub severity: Severity,
    /// The keys from the root.
    pub keys: Path,
    /// The same, joined by slashes.
    pub path: String,
    /// What is likely not meant, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

pub(super) struct Findings {
    pub now: OffsetDateTime,
    /// True for a merged policy: nothing is left to other policies, so what is missing is missing.
    pub complete: bool,
    found: Vec<Finding>,
}

impl Findings {
    pub(super) fn new(now: OffsetDateTime, complete: bool) -> Self {
        Self { now, complete, found: Vec::new() }
    }

    pub(super) fn without(mut self, suppressed: &[&str]) -> Vec<Finding> {
        self.found.retain(|finding| !suppressed.contains(&finding.code.as_str()));
        self.found
    }

    /// Adds advice of the kind `code`.
    pub(super) fn add(&mut self, code: &'static str, path: &Path, message: impl Into<String>) {
        let Some(lint) = lint_of(code) else { return };
        self.found.push(Finding {
            code: code.to_owned(),
            severity: lint.severity,
            path: path.to_string(),
            keys: path.clone(),
            message: message.into(),
            help: lint.fix.to_owned(),
        });
    }

    /// HF002 for the names in a container.
    pub(super) fn names(&mut self, path: &Path, container: &Place) {
        let mut seen: BTreeMap<String, &Arc<str>> = BTreeMap::new();
        for (name, _) in container.remaining() {
            match seen.get(&name.to_lowercase()) {
                Some(first) => {
                    let message = format!("“{name}” and “{first}” differ only by case");
                    self.add("HF002", &path.join(name.clone()), message);
                }
                None => {
                    seen.insert(name.to_lowercase(), name);
                }
            }
        }
    }
}

/// What remains under a key.
pub(super) fn child<'a>(place: &'a Place, key: &str) -> Option<&'a Place> {
    place.child(key).filter(|child| !child.is_empty())
}

/// The single value under a key.
pub(super) fn text<'a>(place: &'a Place, key: &str) -> Option<&'a str> {
    place.child(key).and_then(Place::text)
}

/// The number under a key.
pub(super) fn number(place: &Place, key: &str) -> Option<u64> {
    text(place, key).and_then(crate::vocabulary::form::integer)
}

/// The values of the list under a key.
pub(super) fn values<'a>(place: &'a Place, key: &str) -> &'a [Arc<str>] {
    place.child(key).and_then(Place::value).map_or(&[], |value| value.values())
}

/// The entries of the object under a key.
pub(super) fn entries<'a>(place: &'a Place, key: &str) -> Vec<(&'a Arc<str>, &'a Place)> {
    place.child(key).map(|child| child.remaining().collect()).unwrap_or_default()
}
