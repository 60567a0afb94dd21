//! Delegated administrators of AWS Backup: both halves, and the delegation policy that gives the second.
//!
//! Registration lets an account see the organization's jobs. Managing backup policies takes the second half: statements
//! in the organization's one resource policy. Ours carry names of their own; all others are kept as they are.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::AccountId;

/// AWS Backup takes this many delegated administrators.
pub const MOST_ADMINISTRATORS: usize = 5;
/// AWS's limit on the resource policy, in characters.
pub const RESOURCE_POLICY_CHARACTERS: usize = 40_000;

/// Our statements' names.
const SIDS: [&str; 4] = [
    "HoldfastReadOrganization",
    "HoldfastReadBackupPolicies",
    "HoldfastWriteBackupPolicies",
    "HoldfastTagBackupPolicies",
];
const READ: [&str; 13] = [
    "DescribeOrganization",
    "DescribeOrganizationalUnit",
    "DescribeAccount",
    "DescribeResourcePolicy",
    "ListRoots",
    "ListOrganizationalUnitsForParent",
    "ListParents",
    "ListChildren",
    "ListAccounts",
    "ListAccountsForParent",
    "ListAWSServiceAccessForOrganization",
    "ListDelegatedAdministrators",
    "ListTagsForResource",
];
const READ_POLICIES: [&str; 5] = [
    "ListPolicies",
    "DescribePolicy",
    "DescribeEffectivePolicy",
    "ListPoliciesForTarget",
    "ListTargetsForPolicy",
];
const WRITE: [&str; 5] = ["CreatePolicy", "UpdatePolicy", "DeletePolicy", "AttachPolicy", "DetachPolicy"];
const TAG: [&str; 2] = ["TagResource", "UntagResource"];

/// An account with at least one of the two halves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegatedAdministrator {
    pub account: AccountId,
    /// Empty where the account is not known.
    pub name: String,
    /// The first half: registered for AWS Backup.
    pub registered: bool,
    /// Since when it is registered, where AWS says so.
    #[serde(with = "time::serde::rfc3339::option")]
    pub since: Option<OffsetDateTime>,
    /// The second half: what the resource policy lets it do.
    pub granted: Granted,
}

/// What the resource policy lets an account do with backup policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Granted {
    /// Everything that managing backup policies takes.
    All,
    /// All but these actions, as `organizations:AttachPolicy`.
    Part { missing: Vec<String> },
    /// Nothing.
    Nothing,
    /// The resource policy could not be read.
    Unknown,
}

/// The organization's resource policy, and what it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourcePolicy {
    Known {
        /// As AWS returned it; empty where there is none.
        current: String,
        /// With our statements for the registered accounts; empty where it should be removed.
        proposed: String,
    },
    NotAvailable,
    /// Why it could not be read, or not be extended.
    Unknown {
        reason: String,
    },
}

impl ResourcePolicy {
    /// Whether it is not as it should be.
    #[must_use]
    pub fn is_due(&self) -> bool {
        matches!(self, Self::Known { current, proposed } if current != proposed)
    }
}

/// Delegated administrators of AWS Backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// By account id.
    pub administrators: Vec<DelegatedAdministrator>,
    /// Why the registered accounts could not be read; then there may be more than are listed.
    pub problem: Option<String>,
    pub policy: ResourcePolicy,
}

impl Delegation {
    /// Those that are registered.
    pub fn registered(&self) -> impl Iterator<Item = &DelegatedAdministrator> {
        self.administrators.iter().filter(|a| a.registered)
    }

    /// Those with one half only.
    pub fn half_done(&self) -> impl Iterator<Item = &DelegatedAdministrator> {
        self.administrators
            .iter()
            .filter(|a| !a.registered || matches!(a.granted, Granted::Nothing | Granted::Part { .. }))
    }
}

/// The ids that the statements name.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: &'a str,
    pub management_account: &'a str,
    /// `o-…`
    pub organization: &'a str,
}

