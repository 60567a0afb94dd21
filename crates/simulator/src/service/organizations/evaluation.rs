//! Effective policies and what is wrong with them.

use super::{find, values};
use crate::service::listing;
use crate::wire::answer::{Answer, AwsError};
use crate::wire::call::Call;
use crate::wire::page::Page;
use crate::wire::rule::{Form, epoch};
use crate::world::effective::Finding;
use crate::world::{BACKUP_POLICY, Version, World};
use serde_json::{Value, json};

pub fn describe(world: &World, call: &Call) -> Answer {
    let policy_type = call.need("PolicyType")?;
    let target = call.text("TargetId").unwrap_or(&call.account);
    if !Form::Account.matches(target) {
        return Err(AwsError::invalid(
            "TARGET_NOT_SUPPORTED",
            "The target is not supported for this operation.",
        ));
    }
    if target != call.account && call.account != world.management && !world.is_delegate(&call.account) {
        return Err(AwsError::no_access());
    }
    if !world.accounts.contains_key(target) {
        return Err(AwsError::new("TargetNotFoundException", "You specified a target that doesn't exist."));
    }
    enabled(world, policy_type)?;
    let version = world.evaluations.at(target, call.now).filter(|_| policy_type == BACKUP_POLICY);
    let content =
        version.map_or_else(|| "{}".to_owned(), |(_, version)| version.effective.content.to_string());
    let updated = version.map_or(world.start, |(since, _)| since);
    Ok(json!({"EffectivePolicy": {
        "PolicyContent": content,
        "LastUpdatedTimestamp": epoch(updated),
        "TargetId": target,
        "PolicyType": policy_type,
    }}))
}

pub fn list_invalid(world: &World, call: &Call) -> Answer {
    let policy_type = call.need("PolicyType")?;
    enabled(world, policy_type)?;
    let invalid = world.accounts.values().filter(|account| {
        let version = world.evaluations.at(&account.id, call.now);
        policy_type == BACKUP_POLICY && version.is_some_and(|(_, version)| !version.findings.is_empty())
    });
    let value = |account| values::account(world, account);
    let mut answer = listing::page(world, call, "Accounts", invalid, |account| account.id.clone(), value)?;
    put(&mut answer, "PolicyType", policy_type);
    Ok(answer)
}

pub fn list_errors(world: &World, call: &Call) -> Answer {
    let policy_type = call.need("PolicyType")?;
    let account = call.text("AccountId").filter(|id| Form::Account.matches(id)).ok_or_else(|| {
        AwsError::invalid("TARGET_NOT_SUPPORTED", "The target is not supported for this operation.")
    })?;
    let account = find::account(world, account)?;
    enabled(world, policy_type)?;
    let version = world.evaluations.at(&account.id, call.now).filter(|_| policy_type == BACKUP_POLICY);
    let findings = version.map(|(_, version)| version.findings.iter()).unwrap_or_default();
    let page = Page::of(call, world.uneven_pages)?;
    let numbered = findings.enumerate();
    let value = |(_, finding): (usize, &Finding)| finding_value(finding);
    let mut answer =
        page.take("EffectivePolicyValidationErrors", numbered, |(number, _)| format!("{number:06}"), value)?;
    put(&mut answer, "AccountId", account.id.as_str());
    put(&mut answer, "PolicyType", policy_type);
    if let Some((since, Version { path, .. })) = version.filter(|(_, version)| !version.findings.is_empty()) {
        put(&mut answer, "Path", path.as_str());
        put(&mut answer, "EvaluationTimestamp", epoch(since));
    }
    Ok(answer)
}

fn finding_value(finding: &Finding) -> Value {
    json!({
        "ErrorCode": finding.code.code(),
        "ErrorMessage": finding.message,
        "PathToError": finding.path,
        "ContributingPolicies": finding.contributing_policies,
    })
}

fn put(answer: &mut Value, member: &str, value: impl Into<Value>) {
    if let Value::Object(members) = answer {
        members.insert(member.to_owned(), value.into());
    }
}

fn enabled(world: &World, policy_type: &str) -> Result<(), AwsError> {
    if world.is_enabled(policy_type) {
        return Ok(());
    }
    let message = "If you ran this action on the management account, this policy type is not enabled.";
    Err(AwsError::new("EffectivePolicyNotFoundException", message))
}
