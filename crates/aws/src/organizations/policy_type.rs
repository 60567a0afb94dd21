//! Whether the organization has backup policies at all: the policy type BACKUP_POLICY on its root.

use aws_sdk_organizations::types::{PolicyTypeStatus as Status, PolicyTypeSummary};
use model::TargetId;

use super::client::{BACKUP_POLICY, Organizations};
use crate::{answer::Written, connect::Aws, error::AwsError, operation::Op};

/// How the policy type BACKUP_POLICY stands on the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyTypeStatus {
    Enabled,
    Disabled,
    /// AWS is turning it on or off.
    Changing,
}

impl Aws {
    /// Turns the backup policy type on. AWS carries it out in its own time.
    ///
    /// # Errors
    /// `AlreadyDone` where it is on.
    pub async fn enable_policy_type(&self, root: &TargetId) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::EnablePolicyType, |c| {
                c.enable_policy_type().root_id(root.as_str()).policy_type(BACKUP_POLICY).send()
            })
            .await?;
        Ok(answer.done())
    }

    /// Turns the backup policy type off: AWS detaches every backup policy from every target.
    ///
    /// # Errors
    /// `AlreadyDone` where it is off.
    pub async fn disable_policy_type(&self, root: &TargetId) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::DisablePolicyType, |c| {
                c.disable_policy_type().root_id(root.as_str()).policy_type(BACKUP_POLICY).send()
            })
            .await?;
        Ok(answer.done())
    }
}

/// How the backup policy type stands in a root's list of policy types: a type that is off is not in the list.
pub(super) fn status(types: &[PolicyTypeSummary]) -> PolicyTypeStatus {
    match types.iter().find(|t| t.r#type == Some(BACKUP_POLICY)).and_then(|t| t.status.as_ref()) {
        None => PolicyTypeStatus::Disabled,
        Some(Status::Enabled) => PolicyTypeStatus::Enabled,
        Some(_) => PolicyTypeStatus::Changing,
    }
}
