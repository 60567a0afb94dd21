//! The one question before anything is done: may this person do that, to this? The answer is a proof, and the runner of
//! changes takes no step without one.

use model::{
    TargetId,
    access::{Action, Lineage, Refusal, Resource},
    change::{Named, StepKind},
};
use store::RefusedAccess;

use crate::{Caller, Portal, PortalError, directory::Directory, policies::NO_POLICY};

/// That a caller may do something to a resource. Made here only.
#[derive(Debug)]
pub(crate) struct Granted<'a> {
    caller: &'a Caller,
}

impl<'a> Granted<'a> {
    /// Who was granted it.
    pub fn caller(&self) -> &'a Caller {
        self.caller
    }
}

impl Portal {
    /// Whether the caller may do something to a resource. What is refused is in the audit list; where it cannot be written
    /// down, it is refused all the same.
    ///
    /// # Errors
    /// [`PortalError::Denied`] with what it would need.
    pub(crate) async fn may<'a>(
        &self,
        caller: &'a Caller,
        action: Action,
        resource: &Resource,
    ) -> Result<Granted<'a>, PortalError> {
        let Some(refusal) = caller.refuses(action, resource) else { return Ok(Granted { caller }) };
        let subject = match resource {
            Resource::Place(place) => Named::new(place.id.as_str(), ""),
            Resource::Organization | Resource::Visible | Resource::Policy { .. } => Named::default(),
        };
        Err(self.refuse_access(caller, action, refusal, (subject, None)).await)
    }

    /// Writes down that somebody was refused something, and answers the refusal.
    async fn refuse_access(
        &self,
        caller: &Caller,
        action: Action,
        refusal: Refusal,
        (subject, target): (Named, Option<Named>),
    ) -> PortalError {
        tracing::warn!(person = caller.email(), address = caller.address(), %refusal, "access refused");
        let unconfirmed = matches!(refusal, Refusal::Unconfirmed { .. } | Refusal::NoSecondFactor);
        let refused = RefusedAccess { actor: caller.actor(), action, unconfirmed, subject, target };
        if let Err(error) = self.store().refuse_access(refused, self.now()).await {
            tracing::error!(person = caller.email(), %refusal, %error, "refused access is not in the audit list");
        }
        PortalError::Denied(refusal)
    }
}

/// A step that its caller may ask for. Made by [`Portal::plan`] only.
#[derive(Debug)]
pub(crate) struct Planned<'a> {
    granted: Granted<'a>,
    kind: StepKind,
}

impl<'a> Planned<'a> {
    /// Who may.
    pub fn granted(&self) -> &Granted<'a> {
        &self.granted
    }

    /// What it does.
    pub fn kind(&self) -> &StepKind {
        &self.kind
    }

    /// What it does, to be carried out.
    pub fn into_kind(self) -> StepKind {
        self.kind
    }
}

impl Portal {
    /// Asks whether the caller may take a step, for what it does and where it does it.
    ///
    /// # Errors
    /// Where the caller may not, or the policy that it is about does not exist.
    pub(crate) async fn plan<'a>(
        &self,
        caller: &'a Caller,
        kind: StepKind,
        directory: &Directory,
    ) -> Result<Planned<'a>, PortalError> {
        let (action, resource) = (kind.needs(), resource(&kind, directory)?);
        match caller.refuses(action, &resource) {
            None => Ok(Planned { granted: Granted { caller }, kind }),
            Some(refusal) => {
                let on = (kind.subject(), kind.target());
                Err(self.refuse_access(caller, action, refusal, on).await)
            }
        }
    }
}

/// What a step is done to.
fn resource(kind: &StepKind, directory: &Directory) -> Result<Resource, PortalError> {
    let policy = |id| {
        let entry = directory.policies.get(id).ok_or(NO_POLICY)?;
        let attached = entry.targets.iter().map(|target| lineage(target, directory)).collect();
        Ok(Resource::Policy { attached })
    };
    match kind {
        // Attached nowhere yet.
        StepKind::CreatePolicy(_) => Ok(Resource::Policy { attached: Vec::new() }),
        StepKind::EditPolicy(edit) => policy(&edit.policy.id),
        StepKind::DeletePolicy(delete) => policy(&delete.policy.id),
        StepKind::AttachPolicy(attach) => Ok(Resource::Place(lineage(&attach.target.id, directory))),
        StepKind::DetachPolicy(detach) => Ok(Resource::Place(lineage(&detach.target.id, directory))),
        StepKind::TurnSetting(_)
        | StepKind::TurnRegionSetting(_)
        | StepKind::RegisterAdministrator(_)
        | StepKind::RemoveAdministrator(_)
        | StepKind::PutResourcePolicy(_)
        | StepKind::TakeFeaturesStep(_) => Ok(Resource::Organization),
    }
}

/// A place that is not known hangs nowhere: only who has the whole organization may touch it.
fn lineage(target: &TargetId, directory: &Directory) -> Lineage {
    let above = directory.place(target).map(|place| directory.ancestors(place)).unwrap_or_default();
    Lineage { id: target.clone(), ancestors: above.iter().map(|place| place.node.id.clone()).collect() }
}
