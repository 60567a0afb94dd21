//! Tags of plans and vaults. Plans of the organization's policies carry the tags of the policy, and take more.

use super::{plans, vaults};
use crate::call::Call;
use crate::error::AwsError;
use crate::operation::Answer;
use crate::world::World;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Most tags of one resource.
const TAG_LIMIT: usize = 50;

type Tags = BTreeMap<String, String>;

/// The tags of the call's resource.
fn current(world: &World, call: &Call) -> Result<(String, Tags), AwsError> {
    let arn = call.need("ResourceArn")?;
    let seeded =
        || plans::tags_of(world, call, arn).or_else(|| vaults::is_own(world, call, arn).then(Tags::new));
    let tags = world.backups.tags.get(arn).cloned().or_else(seeded);
    let tags = tags.ok_or_else(|| AwsError::not_found(format!("Cannot find resource {arn}.")))?;
    Ok((arn.to_owned(), tags))
}

pub fn list(world: &World, call: &Call) -> Answer {
    let (_, tags) = current(world, call)?;
    let listed = world.page(
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
        let value = value.as_str().ok_or_else(|| AwsError::bad_value("Tag values are text."))?;
        tags.insert(key.clone(), value.to_owned());
    }
    if tags.len() > TAG_LIMIT {
        return Err(AwsError::new("LimitExceededException", "Too many tags.").with("Code", "ERROR_2701"));
    }
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
