//! The resource-based delegation policy: what it may say, and what it allows.

use crate::error::AwsError;
use crate::rule::{Form, POLICY_TYPES};
use crate::world::World;
use serde_json::Value;

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
        if !ACTIONS.iter().any(|known| matches(name, known)) {
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

/// Whether the organization's document allows an account to call an operation. Conditions and resources are read as
/// if they fit: the simulator holds one kind of policy that anybody delegates.
pub fn allow(world: &World, account: &str, operation: &str) -> bool {
    let Some(policy) = &world.resource_policy else { return false };
    let Ok(document) = serde_json::from_str::<Value>(&policy.content) else { return false };
    let matching = |effect: &str| {
        statements(&document).into_iter().any(|statement| {
            statement.get("Effect").and_then(Value::as_str) == Some(effect)
                && principals(statement).iter().any(|principal| account_of(principal) == Some(account))
                && texts(statement.get("Action")).iter().any(|action| {
                    matches(action.strip_prefix("organizations:").unwrap_or_default(), operation)
                })
        })
    };
    matching("Allow") && !matching("Deny")
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
    keys.flat_map(|keys| texts(keys.get("organizations:PolicyType"))).collect()
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

/// Compares an action with a name; `*` at the end stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

fn bad_json() -> AwsError {
    AwsError::invalid(
        "INVALID_RESOURCE_POLICY_JSON",
        "The resource policy is not valid JSON or has unsupported elements.",
    )
}
