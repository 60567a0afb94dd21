//! Tags that something new is given.

use crate::wire::answer::AwsError;
use crate::wire::call::Call;
use crate::world::World;
use serde_json::Value;
use std::collections::BTreeMap;

/// Most tags of one resource.
const TAG_LIMIT: usize = 50;

pub type Tags = BTreeMap<String, String>;

/// Gives something new the tags of this member of the call, and no others that its name had before.
pub fn give(world: &mut World, call: &Call, member: &str, arn: &str) -> Result<(), AwsError> {
    let given = call.input.get(member).and_then(Value::as_object).into_iter().flatten();
    let text = |(key, value): (&String, &Value)| (key.clone(), value.as_str().unwrap_or_default().to_owned());
    let tags: Tags = given.map(text).collect();
    limit(&tags)?;
    world.backups.tags.insert(arn.to_owned(), tags);
    Ok(())
}

/// Refuses more tags than a resource can have.
pub fn limit(tags: &Tags) -> Result<(), AwsError> {
    if tags.len() <= TAG_LIMIT {
        return Ok(());
    }
    Err(AwsError::new("LimitExceededException", "Too many tags.").with("Code", "ERROR_2701"))
}
