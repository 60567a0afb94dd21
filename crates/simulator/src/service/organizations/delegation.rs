//! Delegated administrators and the resource-based delegation policy.

use super::{features, find, grants, settings, tags, values};
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::rule::epoch;
use crate::world::{AccountState, ResourcePolicy, World};
use serde_json::{Value, json};
use time::OffsetDateTime;

/// Most delegated administrators of one service.
const DELEGATE_LIMIT: usize = 5;

type Delegation<'a> = (&'a (String, String), &'a OffsetDateTime);

/// Accounts that may act for a service, each once even if it acts for several.
pub fn list_administrators(world: &World, call: &Call) -> Answer {
    let wanted = call.text("ServicePrincipal");
    let mut last: Option<&str> = None;
    let delegates = world.delegates.iter().filter(move |((account, service), _)| {
        let first = last != Some(account) && wanted.is_none_or(|wanted| wanted == service);
        if first {
            last = Some(account);
        }
        first
    });
    let value = |((account, _), since): Delegation| {
        let account = world.accounts.get(account);
        let mut members =
            account.map(|account| values::account_members(world, account, false)).unwrap_or_default();
        members.insert("DelegationEnabledDate".to_owned(), epoch(*since));
        Value::Object(members)
    };
    listing::page(
        world,
        call,
        "DelegatedAdministrators",
        delegates,
        |((account, _), _)| account.clone(),
        value,
    )
}

pub fn list_services(world: &World, call: &Call) -> Answer {
    let account = find::account(world, call.need("AccountId")?)?;
    if !world.is_delegate(&account.id) {
        return Err(not_registered());
    }
    let delegations = world.delegates.iter().filter(|((delegate, _), _)| *delegate == account.id);
    let value = |((_, service), since): Delegation| json!({"ServicePrincipal": service, "DelegationEnabledDate": epoch(*since)});
    listing::page(world, call, "DelegatedServices", delegations, |((_, service), _)| service.clone(), value)
}

pub fn register(world: &mut World, call: &Call) -> Answer {
    let (account, service) = delegation(world, call)?;
    settings::recognize(&service)?;
    let refuse = |reason: &str, message: &str| Err(AwsError::constraint(reason, message));
    features::require(world)?;
    if !world.services.contains_key(&service) {
        return refuse("SERVICE_ACCESS_NOT_ENABLED", "Trusted access is not enabled for this service.");
    }
    if account == world.management {
        return refuse(
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            "You can't register the management account as a delegated administrator.",
        );
    }
    if find::account(world, &account)?.state != AccountState::Active {
        return refuse(
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
            "You can't register a suspended account as a delegated administrator.",
        );
    }
    if world.delegates.contains_key(&(account.clone(), service.clone())) {
        let message = "The specified account is already a delegated administrator for this AWS service.";
        return Err(AwsError::new("AccountAlreadyRegisteredException", message));
    }
    if world.delegates.keys().filter(|(_, delegated)| *delegated == service).count() >= DELEGATE_LIMIT {
        return refuse(
            "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
            "You have reached the maximum number of delegated administrators for the service.",
        );
    }
    world.delegates.insert((account, service), call.now);
    Ok(Value::Null)
}

pub fn deregister(world: &mut World, call: &Call) -> Answer {
    let delegation = delegation(world, call)?;
    world.delegates.remove(&delegation).map(|_| Value::Null).ok_or_else(not_registered)
}

fn delegation(world: &World, call: &Call) -> Result<(String, String), AwsError> {
    let account = find::account(world, call.need("AccountId")?)?;
    Ok((account.id.clone(), call.need("ServicePrincipal")?.to_owned()))
}

fn not_registered() -> AwsError {
    let message = "The specified account is not a delegated administrator for this AWS service.";
    AwsError::new("AccountNotRegisteredException", message)
}

pub fn describe_resource_policy(world: &World, _: &Call) -> Answer {
    world.resource_policy.as_ref().map(|policy| resource_policy(world, policy)).ok_or_else(no_resource_policy)
}

pub fn put_resource_policy(world: &mut World, call: &Call) -> Answer {
    let content = call.need("Content")?.to_owned();
    features::require(world)?;
    grants::check(&content, world)?;
    let tags = tags::given(call)?;
    let known = world.resource_policy.take().map(|policy| policy.id);
    let id = known.unwrap_or_else(|| format!("rp-{}", world.fresh("resource policy", 8)));
    world.tags.entry(id.clone()).or_default().extend(tags);
    let policy = ResourcePolicy { id, content };
    let answer = resource_policy(world, &policy);
    world.resource_policy = Some(policy);
    Ok(answer)
}

pub fn delete_resource_policy(world: &mut World, _: &Call) -> Answer {
    let policy = world.resource_policy.take().ok_or_else(no_resource_policy)?;
    world.tags.remove(&policy.id);
    Ok(Value::Null)
}

fn resource_policy(world: &World, policy: &ResourcePolicy) -> Value {
    json!({"ResourcePolicy": {
        "ResourcePolicySummary": {"Id": policy.id, "Arn": world.arn("resourcepolicy", &policy.id)},
        "Content": policy.content,
    }})
}

fn no_resource_policy() -> AwsError {
    AwsError::new(
        "ResourcePolicyNotFoundException",
        "We can't find a resource policy request with the parameter that you specified.",
    )
}
