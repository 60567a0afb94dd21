//! The resource-based delegation policy: what it may say, and what it allows.

use super::values;
use crate::pattern::like;
use crate::wire::answer::AwsError;
use crate::wire::call::Call;
use crate::wire::rule::{Form, POLICY_TYPES};
use crate::world::World;
use serde_json::Value;

const TYPE_KEY: &str = "organizations:PolicyType";

/// Actions that the document may grant, without the prefix `organizations:`.
const ACTIONS: &[&str] = &[
    "AttachPolicy",
    "CreatePolicy",
    "DeletePolicy",
    "DescribeAccount",
    "DescribeCreateAccountStatus",
    "DescribeEffectivePolicy",
    "DescribeHandshake",
    "DescribeOrganization",
    "DescribeOrganizationalUnit",
    "DescribePolicy",
    "DescribeResourcePolicy",
    "DetachPolicy",
    "DisablePolicyType",
    "EnablePolicyType",
    "ListAWSServiceAccessForOrganization",
    "ListAccounts",
    "ListAccountsForParent",
    "ListChildren",
    "ListCreateAccountStatus",
    "ListDelegatedAdministrators",
    "ListDelegatedServicesForAccount",
    "ListHandshakesForAccount",
    "ListHandshakesForOrganization",
    "ListOrganizationalUnitsForParent",
    "ListParents",
    "ListPolicies",
    "ListPoliciesForTarget",
    "ListRoots",
    "ListTagsForResource",
    "ListTargetsForPolicy",
    "TagResource",
    "UntagResource",
    "UpdatePolicy",
];

/// Checks a document as PutResourcePolicy does.
pub fn check(content: &str, world: &World) -> Result<(), AwsError> {
    let document: Value = serde_json::from_str(content).map_err(|_| bad_json())?;
    let statements = statements(&document);
    if statements.is_empty() {
        return Err(bad_json());
    }
    statements.into_iter().try_for_each(|statement| check_statement(statement, world))
}

fn check_statement(statement: &Value, world: &World) -> Result<(), AwsError> {
    let has = |member: &str| statement.get(member).is_some();
    if has("NotAction") || has("NotResource") || !has("Effect") || !has("Action") {
        return Err(bad_json());
    }
    let principals = principals(statement);
    if principals.is_empty() || !principals.iter().all(|principal| is_member(principal, world)) {
        let message = "The resource policy names a principal that is not a member of the organization.";
        return Err(AwsError::invalid("INVALID_PRINCIPAL", message));
    }
    for action in texts(statement.get("Action")) {
        let name = action.strip_prefix("organizations:").unwrap_or_default();
        if !ACTIONS.iter().any(|known| like(name, known)) {
            let message = "The resource policy contains an action that is not supported.";
            return Err(AwsError::invalid("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", message));
        }
    }
    if policy_types(statement).iter().any(|kind| !POLICY_TYPES.contains(kind)) {
        let message = "The resource policy contains a policy type that is not supported.";
        return Err(AwsError::invalid("UNSUPPORTED_POLICY_TYPE_IN_RESOURCE_POLICY", message));
    }
    let resources = texts(statement.get("Resource"));
    if resources.is_empty() || !resources.iter().all(|arn| is_resource(arn)) {
        let message = "The resource policy contains a resource that is not supported.";
        return Err(AwsError::invalid("UNSUPPORTED_RESOURCE_IN_RESOURCE_POLICY", message));
    }
    Ok(())
}

/// Whether the organization's document allows a call: for each resource that it is about, a statement has to. Of
/// conditions only the policy type is read, all others as if they fit.
pub fn allow(world: &World, call: &Call) -> bool {
    let Some(policy) = &world.resource_policy else { return false };
    let Ok(document) = serde_json::from_str::<Value>(&policy.content) else { return false };
    let kind = policy_type(world, call);
    let about: Vec<&Value> = statements(&document)
        .into_iter()
        .filter(|statement| is_about(statement, call, kind.as_deref()))
        .collect();
    let matching = |effect: &str, resource: Option<&String>| {
        about.iter().any(|statement| {
            let named = texts(statement.get("Resource"));
            let fits = resource.is_none_or(|arn| named.iter().any(|pattern| like(pattern, arn)));
            fits && statement.get("Effect").and_then(Value::as_str) == Some(effect)
        })
    };
    let resources = resources(world, call);
    let each: Vec<Option<&String>> =
        if resources.is_empty() { vec![None] } else { resources.iter().map(Some).collect() };
    each.iter().all(|arn| matching("Allow", *arn) && !matching("Deny", *arn))
}

