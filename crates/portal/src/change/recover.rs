//! What was sent and not answered is settled by looking in AWS: at once, after a restart, and on the clock.

use model::{
    FailureCode,
    access::Refusal,
    change::{ChangeId, ChangeState, StepState},
};
use store::{NewTask, StepRow, Subject, Task};
use tokio_util::sync::CancellationToken;

use super::{
    Ended,
    kind::{self, Accepted, Look},
    run::RUN_CHANGE_SET,
};
use crate::{Origin, Portal, PortalError, tasks::Outcome};

/// The kind of task that settles a step; its key is `change/step`.
pub const SETTLE_STEP: &str = "settle_step";

/// A request that got no answer may still be on its way for so long: until then AWS not having done it yet proves nothing.
const ON_ITS_WAY: time::Duration = time::Duration::seconds(60);
/// Between two looks; doubles up to the longest.
const FIRST_LOOK: time::Duration = time::Duration::seconds(15);
const LAST_LOOK: time::Duration = time::Duration::minutes(5);

impl Portal {
    /// Takes over a change set whose task was put into the queue, or whose process died: settles what was sent, and goes
    /// on with the rest if it is one that goes on.
    ///
    /// # Errors
    /// Where the database fails; the task is to be tried again then.
    pub async fn run_change_set(
        &self,
        task: &Task,
        stop: &CancellationToken,
    ) -> Result<Outcome, PortalError> {
        let unreadable =
            || PortalError::Internal(format!("task {} of kind {RUN_CHANGE_SET} has no number", task.id));
        let id: ChangeId = task.key.parse().map_err(|_| unreadable())?;
        let Some((user, resumes)) = self.store().change_owner(id).await? else { return Ok(Outcome::Done) };
        for step in self.store().steps(id).await?.into_iter().filter(|step| step.state == StepState::Sent) {
            self.settle(step).await?;
        }
        if resumes {
            self.refuse_what_is_no_longer_allowed(id, user).await?;
            let steps = self.store().steps(id).await?;
            self.run_steps(steps, stop).await;
            let left = self.store().steps(id).await?;
            if left.iter().any(|step| step.state == StepState::Waiting) && stop.is_cancelled() {
                return Ok(Outcome::Again { at: self.now() });
            }
        }
        self.store().end_change(id, None, self.now()).await?;
        Ok(Outcome::Done)
    }

    /// Settles a step of which it is not known what became, or shows one that is done and not shown yet.
    ///
    /// # Errors
    /// Where the database fails; the task is to be tried again then.
    pub async fn settle_step(&self, task: &Task) -> Result<Outcome, PortalError> {
        let unreadable =
            || PortalError::Internal(format!("task {} of kind {SETTLE_STEP} has no step", task.id));
        let (change, n) = task.key.split_once('/').ok_or_else(unreadable)?;
        let (change, n) = (change.parse().map_err(|_| unreadable())?, n.parse().map_err(|_| unreadable())?);
        let Some(step) = self.store().step(change, n).await? else { return Ok(Outcome::Done) };
        self.settle(step).await?;
        let settled = self.store().step(change, n).await?;
        if settled.is_none_or(|step| step.state == StepState::Failed || step.refreshed) {
            self.store().end_change(change, Some(ChangeState::Settling), self.now()).await?;
            return Ok(Outcome::Done);
        }
        let looks = u32::try_from(task.attempts.clamp(1, 16)).unwrap_or(1) - 1;
        Ok(Outcome::Again { at: self.now() + (FIRST_LOOK * 2_i32.pow(looks)).min(LAST_LOOK) })
    }

    /// Looks what became of a step, under the locks of what it changes: whoever sends it has them, if anybody still does.
    async fn settle(&self, step: StepRow) -> Result<(), PortalError> {
        let _locks = self.store().lock_subjects(&kind::subjects(&step.kind)).await?;
        let Some(mut step) = self.store().step(step.change, step.n).await? else { return Ok(()) };
        match step.state {
            StepState::Sent | StepState::Unknown => {
                self.settle_locked(step).await;
            }
            // Others may have changed it since: then the next reading tells.
            StepState::Done if !step.refreshed => match kind::of(&mut step.kind).look(self).await? {
                Look::Done => self.show(&mut step).await,
                Look::NotDone => self.store().step_refreshed(&step).await?,
            },
            _ => (),
        }
        Ok(())
    }

    /// As [`Portal::settle`], for those who have the locks.
    pub(super) async fn settle_locked(&self, mut step: StepRow) -> Ended {
        let request_id = step.request_id.clone();
        let looked = kind::of(&mut step.kind).look(self).await;
        let since = step.sent_at.map_or(time::Duration::MAX, |sent| self.now() - sent);
        match looked {
            Ok(Look::Done) => self.done(step, Accepted { request_id, already: false }).await,
            Ok(Look::NotDone) if since >= ON_ITS_WAY => {
                self.failed(step, FailureCode::NotCarriedOut.into(), request_id).await
            }
            Ok(Look::NotDone) => {
                let reason =
                    "AWS did not say whether it was done, and does not show the change so far.".to_owned();
                self.unknown(step, OPERATION.into(), request_id, reason).await
            }
            Err(error) => {
                let reason =
                    format!("AWS did not say whether it was done, and could not be looked at since: {error}");
                self.unknown(step, OPERATION.into(), request_id, reason).await
            }
        }
    }

    /// Settles what was left open about the same subjects. What is still open about the first of them forbids another
    /// change of it: AWS could carry out both, in either order.
    pub(super) async fn settle_earlier(&self, subjects: &[Subject]) -> Result<(), PortalError> {
        for step in self.store().unsettled_steps(subjects).await? {
            let change = step.change;
            let same = kind::subjects(&step.kind).first() == subjects.first();
            if let (Ended::Unknown(_), true) = (self.settle_locked(step).await, same) {
                return Err(PortalError::Conflict(format!(
                    "AWS has not answered an earlier change of this (change {change}), and may still carry it out. Holdfast looks until it knows. Try again in a minute."
                )));
            }
        }
        Ok(())
    }

    /// Puts a look at a step into the queue. Where that fails, the lease of its change set leads somebody to it.
    pub(super) async fn settle_later(&self, step: &StepRow) {
        let task = NewTask {
            kind: SETTLE_STEP,
            key: format!("{}/{}", step.change, step.n),
            payload: serde_json::Value::Null,
            run_at: self.now() + FIRST_LOOK,
        };
        if let Err(error) = self.store().put_task(&task).await {
            tracing::warn!(change = step.change.0, step = step.n, %error, "a look at it is not queued");
        }
    }

    /// Whoever asked must still be allowed: a person may have been disabled since.
    async fn refuse_what_is_no_longer_allowed(
        &self,
        id: ChangeId,
        user: Option<store::UserId>,
    ) -> Result<(), PortalError> {
        let caller = match user {
            // It was sure that it was they when they asked.
            Some(user) => self.caller(user, Origin::default(), Some(self.now())).await?,
            None => None,
        };
        let directory = self.unscoped_directory().await?;
        let waiting = self.store().steps(id).await?;
        for step in waiting.into_iter().filter(|step| step.state == StepState::Waiting) {
            let allowed = match &caller {
                Some(caller) => self.plan(caller, step.kind.clone(), &directory).await.map(drop),
                None => Err(PortalError::Denied(Refusal::Gone)),
            };
            if let Err(error) = allowed {
                self.refuse(step, error).await;
            }
        }
        Ok(())
    }
}

const OPERATION: &str = "The change";
