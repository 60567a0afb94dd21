//! Which IAM actions Holdfast needs, for what, and whether AWS allows them.
//!
//! AWS has no dry run for the two services. So every operation that reads is asked once, for as little as possible; for
//! those that change something nothing is claimed. The table of operations says which feature needs which action, and
//! the IAM policy is made from it.

use model::{AccountId, JobKind, PolicyId, TargetId, failure::DeniedBy, permissions::Feature};
use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::task::JoinSet;

use crate::{
    backup::{JobsAfter, SERVICE_PRINCIPAL},
    classify::names_action,
    connect::Aws,
    error::{AwsError, AwsErrorKind},
    operation::{Op, Operation, operations},
};

/// Asked for where nothing real is known: AWS answers that there is no such thing, if it allows to ask.
const NO_ACCOUNT: &str = "000000000000";
const NO_ROOT: &str = "r-0000";
const NO_POLICY: &str = "p-00000000";
const NO_JOB: &str = "00000000-0000-0000-0000-000000000000";

/// The handshakes that lead to all features; others, such as taking over another organization's bill, stay out of reach.
const ALL_FEATURES_HANDSHAKES: &str = "arn:*:organizations::*:handshake/o-*/enable_all_features/h-*";

/// What became of one action that was to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionCheck {
    pub feature: Feature,
    /// As `organizations:ListAccounts`.
    pub action: &'static str,
    /// The Region that was asked, for AWS Backup.
    pub region: Option<String>,
    pub outcome: PermissionOutcome,
}

/// Whether AWS allows an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionOutcome {
    Allowed,
    /// By what, and AWS's own sentence.
    Denied {
        by: DeniedBy,
        said: String,
    },
    /// The endpoint or Region does not offer it; what it said.
    NotAvailable {
        reason: String,
    },
    /// It was asked for, and no answer came that tells.
    Failed {
        reason: String,
    },
    /// Nobody asked, or what was asked tells nothing.
    NotChecked {
        reason: String,
    },
}

/// Something real to ask about.
#[derive(Clone)]
struct Known {
    account: AccountId,
    root: TargetId,
    policy: PolicyId,
    /// Whether one of them is made up, for want of a real one.
    made_up: bool,
    now: OffsetDateTime,
}

/// Operations that are asked about a job that does not exist.
const OF_NO_JOB: [&str; 3] = ["DescribeBackupJob", "DescribeCopyJob", "DescribeRestoreJob"];

impl Aws {
    /// Asks AWS once for everything that only reads: jobs in these Regions, and what has no Region. Changes nothing, and
    /// so claims nothing about actions that would. Dropping it stops it; requests under way are bounded as all are.
    pub async fn check_permissions(&self, regions: &[String], now: OffsetDateTime) -> Vec<PermissionCheck> {
        let mut checks = Vec::new();
        let known = self.look_around(now, &mut checks).await;
        let mut asked = JoinSet::new();
        let asked_already = |row: &Operation| checks.iter().any(|check| check.action == row.action);
        for row in operations().iter().filter(|row| row.read && !asked_already(row)) {
            for region in self.asked_in(row, regions) {
                asked.spawn(self.clone().check(row, region, known.clone()));
            }
        }
        while let Some(done) = asked.join_next().await {
            checks.extend(done.ok());
        }
        checks.extend(
            operations().iter().filter(|row| !row.read).map(|row| check(row, None, unknown(NOT_TRIED))),
        );
        let position =
            |check: &PermissionCheck| operations().iter().position(|row| row.action == check.action);
        checks.sort_by_cached_key(|check| (position(check), check.region.clone()));
        checks
    }

    /// The three that others depend on: they tell ids that exist.
    async fn look_around(&self, now: OffsetDateTime, checks: &mut Vec<PermissionCheck>) -> Option<Known> {
        let (organization, root, policies) =
            tokio::join!(self.describe_organization(), self.root(), self.policies_page(None));
        let account = organization.as_ref().ok().map(|found| found.management_account.clone());
        let place = root.as_ref().ok().map(|found| found.node.id.clone());
        let policy = policies.as_ref().ok().and_then(|page| page.rows.first()).map(|head| head.id.clone());
        for (op, answer) in [
            (Op::DescribeOrganization, organization.map(drop)),
            (Op::ListRoots, root.map(drop)),
            (Op::ListPolicies, policies.map(drop)),
        ] {
            checks.push(check(op.row(), None, outcome(answer, false)));
        }
        Some(Known {
            made_up: account.is_none() || place.is_none() || policy.is_none(),
            account: account.or_else(|| NO_ACCOUNT.parse().ok())?,
            root: place.or_else(|| NO_ROOT.parse().ok())?,
            policy: policy.or_else(|| NO_POLICY.parse().ok())?,
            now,
        })
    }

