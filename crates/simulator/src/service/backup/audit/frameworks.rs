//! Frameworks of AWS Backup Audit Manager: lists of controls that resources are held against. They are kept and
//! deployed; nothing is evaluated.

use super::deployment::settled;
use crate::hash;
use crate::service::backup::tagging;
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::World;
use crate::world::backup::audit::Framework;
use crate::world::backup::deployment::{Change, Deployment};
use crate::world::backup::resource::region_number;
use serde_json::{Map, Value, json};

/// Most frameworks, and most controls of all frameworks together, of one account in one Region.
const FRAMEWORK_LIMIT: usize = 15;
const CONTROL_LIMIT: usize = 50;

/// The controls that Audit Manager offers, each with the parameters that it takes.
const CONTROLS: &[(&str, &[&str])] = &[
    ("BACKUP_LAST_RECOVERY_POINT_CREATED", &["recoveryPointAgeUnit", "recoveryPointAgeValue"]),
    (
        "BACKUP_PLAN_MIN_FREQUENCY_AND_MIN_RETENTION_CHECK",
        &["requiredFrequencyUnit", "requiredFrequencyValue", "requiredRetentionDays"],
    ),
    ("BACKUP_RECOVERY_POINT_ENCRYPTED", &[]),
    ("BACKUP_RECOVERY_POINT_MANUAL_DELETION_DISABLED", &["principalArnList"]),
    ("BACKUP_RECOVERY_POINT_MINIMUM_RETENTION_CHECK", &["requiredRetentionDays"]),
    ("BACKUP_RESOURCES_IN_LOGICALLY_AIR_GAPPED_VAULT", &["recoveryPointAgeUnit", "recoveryPointAgeValue"]),
    ("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_PLAN", &[]),
    ("BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK", &["maxRetentionDays", "minRetentionDays"]),
    ("BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT", &["crossAccountList"]),
    ("BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION", &["crossRegionList"]),
    ("RESTORE_TIME_FOR_RESOURCES_MEET_TARGET", &["maxRestoreTime"]),
];

fn key(call: &Call, name: &str) -> (String, String, String) {
    (call.account.clone(), call.region.clone(), name.to_owned())
}

fn own<'w>(world: &'w World, call: &'w Call) -> impl Iterator<Item = &'w Framework> {
    let all = world.backups.frameworks.iter();
    all.filter(|((account, region, _), framework)| {
        *account == call.account && *region == call.region && !framework.deployment.is_gone(call.now)
    })
    .map(|(_, framework)| framework)
}

/// Whether an ARN is that of a framework of the caller.
pub fn is_own(world: &World, call: &Call, arn: &str) -> bool {
    own(world, call).any(|framework| framework.arn == arn)
}

fn find<'w>(world: &'w World, call: &'w Call) -> Result<&'w Framework, AwsError> {
    let name = call.need("FrameworkName")?;
    let missing = || AwsError::not_found(format!("Cannot find framework {name}."));
    own(world, call).find(|framework| framework.name == name).ok_or_else(missing)
}

pub fn create(world: &mut World, call: &Call) -> Answer {
    let name = call.need("FrameworkName")?;
    let token = call.text("IdempotencyToken");
    let controls = controls(call)?.unwrap_or_default();
    let description = call.text("FrameworkDescription");
    if let Some(known) = own(world, call).find(|framework| framework.name == name) {
        let is_same = known.controls == controls && known.description.as_deref() == description;
        if token.is_some() && known.token.as_deref() == token && is_same {
            return Ok(json!({"FrameworkName": name, "FrameworkArn": known.arn}));
        }
        let message = format!("A framework with the name {name} exists already.");
        return Err(AwsError::new("AlreadyExistsException", message)
            .with("Code", "ERROR_2603")
            .with("Arn", known.arn.as_str()));
    }
    if own(world, call).count() >= FRAMEWORK_LIMIT {
        return Err(limit("frameworks"));
    }
    let framework = Framework {
        name: name.to_owned(),
        arn: arn(world, call, name),
        description: description.map(str::to_owned),
        controls,
        created_at: call.now,
        deployment: Deployment::new(Change::Create, call.now),
        token: token.map(str::to_owned),
    };
    spare(world, call, &framework)?;
    tagging::give(world, call, "FrameworkTags", &framework.arn)?;
    let answer = json!({"FrameworkName": name, "FrameworkArn": framework.arn});
    world.backups.frameworks.insert(key(call, name), framework);
    Ok(answer)
}

fn arn(world: &World, call: &Call, name: &str) -> String {
    let parts = [name, &call.account, &call.region].map(hash::text);
    let made = hash::mix(world.seed, &[call.now.unix_timestamp() as u64]);
    format!("arn:aws:backup:{}:{}:framework:{name}-{}", call.region, call.account, hash::uuid(made, &parts))
}

