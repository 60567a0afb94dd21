//! A policy as it was read, with what follows from its text alone.

use std::{collections::BTreeSet, sync::Arc};

use model::TargetId;
use policy::{Document, Problem, fragment::Fragment, regions::regions_in};
use store::StoredPolicy;
use time::OffsetDateTime;

/// A policy, read once.
pub(crate) struct PolicyEntry {
    pub stored: StoredPolicy,
    pub problems: Vec<Problem>,
    pub plans: Vec<String>,
    /// The Regions that its text names.
    pub regions: BTreeSet<Arc<str>>,
    /// Why its text could not be read when the rest was; what is known of it is older, or nothing.
    pub unread: Option<String>,
    /// The same of its targets.
    pub targets_unread: Option<String>,
    /// Where it is attached, in the tree's order.
    pub targets: Vec<TargetId>,
}

impl PolicyEntry {
    /// Reads a policy; also what its text says for merging, which is nothing where it cannot be read.
    pub fn read(stored: StoredPolicy, unread: Option<String>, now: OffsetDateTime) -> (Self, Arc<Fragment>) {
        let entry = |stored, problems| Self {
            stored,
            unread: unread.clone(),
            targets_unread: None,
            problems,
            plans: Vec::new(),
            regions: BTreeSet::new(),
            targets: Vec::new(),
        };
        if unread.is_some() && stored.record.content.is_empty() {
            // Nobody has seen what is wrong with it either.
            return (entry(stored, Vec::new()), Arc::default());
        }
        match Document::parse(&stored.record.content) {
            Ok(document) => {
                let entry = entry(stored, policy::admission::check(&document, now));
                let (plans, regions) = (plan_names(&document), regions_in(&document));
                (Self { plans, regions, ..entry }, Arc::new(Fragment::of(&document)))
            }
            Err(problems) => (entry(stored, problems), Arc::default()),
        }
    }
}

impl PolicyEntry {
    /// Whether nothing at all is known of its text.
    pub fn is_unknown(&self) -> bool {
        self.unread.is_some() && self.stored.record.content.is_empty()
    }

    /// Whether it may be attached anywhere, for all that is known.
    pub fn may_be_attached_anywhere(&self) -> bool {
        self.targets_unread.is_some() && self.targets.is_empty()
    }
}

fn plan_names(document: &Document) -> Vec<String> {
    let plans = document.root().members().iter().find(|m| &*m.key == "plans");
    plans.map_or_else(Vec::new, |plans| {
        let names = plans.node.members().iter().filter(|m| !m.key.starts_with("@@"));
        names.map(|m| m.key.to_string()).collect()
    })
}
