//! Tags of roots, OUs, accounts and policies.

use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most tags of one resource.
const TAG_LIMIT: usize = 50;

/// The member `Tags` of a call, checked beyond its shape.
pub fn given(call: &Call) -> Result<BTreeMap<String, String>, AwsError> {
    let mut tags = BTreeMap::new();
    for tag in call.input.get("Tags").and_then(Value::as_array).into_iter().flatten() {
        let part = |member: &str| tag.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        let key = part("Key");
        if key.to_ascii_lowercase().starts_with("aws:") {
            let message = "You specified a tag key that is a system tag.";
            return Err(AwsError::invalid("INVALID_SYSTEM_TAGS_PARAMETER", message));
        }
        if tags.insert(key, part("Value")).is_some() {
            let message = "Tag keys must be unique among the tags attached to the same entity.";
            return Err(AwsError::invalid("DUPLICATE_TAG_KEY", message));
        }
    }
    limit(tags.len())?;
    Ok(tags)
}

pub fn tag(world: &mut World, call: &Call) -> Answer {
    let resource = resource(world, call)?;
    let mut tags = world.tags.get(&resource).cloned().unwrap_or_default();
    tags.extend(given(call)?);
    limit(tags.len())?;
    world.tags.insert(resource, tags);
    Ok(Value::Null)
}

pub fn untag(world: &mut World, call: &Call) -> Answer {
    let resource = resource(world, call)?;
    let keys = call.input.get("TagKeys").and_then(Value::as_array);
    if let Some(tags) = world.tags.get_mut(&resource) {
        for key in keys.into_iter().flatten().filter_map(Value::as_str) {
            tags.remove(key);
        }
    }
    Ok(Value::Null)
}

pub fn list(world: &World, call: &Call) -> Answer {
    let resource = resource(world, call)?;
    let tags = world.tags.get(&resource).into_iter().flatten();
    let value = |(key, value): (&String, &String)| json!({"Key": key, "Value": value});
    listing::page(world, call, "Tags", tags, |(key, _)| (*key).clone(), value)
}

fn limit(count: usize) -> Result<(), AwsError> {
    if count > TAG_LIMIT {
        let message = "You have exceeded the number of tags allowed on this resource.";
        return Err(AwsError::constraint("MAX_TAG_LIMIT_EXCEEDED", message));
    }
    Ok(())
}

fn resource(world: &World, call: &Call) -> Result<String, AwsError> {
    let id = call.need("ResourceId")?;
    let is_resource_policy = world.resource_policy.as_ref().is_some_and(|policy| policy.id == id);
    if world.target(id).is_some() || world.policies.contains_key(id) || is_resource_policy {
        return Ok(id.to_owned());
    }
    Err(AwsError::new("TargetNotFoundException", "You specified a target that doesn't exist."))
}