pub fn update(world: &mut World, call: &Call) -> Answer {
    let mut framework = find(world, call)?.clone();
    let token = call.text("IdempotencyToken");
    let controls = controls(call)?;
    let answer = |framework: &Framework| {
        json!({
            "FrameworkName": framework.name,
            "FrameworkArn": framework.arn,
            "CreationTime": epoch(framework.created_at),
        })
    };
    if token.is_some() && framework.token.as_deref() == token {
        return Ok(answer(&framework));
    }
    settled(framework.deployment, call.now)?;
    if let Some(controls) = controls {
        framework.controls = controls;
        spare(world, call, &framework)?;
    }
    if let Some(description) = call.text("FrameworkDescription") {
        framework.description = Some(description.to_owned());
    }
    framework.deployment = Deployment::new(Change::Update, call.now);
    framework.token = token.map(str::to_owned);
    let answer = answer(&framework);
    world.backups.frameworks.insert(key(call, &framework.name), framework);
    Ok(answer)
}

pub fn delete(world: &mut World, call: &Call) -> Answer {
    let mut framework = find(world, call)?.clone();
    settled(framework.deployment, call.now)?;
    framework.deployment = Deployment::new(Change::Delete, call.now);
    framework.token = None;
    world.backups.frameworks.insert(key(call, &framework.name), framework);
    Ok(Value::Null)
}

pub fn describe(world: &World, call: &Call) -> Answer {
    let framework = find(world, call)?;
    let mut members = members(framework, call);
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("FrameworkControls", framework.controls.clone());
    put("FrameworkStatus", status(framework, call).into());
    if let Some(token) = &framework.token {
        put("IdempotencyToken", token.as_str().into());
    }
    Ok(Value::Object(members))
}

pub fn list(world: &World, call: &Call) -> Answer {
    let value = |framework: &Framework| {
        let mut members = members(framework, call);
        members.insert("NumberOfControls".to_owned(), framework.count().into());
        Value::Object(members)
    };
    listing::page(world, call, "Frameworks", own(world, call), |framework| framework.name.clone(), value)
}

fn members(framework: &Framework, call: &Call) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("FrameworkName", framework.name.as_str().into());
    put("FrameworkArn", framework.arn.as_str().into());
    if let Some(description) = &framework.description {
        put("FrameworkDescription", description.as_str().into());
    }
    put("CreationTime", epoch(framework.created_at));
    let running = framework.deployment.is_running(call.now);
    let failed = !running && !is_recorded(call);
    put("DeploymentStatus", if failed { "FAILED" } else { framework.deployment.status(call.now) }.into());
    members
}

/// Controls need AWS Config to record, which it does where the organization has resources.
fn is_recorded(call: &Call) -> bool {
    region_number(&call.region).is_some()
}

/// Whether the controls are switched on.
fn status(framework: &Framework, call: &Call) -> &'static str {
    match framework.deployment.is_running(call.now) {
        true => "UNAVAILABLE",
        false if is_recorded(call) => "ACTIVE",
        false => "INACTIVE",
    }
}

/// The controls of a call, as far as it has any.
fn controls(call: &Call) -> Result<Option<Value>, AwsError> {
    let given = call.input.get("FrameworkControls");
    given.and_then(Value::as_array).into_iter().flatten().try_for_each(control)?;
    Ok(given.cloned())
}

fn control(given: &Value) -> Result<(), AwsError> {
    let name = given.get("ControlName").and_then(Value::as_str).unwrap_or_default();
    let known = CONTROLS.iter().find(|(control, _)| *control == name);
    let (name, takes) = known.ok_or_else(|| AwsError::bad_value(format!("{name} is not a control.")))?;
    let parameters = given.get("ControlInputParameters").and_then(Value::as_array);
    for parameter in parameters.into_iter().flatten() {
        let text = |member: &str| parameter.get(member).and_then(Value::as_str).unwrap_or_default();
        let (parameter, value) = (text("ParameterName"), text("ParameterValue"));
        if !takes.contains(&parameter) || value.is_empty() {
            return Err(AwsError::bad_value(format!("Invalid parameter {parameter} of control {name}.")));
        }
    }
    let pairs = given.pointer("/ControlScope/Tags").and_then(Value::as_object).map_or(0, Map::len);
    if pairs > 1 {
        return Err(AwsError::bad_value(format!("The scope of control {name} has more than one tag.")));
    }
    Ok(())
}

/// Refuses a framework whose controls are too many beside those of the others.
fn spare(world: &World, call: &Call, framework: &Framework) -> Result<(), AwsError> {
    let others = own(world, call).filter(|other| other.name != framework.name);
    if others.map(Framework::count).sum::<usize>() + framework.count() > CONTROL_LIMIT {
        return Err(limit("controls"));
    }
    Ok(())
}

fn limit(what: &str) -> AwsError {
    let message = format!("The number of {what} of this account in this Region reached its quota.");
    AwsError::new("LimitExceededException", message).with("Code", "ERROR_2701")
}
