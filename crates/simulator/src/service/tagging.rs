//! As much of the Resource Groups Tagging API as inventories need: which resources of a Region carry which tags.

use super::handler::Handler;
use super::organizations::values::policy_arn;
use crate::wire::answer::Answer;
use crate::wire::call::Call;
use crate::wire::operation::may;
use crate::wire::rule::{ANY, Rule, TEXTS};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

type Tags = BTreeMap<String, String>;

/// Resources on one page, by the service's model.
const PAGE: i64 = 100;
const FILTER: Rule = Rule::Shape(&[("Key", false, ANY), ("Values", false, TEXTS)]);

/// Every operation of the service that the simulator knows.
pub const OPERATIONS: &[Handler] = &[Handler::inventory("GetResources", get_resources).input(&[
    may("PaginationToken", Rule::Text(0, 2048)),
    may("ResourcesPerPage", Rule::Whole(1, PAGE)),
    may("TagFilters", Rule::List(&FILTER, 0, 50)),
    may("ResourceTypeFilters", TEXTS),
    may("ResourceARNList", Rule::List(&Rule::Text(1, 1011), 1, 100)),
])];

/// Tagged resources of the caller's account in the Region, those without a Region in us-east-1.
fn get_resources(world: &World, call: &Call) -> Answer {
    let after = call.text("PaginationToken").unwrap_or_default();
    let size = usize::try_from(call.whole("ResourcesPerPage").unwrap_or(PAGE)).unwrap_or_default();
    let mut found = tagged(world, call);
    found.retain(|arn, tags| arn.as_str() > after && !tags.is_empty() && is_wanted(call, arn, tags));
    let next = if found.len() > size { found.keys().nth(size.saturating_sub(1)).cloned() } else { None };
    let rows = found.iter().take(size).map(|(arn, tags)| {
        let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
        json!({"ResourceARN": arn, "Tags": tags})
    });
    let rows: Vec<Value> = rows.collect();
    Ok(json!({"PaginationToken": next.unwrap_or_default(), "ResourceTagMappingList": rows}))
}

fn tagged<'a>(world: &'a World, call: &Call) -> BTreeMap<String, &'a Tags> {
    let place = format!(":{}:{}:", call.region, call.account);
    let own = world.backups.tags.iter().filter(|(arn, _)| arn.contains(&place));
    let mut found: BTreeMap<String, &Tags> = own.map(|(arn, tags)| (arn.clone(), tags)).collect();
    if call.account == world.management && call.region == "us-east-1" {
        let of_organization = world.tags.iter().filter_map(|(id, tags)| Some((arn(world, id)?, tags)));
        found.extend(of_organization);
    }
    found
}

fn arn(world: &World, id: &str) -> Option<String> {
    match world.policies.get(id) {
        Some(policy) => Some(policy_arn(world, policy)),
        None => Some(world.arn(world.target(id)?.kind(), id)),
    }
}

fn is_wanted(call: &Call, arn: &str, tags: &Tags) -> bool {
    let list =
        |member: &str| call.input.get(member).and_then(Value::as_array).filter(|list| !list.is_empty());
    let any = |member: &str, fits: &dyn Fn(&str) -> bool| {
        list(member).is_none_or(|list| list.iter().filter_map(Value::as_str).any(fits))
    };
    let fits = |filter: &Value| {
        let value = filter.get("Key").and_then(Value::as_str).and_then(|key| tags.get(key));
        let values = filter.get("Values").and_then(Value::as_array).filter(|values| !values.is_empty());
        value.is_some_and(|value| values.is_none_or(|wanted| wanted.iter().any(|one| one == value.as_str())))
    };
    any("ResourceARNList", &|wanted| wanted == arn)
        && any("ResourceTypeFilters", &|wanted| is_of_type(arn, wanted))
        && list("TagFilters").is_none_or(|filters| filters.iter().all(fits))
}

/// Whether a resource is of a type, `backup` or `backup:backup-vault`.
fn is_of_type(arn: &str, wanted: &str) -> bool {
    let mut parts = arn.splitn(6, ':');
    let service = parts.nth(2).unwrap_or_default();
    let kind = parts.nth(2).and_then(|rest| rest.split([':', '/']).next()).unwrap_or_default();
    wanted == service || wanted.split_once(':') == Some((service, kind))
}
