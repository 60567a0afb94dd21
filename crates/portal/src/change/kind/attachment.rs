//! Attachments: a policy at a target.

use async_trait::async_trait;
use aws::{Aws, AwsError};
use model::{
    PolicyId, TargetId,
    audit::AuditDetail,
    change::{AttachPolicy, DetachPolicy, Effect},
    event::EventKind,
    organization::{NodeRef, PolicyRef},
};
use store::{Actor, Subject};

use super::{ATTACHMENTS, Accepted, Check, Kind, Look, accepted, look};
use crate::{Portal, PortalError};

/// One after the other at a target: their order counts. The policy must not be deleted meanwhile.
fn subjects(policy: &PolicyRef, target: &NodeRef) -> Vec<Subject> {
    vec![
        Subject::alone(format!("attachment:{}@{}", policy.id, target.id)),
        Subject::alone(format!("target:{}", target.id)),
        Subject::shared(format!("policy:{}", policy.id)),
        Subject::shared(ATTACHMENTS),
    ]
}

async fn is_attached(portal: &Portal, policy: &PolicyId, target: &TargetId) -> Result<bool, PortalError> {
    match portal.aws().policies_for_target(target).await {
        // What is gone has nothing attached.
        Err(error) if error.is_not_found() => Ok(false),
        answer => Ok(answer?.contains(policy)),
    }
}

#[async_trait]
impl Kind for AttachPolicy {
    fn subjects(&self) -> Vec<Subject> {
        subjects(&self.policy, &self.target)
    }

    fn effects(&self) -> Vec<Effect> {
        vec![Effect::of(EventKind::PolicyAttached, &self.policy.id).at(&self.target.id)]
    }

    async fn check(&mut self, _: &Portal, _: &Actor) -> Result<Check, PortalError> {
        // AWS itself says where it is attached already.
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        accepted(aws.attach_policy(&self.policy.id, &self.target.id).await)
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        Ok(look(is_attached(portal, &self.policy.id, &self.target.id).await?))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        Ok(portal.store().put_attachment(&self.policy.id, &self.target.id).await?)
    }

    fn detail(&self) -> AuditDetail {
        self.export.map_or(AuditDetail::Nothing, |export| AuditDetail::PutBack { export })
    }
}

#[async_trait]
impl Kind for DetachPolicy {
    fn subjects(&self) -> Vec<Subject> {
        subjects(&self.policy, &self.target)
    }

    fn effects(&self) -> Vec<Effect> {
        vec![Effect::of(EventKind::PolicyDetached, &self.policy.id).at(&self.target.id)]
    }

    async fn check(&mut self, _: &Portal, _: &Actor) -> Result<Check, PortalError> {
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        accepted(aws.detach_policy(&self.policy.id, &self.target.id).await)
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        Ok(look(!is_attached(portal, &self.policy.id, &self.target.id).await?))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        Ok(portal.store().remove_attachment(&self.policy.id, &self.target.id).await?)
    }
}
