//! Attaching and detaching: several targets at once, each a step of one change set.

use model::{
    PolicyId, TargetId,
    access::{Action, Resource},
    change::{AttachPolicy, ChangeSet, DetachPolicy, StepKind},
    failure::count,
    organization::{NodeRef, PolicyRef},
};

use crate::{Caller, Portal, PortalError, policies::NO_POLICY};

/// Targets of one change set at most.
const TARGETS: usize = 1_000;

impl Portal {
    /// Attaches a policy to several targets: to a few while the caller waits, to more in the background.
    ///
    /// # Errors
    /// Where nothing was begun: no such policy, no target, too many, or the caller may not.
    pub async fn attach_policy(
        &self,
        caller: &Caller,
        id: &PolicyId,
        targets: &[TargetId],
    ) -> Result<ChangeSet, PortalError> {
        let step = |policy, target| StepKind::AttachPolicy(AttachPolicy { policy, target, export: None });
        self.each_target(caller, id, targets, ("Attach", "to"), step).await
    }

    /// Detaches a policy from several targets.
    ///
    /// # Errors
    /// As for attaching.
    pub async fn detach_policy(
        &self,
        caller: &Caller,
        id: &PolicyId,
        targets: &[TargetId],
    ) -> Result<ChangeSet, PortalError> {
        let step = |policy, target| StepKind::DetachPolicy(DetachPolicy { policy, target });
        self.each_target(caller, id, targets, ("Detach", "from"), step).await
    }

    async fn each_target(
        &self,
        caller: &Caller,
        id: &PolicyId,
        targets: &[TargetId],
        (verb, preposition): (&str, &str),
        step: impl Fn(PolicyRef, NodeRef) -> StepKind,
    ) -> Result<ChangeSet, PortalError> {
        self.may(caller, Action::AttachPolicy, &Resource::Visible).await?;
        let directory = self.unscoped_directory().await?;
        let policy = directory.policies.get(id).map(|_| directory.policy_ref(id)).ok_or(NO_POLICY)?;
        let targets = distinct(targets)?;
        let title = format!("{verb} “{}” {preposition} {}", policy.name, count(targets.len(), "target"));
        let mut steps = Vec::with_capacity(targets.len());
        for id in targets {
            let target = NodeRef { name: directory.name(id), id: id.clone() };
            steps.push(self.plan(caller, step(policy.clone(), target), &directory).await?);
        }
        self.change_many(title, steps).await
    }
}

/// Each target once, in the order in which they were given.
fn distinct(targets: &[TargetId]) -> Result<Vec<&TargetId>, PortalError> {
    let mut distinct: Vec<&TargetId> = Vec::with_capacity(targets.len());
    for target in targets {
        if !distinct.contains(&target) {
            distinct.push(target);
        }
    }
    if distinct.is_empty() {
        return Err(PortalError::field("targets", "Choose at least one target."));
    }
    if distinct.len() > TARGETS {
        let message = format!("Choose at most {TARGETS} targets at once, or a place higher up in the tree.");
        return Err(PortalError::field("targets", message));
    }
    Ok(distinct)
}
