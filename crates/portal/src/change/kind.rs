//! What each kind of step knows to do. One file a kind, or a few that are alike.

mod attachment;
mod delegation;
mod features;
mod policy;
mod region;
mod setting;

use async_trait::async_trait;
use aws::{Aws, AwsError, AwsErrorKind, Written};
use model::{
    audit::AuditDetail,
    change::{Effect, StepKind},
};
use store::{Actor, Subject};

use crate::{Portal, PortalError};

/// What looking at AWS says before a step is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// It is to be sent.
    Send,
    /// AWS has it so already: there is nothing to send.
    AlreadySo,
}

/// What AWS said to a step that it accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub request_id: Option<String>,
    /// It was so before.
    pub already: bool,
}

/// What looking at AWS says of a step that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// AWS has what it was to do.
    Done,
    /// AWS does not have it, so far.
    NotDone,
}

/// A kind of step. What is found on the way is kept in it, and with it in the database.
#[async_trait]
pub(crate) trait Kind: Send + Sync {
    /// What nobody else may change meanwhile; the first is what it changes itself.
    fn subjects(&self) -> Vec<Subject>;

    /// How the change looks to somebody who compares two readings of AWS.
    fn effects(&self) -> Vec<Effect>;

    /// Reads AWS and compares it with what was shown when the step was asked for. Changes nothing in AWS.
    async fn check(&mut self, portal: &Portal, actor: &Actor) -> Result<Check, PortalError>;

    /// Asks AWS, once.
    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError>;

    /// Looks in AWS for what the step was to do.
    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError>;

    /// Brings the tables that pages read in line with what AWS has now.
    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError>;

    /// What AWS's refusal means for the person.
    fn refused(&self, error: AwsError) -> PortalError {
        error.into()
    }

    /// What exactly was done, for the audit list.
    fn detail(&self) -> AuditDetail {
        AuditDetail::Nothing
    }
}

/// What a kind of step knows to do.
pub(crate) fn of(kind: &mut StepKind) -> &mut dyn Kind {
    match kind {
        StepKind::CreatePolicy(kind) => kind,
        StepKind::EditPolicy(kind) => &mut **kind,
        StepKind::DeletePolicy(kind) => kind,
        StepKind::AttachPolicy(kind) => kind,
        StepKind::DetachPolicy(kind) => kind,
        StepKind::TurnSetting(kind) => kind,
        StepKind::TurnRegionSetting(kind) => kind,
        StepKind::RegisterAdministrator(kind) => kind,
        StepKind::RemoveAdministrator(kind) => kind,
        StepKind::PutResourcePolicy(kind) => kind,
        StepKind::TakeFeaturesStep(kind) => kind,
    }
}

/// What nobody else may change meanwhile.
pub(crate) fn subjects(kind: &StepKind) -> Vec<Subject> {
    of(&mut kind.clone()).subjects()
}

/// Taken alone by what changes all attachments at once, shared by what changes one.
const ATTACHMENTS: &str = "attachments";
/// Likewise for delegated administrators.
const ADMINISTRATORS: &str = "administrators";

/// AWS's yes; also where it is as wanted already, for somebody else was faster.
fn accepted(written: Result<Written<()>, AwsError>) -> Result<Accepted, AwsError> {
    match written {
        Ok(written) => Ok(Accepted { request_id: written.request_id, already: false }),
        Err(error) if matches!(error.kind, AwsErrorKind::AlreadyDone) => {
            Ok(Accepted { request_id: error.request_id, already: true })
        }
        Err(error) => Err(error),
    }
}

/// Done where a reading is as it was to become.
const fn look(as_wanted: bool) -> Look {
    if as_wanted { Look::Done } else { Look::NotDone }
}
