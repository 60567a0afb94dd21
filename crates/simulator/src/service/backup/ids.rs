//! The ids of plans, their versions and rules.

use crate::hash;
use crate::world::backup::plan::{Plan, Rule};

/// `orgs/<uuid>`, which marks plans of the organization's policies.
pub fn plan_id(plan: &Plan, account: &str, region: &str) -> String {
    let parts = [account, region].map(hash::text);
    format!("orgs/{}", hash::uuid(hash::text(&plan.name), &parts))
}

pub fn plan_arn(plan_id: &str, account: &str, region: &str) -> String {
    format!("arn:aws:backup:{region}:{account}:backup-plan:{plan_id}")
}

pub fn version_id(plan: &Plan) -> String {
    hash::uuid(plan.version, &[])
}

pub fn rule_id(plan: &Plan, rule: &Rule) -> String {
    hash::uuid(hash::text(&plan.name), &[hash::text(&rule.name)])
}