    fn asked_in(&self, row: &Operation, regions: &[String]) -> Vec<Option<String>> {
        match (row.feature, row.service()) {
            (Feature::ReadJobs, _) => regions.iter().cloned().map(Some).collect(),
            (_, "backup") => vec![Some(self.home_region().to_owned())],
            _ => vec![None],
        }
    }

    async fn check(
        self,
        row: &'static Operation,
        region: Option<String>,
        known: Option<Known>,
    ) -> PermissionCheck {
        let answer = match &known {
            Some(known) => self.probe(row.name, region.as_deref().unwrap_or_default(), known).await,
            None => None,
        };
        let made_up = OF_NO_JOB.contains(&row.name) || known.is_some_and(|known| known.made_up);
        check(row, region, answer.map_or_else(|| unknown(NO_QUESTION), |answer| outcome(answer, made_up)))
    }

    /// The cheapest question to an operation that reads; `None` where there is none.
    async fn probe(&self, name: &str, region: &str, known: &Known) -> Option<Result<(), AwsError>> {
        let Known { account, root, policy, now, .. } = known;
        let target = TargetId::from(account.clone());
        let nearly_none = JobsAfter { created_after: Some(*now), ..JobsAfter::default() };
        let answer = match name {
            "ListAccounts" => self.account_page(None).await.map(drop),
            "ListOrganizationalUnitsForParent" => self.ous_page(root, None).await.map(drop),
            "ListAccountsForParent" => self.accounts_for_parent_page(root, None).await.map(drop),
            "ListParents" => self.parent(&target).await.map(drop),
            "DescribePolicy" => self.describe_policy(policy).await.map(drop),
            "ListTargetsForPolicy" => self.targets_page(policy, None).await.map(drop),
            "ListPoliciesForTarget" => self.policies_for_target(root).await.map(drop),
            "DescribeEffectivePolicy" => self.describe_effective_policy(account).await.map(drop),
            "ListAccountsWithInvalidEffectivePolicy" => self.invalid_accounts_page(None).await.map(drop),
            "ListEffectivePolicyValidationErrors" => {
                self.effective_validation_errors(account).await.map(drop)
            }
            "ListAWSServiceAccessForOrganization" => self.trusted_access().await.map(drop),
            "ListHandshakesForOrganization" => self.all_features_requests().await.map(drop),
            "GetRole" => self.service_linked_role().await.map(drop),
            "GetCallerIdentity" => self.caller_identity().await.map(drop),
            "ListDelegatedAdministrators" => self.delegated_administrators().await.map(drop),
            "DescribeResourcePolicy" => self.resource_policy().await.map(drop),
            "DescribeGlobalSettings" => self.global_settings().await.map(drop),
            "DescribeRegionSettings" => self.region_settings(region).await.map(drop),
            "ListBackupJobs" => self.job_page(region, JobKind::Backup, &nearly_none, None).await.map(drop),
            "ListCopyJobs" => self.job_page(region, JobKind::Copy, &nearly_none, None).await.map(drop),
            "ListRestoreJobs" => self.job_page(region, JobKind::Restore, &nearly_none, None).await.map(drop),
            "DescribeBackupJob" => self.describe_job(region, JobKind::Backup, NO_JOB).await.map(drop),
            "DescribeCopyJob" => self.describe_job(region, JobKind::Copy, NO_JOB).await.map(drop),
            "DescribeRestoreJob" => self.describe_job(region, JobKind::Restore, NO_JOB).await.map(drop),
            _ => return None,
        };
        Some(answer)
    }
}

const NOT_TRIED: &str = "It changes something, and AWS offers no way to ask without doing it.";
const MASKED: &str =
    "It was asked about something that does not exist, which AWS denies to those who may ask, too.";
const NO_QUESTION: &str = "There is no harmless way to ask.";

/// The IAM policy that allows everything Holdfast does: a statement for each feature that needs an action.
#[must_use]
pub fn iam_policy() -> String {
    iam_policy_for(|_| true)
}