/// Why a resource policy cannot be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DelegationError {
    #[error(
        "The organization's resource policy is not the JSON of a policy, so it cannot be extended safely."
    )]
    NotAPolicy,
    #[error("With these statements the resource policy is longer than AWS's 40,000 characters.")]
    TooLong,
}

/// The resource policy with our statements for these accounts, in place of those it had; all others stay as they are and
/// where they are. Empty where nothing is left. The very same text where nothing changes.
///
/// # Errors
/// Where the present text is no policy, or the new one is too long.
pub fn propose(current: &str, accounts: &[AccountId], owner: Owner<'_>) -> Result<String, DelegationError> {
    let mut document = parse(current)?;
    let before = document.clone();
    let old = match document.remove("Statement") {
        Some(Value::Array(list)) => list,
        Some(one @ Value::Object(_)) => vec![one],
        None if current.trim().is_empty() => Vec::new(),
        _ => return Err(DelegationError::NotAPolicy),
    };
    let at = old.iter().position(is_ours).unwrap_or(old.len());
    let mut kept: Vec<Value> = old.into_iter().filter(|s| !is_ours(s)).collect();
    let ours = if accounts.is_empty() { Vec::new() } else { statements(accounts, owner) };
    kept.splice(at..at, ours);
    if kept.is_empty() {
        return Ok(String::new());
    }
    document.insert("Statement".to_owned(), Value::Array(kept));
    if document == before {
        return Ok(current.to_owned());
    }
    let text = serde_json::to_string_pretty(&document).map_err(|_| DelegationError::NotAPolicy)?;
    if text.chars().count() > RESOURCE_POLICY_CHARACTERS { Err(DelegationError::TooLong) } else { Ok(text) }
}

fn parse(current: &str) -> Result<Map<String, Value>, DelegationError> {
    if current.trim().is_empty() {
        return Ok(Map::from_iter([("Version".to_owned(), Value::from("2012-10-17"))]));
    }
    match serde_json::from_str(current) {
        Ok(Value::Object(document)) => Ok(document),
        _ => Err(DelegationError::NotAPolicy),
    }
}

fn is_ours(statement: &Value) -> bool {
    statement.get("Sid").and_then(Value::as_str).is_some_and(|sid| SIDS.contains(&sid))
}

fn statements(accounts: &[AccountId], owner: Owner<'_>) -> Vec<Value> {
    let Owner { partition, management_account, organization } = owner;
    let mut ids: Vec<&str> = accounts.iter().map(AccountId::as_str).collect();
    ids.sort_unstable();
    let who: Vec<String> = ids.iter().map(|id| format!("arn:{partition}:iam::{id}:root")).collect();
    let own = |rest: &str| format!("arn:{partition}:organizations::{management_account}:{rest}");
    let policies = own(&format!("policy/{organization}/backup_policy/*"));
    let places = ["root", "ou", "account"].map(|kind| own(&format!("{kind}/{organization}/*")));
    let places: Vec<&str> = places.iter().map(String::as_str).chain([policies.as_str()]).collect();
    let actions = |names: &[&str]| names.iter().map(|n| format!("organizations:{n}")).collect::<Vec<_>>();
    let type_only = json!({"StringLikeIfExists": {"organizations:PolicyType": ["BACKUP_POLICY"]}});
    let [read, read_policies, write, tag] = SIDS;
    let statement = |sid: &str, names: &[&str], resource: Value| json!({"Sid": sid, "Effect": "Allow", "Principal": {"AWS": who}, "Action": actions(names), "Resource": resource});
    let limited = |mut statement: Value| {
        statement["Condition"] = type_only.clone();
        statement
    };
    vec![
        statement(read, &READ, json!("*")),
        limited(statement(read_policies, &READ_POLICIES, json!("*"))),
        limited(statement(write, &WRITE, json!(places))),
        // Of its own: with the resources above it would allow tagging accounts and OUs too.
        statement(tag, &TAG, json!([policies])),
    ]
}

