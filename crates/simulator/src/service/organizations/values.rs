//! The structures of AWS Organizations as they go over the wire.

use crate::wire::rule::epoch;
use crate::world::{Account, Creation, Features, Policy, Target, Unit, World};
use serde_json::{Map, Value, json};

pub fn organization(world: &World) -> Value {
    let email = world.accounts.get(&world.management).map(|account| account.email.as_str());
    let types = match world.features {
        Features::All => json!([{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]),
        Features::Billing => json!([]),
    };
    json!({
        "Id": world.id,
        "Arn": format!("arn:aws:organizations::{}:organization/{}", world.management, world.id),
        "FeatureSet": world.features.name(),
        "MasterAccountArn": world.arn("account", &world.management),
        "MasterAccountId": world.management,
        "MasterAccountEmail": email,
        // Documented as always naming SCPs alone; the truth is in ListRoots.
        "AvailablePolicyTypes": types,
    })
}

pub fn root(world: &World) -> Value {
    let types: Vec<Value> =
        world.policy_types.iter().map(|name| json!({"Type": name, "Status": "ENABLED"})).collect();
    json!({"Id": world.root, "Arn": world.arn("root", &world.root), "Name": "Root", "PolicyTypes": types})
}

pub fn unit(world: &World, unit: &Unit) -> Value {
    json!({
        "Id": unit.id,
        "Arn": world.arn("ou", &unit.id),
        "Name": unit.name,
        "Path": world.path(&unit.id),
    })
}

pub fn account(world: &World, account: &Account) -> Value {
    Value::Object(account_members(world, account, true))
}

/// The members of an account; delegated administrators show them without `Paths`.
pub fn account_members(world: &World, account: &Account, paths: bool) -> Map<String, Value> {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("Id", account.id.as_str().into());
    put("Arn", world.arn("account", &account.id).into());
    put("Email", account.email.as_str().into());
    put("Name", account.name.as_str().into());
    put("Status", account.state.status().into());
    put("State", account.state.state().into());
    if paths {
        put("Paths", json!([world.path(&account.id)]));
    }
    put("JoinedMethod", if account.invited { "INVITED" } else { "CREATED" }.into());
    put("JoinedTimestamp", epoch(account.joined_at));
    members
}

pub fn policy_summary(world: &World, policy: &Policy) -> Value {
    json!({
        "Id": policy.id,
        "Arn": policy_arn(world, policy),
        "Name": policy.name,
        "Description": policy.description,
        "Type": policy.policy_type,
        "AwsManaged": policy.aws_managed,
    })
}

pub fn policy_arn(world: &World, policy: &Policy) -> String {
    let kind = policy.policy_type.to_ascii_lowercase();
    if policy.aws_managed {
        return format!("arn:aws:organizations::aws:policy/{kind}/{}", policy.id);
    }
    format!("arn:aws:organizations::{}:policy/{}/{kind}/{}", world.management, world.id, policy.id)
}

pub fn target_summary(world: &World, id: &str) -> Value {
    let (kind, name, arn) = match world.target(id) {
        Some(Target::Account(account)) => ("ACCOUNT", account.name.as_str(), "account"),
        Some(Target::Unit(unit)) => ("ORGANIZATIONAL_UNIT", unit.name.as_str(), "ou"),
        _ => ("ROOT", "Root", "root"),
    };
    json!({"TargetId": id, "Arn": world.arn(arn, id), "Name": name, "Type": kind})
}

/// A request to create an account, which is done at once but first shown as in progress.
pub fn creation(creation: &Creation, done: bool) -> Value {
    let mut value = json!({
        "Id": creation.id,
        "AccountName": creation.name,
        "State": creation_state(creation, done),
        "RequestedTimestamp": epoch(creation.requested_at),
    });
    if done && let Value::Object(members) = &mut value {
        members.insert("CompletedTimestamp".to_owned(), epoch(creation.requested_at));
        match (&creation.account, creation.failure) {
            (_, Some(reason)) => members.insert("FailureReason".to_owned(), reason.into()),
            (account, None) => members.insert("AccountId".to_owned(), json!(account)),
        };
    }
    value
}

pub fn creation_state(creation: &Creation, done: bool) -> &'static str {
    match (done, creation.failure) {
        (false, _) => "IN_PROGRESS",
        (true, Some(_)) => "FAILED",
        (true, None) => "SUCCEEDED",
    }
}
