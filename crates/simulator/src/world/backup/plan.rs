//! The backup plans that AWS Backup makes of an effective policy.

use super::resource::Resource;
use crate::hash;
use crate::pattern::like;
use crate::world::schedule::{DEFAULT_SCHEDULE, Schedule};
use serde_json::Value;

/// Minutes in which a job may start when a rule does not say.
pub const DEFAULT_START_WINDOW: i64 = 480;
/// Minutes in which a job may complete when a rule does not say.
pub const DEFAULT_COMPLETE_WINDOW: i64 = 10_080;

#[derive(Debug)]
pub struct Plan {
    pub name: String,
    pub regions: Vec<String>,
    pub rules: Vec<Rule>,
    pub selections: Vec<Selection>,
    /// Resource type, option, value: for example `EC2`, `WindowsVSS`, `enabled`.
    pub advanced: Vec<(&'static str, &'static str, String)>,
    pub tags: Vec<(String, String)>,
    /// Which backups are scanned for malware, where a rule asks for it.
    pub scan: Option<ScanSetting>,
    /// Changes with the content.
    pub version: u64,
}

#[derive(Debug)]
pub struct Rule {
    pub name: String,
    /// Short number of plan and rule, a coordinate of the jobs.
    pub code: u16,
    pub cron: String,
    pub schedule: Schedule,
    pub vault: String,
    pub start_window: i64,
    pub complete_window: i64,
    pub continuous: bool,
    pub lifecycle: Lifecycle,
    pub copies: Vec<Copy>,
    pub tags: Vec<(String, String)>,
    /// Vault ARN to back up to directly, still with `$account` and `$region`; shown, but nothing goes there.
    pub air_gapped: Option<String>,
    /// Resource types whose backups are indexed.
    pub indexed: Vec<String>,
    /// `FULL_SCAN` or `INCREMENTAL_SCAN`, if backups are scanned.
    pub scan_mode: Option<String>,
}

#[derive(Debug)]
pub struct ScanSetting {
    /// Resource types, or `ALL`.
    pub types: Vec<String>,
    /// Role ARN, still with `$account`.
    pub role: String,
}

/// The types whose backups can be scanned.
const SCANNED: [&str; 3] = ["EBS", "EC2", "S3"];

