//! Global settings of the organization and opt-in settings per Region.

use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::settings::{DELEGATION, GLOBAL_KEYS, MANAGED_TYPES, RESOURCE_TYPES};
use crate::world::timeline::Timeline;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub fn describe_global(world: &World, call: &Call) -> Answer {
    if !world.accounts.contains_key(&call.account) {
        return Err(AwsError::bad_request("The account is not a member of an organization."));
    }
    let settings: Map<String, Value> = world
        .backups
        .global
        .iter()
        .map(|(key, switch)| (key.clone(), Value::from(switch.last().copied().unwrap_or(false).to_string())))
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
    let mut changes = Vec::new();
    for (key, value) in given {
        let on = match value.as_str() {
            Some("true") => true,
            Some("false") => false,
            _ => return Err(AwsError::bad_value(format!("Invalid value for {key}."))),
        };
        if !GLOBAL_KEYS.contains(&key.as_str()) {
            return Err(AwsError::bad_value(format!("Unknown setting {key}.")));
        }
        changes.push((key, on));
    }
    for (key, on) in changes {
        if on && key == DELEGATION {
            // Turning it on makes the role that keeps the permissions of delegated administrators in step.
            world.linked_roles.entry(call.account.clone()).or_insert(call.now);
        }
        world.backups.global.entry(key.clone()).or_default().set(call.now, on);
    }
    world.backups.global_changed_at = call.now;
    Ok(Value::Null)
}

pub fn describe_region(world: &World, call: &Call) -> Answer {
    let chosen = world.backups.regions.get(&(call.account.clone(), call.region.clone()));
    let opt_in: Map<String, Value> = RESOURCE_TYPES
        .iter()
        .map(|(kind, _)| {
            let on = world.backups.opted_in(&call.account, &call.region, kind, call.now);
            ((*kind).to_owned(), on.into())
        })
        .collect();
    let managed = |kind: &str| {
        let choice = chosen.and_then(|chosen| chosen.management.get(kind)).and_then(Timeline::last);
        choice.copied().unwrap_or(true)
    };
    let management: Map<String, Value> =
        MANAGED_TYPES.iter().map(|kind| ((*kind).to_owned(), managed(kind).into())).collect();
    Ok(json!({"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management}))
}

pub fn update_region(world: &mut World, call: &Call) -> Answer {
    let is_type = |kind: &str| RESOURCE_TYPES.iter().any(|(known, _)| *known == kind);
    let opt_in = preferences(call, "ResourceTypeOptInPreference", is_type)?;
    let management =
        preferences(call, "ResourceTypeManagementPreference", |kind| MANAGED_TYPES.contains(&kind))?;
    let chosen = world.backups.regions.entry((call.account.clone(), call.region.clone())).or_default();
    for (kind, on) in opt_in {
        chosen.opt_in.entry(kind).or_default().set(call.now, on);
    }
    for (kind, on) in management {
        chosen.management.entry(kind).or_default().set(call.now, on);
    }
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
