//! Switches of the organization: policy types and trusted access.

use super::{features, values};
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::backup::Visibility;
use crate::world::{BACKUP_POLICY, BACKUP_SERVICE, World};
use serde_json::{Value, json};

/// The services that the simulator recognizes for trusted access.
const KNOWN_SERVICES: &[&str] = &[
    "access-analyzer.amazonaws.com",
    "account.amazonaws.com",
    BACKUP_SERVICE,
    "cloudtrail.amazonaws.com",
    "config.amazonaws.com",
    "guardduty.amazonaws.com",
    "health.amazonaws.com",
    "inspector2.amazonaws.com",
    "malware-protection.guardduty.amazonaws.com",
    "member.org.stacksets.cloudformation.amazonaws.com",
    "ram.amazonaws.com",
    "reporting.backup.amazonaws.com",
    "securityhub.amazonaws.com",
    "sso.amazonaws.com",
    "stacksets.cloudformation.amazonaws.com",
    "tagpolicies.tag.amazonaws.com",
];

/// Services whose own policy type has to be disabled before their trusted access is.
const OWN_TYPES: &[(&str, &str)] = &[
    ("guardduty.amazonaws.com", "GUARDDUTY_POLICY"),
    ("inspector2.amazonaws.com", "INSPECTOR_POLICY"),
    ("securityhub.amazonaws.com", "SECURITYHUB_POLICY"),
];

pub fn enable_type(world: &mut World, call: &Call) -> Answer {
    let policy_type = policy_type(world, call)?;
    features::require_policies(world)?;
    if world.is_enabled(&policy_type) {
        let message = "The specified policy type is already enabled in the specified root.";
        return Err(AwsError::new("PolicyTypeAlreadyEnabledException", message));
    }
    world.policy_types.insert(policy_type.clone());
    if policy_type == BACKUP_POLICY {
        world.clear_evaluations(call.now);
    }
    Ok(json!({"Root": values::root(world)}))
}

/// Detaches every policy of the type; the policies themselves stay.
pub fn disable_type(world: &mut World, call: &Call) -> Answer {
    let policy_type = policy_type(world, call)?;
    if !world.policy_types.remove(&policy_type) {
        let message = "The specified policy type isn't currently enabled in this root.";
        return Err(AwsError::new("PolicyTypeNotEnabledException", message));
    }
    let World { attachments, policies, .. } = world;
    attachments.retain(|_, attachment| {
        policies.get(&attachment.policy).is_none_or(|policy| policy.policy_type != policy_type)
    });
    if policy_type == BACKUP_POLICY {
        world.clear_evaluations(call.now);
    }
    Ok(json!({"Root": values::root(world)}))
}

pub fn list_services(world: &World, call: &Call) -> Answer {
    let value = |(service, since): (&String, &time::OffsetDateTime)| json!({"ServicePrincipal": service, "DateEnabled": epoch(*since)});
    listing::page(
        world,
        call,
        "EnabledServicePrincipals",
        world.services.iter(),
        |(service, _)| (*service).clone(),
        value,
    )
}

pub fn enable_service(world: &mut World, call: &Call) -> Answer {
    let service = call.need("ServicePrincipal")?;
    recognize(service)?;
    features::require(world)?;
    // Repeating it succeeds and changes nothing.
    if !world.services.contains_key(service) {
        world.services.insert(service.to_owned(), call.now);
        if service == BACKUP_SERVICE {
            world.backups.visibility = Visibility::Since(call.now);
        }
    }
    Ok(Value::Null)
}

/// Refuses a service that does not work with AWS Organizations.
pub fn recognize(service: &str) -> Result<(), AwsError> {
    if KNOWN_SERVICES.contains(&service) {
        return Ok(());
    }
    let message = "You specified a service principal that isn't recognized.";
    Err(AwsError::invalid("UNRECOGNIZED_SERVICE_PRINCIPAL", message))
}

pub fn disable_service(world: &mut World, call: &Call) -> Answer {
    let service = call.need("ServicePrincipal")?;
    recognize(service)?;
    if world.delegates.keys().any(|(_, delegated)| delegated == service) {
        let message = "You have delegated administrators for this service. Deregister them first.";
        return Err(AwsError::constraint("DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE", message));
    }
    if OWN_TYPES.iter().any(|(owner, kind)| *owner == service && world.is_enabled(kind)) {
        let message = "The policy type of this service is enabled. Disable the policy type first.";
        return Err(AwsError::constraint("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", message));
    }
    if world.services.remove(service).is_some() && service == BACKUP_SERVICE {
        world.backups.visibility = Visibility::Own;
    }
    Ok(Value::Null)
}

fn policy_type(world: &World, call: &Call) -> Result<String, AwsError> {
    if call.need("RootId")? != world.root {
        return Err(AwsError::new("RootNotFoundException", "You specified a root that doesn't exist."));
    }
    Ok(call.need("PolicyType")?.to_owned())
}
