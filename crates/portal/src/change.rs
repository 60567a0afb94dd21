//! Changes in AWS. A change set is written down before anything is done; each of its steps is locked against others,
//! compared with what is in AWS, written down as sent, sent, and settled. What was sent and not answered is *unknown*,
//! never failed, until somebody has looked in AWS.

pub(crate) mod kind;
mod recover;
mod run;
mod unsettled;

use model::{
    Failure,
    access::{Action, Resource},
    change::{ChangeId, ChangeSet, StepKind},
};

use crate::{Caller, Portal, PortalError};

pub use recover::SETTLE_STEP;
pub use run::RUN_CHANGE_SET;
pub use unsettled::Unsettled;

/// What became of a step in this process.
#[derive(Debug)]
pub(crate) enum Ended {
    /// AWS has done it, or had it so already.
    Done { kind: StepKind, request_id: Option<String> },
    /// AWS has not done it, and will not.
    Failed(Failure),
    /// It is not known yet.
    Unknown(Unsettled),
    /// It was not tried: the change set was stopped before.
    NotTried,
}

impl Ended {
    /// As the result of a use case that takes one step.
    pub fn into_result(self) -> Result<StepKind, PortalError> {
        match self {
            Self::Done { kind, .. } => Ok(kind),
            Self::Failed(failure) => Err(PortalError::Failed(Box::new(failure))),
            Self::Unknown(unsettled) => Err(PortalError::Unsettled(unsettled)),
            Self::NotTried => Err(PortalError::Conflict(
                "Holdfast is being stopped, so nothing was sent. Try again in a moment.".into(),
            )),
        }
    }
}

/// Change sets in the list.
const LISTED: u32 = 100;

impl Portal {
    /// The newest change sets of which the caller may see a step, newest first, without their steps.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn changes(&self, caller: &Caller) -> Result<Vec<ChangeSet>, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let visible = self.visible(caller, Action::Read).await?;
        self.store().newest_changes(LISTED, &visible).await.map_err(PortalError::filtered)
    }

    /// A change set with the steps that the caller may see.
    ///
    /// # Errors
    /// Where there is none of that id of which they may see a step, the caller may not read, or the database fails.
    pub async fn change(&self, caller: &Caller, id: ChangeId) -> Result<ChangeSet, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let visible = self.visible(caller, Action::Read).await?;
        self.store().change_set(id, &visible).await?.ok_or(PortalError::NotFound { what: "change" })
    }
}
