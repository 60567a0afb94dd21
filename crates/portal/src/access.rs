//! The one question before anything is done: may this person do that, to this? The answer is a proof, and the runner of
//! changes takes no step without one.

use model::access::{Action, Lineage, Refusal, Resource};
use model::{TargetId, change::StepKind};

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

impl Caller {
    /// Whether the caller may do something to a resource.
    ///
    /// # Errors
    /// [`PortalError::Denied`] with what it would need.
    pub(crate) fn may(&self, action: Action, resource: &Resource) -> Result<Granted<'_>, PortalError> {
        let unconfirmed = action.is_dangerous() && !self.is_confirmed();
        let unconfirmed = unconfirmed.then_some(Refusal::Unconfirmed { action });
        match self.rights().refuses(action, resource).or(unconfirmed) {
            None => Ok(Granted { caller: self }),
            Some(refusal) => {
                tracing::warn!(person = self.email(), address = self.address(), %refusal, "access refused");
                Err(PortalError::Denied(refusal))
            }
        }
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
    pub(crate) fn plan<'a>(
        caller: &'a Caller,
        kind: StepKind,
        directory: &Directory,
    ) -> Result<Planned<'a>, PortalError> {
        let granted = caller.may(kind.needs(), &resource(&kind, directory)?)?;
        Ok(Planned { granted, kind })
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