impl ScanSetting {
    pub fn takes(&self, kind: &str) -> bool {
        SCANNED.contains(&kind) && self.types.iter().any(|listed| listed == "ALL" || listed == kind)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lifecycle {
    pub cold_after: Option<i64>,
    pub delete_after: Option<i64>,
    pub archive: Option<bool>,
}

#[derive(Debug)]
pub struct Copy {
    /// Vault ARN, still with `$account`.
    pub destination: String,
    pub lifecycle: Lifecycle,
}

/// Which resources a plan backs up, and as whom.
#[derive(Debug)]
pub struct Selection {
    pub name: String,
    /// Role ARN, still with `$account`.
    pub role: String,
    /// Selection by tag: key and values.
    pub tag: Option<(String, Vec<String>)>,
    pub types: Vec<String>,
    pub not_types: Vec<String>,
    /// Operator, tag key, value.
    pub conditions: Vec<(String, String, String)>,
}

impl Selection {
    pub fn takes(&self, resource: &Resource, account: &str) -> bool {
        if let Some((key, values)) = &self.tag {
            let tag = resource.tag(key);
            return tag.is_some_and(|tag| values.iter().any(|value| **value == *tag))
                && self.conditions_hold(resource);
        }
        let arn = resource.arn(account);
        let listed = |patterns: &[String]| patterns.iter().any(|pattern| like(pattern, &arn));
        (self.types.is_empty() || listed(&self.types))
            && !listed(&self.not_types)
            && self.conditions_hold(resource)
    }

    fn conditions_hold(&self, resource: &Resource) -> bool {
        self.conditions.iter().all(|(operator, key, wanted)| {
            let tag = resource.tag(key.strip_prefix("aws:ResourceTag/").unwrap_or(key)).unwrap_or_default();
            match operator.as_str() {
                "string_equals" => tag == *wanted,
                "string_not_equals" => tag != *wanted,
                "string_like" => like(wanted, &tag),
                _ => !like(wanted, &tag),
            }
        })
    }
}

/// Reads the plans of an effective policy, all of whose values are text or lists of text.
pub fn read(content: &Value) -> Vec<Plan> {
    children(content, "plans").map(|(name, plan)| read_plan(name, plan)).collect()
}

fn read_plan(name: &str, plan: &Value) -> Plan {
    let tagged =
        children(at(plan, "selections"), "tags").map(|(name, selection)| read_selection(name, selection));
    let listed = children(at(plan, "selections"), "resources")
        .map(|(name, selection)| read_selection(name, selection));
    Plan {
        name: name.to_owned(),
        regions: texts(plan, "regions"),
        rules: children(plan, "rules").map(|(rule, value)| read_rule(name, rule, value)).collect(),
        selections: tagged.chain(listed).collect(),
        advanced: advanced(at(plan, "advanced_backup_settings")),
        scan: scan_setting(plan),
        tags: tags(plan, "backup_plan_tags"),
        version: hash::text(&plan.to_string()),
    }
}

fn read_rule(plan: &str, name: &str, rule: &Value) -> Rule {
    let cron = text(rule, "schedule_expression").unwrap_or(DEFAULT_SCHEDULE).to_owned();
    let copies = children(rule, "copy_actions").map(|(key, copy)| Copy {
        destination: text(copy, "target_backup_vault_arn").unwrap_or(key).to_owned(),
        lifecycle: lifecycle(at(copy, "lifecycle")),
    });
    Rule {
        name: name.to_owned(),
        code: hash::mix(hash::text(plan), &[hash::text(name)]) as u16 | 1,
        schedule: Schedule::read(&cron),
        cron,
        vault: text(rule, "target_backup_vault_name").unwrap_or_default().to_owned(),
        start_window: number(rule, "start_backup_window_minutes").unwrap_or(DEFAULT_START_WINDOW),
        complete_window: number(rule, "complete_backup_window_minutes").unwrap_or(DEFAULT_COMPLETE_WINDOW),
        continuous: text(rule, "enable_continuous_backup") == Some("true"),
        lifecycle: lifecycle(at(rule, "lifecycle")),
        copies: copies.collect(),
        tags: tags(rule, "recovery_point_tags"),
        air_gapped: text(rule, "target_logically_air_gapped_backup_vault_arn").map(str::to_owned),
        indexed: texts(at(rule, "index_actions"), "resource_types"),
        scan_mode: text(at(at(rule, "scan_actions"), SCANNER), "scan_mode").map(str::to_owned),
    }
}

fn read_selection(name: &str, selection: &Value) -> Selection {
    let tag = text(selection, "tag_key").map(|key| (key.to_owned(), texts(selection, "tag_value")));
    let conditions = at(selection, "conditions").as_object().into_iter().flatten();
    let conditions = conditions.flat_map(|(operator, named)| {
        let part = |condition: &Value, key: &str| text(condition, key).unwrap_or_default().to_owned();
        let named = named.as_object().into_iter().flatten();
        named.map(move |(_, condition)| {
            (operator.clone(), part(condition, "condition_key"), part(condition, "condition_value"))
        })
    });
    Selection {
        name: name.to_owned(),
        role: text(selection, "iam_role_arn").unwrap_or_default().to_owned(),
        tag,
        types: texts(selection, "resource_types"),
        not_types: texts(selection, "not_resource_types"),
        conditions: conditions.collect(),
    }
}

/// The one scanner there is.
pub const SCANNER: &str = "GUARDDUTY";

fn scan_setting(plan: &Value) -> Option<ScanSetting> {
    let setting = plan.get("scan_settings")?.get(SCANNER)?;
    let role = text(setting, "scanner_role_arn").unwrap_or_default().to_owned();
    Some(ScanSetting { types: texts(setting, "resource_types"), role })
}

/// Policy key, resource type and option of the advanced settings.
const ADVANCED: &[(&str, &str, &str, &str)] = &[
    ("ec2", "windows_vss", "EC2", "WindowsVSS"),
    ("s3", "backup_acls", "S3", "BackupACLs"),
    ("s3", "backup_object_tags", "S3", "BackupObjectTags"),
];

fn advanced(settings: &Value) -> Vec<(&'static str, &'static str, String)> {
    let set = |(block, key, kind, option): &(&str, &str, &'static str, &'static str)| {
        text(at(settings, block), key).map(|value| (*kind, *option, value.to_owned()))
    };
    ADVANCED.iter().filter_map(set).collect()
}

fn lifecycle(value: &Value) -> Lifecycle {
    Lifecycle {
        cold_after: number(value, "move_to_cold_storage_after_days"),
        delete_after: number(value, "delete_after_days"),
        archive: text(value, "opt_in_to_archive_for_supported_resources").map(|text| text == "true"),
    }
}

fn tags(value: &Value, key: &str) -> Vec<(String, String)> {
    let tag = |(_, tag): (&str, &Value)| {
        Some((text(tag, "tag_key")?.to_owned(), text(tag, "tag_value")?.to_owned()))
    };
    children(value, key).filter_map(tag).collect()
}

fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&Value::Null)
}

fn children<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
    at(value, key).as_object().into_iter().flatten().map(|(name, child)| (name.as_str(), child))
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    at(value, key).as_str()
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    at(value, key).as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Days or minutes; at most a hundred years of minutes, so that no instant is beyond all years.
fn number(value: &Value, key: &str) -> Option<i64> {
    let number: i64 = text(value, key)?.parse().ok()?;
    Some(number.clamp(0, 52_560_000))
}
