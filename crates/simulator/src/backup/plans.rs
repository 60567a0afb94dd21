//! Backup plans as member accounts see them: those that the organization's policies made there.

use super::plan::{self, Plan, Selection};
use super::views::{plan_arn, plan_id, version_id};
use crate::call::Call;
use crate::error::AwsError;
use crate::hash;
use crate::operation::Answer;
use crate::rule::epoch;
use crate::world::World;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use time::OffsetDateTime;

/// The plans of the caller's account in its Region with their ids, and since when.
fn plans<'w>(world: &'w World, call: &Call) -> Vec<(String, &'w Plan, OffsetDateTime)> {
    let Some((since, version)) = world.evaluations.at(&call.account, call.now) else { return Vec::new() };
    let here = version.effective.plans.iter().filter(|plan| plan.regions.contains(&call.region));
    let mut plans: Vec<_> =
        here.map(|plan| (plan_id(plan, &call.account, &call.region), plan, since)).collect();
    plans.sort_by(|one, other| one.0.cmp(&other.0));
    plans
}

/// The tags that the policy gives a plan of the caller's account.
pub fn tags_of(world: &World, call: &Call, arn: &str) -> Option<BTreeMap<String, String>> {
    let is_wanted = |id: &str| plan_arn(id, &call.account, &call.region) == arn;
    let found = plans(world, call).into_iter().find(|(id, ..)| is_wanted(id))?;
    Some(found.1.tags.iter().cloned().collect())
}

fn find<'w>(world: &'w World, call: &Call) -> Result<(String, &'w Plan, OffsetDateTime), AwsError> {
    let wanted = call.need("BackupPlanId")?;
    plans(world, call)
        .into_iter()
        .find(|(id, ..)| id == wanted)
        .ok_or_else(|| AwsError::not_found(format!("Cannot find backup plan with ID {wanted}")))
}

pub fn list(world: &World, call: &Call) -> Answer {
    let plans = plans(world, call).into_iter();
    let value = |(id, plan, since): (String, &Plan, _)| summary(&id, plan, since, call);
    world.page(call, "BackupPlansList", plans, |(id, ..)| id.clone(), value)
}

pub fn versions(world: &World, call: &Call) -> Answer {
    let found = find(world, call)?;
    let value = |(id, plan, since): (String, &Plan, _)| summary(&id, plan, since, call);
    world.page(call, "BackupPlanVersionsList", std::iter::once(found), |(id, ..)| id.clone(), value)
}

fn summary(id: &str, plan: &Plan, since: OffsetDateTime, call: &Call) -> Value {
    json!({
        "BackupPlanArn": plan_arn(id, &call.account, &call.region),
        "BackupPlanId": id,
        "CreationDate": epoch(since),
        "VersionId": version_id(plan),
        "BackupPlanName": plan.name,
        "AdvancedBackupSettings": plan::advanced_value(plan),
    })
}

pub fn get(world: &World, call: &Call) -> Answer {
    let (id, plan, since) = find(world, call)?;
    let mut members = Map::new();
    let mut put = |member: &str, value: Value| members.insert(member.to_owned(), value);
    put("BackupPlan", plan::value(plan, &call.account));
    put("BackupPlanArn", plan_arn(&id, &call.account, &call.region).into());
    put("BackupPlanId", id.into());
    put("VersionId", version_id(plan).into());
    put("CreationDate", epoch(since));
    if let Some(count) = call.whole("MaxScheduledRunsPreview").filter(|count| *count > 0) {
        put("ScheduledRunsPreview", preview(plan, call.now, usize::try_from(count).unwrap_or_default()));
    }
    Ok(Value::Object(members))
}

/// The next runs of all rules together.
fn preview(plan: &Plan, now: OffsetDateTime, count: usize) -> Value {
    let of_rule = |rule: &plan::Rule| {
        let kind = if rule.continuous { "CONTINUOUS_AND_SNAPSHOTS" } else { "SNAPSHOTS" };
        let id = plan::rule_id(plan, rule);
        let runs = rule.schedule.runs_after(now, count).into_iter();
        runs.map(|run| (run, json!({"ExecutionTime": epoch(run), "RuleId": id, "RuleExecutionType": kind})))
            .collect::<Vec<_>>()
    };
    let mut runs: Vec<_> = plan.rules.iter().flat_map(of_rule).collect();
    runs.sort_by_key(|(run, _)| *run);
    runs.into_iter().take(count).map(|(_, value)| value).collect()
}

pub fn selections(world: &World, call: &Call) -> Answer {
    let (id, plan, since) = find(world, call)?;
    let value = |selection: &Selection| {
        json!({
            "SelectionId": selection_id(&id, selection),
            "SelectionName": selection.name,
            "BackupPlanId": id,
            "CreationDate": epoch(since),
            "IamRoleArn": selection.role.replace("$account", &call.account),
        })
    };
    let mut selections: Vec<&Selection> = plan.selections.iter().collect();
    selections.sort_by(|one, other| one.name.cmp(&other.name));
    world.page(
        call,
        "BackupSelectionsList",
        selections.into_iter(),
        |selection| selection.name.clone(),
        value,
    )
}

pub fn selection(world: &World, call: &Call) -> Answer {
    let (id, plan, since) = find(world, call)?;
    let wanted = call.need("SelectionId")?;
    let found = plan.selections.iter().find(|selection| selection_id(&id, selection) == wanted);
    let selection = found.ok_or_else(|| AwsError::not_found("Cannot find backup selection."))?;
    Ok(json!({
        "BackupSelection": selection_value(selection, &call.account),
        "SelectionId": wanted,
        "BackupPlanId": id,
        "CreationDate": epoch(since),
    }))
}

fn selection_id(plan: &str, selection: &Selection) -> String {
    hash::uuid(hash::text(plan), &[hash::text(&selection.name)])
}

fn selection_value(selection: &Selection, account: &str) -> Value {
    let (key, values) = selection.tag.as_ref().map(|(key, values)| (key.as_str(), values.as_slice())).unzip();
    let tags: Vec<Value> = values
        .unwrap_or_default()
        .iter()
        .map(|value| json!({"ConditionType": "STRINGEQUALS", "ConditionKey": key, "ConditionValue": value}))
        .collect();
    let conditions: Map<String, Value> = OPERATORS
        .iter()
        .map(|(operator, member)| ((*member).to_owned(), conditions(selection, operator)))
        .collect();
    json!({
        "SelectionName": selection.name,
        "IamRoleArn": selection.role.replace("$account", account),
        "Resources": selection.types,
        "NotResources": selection.not_types,
        "ListOfTags": tags,
        "Conditions": conditions,
    })
}

/// Operators of the policy language and members of the API.
const OPERATORS: &[(&str, &str)] = &[
    ("string_equals", "StringEquals"),
    ("string_not_equals", "StringNotEquals"),
    ("string_like", "StringLike"),
    ("string_not_like", "StringNotLike"),
];

fn conditions(selection: &Selection, operator: &str) -> Value {
    let of_operator = selection.conditions.iter().filter(|(of, ..)| of == operator);
    of_operator.map(|(_, key, value)| json!({"ConditionKey": key, "ConditionValue": value})).collect()
}
