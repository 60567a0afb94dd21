//! Effective policies over time: what applied to an account when, including the delay with which AWS computes it and
//! the last valid document that stays in force while the newest evaluation is invalid.

use super::effective::{Effective, Finding};
use super::timeline::Timeline;
use std::collections::BTreeMap;
use std::sync::Arc;
use time::OffsetDateTime;

/// The outcome of one evaluation for one account.
#[derive(Debug, Clone)]
pub struct Version {
    /// What is in force: of this evaluation if it is valid, else of the last valid one.
    pub effective: Arc<Effective>,
    /// What was wrong; empty if valid.
    pub findings: Arc<Vec<Finding>>,
    /// Where the account stood.
    pub path: String,
}

/// The history of effective backup policies by account.
#[derive(Debug, Default)]
pub struct Evaluations(BTreeMap<String, Timeline<Version>>);

impl Evaluations {
    /// What is answered for an account at an instant, and since when.
    pub fn at(&self, account: &str, now: OffsetDateTime) -> Option<(OffsetDateTime, &Version)> {
        self.0.get(account)?.at(now)
    }

    /// All versions of an account in order.
    pub fn history(&self, account: &str) -> &[(OffsetDateTime, Version)] {
        self.0.get(account).map(Timeline::changes).unwrap_or_default()
    }

    pub fn set(&mut self, account: &str, from: OffsetDateTime, version: Version) {
        self.0.entry(account.to_owned()).or_default().set(from, version);
    }

    pub fn last_valid(&self, account: &str) -> Arc<Effective> {
        let last = self.0.get(account).and_then(Timeline::last);
        last.map(|version| Arc::clone(&version.effective)).unwrap_or_default()
    }
}
