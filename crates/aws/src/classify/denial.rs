//! What denied a request: read off AWS's own sentence.

use model::{
    failure::{DeniedBy, PolicySort},
    permissions::Feature,
};

use crate::operation::{Op, operations};

/// What AWS says before it names the action.
const ACTION: &str = "not authorized to perform";
type ByPolicy = fn(PolicySort) -> DeniedBy;
/// What comes before the sort of policy, and what it means. An ARN has no spaces, so none of these stands in one.
const BY_POLICY: [(&str, ByPolicy); 2] =
    [(" explicit deny", DeniedBy::ExplicitDeny), (" because no ", DeniedBy::NoAllow)];
/// What is said to an account that is neither the management account nor a delegated administrator.
const TO_OUTSIDERS: [&str; 3] =
    ["have permissions to access this resource", "management account", "delegated admin"];
/// What AWS Backup says to them, and where cross-account monitoring is off.
const PRIVILEGES: &str = "insufficient privileges";

/// What denied a request, in AWS's sentence; the last reason counts, for what stands before it may be named by users.
pub(super) fn denied_by(op: Op, said: &str) -> DeniedBy {
    let said = said.to_ascii_lowercase();
    let by_policy = BY_POLICY.iter().filter_map(|(words, by)| {
        let at = said.rfind(words)?;
        Some((at, by(PolicySort::starting(without_article(&said[at + words.len()..])))))
    });
    if let Some((_, by)) = by_policy.max_by_key(|(at, _)| *at) {
        return by;
    }
    let row = op.row();
    match row.service() {
        _ if names_action(&said) => DeniedBy::Unsaid,
        "backup" if said.contains(PRIVILEGES) && row.feature == Feature::ReadJobs => {
            DeniedBy::CrossAccountMonitoring
        }
        "backup" if said.contains(PRIVILEGES) => DeniedBy::Outsider,
        "organizations" | "backup" if TO_OUTSIDERS.iter().any(|words| said.contains(words)) => {
            DeniedBy::Outsider
        }
        _ => DeniedBy::Unsaid,
    }
}

/// Whether a sentence is IAM's, about an action: other denials can hide that something does not exist.
pub(crate) fn names_action(said: &str) -> bool {
    said.to_ascii_lowercase().contains(ACTION)
}

/// “ in a service control policy” without what comes before its name.
fn without_article(text: &str) -> &str {
    let text = text.trim_start();
    let text = text.strip_prefix("in ").unwrap_or(text);
    ["a ", "an ", "the "].iter().find_map(|article| text.strip_prefix(article)).unwrap_or(text)
}

/// The action that AWS says is missing, if it is one that the table knows: not always that of the operation, for AWS does
/// some things on the way in the caller's name.
pub(super) fn denied_action(said: &str) -> Option<&'static str> {
    let at = said.to_ascii_lowercase().find(ACTION)?;
    let named = said[at + ACTION.len()..].trim_start_matches([':', ' ']).split_whitespace().next()?;
    let named = named.trim_end_matches(['.', ',']);
    operations().iter().map(|row| row.action).find(|action| action.eq_ignore_ascii_case(named))
}
