//! Backup policies and where they are attached.

use model::{PolicyId, TargetId, organization::PolicyRecord};

use crate::{
    Aws, AwsError, Page, Written,
    convert::{id, need, page},
    operation::Op,
    organizations::accounts::{BACKUP_POLICY, PAGE},
};

/// A policy without its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyHead {
    pub id: PolicyId,
    pub arn: String,
    pub name: String,
    pub description: String,
}

impl Aws {
    /// A page of all backup policies.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn policies_page(&self, token: Option<&str>) -> Result<Page<PolicyHead>, AwsError> {
        const OP: Op = Op::ListPolicies;
        let answer = self
            .organizations_call(OP, |c| {
                let request = c.list_policies().filter(BACKUP_POLICY).max_results(PAGE);
                let request = request.set_next_token(token.map(str::to_owned));
                async move { request.send().await }
            })
            .await?;
        page(OP, answer.value.policies, answer.value.next_token)?.map(|policy| head(OP, policy))
    }

    /// A policy with its document, exactly as AWS keeps it.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where it is gone.
    pub async fn describe_policy(&self, policy: &PolicyId) -> Result<PolicyRecord, AwsError> {
        const OP: Op = Op::DescribePolicy;
        let answer = self
            .organizations_call(OP, |c| {
                let request = c.describe_policy().policy_id(policy.as_str());
                async move { request.send().await }
            })
            .await?;
        record(OP, answer.value.policy)
    }

    /// A page of the places that a policy is attached to directly.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where the policy is gone.
    pub async fn targets_page(
        &self,
        policy: &PolicyId,
        token: Option<&str>,
    ) -> Result<Page<TargetId>, AwsError> {
        const OP: Op = Op::ListTargetsForPolicy;
        let answer = self
            .organizations_call(OP, |c| {
                let request = c.list_targets_for_policy().policy_id(policy.as_str()).max_results(PAGE);
                let request = request.set_next_token(token.map(str::to_owned));
                async move { request.send().await }
            })
            .await?;
        page(OP, answer.value.targets, answer.value.next_token)?
            .map(|target| id(OP, "TargetId", target.target_id.as_deref()))
    }

    /// All backup policies attached to a place directly, in the order in which AWS lists them.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where the place is gone.
    pub async fn policies_for_target(&self, target: &TargetId) -> Result<Vec<PolicyId>, AwsError> {
        const OP: Op = Op::ListPoliciesForTarget;
        let mut found = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let answer = self
                .organizations_call(OP, |c| {
                    let request =
                        c.list_policies_for_target().target_id(target.as_str()).filter(BACKUP_POLICY);
                    let request = request.max_results(PAGE).set_next_token(token.clone());
                    async move { request.send().await }
                })
                .await?;
            let listed = page(OP, answer.value.policies, answer.value.next_token)?
                .map(|policy| id::<PolicyId>(OP, "Policy Id", policy.id.as_deref()))?;
            found.extend(listed.rows);
            match listed.next {
                Some(next) => token = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// Creates a backup policy.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `Conflict` where the name is taken.
    pub async fn create_policy(
        &self,
        name: &str,
        description: &str,
        content: &str,
    ) -> Result<Written<PolicyRecord>, AwsError> {
        const OP: Op = Op::CreatePolicy;
        let answer = self
            .organizations_call(OP, |c| {
                let request = c.create_policy().r#type(BACKUP_POLICY).name(name);
                let request = request.description(description).content(content);
                async move { request.send().await }
            })
            .await?;
        answer.read(|created| record(OP, created.policy))
    }

    /// Replaces a policy's name, description and document. AWS keeps an older description where the new one is empty,
    /// and its answer repeats only what was sent: read the policy again to know what is there.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where it is gone.
    pub async fn update_policy(
        &self,
        policy: &PolicyId,
        name: &str,
        description: &str,
        content: &str,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::UpdatePolicy, |c| {
                let request = c.update_policy().policy_id(policy.as_str()).name(name);
                let request = request.description(description).content(content);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Deletes a policy.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `Conflict` where it is attached.
    pub async fn delete_policy(&self, policy: &PolicyId) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::DeletePolicy, |c| {
                let request = c.delete_policy().policy_id(policy.as_str());
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Attaches a policy to a root, OU or account.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `AlreadyDone` where it is attached there.
    pub async fn attach_policy(&self, policy: &PolicyId, target: &TargetId) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::AttachPolicy, |c| {
                let request = c.attach_policy().policy_id(policy.as_str()).target_id(target.as_str());
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Detaches a policy from a root, OU or account.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `AlreadyDone` where it is not attached there.
    pub async fn detach_policy(&self, policy: &PolicyId, target: &TargetId) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::DetachPolicy, |c| {
                let request = c.detach_policy().policy_id(policy.as_str()).target_id(target.as_str());
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }
}

fn head(op: Op, summary: aws_sdk_organizations::types::PolicySummary) -> Result<PolicyHead, AwsError> {
    Ok(PolicyHead {
        id: id(op, "Policy Id", summary.id.as_deref())?,
        arn: summary.arn.unwrap_or_default(),
        name: summary.name.unwrap_or_default(),
        description: summary.description.unwrap_or_default(),
    })
}

fn record(op: Op, policy: Option<aws_sdk_organizations::types::Policy>) -> Result<PolicyRecord, AwsError> {
    let policy = need(op, "Policy", policy)?;
    let PolicyHead { id, arn, name, description } =
        head(op, need(op, "PolicySummary", policy.policy_summary)?)?;
    Ok(PolicyRecord { id, arn, name, description, content: need(op, "Content", policy.content)? })
}
