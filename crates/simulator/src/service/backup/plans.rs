//! Backup plans as member accounts see them: those that the organization's policies made there.

use super::ids::{plan_arn, plan_id, rule_id, version_id};
use super::views;
use crate::hash;
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::plan::{Plan, Rule, SCANNER, Selection};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use time::{Duration, OffsetDateTime};

/// A version of a plan, and since when it is in force.
type Version<'w> = (&'w Plan, OffsetDateTime);

/// How many days back the last run of a plan is looked for.
const REACH: i64 = 35;

/// The plans of the caller's account in its Region by id, each with its versions since it was made, oldest first.
fn plans<'w>(world: &'w World, call: &Call) -> BTreeMap<String, Vec<Version<'w>>> {
    let mut plans: BTreeMap<String, Vec<Version>> = BTreeMap::new();
    let history = world.evaluations.history(&call.account).iter();
    for (since, version) in history.filter(|(since, _)| *since <= call.now) {
        let here = version.effective.plans.iter().filter(|plan| plan.regions.contains(&call.region));
        let here: BTreeMap<String, &Plan> =
            here.map(|plan| (plan_id(plan, &call.account, &call.region), plan)).collect();
        // Who comes back is a new plan.
        plans.retain(|id, _| here.contains_key(id));
        for (id, plan) in here {
            let versions = plans.entry(id).or_default();
            if versions.last().is_none_or(|(newest, _)| newest.version != plan.version) {
                versions.push((plan, *since));
            }
        }
    }
    plans
}

/// The tags that the policy gives a plan of the caller's account.
pub fn tags_of(world: &World, call: &Call, arn: &str) -> Option<BTreeMap<String, String>> {
    let plans = plans(world, call);
    let (_, versions) = plans.iter().find(|(id, _)| plan_arn(id, &call.account, &call.region) == arn)?;
    Some(versions.last()?.0.tags.iter().cloned().collect())
}

/// The versions of the call's plan.
fn versions_of<'w>(world: &'w World, call: &Call) -> Result<Vec<Version<'w>>, AwsError> {
    let wanted = call.need("BackupPlanId")?;
    let versions = plans(world, call).remove(wanted);
    versions.ok_or_else(|| AwsError::not_found(format!("Cannot find backup plan with ID {wanted}")))
}

/// The plan of the call with its id, and since when it is there.
fn find<'w>(world: &'w World, call: &Call) -> Result<(String, &'w Plan, OffsetDateTime), AwsError> {
    let id = call.need("BackupPlanId")?.to_owned();
    let versions = versions_of(world, call)?;
    let is_wanted =
        |(plan, _): &&Version| call.text("VersionId").is_none_or(|version| version == version_id(plan));
    let found = versions.iter().rev().find(is_wanted).zip(versions.first());
    let missing = || AwsError::not_found("Cannot find this version of the backup plan.");
    found.map(|((plan, _), (_, made))| (id, *plan, *made)).ok_or_else(missing)
}

pub fn list(world: &World, call: &Call) -> Answer {
    let plans = plans(world, call).into_iter();
    let newest = plans.filter_map(|(id, versions)| {
        let ((plan, _), (_, made)) = versions.last().zip(versions.first())?;
        Some((id, *plan, *made))
    });
    let value = |(id, plan, made): (String, &Plan, _)| summary(&id, plan, made, call);
    listing::page(world, call, "BackupPlansList", newest, |(id, ..)| id.clone(), value)
}

/// Newest first.
pub fn versions(world: &World, call: &Call) -> Answer {
    let id = call.need("BackupPlanId")?;
    let versions = versions_of(world, call)?.into_iter().enumerate().rev();
    let value = |(_, (plan, since)): (usize, Version)| summary(id, plan, since, call);
    listing::page(
        world,
        call,
        "BackupPlanVersionsList",
        versions,
        |(number, _)| format!("{:06}", usize::MAX - number),
        value,
    )
}

fn summary(id: &str, plan: &Plan, made: OffsetDateTime, call: &Call) -> Value {
    let mut value = json!({
        "BackupPlanArn": plan_arn(id, &call.account, &call.region),
        "BackupPlanId": id,
        "CreationDate": epoch(made),
        "VersionId": version_id(plan),
        "BackupPlanName": plan.name,
        "AdvancedBackupSettings": advanced_value(plan),
    });
    if let (Some(run), Value::Object(members)) = (last_run(plan, made, call.now), &mut value) {
        members.insert("LastExecutionDate".to_owned(), epoch(run));
    }
    value
}

