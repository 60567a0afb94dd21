//! What AWS Backup Audit Manager keeps: report plans and frameworks.

use super::deployment::Deployment;
use serde_json::Value;
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// Report plans by account, Region and name; those deleted stay until their name is used again.
pub type ReportPlans = BTreeMap<(String, String, String), ReportPlan>;

#[derive(Debug, Clone)]
pub struct ReportPlan {
    pub name: String,
    pub arn: String,
    pub description: Option<String>,
    pub channel: Value,
    pub setting: Value,
    pub created_at: OffsetDateTime,
    pub deployment: Deployment,
    /// Of the newest creation or update: who repeats it gets the same answer, and nothing is done.
    pub token: Option<String>,
    /// When somebody asked for a report at once, and with which token.
    pub asked: Vec<(OffsetDateTime, Option<String>)>,
}

/// Frameworks by account, Region and name; those deleted stay until their name is used again.
pub type Frameworks = BTreeMap<(String, String, String), Framework>;

#[derive(Debug, Clone)]
pub struct Framework {
    pub name: String,
    pub arn: String,
    pub description: Option<String>,
    pub controls: Value,
    pub created_at: OffsetDateTime,
    pub deployment: Deployment,
    /// Of the newest creation or update: who repeats it gets the same answer, and nothing is done.
    pub token: Option<String>,
}

impl Framework {
    /// How many controls it has.
    pub fn count(&self) -> usize {
        self.controls.as_array().map_or(0, Vec::len)
    }
}