/// The IAM policy that allows some features only.
#[must_use]
pub fn iam_policy_for(wanted: impl Fn(Feature) -> bool) -> String {
    let wanted = Feature::TABLE.iter().map(|row| row.feature).filter(|feature| wanted(*feature));
    let statements: Vec<Value> = wanted.flat_map(statements).collect();
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    format!("{policy:#}")
}

/// The statements of a feature: one, and another where some of its actions do not have the key that narrows the rest.
fn statements(feature: Feature) -> Vec<Value> {
    let rows = operations().iter().filter(|row| row.feature == feature);
    let (plain, narrowed): (Vec<_>, Vec<_>) = rows.partition(|row| RESOURCE_POLICY.contains(&row.action));
    let actions = |rows: Vec<&Operation>| rows.iter().map(|row| row.action).collect::<Vec<_>>();
    let all = [
        statement(feature, feature.text().sid, &actions(narrowed), condition(feature)),
        statement(feature, "ResourcePolicy", &actions(plain), None),
    ];
    all.into_iter().flatten().collect()
}

fn statement(feature: Feature, sid: &str, actions: &[&str], condition: Option<Condition>) -> Option<Value> {
    if actions.is_empty() {
        return None;
    }
    let resource = if feature == Feature::AllFeaturesRequest { ALL_FEATURES_HANDSHAKES } else { "*" };
    let mut statement = json!({"Sid": sid, "Effect": "Allow", "Resource": resource, "Action": actions});
    if let Some((operator, key, value)) = condition {
        statement["Condition"] = json!({operator: {key: value}});
    }
    Some(statement)
}

/// Actions that no service is named in, although what they write is about one.
const RESOURCE_POLICY: [&str; 2] = ["organizations:PutResourcePolicy", "organizations:DeleteResourcePolicy"];

/// Operator, key and value.
type Condition = (&'static str, &'static str, &'static str);

/// Narrows a statement to what Holdfast is about. `IfExists` where one of the actions may come without the key.
const fn condition(feature: Feature) -> Option<Condition> {
    const POLICY_TYPE: &str = "organizations:PolicyType";
    const SERVICE: &str = "organizations:ServicePrincipal";
    match feature {
        Feature::ReadPolicies | Feature::ReadEffectivePolicies => {
            Some(("StringEqualsIfExists", POLICY_TYPE, "BACKUP_POLICY"))
        }
        Feature::WritePolicies | Feature::AttachPolicies | Feature::SwitchPolicyType => {
            Some(("StringEquals", POLICY_TYPE, "BACKUP_POLICY"))
        }
        Feature::TrustedAccess | Feature::DelegatedAdministrators => {
            Some(("StringEquals", SERVICE, SERVICE_PRINCIPAL))
        }
        Feature::ServiceLinkedRole => Some(("StringEquals", "iam:AWSServiceName", SERVICE_PRINCIPAL)),
        Feature::ReadOrganization
        | Feature::ReadJobs
        | Feature::ReadSettings
        | Feature::AllFeatures
        | Feature::AllFeaturesRequest
        | Feature::BackupSettings => None,
    }
}

/// What an answer shows; `made_up` where it was asked about something that does not exist.
fn outcome(answer: Result<(), AwsError>, made_up: bool) -> PermissionOutcome {
    match answer.map_err(|error| error.kind) {
        // Whoever may not ask is not told that there is nothing.
        Ok(()) | Err(AwsErrorKind::NotFound(_)) => PermissionOutcome::Allowed,
        Err(AwsErrorKind::Denied { by, said, .. })
            if made_up && by != DeniedBy::Outsider && !names_action(&said) =>
        {
            PermissionOutcome::NotChecked { reason: MASKED.to_owned() }
        }
        Err(AwsErrorKind::Denied { by, said, .. }) => PermissionOutcome::Denied { by, said },
        Err(AwsErrorKind::Credentials { problem, .. }) => {
            PermissionOutcome::NotChecked { reason: format!("{}: {}", problem.cause(), problem.next_step()) }
        }
        Err(other @ AwsErrorKind::NotAvailable) => {
            PermissionOutcome::NotAvailable { reason: other.to_string() }
        }
        Err(other) => PermissionOutcome::Failed { reason: other.to_string() },
    }
}

fn unknown(reason: &str) -> PermissionOutcome {
    PermissionOutcome::NotChecked { reason: reason.to_owned() }
}

fn check(row: &Operation, region: Option<String>, outcome: PermissionOutcome) -> PermissionCheck {
    PermissionCheck { feature: row.feature, action: row.action, region, outcome }
}
