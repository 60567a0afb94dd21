//! Backup policies and where they are attached.

use aws_sdk_organizations::types::{Policy, PolicySummary};
use model::{PolicyId, TargetId, organization::PolicyRecord};

use super::client::{BACKUP_POLICY, Organizations, PAGE};
use crate::{
    answer::{Page, Written},
    connect::Aws,
    convert::{id, need, page},
    error::AwsError,
    operation::Op,
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
    pub async fn policies_page(&self, token: Option<&str>) -> Result<Page<PolicyHead>, AwsError> {
        const OP: Op = Op::ListPolicies;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_policies().filter(BACKUP_POLICY).max_results(PAGE);
                request.set_next_token(token.map(str::to_owned)).send()
            })
            .await?;
        answer.value(|a| Ok(page(OP, a.policies, a.next_token)?.map_readable(|policy| head(OP, policy))))
    }

    /// A policy with its document, exactly as AWS keeps it.
    ///
    /// # Errors
    /// `NotFound` where it is gone.
    pub async fn describe_policy(&self, policy: &PolicyId) -> Result<PolicyRecord, AwsError> {
        const OP: Op = Op::DescribePolicy;
        let answer =
            self.call(Organizations, OP, |c| c.describe_policy().policy_id(policy.as_str()).send()).await?;
        answer.value(|a| record(OP, a.policy))
    }

    /// A page of the places that a policy is attached to directly.
    ///
    /// # Errors
    /// `NotFound` where the policy is gone.
    pub async fn targets_page(
        &self,
        policy: &PolicyId,
        token: Option<&str>,
    ) -> Result<Page<TargetId>, AwsError> {
        const OP: Op = Op::ListTargetsForPolicy;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_targets_for_policy().policy_id(policy.as_str()).max_results(PAGE);
                request.set_next_token(token.map(str::to_owned)).send()
            })
            .await?;
        answer.value(|a| {
            page(OP, a.targets, a.next_token)?.map(|target| id(OP, "TargetId", target.target_id.as_deref()))
        })
    }

    /// All backup policies attached to a place directly, in the order in which AWS lists them.
    ///
    /// # Errors
    /// `NotFound` where the place is gone.
    pub async fn policies_for_target(&self, target: &TargetId) -> Result<Vec<PolicyId>, AwsError> {
        Page::all(|token| self.policies_for_target_page(target, token)).await
    }

    async fn policies_for_target_page(
        &self,
        target: &TargetId,
        token: Option<String>,
    ) -> Result<Page<PolicyId>, AwsError> {
        const OP: Op = Op::ListPoliciesForTarget;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_policies_for_target().target_id(target.as_str()).filter(BACKUP_POLICY);
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await?;
        answer.value(|a| {
            page(OP, a.policies, a.next_token)?.map(|policy| id(OP, "Policy Id", policy.id.as_deref()))
        })
    }

    /// Creates a backup policy.
    ///
    /// # Errors
    /// `Conflict` where the name is taken.
    pub async fn create_policy(
        &self,
        name: &str,
        description: &str,
        content: &str,
    ) -> Result<Written<PolicyRecord>, AwsError> {
        const OP: Op = Op::CreatePolicy;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.create_policy().r#type(BACKUP_POLICY).name(name);
                request.description(description).content(content).send()
            })
            .await?;
        answer.read(|a| record(OP, a.policy))
    }

    /// Replaces a policy's name, description and document. AWS keeps an older description where the new one is empty,
    /// and its answer repeats only what was sent: read the policy again to know what is there.
    ///
    /// # Errors
    /// `NotFound` where it is gone.
    pub async fn update_policy(
        &self,
        policy: &PolicyId,
        name: &str,
        description: &str,
        content: &str,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::UpdatePolicy, |c| {
                let request = c.update_policy().policy_id(policy.as_str()).name(name);
                request.description(description).content(content).send()
            })
            .await?;
        Ok(answer.done())
    }

    /// Deletes a policy.
    ///
    /// # Errors
    /// `Conflict` where it is attached.
    pub async fn delete_policy(&self, policy: &PolicyId) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::DeletePolicy, |c| c.delete_policy().policy_id(policy.as_str()).send())
            .await?;
        Ok(answer.done())
    }

    /// Attaches a policy to a root, OU or account.
    ///
    /// # Errors
    /// `AlreadyDone` where it is attached there.
    pub async fn attach_policy(&self, policy: &PolicyId, target: &TargetId) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::AttachPolicy, |c| {
                c.attach_policy().policy_id(policy.as_str()).target_id(target.as_str()).send()
            })
            .await?;
        Ok(answer.done())
    }

    /// Detaches a policy from a root, OU or account.
    ///
    /// # Errors
    /// `AlreadyDone` where it is not attached there.
    pub async fn detach_policy(&self, policy: &PolicyId, target: &TargetId) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::DetachPolicy, |c| {
                c.detach_policy().policy_id(policy.as_str()).target_id(target.as_str()).send()
            })
            .await?;
        Ok(answer.done())
    }
}

fn head(op: Op, summary: PolicySummary) -> Result<PolicyHead, AwsError> {
    Ok(PolicyHead {
        id: id(op, "Policy Id", summary.id.as_deref())?,
        arn: summary.arn.unwrap_or_default(),
        name: summary.name.unwrap_or_default(),
        description: summary.description.unwrap_or_default(),
    })
}

fn record(op: Op, policy: Option<Policy>) -> Result<PolicyRecord, AwsError> {
    let policy = need(op, "Policy", policy)?;
    let PolicyHead { id, arn, name, description } =
        head(op, need(op, "PolicySummary", policy.policy_summary)?)?;
    Ok(PolicyRecord { id, arn, name, description, content: need(op, "Content", policy.content)? })
}
