//! The organization that benchmarks measure, as plain text. `crates/portal/benches` includes this file too.

use serde_json::{Value, json};

pub const POLICIES: usize = 200;
pub const OUS: usize = 300;
/// Accounts that have a policy of their own; each is a way of its own from the root.
const OWN: usize = 300;

/// A root, 10 OUs below it, 50 below those, 240 below these; accounts in the lowest OUs. Every OU has a policy,
/// the root two.
pub struct Sample {
    /// Each with its parent.
    pub nodes: Vec<(String, Option<String>)>,
    /// Targets with the ids of their policies.
    pub attachments: Vec<(String, Vec<String>)>,
}

impl Sample {
    pub fn new(accounts: usize) -> Self {
        let root = "r-root".to_owned();
        let parent = |ou: usize| match ou {
            0..10 => root.clone(),
            10..60 => ou_id((ou - 10) / 5),
            _ => ou_id(10 + (ou - 60) % 50),
        };
        let ous = (0..OUS).map(|ou| (ou_id(ou), Some(parent(ou))));
        let account = |number: usize| (account_id(number), Some(ou_id(60 + number % (OUS - 60))));
        let nodes = std::iter::once((root.clone(), None)).chain(ous).chain((0..accounts).map(account));
        let of_ou = |ou: usize| (ou_id(ou), vec![policy_id(2 + ou % (POLICIES - 2))]);
        let every = accounts / OWN;
        let of_account =
            |number: usize| (account_id(number * every), vec![policy_id(2 + number % (POLICIES - 2))]);
        let of_root = (root.clone(), vec![policy_id(0), policy_id(1)]);
        let attachments = std::iter::once(of_root).chain((0..OUS).map(of_ou)).chain((0..OWN).map(of_account));
        Self { attachments: attachments.collect(), nodes: nodes.collect() }
    }
}

pub fn policy_id(number: usize) -> String {
    format!("p-{number:010}")
}

pub fn ou_id(number: usize) -> String {
    format!("ou-root-{number:08}")
}

pub fn account_id(number: usize) -> String {
    format!("{number:012}")
}

/// A policy of realistic size: one plan of its own, and additions to one of a few plans that others write to too.
pub fn document(number: usize) -> Value {
    let days = 30 + number % 60;
    let rule = |name: &str, schedule: &str, days: usize| {
        let copy = format!("arn:aws:backup:eu-north-1:$account:backup-vault:far-{}", number % 7);
        json!({
            "schedule_expression": {"@@assign": schedule},
            "target_backup_vault_name": {"@@assign": format!("vault-{name}")},
            "start_backup_window_minutes": {"@@assign": "60"},
            "complete_backup_window_minutes": {"@@assign": "720"},
            "lifecycle": {
                "delete_after_days": {"@@assign": days.to_string(), "@@operators_allowed_for_child_policies": ["@@none"]},
            },
            "copy_actions": {&copy: {
                "target_backup_vault_arn": {"@@assign": copy},
                "lifecycle": {"delete_after_days": {"@@assign": days.to_string()}},
            }},
            "recovery_point_tags": {"owner": {
                "tag_key": {"@@assign": "owner"}, "tag_value": {"@@assign": "backup-team"},
            }},
        })
    };
    let plan = |share: usize| {
        json!({
            "regions": {"@@append": ["eu-west-1", "eu-central-1", if share.is_multiple_of(2) { "us-east-1" } else { "us-west-2" }]},
            "rules": {
                "daily": rule("daily", "cron(0 5 ? * * *)", days),
                "weekly": rule("weekly", "cron(0 6 ? * SUN *)", days * 2),
                "monthly": rule("monthly", "cron(0 7 1 * ? *)", days * 12),
            },
            "selections": {"tags": {format!("tier-{share}"): {
                "iam_role_arn": {"@@assign": "arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole"},
                "tag_key": {"@@assign": "backup"},
                "tag_value": {"@@assign": ["gold", "silver"]},
            }}},
            "backup_plan_tags": {"cost": {"tag_key": {"@@assign": "cost"}, "tag_value": {"@@assign": "shared"}}},
        })
    };
    json!({"plans": {
        format!("team-{number}"): plan(number),
        format!("shared-{}", number % 5): plan(number % 5),
    }})
}
