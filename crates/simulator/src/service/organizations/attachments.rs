//! Which policies are attached where.

use super::{find, values};
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::world::{Attachment, Policy, World};
use serde_json::Value;

/// Most policies of one type attached to one root, OU or account.
const ATTACHMENT_LIMIT: usize = 10;

pub fn attach(world: &mut World, call: &Call) -> Answer {
    let policy = find::policy(world, call.need("PolicyId")?)?.clone();
    let target = target(world, call)?.to_owned();
    if !world.is_enabled(&policy.policy_type) {
        return Err(AwsError::new(
            "PolicyTypeNotEnabledException",
            "This operation can be performed only for enabled policy types.",
        ));
    }
    let here: Vec<&str> = world
        .attached_to(&target)
        .filter(|(_, other)| other.policy_type == policy.policy_type)
        .map(|(_, other)| other.id.as_str())
        .collect();
    if here.contains(&policy.id.as_str()) {
        let message = "The selected policy is already attached to the specified target.";
        return Err(AwsError::new("DuplicatePolicyAttachmentException", message));
    }
    if here.len() >= ATTACHMENT_LIMIT {
        let message = "You have exceeded the number of policies attached to an entity.";
        return Err(AwsError::constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", message));
    }
    let number = world.attachments.last_key_value().map_or(1, |(number, _)| number + 1);
    world.attachments.insert(number, Attachment { policy: policy.id, target: target.clone() });
    world.evaluate_below(&target, call.now);
    Ok(Value::Null)
}

pub fn detach(world: &mut World, call: &Call) -> Answer {
    let policy = find::policy(world, call.need("PolicyId")?)?;
    let target = target(world, call)?.to_owned();
    let found = world.attached_to(&target).find(|(_, attached)| attached.id == policy.id);
    let Some((number, _)) = found else {
        let message = "The policy isn't attached to the specified target in the specified root.";
        return Err(AwsError::new("PolicyNotAttachedException", message));
    };
    let is_same_type = |other: &&Policy| other.policy_type == policy.policy_type;
    let of_type = world.attached_to(&target).map(|(_, other)| other).filter(is_same_type).count();
    let is_permission =
        matches!(policy.policy_type.as_str(), "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY");
    if is_permission && of_type == 1 {
        let message = "You attempted to detach a policy from an entity that would cause the entity to have fewer \
                       than the minimum number of policies of a certain type required.";
        return Err(AwsError::constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", message));
    }
    world.attachments.remove(&number);
    world.evaluate_below(&target, call.now);
    Ok(Value::Null)
}

/// The targets of a policy in the order of attaching.
pub fn list_targets(world: &World, call: &Call) -> Answer {
    let policy = find::policy(world, call.need("PolicyId")?)?;
    let attached = world.attachments.iter().filter(|(_, attachment)| attachment.policy == policy.id);
    let value = |(_, attachment): (&u64, &Attachment)| values::target_summary(world, &attachment.target);
    listing::page(world, call, "Targets", attached, |(number, _)| order(**number), value)
}

/// The policies attached to a target itself, in the order of attaching. Whether AWS keeps that order is not known.
pub fn list_policies(world: &World, call: &Call) -> Answer {
    let target = target(world, call)?;
    let wanted = call.need("Filter")?;
    let attached = world.attached_to(target).filter(|(_, policy)| policy.policy_type == wanted);
    listing::page(
        world,
        call,
        "Policies",
        attached,
        |(number, _)| order(*number),
        |(_, policy)| values::policy_summary(world, policy),
    )
}

fn order(number: u64) -> String {
    format!("{number:012}")
}

fn target<'a>(world: &World, call: &'a Call) -> Result<&'a str, AwsError> {
    let target = call.need("TargetId")?;
    if world.target(target).is_none() {
        return Err(AwsError::new("TargetNotFoundException", "You specified a target that doesn't exist."));
    }
    Ok(target)
}
