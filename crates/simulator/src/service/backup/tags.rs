//! Tags of plans, vaults, report plans and frameworks. Plans of the organization's policies carry the tags of the policy, and take more.

use super::audit::{frameworks, reports};
use super::tagging::{Tags, limit};
use super::{plans, vaults};
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::world::World;
use serde_json::{Map, Value, json};

/// The tags of the call's resource, which has to be there, in the caller's account and Region.
fn current(world: &World, call: &Call) -> Result<(String, Tags), AwsError> {
    let arn = call.need("ResourceArn")?;
    let is_plain = || {
        let owners = [vaults::is_own, reports::is_own, frameworks::is_own];
        owners.iter().any(|is_own| is_own(world, call, arn))
    };
    let seeded = plans::tags_of(world, call, arn).or_else(|| is_plain().then(Tags::new));
    let seeded = seeded.ok_or_else(|| AwsError::not_found(format!("Cannot find resource {arn}.")))?;
    Ok((arn.to_owned(), world.backups.tags.get(arn).cloned().unwrap_or(seeded)))
}

pub fn list(world: &World, call: &Call) -> Answer {
    let (_, tags) = current(world, call)?;
    let listed = listing::page(
        world,
        call,
        "Tags",
        tags.into_iter(),
        |(key, _)| key.clone(),
        |(key, value)| json!([key, value]),
    )?;
    Ok(as_map(listed))
}

/// The page lists pairs; the answer is a map.
fn as_map(listed: Value) -> Value {
    let Value::Object(mut members) = listed else { return listed };
    let pairs = members.remove("Tags").unwrap_or_default();
    let pair = |pair: &Value| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.clone()));
    let tags: Map<String, Value> = pairs.as_array().into_iter().flatten().filter_map(pair).collect();
    members.insert("Tags".to_owned(), Value::Object(tags));
    Value::Object(members)
}

pub fn tag(world: &mut World, call: &Call) -> Answer {
    let (arn, mut tags) = current(world, call)?;
    for (key, value) in call.input.get("Tags").and_then(Value::as_object).into_iter().flatten() {
        tags.insert(key.clone(), value.as_str().unwrap_or_default().to_owned());
    }
    limit(&tags)?;
    world.backups.tags.insert(arn, tags);
    Ok(Value::Null)
}

pub fn untag(world: &mut World, call: &Call) -> Answer {
    let (arn, mut tags) = current(world, call)?;
    let keys = call.input.get("TagKeyList").and_then(Value::as_array);
    for key in keys.into_iter().flatten().filter_map(Value::as_str) {
        tags.remove(key);
    }
    world.backups.tags.insert(arn, tags);
    Ok(Value::Null)
}
