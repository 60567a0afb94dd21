//! The only door to the `policy` crate: admission, evaluation and schedules of backup policies.

use crate::wire::answer::AwsError;
use crate::world::backup::plan::{self, Plan};
use policy::document::Document;
use policy::fragment::Fragment;
use policy::schedule::Cron;
use policy::{admission, merge, validate};
use serde_json::Value;
use std::sync::Arc;
use time::{Date, OffsetDateTime, UtcOffset};

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

/// Checks a backup policy as CreatePolicy and UpdatePolicy do; schedules are judged by their next runs from `now`.
pub fn admit(content: &str, now: OffsetDateTime) -> Result<Compiled, AwsError> {
    if content.chars().count() > admission::MAX_CHARACTERS {
        let message = "You have exceeded the maximum size allowed for a policy document.";
        return Err(AwsError::constraint("POLICY_CONTENT_LIMIT_EXCEEDED", message));
    }
    let document = Document::parse(content).map_err(|_| malformed())?;
    if admission::check(&document, now).iter().any(policy::Problem::is_error) {
        return Err(malformed());
    }
    Ok(Arc::new(Fragment::of(&document)))
}

/// The one error for every document that AWS does not admit.
pub fn malformed() -> AwsError {
    let message = "The provided policy document does not meet the requirements of the specified policy type.";
    AwsError::new("MalformedPolicyDocumentException", message)
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

/// When a rule runs.
#[derive(Debug)]
pub struct Schedule(Option<Cron>);

impl Schedule {
    /// Reads a cron expression; one that cannot be read never runs.
    pub fn read(expression: &str) -> Self {
        Self(Cron::parse(expression).ok())
    }

    /// The runs of one day in UTC.
    pub fn runs_on(&self, day: Date) -> impl Iterator<Item = OffsetDateTime> + '_ {
        let midnight = day.midnight().assume_offset(UtcOffset::UTC);
        let before = midnight - time::Duration::NANOSECOND;
        let runs = self.0.iter().flat_map(move |cron| cron.runs_after(before));
        runs.take_while(move |run| run.date() == day)
    }

    /// The next runs from an instant.
    pub fn runs_after(&self, after: OffsetDateTime, count: usize) -> Vec<OffsetDateTime> {
        self.0.as_ref().map(|cron| cron.next_runs(after, count)).unwrap_or_default()
    }
}

/// What AWS Backup runs when a rule names no schedule.
pub const DEFAULT_SCHEDULE: &str = policy::schedule::DEFAULT_SCHEDULE;
