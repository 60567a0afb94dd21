//! Change sets: what people ask Holdfast to change in AWS, step by step, and what became of each step.

mod id;
mod kind;

use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use id::ChangeId;
pub use kind::{
    AttachPolicy, CreatePolicy, DeletePolicy, DetachPolicy, EditPolicy, PutResourcePolicy, RESOURCE_POLICY,
    RESOURCE_POLICY_NAME, RegisterAdministrator, RemoveAdministrator, StepKind, TakeFeaturesStep,
    TurnRegionSetting, TurnSetting,
};

use crate::{Failure, audit::AuditAction};

/// How a change set stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeState {
    /// Its steps are being carried out.
    Running,
    /// All were tried; of some it is not known yet what AWS did.
    Settling,
    /// All are done.
    Done,
    /// Ended with steps that failed or were not tried.
    Stopped,
}

impl ChangeState {
    const TABLE: [(Self, &'static str, &'static str); 4] = [
        (Self::Running, "running", "Running"),
        (Self::Settling, "settling", "Looking in AWS what was done"),
        (Self::Done, "done", "Done"),
        (Self::Stopped, "stopped", "Ended, not all done"),
    ];

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(s, ..)| *s == self).map_or("", |(_, name, _)| name)
    }

    /// As people read it.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::TABLE.iter().find(|(s, ..)| *s == self).map_or("", |(.., words)| words)
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, n, _)| *n == name).map(|(s, ..)| *s)
    }

    /// Whether something may still become of it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Running | Self::Settling)
    }
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// AWS was not asked.
    Waiting,
    /// AWS is being asked.
    Sent,
    /// AWS has done it, or had it so already.
    Done,
    /// AWS has not done it, and will not.
    Failed,
    /// AWS was asked, and it is not known what came of it. Settled by looking.
    Unknown,
}

impl StepState {
    const TABLE: [(Self, &'static str, &'static str); 5] = [
        (Self::Waiting, "waiting", "Not tried"),
        (Self::Sent, "sent", "Under way"),
        (Self::Done, "done", "Done"),
        (Self::Failed, "failed", "Not done"),
        (Self::Unknown, "unknown", "Not known yet"),
    ];

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(s, ..)| *s == self).map_or("", |(_, name, _)| name)
    }

    /// As people read it.
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::TABLE.iter().find(|(s, ..)| *s == self).map_or("", |(.., words)| words)
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, n, _)| *n == name).map(|(s, ..)| *s)
    }

    /// Whether it is known what became of it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }
}

/// Something by its id and its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Empty where it has none yet.
    pub id: String,
    pub name: String,
}

impl Named {
    /// From its parts.
    #[must_use]
    pub fn new(id: impl fmt::Display, name: impl Into<String>) -> Self {
        Self { id: id.to_string(), name: name.into() }
    }
}

/// A step as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its place among the steps, from 0.
    pub n: u32,
    pub action: AuditAction,
    /// What it is done to.
    pub subject: Named,
    /// Where a policy is attached or detached.
    pub target: Option<Named>,
    pub state: StepState,
    /// Why it is not done, or not known.
    pub failure: Option<Failure>,
    /// AWS's id of the decisive call.
    pub request_id: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
}

/// A change set as people see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSet {
    pub id: ChangeId,
    pub title: String,
    /// Sign-in name of who asked for it.
    pub asked_by: String,
    #[serde(with = "time::serde::rfc3339")]
    pub asked_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    pub state: ChangeState,
    /// Those that whoever looks may see, in the order in which they are carried out.
    pub steps: Vec<Step>,
    /// How many more there are, at places that they may not see.
    #[serde(default)]
    pub elsewhere: u64,
}

impl ChangeSet {
    /// Steps in one state.
    #[must_use]
    pub fn count(&self, state: StepState) -> usize {
        self.steps.iter().filter(|step| step.state == state).count()
    }

    /// Steps of which it is known what became of them.
    #[must_use]
    pub fn ended(&self) -> usize {
        self.steps.iter().filter(|step| step.state.is_final()).count()
    }
}

/// A change that a step makes in AWS, as a comparison of two readings would find it: so that Holdfast's own is told from
/// what others did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Stored name of an [`EventKind`](crate::event::EventKind).
    pub kind: String,
    /// Id of what changes; `None` for any, where `subject_name` or nothing tells it.
    pub subject: Option<String>,
    pub subject_name: Option<String>,
    pub target: Option<String>,
    /// How it is afterwards; `None` where that is not compared.
    pub after: Option<String>,
}

impl Effect {
    /// A change of one subject.
    #[must_use]
    pub fn of(kind: crate::event::EventKind, subject: impl fmt::Display) -> Self {
        Self { subject: Some(subject.to_string()), ..Self::any(kind) }
    }

    /// A change of any subject.
    #[must_use]
    pub fn any(kind: crate::event::EventKind) -> Self {
        let kind = kind.as_str().to_owned();
        Self { kind, subject: None, subject_name: None, target: None, after: None }
    }

    /// What it becomes.
    #[must_use]
    pub fn becoming(self, after: impl Into<String>) -> Self {
        Self { after: Some(after.into()), ..self }
    }

    /// Where it happens.
    #[must_use]
    pub fn at(self, target: impl fmt::Display) -> Self {
        Self { target: Some(target.to_string()), ..self }
    }
}
