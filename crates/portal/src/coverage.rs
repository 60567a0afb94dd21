//! What effective policies do for their accounts. Accounts that share a result are looked at once.

use std::{collections::HashMap, sync::Arc};

use model::organization::{AccountState, Coverage};
use policy::merge::Merged;
use time::OffsetDateTime;

use crate::directory::Place;

/// Looks at the effective policies of one directory.
pub(crate) struct Survey {
    now: OffsetDateTime,
    seen: HashMap<*const Merged, Findings>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Findings {
    pub without_plan: bool,
    /// Invalid, so that AWS keeps an older one.
    pub outdated: bool,
}

impl Survey {
    pub fn new(now: OffsetDateTime) -> Self {
        Self { now, seen: HashMap::new() }
    }

    /// What is found at a place, by Holdfast or by AWS; whether nobody with the same result was there before.
    pub fn look(&mut self, place: &Place) -> (Findings, bool) {
        let mut first = false;
        let findings = self.seen.entry(Arc::as_ptr(&place.merged)).or_insert_with(|| {
            first = true;
            Findings {
                without_plan: place.merged.is_empty(),
                outdated: !policy::validate::validate(&place.merged, self.now).is_empty(),
            }
        });
        let outdated = findings.outdated || place.invalid_in_aws;
        (Findings { outdated, ..*findings }, first)
    }

    /// Whether a place is an account of this sort.
    pub fn holds(&mut self, coverage: Coverage, place: &Place) -> bool {
        if place.node.state != Some(AccountState::Active) {
            return false;
        }
        let (findings, _) = self.look(place);
        match coverage {
            Coverage::WithoutPlan => findings.without_plan,
            Coverage::Outdated => findings.outdated,
        }
    }
}
