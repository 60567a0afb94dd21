//! The door to the `policy` crate: admission and evaluation of backup policies.

use super::backup::plan::{self, Plan};
use policy::document::Document;
use policy::fragment::Fragment;
use policy::{admission, merge, validate};
use serde_json::Value;
use std::sync::Arc;
use time::OffsetDateTime;

pub use policy::validate::EffectiveError as Finding;

/// A backup policy ready for merging.
pub type Compiled = Arc<Fragment>;

/// The policies attached to one target, in attachment order.
#[derive(Debug)]
pub struct Level {
    pub target: String,
    pub policies: Vec<(String, Compiled)>,
}

/// An effective backup policy.
#[derive(Debug)]
pub struct Effective {
    /// As `DescribeEffectivePolicy` gives it.
    pub content: Value,
    /// What AWS Backup makes of it.
    pub plans: Vec<Plan>,
}

impl Default for Effective {
    fn default() -> Self {
        Self { content: Value::Object(serde_json::Map::new()), plans: Vec::new() }
    }
}

/// Why a document is not admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAdmitted {
    TooLong,
    Malformed,
}

/// Checks a backup policy as CreatePolicy and UpdatePolicy do; schedules are judged by their next runs from `now`.
pub fn admit(content: &str, now: OffsetDateTime) -> Result<Compiled, NotAdmitted> {
    if content.chars().count() > admission::MAX_CHARACTERS {
        return Err(NotAdmitted::TooLong);
    }
    let document = Document::parse(content).map_err(|_| NotAdmitted::Malformed)?;
    if admission::check(&document, now).iter().any(policy::Problem::is_error) {
        return Err(NotAdmitted::Malformed);
    }
    Ok(Arc::new(Fragment::of(&document)))
}

/// Merges the levels from the root down and validates the result.
pub fn evaluate(levels: &[Level], now: OffsetDateTime) -> (Effective, Vec<Finding>) {
    let levels: Vec<merge::Level> = levels.iter().map(level).collect();
    let merged = merge::merge(&levels);
    let content = merged.to_json();
    let plans = plan::read(&content);
    (Effective { content, plans }, validate::validate(&merged, now))
}

fn level(level: &Level) -> merge::Level {
    let attached = |(id, fragment): &(String, Compiled)| merge::Attached {
        id: id.as_str().into(),
        fragment: Arc::clone(fragment),
    };
    merge::Level {
        target: level.target.as_str().into(),
        policies: level.policies.iter().map(attached).collect(),
    }
}
