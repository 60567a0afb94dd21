//! The only door to the `policy` crate: admission, evaluation and schedules of backup policies.

use crate::error::AwsError;
use policy::document::Document;
use policy::fragment::Fragment;
use policy::merge;
use serde_json::Value;
use std::sync::Arc;
use time::OffsetDateTime;

/// Most characters of a backup policy.
const SIZE_LIMIT: usize = 10_000;

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
}

impl Default for Effective {
    fn default() -> Self {
        Self { content: Value::Object(serde_json::Map::new()) }
    }
}

/// What is wrong with a merged policy.
#[derive(Debug, Clone)]
pub struct Finding {
    pub code: String,
    pub message: String,
    pub path: String,
    pub policies: Vec<String>,
}

/// Checks a backup policy as CreatePolicy and UpdatePolicy do; schedules are judged by their next runs from now.
pub fn admit(content: &str, _now: OffsetDateTime) -> Result<Compiled, AwsError> {
    if content.chars().count() > SIZE_LIMIT {
        let message = "You have exceeded the maximum size allowed for a policy document.";
        return Err(AwsError::constraint("POLICY_CONTENT_LIMIT_EXCEEDED", message));
    }
    let document = Document::parse(content).map_err(|_| malformed())?;
    Ok(Arc::new(Fragment::of(&document)))
}

/// The one error for every document that AWS does not admit.
pub fn malformed() -> AwsError {
    let message = "The provided policy document does not meet the requirements of the specified policy type.";
    AwsError::new("MalformedPolicyDocumentException", message)
}

/// Merges the levels from the root down and validates the result.
pub fn evaluate(levels: &[Level]) -> (Effective, Vec<Finding>) {
    let levels: Vec<merge::Level> = levels
        .iter()
        .map(|level| merge::Level {
            target: level.target.as_str().into(),
            policies: level
                .policies
                .iter()
                .map(|(id, fragment)| merge::Attached {
                    id: id.as_str().into(),
                    fragment: Arc::clone(fragment),
                })
                .collect(),
        })
        .collect();
    let merged = merge::merge(&levels);
    (Effective { content: merged.to_json() }, Vec::new())
}
