//! Policies themselves.

use super::{features, find, tags, values};
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::world::effective::{self, Compiled, NotAdmitted};
use crate::world::{BACKUP_POLICY, Policy, World};
use serde_json::{Map, Value, json};

/// Most policies of one type.
const POLICY_LIMIT: usize = 1_000;

pub fn list(world: &World, call: &Call) -> Answer {
    let wanted = call.need("Filter")?;
    let policies = world.policies.values().filter(|policy| policy.policy_type == wanted);
    let value = |policy: &Policy| values::policy_summary(world, policy);
    listing::page(world, call, "Policies", policies, |policy| policy.id.clone(), value)
}

pub fn describe(world: &World, call: &Call) -> Answer {
    let policy = find::policy(world, call.need("PolicyId")?)?;
    Ok(json!({"Policy": {
        "PolicySummary": values::policy_summary(world, policy),
        "Content": policy.content,
    }}))
}

pub fn create(world: &mut World, call: &Call) -> Answer {
    let name = call.need("Name")?;
    let policy_type = call.need("Type")?;
    let content = call.need("Content")?;
    features::require_policies(world)?;
    let compiled = admit(policy_type, content, call)?;
    unique(world, policy_type, name, None)?;
    let of_type = world.policies.values().filter(|policy| policy.policy_type == policy_type).count();
    if of_type >= POLICY_LIMIT {
        let message = "You have exceeded the number of policies that you can have in an organization.";
        return Err(AwsError::constraint("POLICY_NUMBER_LIMIT_EXCEEDED", message));
    }
    let tags = tags::given(call)?;
    let id = format!("p-{}", world.fresh("policy", 10));
    let policy = Policy {
        id: id.clone(),
        name: name.to_owned(),
        description: call.need("Description")?.to_owned(),
        policy_type: policy_type.to_owned(),
        content: content.to_owned(),
        aws_managed: false,
        compiled,
    };
    world.tags.insert(id.clone(), tags);
    let answer = json!({"Policy": {
        "PolicySummary": values::policy_summary(world, &policy),
        "Content": policy.content,
    }});
    world.policies.insert(id, policy);
    Ok(answer)
}

/// Answers with the members of the summary that the request gave, as AWS does.
pub fn update(world: &mut World, call: &Call) -> Answer {
    let mut policy = own(world, call)?.clone();
    if let Some(name) = call.text("Name") {
        unique(world, &policy.policy_type, name, Some(&policy.id))?;
        policy.name = name.to_owned();
    }
    // An empty description does not replace the stored one.
    if let Some(description) = call.text("Description").filter(|text| !text.is_empty()) {
        policy.description = description.to_owned();
    }
    if let Some(content) = call.text("Content") {
        policy.compiled = admit(&policy.policy_type, content, call)?;
        policy.content = content.to_owned();
    }
    let answer = echo(world, &policy, call);
    let id = policy.id.clone();
    world.policies.insert(id.clone(), policy);
    if call.text("Content").is_some() {
        evaluate_targets(world, call, &id);
    }
    Ok(answer)
}

fn evaluate_targets(world: &mut World, call: &Call, id: &str) {
    let attached = world.attachments.values().filter(|attachment| attachment.policy == id);
    let targets: Vec<String> = attached.map(|attachment| attachment.target.clone()).collect();
    for target in targets {
        world.evaluate_below(&target, call.now);
    }
}

fn echo(world: &World, policy: &Policy, call: &Call) -> Value {
    let mut summary = Map::new();
    summary.insert("Id".to_owned(), policy.id.as_str().into());
    summary.insert("Arn".to_owned(), values::policy_arn(world, policy).into());
    for member in ["Name", "Description"] {
        if let Some(given) = call.text(member) {
            summary.insert(member.to_owned(), given.into());
        }
    }
    summary.insert("Type".to_owned(), policy.policy_type.as_str().into());
    summary.insert("AwsManaged".to_owned(), policy.aws_managed.into());
    json!({"Policy": {"PolicySummary": summary, "Content": policy.content}})
}

pub fn delete(world: &mut World, call: &Call) -> Answer {
    let id = own(world, call)?.id.clone();
    if world.attachments.values().any(|attachment| attachment.policy == id) {
        let message = "The policy is attached to one or more entities. You must detach it from all roots, OUs, \
                       and accounts before performing this operation.";
        return Err(AwsError::new("PolicyInUseException", message));
    }
    world.tags.remove(&id);
    world.policies.remove(&id);
    Ok(Value::Null)
}

/// The policy of the call, which must be the customer's.
fn own<'a>(world: &'a World, call: &Call) -> Result<&'a Policy, AwsError> {
    let policy = find::policy(world, call.need("PolicyId")?)?;
    if policy.aws_managed {
        let message = "You can't modify or delete a policy that is managed by AWS.";
        return Err(AwsError::invalid("IMMUTABLE_POLICY", message));
    }
    Ok(policy)
}

fn unique(world: &World, policy_type: &str, name: &str, except: Option<&str>) -> Result<(), AwsError> {
    let same = |policy: &Policy| {
        policy.policy_type == policy_type && policy.name == name && Some(policy.id.as_str()) != except
    };
    if world.policies.values().any(same) {
        return Err(AwsError::new("DuplicatePolicyException", "A policy with the same name already exists."));
    }
    Ok(())
}

/// Only backup policies are read closely; any other type has to be a JSON object.
fn admit(policy_type: &str, content: &str, call: &Call) -> Result<Option<Compiled>, AwsError> {
    if policy_type == BACKUP_POLICY {
        return effective::admit(content, call.now).map(Some).map_err(|reason| match reason {
            NotAdmitted::TooLong => {
                let message = "You have exceeded the maximum size allowed for a policy document.";
                AwsError::constraint("POLICY_CONTENT_LIMIT_EXCEEDED", message)
            }
            NotAdmitted::Malformed => malformed(),
        });
    }
    match serde_json::from_str::<Map<String, Value>>(content) {
        Ok(_) => Ok(None),
        Err(_) => Err(malformed()),
    }
}

/// The one error for every document that AWS does not admit.
fn malformed() -> AwsError {
    let message = "The provided policy document does not meet the requirements of the specified policy type.";
    AwsError::new("MalformedPolicyDocumentException", message)
}