/// What a resource policy lets an account do, as far as principals, actions and the policy type decide it. Statements
/// with other conditions are not counted: whether they apply depends on the request.
#[must_use]
pub fn granted(current: &str, account: &AccountId) -> Granted {
    let Some(about) = about(current, account) else { return Granted::Unknown };
    let wanted = READ.iter().chain(&READ_POLICIES).chain(&WRITE).map(|name| format!("organizations:{name}"));
    let (has, missing): (Vec<_>, Vec<_>) = wanted.partition(|action| allow(&about, action));
    match (has.is_empty(), missing.is_empty()) {
        (_, true) => Granted::All,
        (true, _) => Granted::Nothing,
        _ => Granted::Part { missing },
    }
}

/// Whether a resource policy lets an account do all of these, as `organizations:EnablePolicyType`; counted as by [`granted`].
#[must_use]
pub fn allows(current: &str, account: &AccountId, actions: &[&str]) -> bool {
    about(current, account).is_some_and(|about| actions.iter().all(|action| allow(&about, action)))
}

/// The statements that are about an account and backup policies; `None` where the text is no policy.
fn about(current: &str, account: &AccountId) -> Option<Vec<Value>> {
    let mut statements = match parse(current).map(|mut document| document.remove("Statement")) {
        Ok(Some(Value::Array(list))) => list,
        Ok(Some(one @ Value::Object(_))) => vec![one],
        Ok(None) => Vec::new(),
        _ => return None,
    };
    statements.retain(|s| names(s, account) && is_for_backup(s));
    Some(statements)
}

fn allow(about: &[Value], action: &str) -> bool {
    let any = |effect: &str| {
        about.iter().any(|s| {
            s.get("Effect").and_then(Value::as_str) == Some(effect)
                && texts(s.get("Action")).any(|pattern| fits(pattern, action))
        })
    };
    any("Allow") && !any("Deny")
}

/// The accounts that our own statements name.
#[must_use]
pub fn accounts_named(current: &str) -> Vec<AccountId> {
    let document = parse(current).unwrap_or_default();
    let list = document.get("Statement").and_then(Value::as_array).into_iter().flatten();
    let principals =
        list.filter(|s| is_ours(s)).flat_map(|s| texts(s.get("Principal").and_then(|p| p.get("AWS"))));
    let mut accounts: Vec<AccountId> =
        principals.filter_map(account_of).filter_map(|id| id.parse().ok()).collect();
    accounts.sort();
    accounts.dedup();
    accounts
}

fn names(statement: &Value, account: &AccountId) -> bool {
    let principals = statement.get("Principal").and_then(|p| p.get("AWS"));
    texts(principals).any(|principal| account_of(principal) == Some(account.as_str()))
}

/// `arn:aws:iam::<account>:…`, or the bare id.
fn account_of(principal: &str) -> Option<&str> {
    match principal.split(':').nth(4) {
        Some(account) => Some(account),
        None => Some(principal).filter(|p| !p.contains(':')),
    }
}

/// Whether it has no condition, or only the one that the policy is a backup policy.
fn is_for_backup(statement: &Value) -> bool {
    let Some(condition) = statement.get("Condition") else { return true };
    let operators = condition.as_object().into_iter().flat_map(Map::values);
    let mut keys = operators.filter_map(Value::as_object).flatten();
    keys.all(|(key, value)| {
        key.eq_ignore_ascii_case("organizations:PolicyType")
            && texts(Some(value)).any(|kind| fits(kind, "BACKUP_POLICY"))
    })
}

fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, many) = match value {
        Some(Value::Array(list)) => (None, list.as_slice()),
        other => (other, &[][..]),
    };
    one.into_iter().chain(many).filter_map(Value::as_str)
}

/// IAM's patterns: `*` for any text, in any case of letters.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut last = None;
    for part in parts {
        last = Some(part);
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    match last {
        // No star: nothing may be left.
        None => rest.is_empty(),
        Some(last) => name.ends_with(last),
    }
}

#[cfg(test)]
mod tests;