/// When a rule of the plan ran last, if that was lately.
fn last_run(plan: &Plan, made: OffsetDateTime, now: OffsetDateTime) -> Option<OffsetDateTime> {
    let mut days = (0..=REACH).filter_map(|back| now.date().checked_sub(Duration::days(back)));
    let run = days.find_map(|day| {
        let runs = plan.rules.iter().flat_map(|rule| rule.schedule.runs_on(day));
        runs.filter(|run| *run <= now).max()
    });
    run.filter(|run| *run >= made)
}

pub fn get(world: &World, call: &Call) -> Answer {
    let (id, plan, made) = find(world, call)?;
    let mut members = Map::new();
    let mut put = |member: &str, value: Value| members.insert(member.to_owned(), value);
    put("BackupPlan", plan_value(plan, &call.account, &call.region));
    put("BackupPlanArn", plan_arn(&id, &call.account, &call.region).into());
    put("BackupPlanId", id.into());
    put("VersionId", version_id(plan).into());
    put("CreationDate", epoch(made));
    if let Some(run) = last_run(plan, made, call.now) {
        put("LastExecutionDate", epoch(run));
    }
    if let Some(count) = call.whole("MaxScheduledRunsPreview").filter(|count| *count > 0) {
        put("ScheduledRunsPreview", preview(plan, call.now, usize::try_from(count).unwrap_or_default()));
    }
    Ok(Value::Object(members))
}

/// The next runs of all rules together.
fn preview(plan: &Plan, now: OffsetDateTime, count: usize) -> Value {
    let of_rule = |rule: &Rule| {
        let kind = if rule.continuous { "CONTINUOUS_AND_SNAPSHOTS" } else { "SNAPSHOTS" };
        let id = rule_id(plan, rule);
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
    listing::page(
        world,
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

/// The members of a plan as GetBackupPlan writes them, for one account and Region.
fn plan_value(plan: &Plan, account: &str, region: &str) -> Value {
    let rules: Vec<Value> = plan.rules.iter().map(|rule| rule_value(plan, rule, account, region)).collect();
    let mut value = json!({"BackupPlanName": plan.name, "Rules": rules});
    let advanced = advanced_value(plan);
    if let (Value::Object(members), Value::Array(settings)) = (&mut value, &advanced)
        && !settings.is_empty()
    {
        members.insert("AdvancedBackupSettings".to_owned(), advanced);
    }
    if let (Value::Object(members), Some(scan)) = (&mut value, &plan.scan) {
        let role = scan.role.replace("$account", account);
        let setting = json!({"MalwareScanner": SCANNER, "ResourceTypes": scan.types, "ScannerRoleArn": role});
        members.insert("ScanSettings".to_owned(), json!([setting]));
    }
    value
}

/// The member `AdvancedBackupSettings`.
fn advanced_value(plan: &Plan) -> Value {
    let kinds = ["EC2", "S3"].into_iter().filter_map(|kind| {
        let options: Map<String, Value> = plan
            .advanced
            .iter()
            .filter(|(of, ..)| *of == kind)
            .map(|(_, option, value)| ((*option).to_owned(), value.as_str().into()))
            .collect();
        (!options.is_empty()).then(|| json!({"ResourceType": kind, "BackupOptions": options}))
    });
    kinds.collect()
}

fn rule_value(plan: &Plan, rule: &Rule, account: &str, region: &str) -> Value {
    let copies: Vec<Value> = rule
        .copies
        .iter()
        .map(|copy| {
            json!({
                "DestinationBackupVaultArn": copy.destination.replace("$account", account),
                "Lifecycle": views::lifecycle(&copy.lifecycle),
            })
        })
        .collect();
    let tags: Map<String, Value> =
        rule.tags.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    let scan = |mode: &String| json!({"MalwareScanner": SCANNER, "ScanMode": mode});
    let scans: Vec<Value> = rule.scan_mode.iter().map(scan).collect();
    let indexes = (!rule.indexed.is_empty()).then(|| json!({"ResourceTypes": rule.indexed}));
    let indexes: Vec<Value> = indexes.into_iter().collect();
    let mut value = json!({
        "RuleName": rule.name,
        "RuleId": rule_id(plan, rule),
        "TargetBackupVaultName": rule.vault,
        "ScheduleExpression": rule.cron,
        "ScheduleExpressionTimezone": "Etc/UTC",
        "StartWindowMinutes": rule.start_window,
        "CompletionWindowMinutes": rule.complete_window,
        "EnableContinuousBackup": rule.continuous,
        "Lifecycle": views::lifecycle(&rule.lifecycle),
        "RecoveryPointTags": tags,
        "CopyActions": copies,
        "IndexActions": indexes,
        "ScanActions": scans,
    });
    if let (Some(arn), Value::Object(members)) = (&rule.air_gapped, &mut value) {
        let arn = arn.replace("$account", account).replace("$region", region);
        members.insert("TargetLogicallyAirGappedBackupVaultArn".to_owned(), arn.into());
    }
    value
}