/// Whether a statement is about the caller, the operation and the policy type.
fn is_about(statement: &Value, call: &Call, kind: Option<&str>) -> bool {
    let is_named =
        |action: &&str| like(action.strip_prefix("organizations:").unwrap_or_default(), call.operation.name);
    principals(statement).iter().any(|principal| account_of(principal) == Some(&call.account))
        && texts(statement.get("Action")).iter().any(is_named)
        && fits_type(statement, kind)
}

/// Whether the conditions on the policy type hold.
fn fits_type(statement: &Value, kind: Option<&str>) -> bool {
    let operators = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    operators.filter_map(|(operator, keys)| Some((operator, keys.get(TYPE_KEY)?))).all(
        |(operator, wanted)| match kind {
            None => operator.ends_with("IfExists"),
            Some(kind) => {
                let listed = texts(Some(wanted)).iter().any(|pattern| like(pattern, kind));
                listed != operator.contains("Not")
            }
        },
    )
}

/// The policy type that a call is about.
fn policy_type(world: &World, call: &Call) -> Option<String> {
    let named = ["Type", "PolicyType", "Filter"].iter().find_map(|member| call.text(member));
    let policy = ["PolicyId", "ResourceId"].iter().find_map(|member| world.policies.get(call.text(member)?));
    named.map(str::to_owned).or_else(|| policy.map(|policy| policy.policy_type.clone()))
}

/// ARNs of what a call is about, as far as it is there.
fn resources(world: &World, call: &Call) -> Vec<String> {
    let given =
        ["PolicyId", "TargetId", "RootId", "ResourceId"].iter().filter_map(|member| call.text(member));
    let arn = |id: &str| match (world.policies.get(id), world.target(id)) {
        (Some(policy), _) => Some(values::policy_arn(world, policy)),
        (None, Some(target)) => Some(world.arn(target.kind(), id)),
        (None, None) => None,
    };
    given.filter_map(arn).collect()
}

fn statements(document: &Value) -> Vec<&Value> {
    match document.get("Statement") {
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

fn principals(statement: &Value) -> Vec<&str> {
    texts(statement.get("Principal").and_then(|principal| principal.get("AWS")))
}

fn policy_types(statement: &Value) -> Vec<&str> {
    let operators = statement.get("Condition").and_then(Value::as_object);
    let keys = operators.into_iter().flat_map(|operators| operators.values());
    keys.flat_map(|keys| texts(keys.get(TYPE_KEY))).collect()
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `arn:aws:iam::<account>:root`, `...:role/<name>`, or the bare account id.
fn account_of(principal: &str) -> Option<&str> {
    let account = principal.strip_prefix("arn:aws:iam::").and_then(|rest| rest.split(':').next());
    Some(account.unwrap_or(principal)).filter(|account| Form::Account.matches(account))
}

fn is_member(principal: &str, world: &World) -> bool {
    account_of(principal).is_some_and(|account| world.accounts.contains_key(account))
}

fn is_resource(arn: &str) -> bool {
    let kinds = ["root/", "ou/", "account/", "policy/"];
    let rest = arn.strip_prefix("arn:aws:organizations::").and_then(|rest| rest.split_once(':'));
    arn == "*" || rest.is_some_and(|(_, rest)| kinds.iter().any(|kind| rest.starts_with(kind)))
}

fn bad_json() -> AwsError {
    AwsError::invalid(
        "INVALID_RESOURCE_POLICY_JSON",
        "The resource policy is not valid JSON or has unsupported elements.",
    )
}
