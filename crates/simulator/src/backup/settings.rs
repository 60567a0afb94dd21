//! Global settings of the organization and opt-in settings per Region.

use crate::call::Call;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::rule::epoch;
use crate::world::World;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Keys of the global settings.
pub const GLOBAL_KEYS: &[&str] =
    &["isCrossAccountBackupEnabled", "isDelegatedAdministratorEnabled", "isMpaEnabled"];

/// Resource types of AWS Backup with whether new accounts have opted in to them.
pub const RESOURCE_TYPES: &[(&str, bool)] = &[
    ("Aurora", true),
    ("CloudFormation", true),
    ("DocumentDB", true),
    ("DynamoDB", true),
    ("EBS", true),
    ("EC2", true),
    ("EFS", true),
    ("EKS", true),
    ("FSx", true),
    ("Neptune", false),
    ("RDS", true),
    ("Redshift", false),
    ("S3", true),
    ("SAP HANA on Amazon EC2", true),
    ("Storage Gateway", true),
    ("Timestream", false),
    ("VirtualMachine", false),
];

/// Types with full management by AWS Backup as a choice.
const MANAGED_TYPES: &[&str] = &["DynamoDB", "EFS"];

/// Choices of one account in one Region that differ from the default.
#[derive(Debug, Clone, Default)]
pub struct RegionSettings {
    pub opt_in: BTreeMap<String, bool>,
    pub management: BTreeMap<String, bool>,
}

pub fn describe_global(world: &World, _: &Call) -> Answer {
    let settings: Map<String, Value> = world
        .backups
        .global
        .iter()
        .map(|(key, on)| (key.clone(), Value::from(if *on { "true" } else { "false" })))
        .collect();
    Ok(json!({"GlobalSettings": settings, "LastUpdateTime": epoch(world.backups.global_changed_at)}))
}

pub fn update_global(world: &mut World, call: &Call) -> Answer {
    if call.account != world.management {
        let message = "Only the management account of the organization can update global settings.";
        return Err(AwsError::bad_request(message));
    }
    let given = call.input.get("GlobalSettings").and_then(Value::as_object);
    let given = given.ok_or_else(|| AwsError::missing_value("GlobalSettings is missing."))?;
    let mut settings = world.backups.global.clone();
    for (key, value) in given {
        let on = match value.as_str() {
            Some("true") => true,
            Some("false") => false,
            _ => return Err(AwsError::bad_value(format!("Invalid value for {key}."))),
        };
        if !GLOBAL_KEYS.contains(&key.as_str()) {
            return Err(AwsError::bad_value(format!("Unknown setting {key}.")));
        }
        settings.insert(key.clone(), on);
    }
    world.backups.global = settings;
    world.backups.global_changed_at = call.now;
    Ok(Value::Null)
}

pub fn describe_region(world: &World, call: &Call) -> Answer {
    let chosen = world.backups.regions.get(&(call.account.clone(), call.region.clone()));
    let choice = |kind: &str, default: bool, of: fn(&RegionSettings) -> &BTreeMap<String, bool>| {
        chosen.and_then(|chosen| of(chosen).get(kind).copied()).unwrap_or(default)
    };
    let opt_in: Map<String, Value> = RESOURCE_TYPES
        .iter()
        .map(|(kind, default)| ((*kind).to_owned(), choice(kind, *default, |chosen| &chosen.opt_in).into()))
        .collect();
    let management: Map<String, Value> = MANAGED_TYPES
        .iter()
        .map(|kind| ((*kind).to_owned(), choice(kind, true, |chosen| &chosen.management).into()))
        .collect();
    Ok(json!({"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management}))
}

pub fn update_region(world: &mut World, call: &Call) -> Answer {
    let is_type = |kind: &str| RESOURCE_TYPES.iter().any(|(known, _)| *known == kind);
    let opt_in = preferences(call, "ResourceTypeOptInPreference", is_type)?;
    let management =
        preferences(call, "ResourceTypeManagementPreference", |kind| MANAGED_TYPES.contains(&kind))?;
    let chosen = world.backups.regions.entry((call.account.clone(), call.region.clone())).or_default();
    chosen.opt_in.extend(opt_in);
    chosen.management.extend(management);
    Ok(Value::Null)
}

fn preferences(
    call: &Call,
    member: &str,
    is_known: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, bool>, AwsError> {
    let given = call.input.get(member).and_then(Value::as_object).into_iter().flatten();
    given
        .map(|(kind, on)| match on.as_bool() {
            Some(on) if is_known(kind) => Ok((kind.clone(), on)),
            _ => Err(AwsError::bad_value(format!("Invalid value for {kind} in {member}."))),
        })
        .collect()
}

pub fn supported_types(_: &World, _: &Call) -> Answer {
    let types: Vec<&str> = RESOURCE_TYPES.iter().map(|(kind, _)| *kind).collect();
    Ok(json!({"ResourceTypes": types}))
}
