//! Advice on what is selected.

use super::findings::{Findings, child, entries, text, values};
use crate::merge::Place;
use crate::path::Path;

const DYNAMODB: &str = ":dynamodb:";
const DB_INSTANCES: &str = ":rds:*:*:db:";
const DB_CLUSTERS: &str = ":rds:*:*:cluster:";

pub(super) fn check(plan_path: &Path, plan: &Place, findings: &mut Findings) {
    let Some(selections) = child(plan, "selections") else { return };
    let path = plan_path.join("selections");
    if child(selections, "tags").is_some() && child(selections, "resources").is_some() {
        findings.add("HF004", &path, "the plan selects by tags and by resource types");
    }
    for kind in ["tags", "resources"] {
        let path = path.join(kind);
        if let Some(named) = child(selections, kind) {
            findings.names(&path, named);
        }
        for (name, selection) in entries(selections, kind) {
            let path = path.join(name.clone());
            role(&path, selection, findings);
            conditions(&path, selection, findings);
            let starred = values(selection, "tag_value").iter().find(|value| value.contains('*'));
            if let Some(value) = starred {
                findings.add("HF019", &path.join("tag_value"), format!("“{value}” is compared as it is"));
            }
            types(&path.join("resource_types"), selection, plan, findings);
        }
    }
}

/// HF027.
fn role(path: &Path, selection: &Place, findings: &mut Findings) {
    let role = text(selection, "iam_role_arn").and_then(|arn| arn.rsplit('/').next());
    if role == Some("AWSBackupDefaultServiceRole") {
        let message = "the role is not there in accounts that never used the console";
        findings.add("HF027", &path.join("iam_role_arn"), message);
    }
}

/// HF012 and HF019.
fn conditions(path: &Path, selection: &Place, findings: &mut Findings) {
    let path = path.join("conditions");
    for (operator, named) in entries(selection, "conditions") {
        for (name, condition) in named.remaining() {
            let path = path.join(operator.clone()).join(name.clone());
            let key = text(condition, "condition_key");
            if let Some(key) = key.filter(|key| !key.starts_with("aws:ResourceTag/")) {
                findings.add(
                    "HF012",
                    &path.join("condition_key"),
                    format!("“{key}” is no tag of a resource"),
                );
            }
            let value = text(condition, "condition_value").filter(|value| value.contains('*'));
            if let (Some(value), "string_equals" | "string_not_equals") = (value, &**operator) {
                findings.add(
                    "HF019",
                    &path.join("condition_value"),
                    format!("“{value}” is compared as it is"),
                );
            }
        }
    }
}

/// HF029 and HF031.
fn types(path: &Path, selection: &Place, plan: &Place, findings: &mut Findings) {
    let types = values(selection, "resource_types");
    let has = |part: &str| types.iter().any(|pattern| pattern.contains(part));
    let cold_or_copied = entries(plan, "rules").iter().any(|(_, rule)| {
        let cold =
            child(rule, "lifecycle").and_then(|lifecycle| text(lifecycle, "move_to_cold_storage_after_days"));
        cold.is_some() || child(rule, "copy_actions").is_some()
    });
    if has(DYNAMODB) && cold_or_copied {
        findings.add("HF029", path, "the plan copies DynamoDB backups or moves them to cold storage");
    }
    if has(DB_INSTANCES) && !has(DB_CLUSTERS) {
        findings.add("HF031", path, "RDS instances are selected and clusters are not");
    }
}
