//! The one runner of changes.

use std::{collections::HashSet, future::Future, time::Duration};

use aws::{AwsError, Fate};
use model::{
    Failure, FailureCode, TargetId,
    audit::AuditDetail,
    change::{AttachPolicy, ChangeId, ChangeSet, ChangeState, Step, StepKind, StepState},
};
use store::{NewChange, NewTask, StepResult, StepRow, StoreError, Task, Visible};
use tokio_util::sync::CancellationToken;

use super::{
    Ended, Unsettled,
    kind::{self, Accepted, Check, Look},
};
use crate::{Caller, Portal, PortalError, access::Planned};

/// The kind of task that carries out a change set; its key is the change set's number.
pub const RUN_CHANGE_SET: &str = "run_change_set";

/// So many steps are carried out while whoever asked waits; more go on in the background.
const WHILE_WAITING: usize = 5;
/// Whose process dies loses its change sets to others after this.
const LEASE: time::Duration = time::Duration::seconds(30);
/// Between two renewals of a lease.
const RENEWAL: Duration = Duration::from_secs(10);

/// How long something that AWS has said is tried to be written down while the database is away.
const WRITING: Duration = Duration::from_secs(600);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

impl Portal {
    /// Carries out one step while its caller waits.
    ///
    /// # Errors
    /// Why it is not done; [`PortalError::Unsettled`] where that is not known.
    pub(crate) async fn change_one(&self, title: String, step: Planned<'_>) -> Result<StepKind, PortalError> {
        let (_, ended) = self.carry_out(title, vec![step]).await?;
        ended.into_iter().next().unwrap_or(Ended::NotTried).into_result()
    }

    /// Carries out several steps, one after the other: a few while their caller waits, more in the background. A step
    /// that fails does not stop those after it.
    ///
    /// # Errors
    /// Where nothing was begun.
    pub(crate) async fn change_many(
        &self,
        title: String,
        steps: Vec<Planned<'_>>,
    ) -> Result<ChangeSet, PortalError> {
        let Some(caller) = steps.first().map(|step| step.granted().caller()) else {
            return Err(PortalError::Conflict("There is nothing to do.".into()));
        };
        let asked_by = caller.email().to_owned();
        if steps.len() > WHILE_WAITING {
            let id = self.queue(title, steps).await?;
            return self
                .store()
                .change_set(id, &Visible::All)
                .await?
                .ok_or(PortalError::NotFound { what: "change" });
        }
        let asked_at = self.now();
        let kinds: Vec<StepKind> = steps.iter().map(|step| step.kind().clone()).collect();
        let (id, ended) = self.carry_out(title.clone(), steps).await?;
        let steps: Vec<Step> =
            kinds.iter().zip(ended).zip(0..).map(|((kind, ended), n)| view(kind, ended, n)).collect();
        let is = |state| steps.iter().any(|step: &Step| step.state == state);
        let state = match () {
            () if is(StepState::Unknown) => ChangeState::Settling,
            () if is(StepState::Failed) || is(StepState::Waiting) => ChangeState::Stopped,
            () => ChangeState::Done,
        };
        let ended_at = (!state.is_open()).then(|| self.now());
        Ok(ChangeSet { id, title, asked_by, asked_at, ended_at, state, steps, elsewhere: 0 })
    }

    /// Writes a change set down and leaves it to whoever takes its task. In this order, so that nothing is begun that
    /// the database may not have kept.
    async fn queue(&self, title: String, steps: Vec<Planned<'_>>) -> Result<ChangeId, PortalError> {
        let change = new_change(title, steps, true)?;
        let (id, _) =
            self.store().begin_change(&change, self.now(), None).await.map_err(PortalError::NotBegun)?;
        let task = NewTask { key: id.to_string(), ..run_task(self.now()) };
        match self.store().put_task(&task).await {
            Ok(_) => Ok(id),
            Err(error) => {
                tracing::warn!(change = id.0, %error, "it is not known whether the change set was begun");
                let operation = "The first step".to_owned();
                Err(PortalError::Unsettled(Unsettled { change: id, operation, request_id: None }))
            }
        }
    }

    /// Carries out a few steps now. A process that dies meanwhile leaves them where they are: nobody goes on with them.
    async fn carry_out(
        &self,
        title: String,
        steps: Vec<Planned<'_>>,
    ) -> Result<(ChangeId, Vec<Ended>), PortalError> {
        let change = new_change(title, steps, false)?;
        let now = self.now();
        let lease = Some((run_task(now), now + LEASE));
        let begun = self.store().begin_change(&change, now, lease).await.map_err(PortalError::NotBegun)?;
        let (id, task) = begun;
        let steps = self.store().steps(id).await.map_err(PortalError::NotBegun)?;
        let stop = CancellationToken::new();
        let ended = match &task {
            Some(task) => self.keeping_lease(task, &stop, self.run_steps(steps, &stop)).await,
            None => self.run_steps(steps, &stop).await,
        };
        self.end_run(id, task.as_ref()).await;
        Ok((id, ended))
    }

    /// Notes how a change set stands that nobody works on any more. Where the database does not take it, its task stays,
    /// and whoever takes that when the lease ends looks what became of it.
    async fn end_run(&self, id: ChangeId, task: Option<&Task>) {
        let ended = async {
            let open = self.store().steps(id).await?.iter().any(|step| step.state == StepState::Sent);
            if !open {
                self.store().end_change(id, None, self.now()).await?;
                if let Some(task) = task {
                    self.store().finish_task(task).await?;
                }
            }
            Ok::<_, StoreError>(())
        };
        if let Err(error) = ended.await {
            tracing::warn!(change = id.0, %error, "the end of a change set is not written down yet");
        }
    }

    /// Does some work of a task and keeps the lease on it meanwhile. Where that is lost, the work is asked to stop.
    async fn keeping_lease<T>(
        &self,
        task: &Task,
        stop: &CancellationToken,
        work: impl Future<Output = T>,
    ) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep(RENEWAL) => {
                    if let Ok(false) = self.store().renew_task(task, self.now() + LEASE).await {
                        stop.cancel();
                    }
                }
            }
        }
    }

    /// Carries out what waits, one step after the other, until `stop`.
    pub(super) async fn run_steps(&self, steps: Vec<StepRow>, stop: &CancellationToken) -> Vec<Ended> {
        let mut ended = Vec::with_capacity(steps.len());
        // At a target whose attachments are put back, the order counts.
        let mut blocked: HashSet<TargetId> = HashSet::new();
        for step in steps {
            let target = ordered_target(&step.kind);
            let one = match step.state {
                StepState::Waiting if stop.is_cancelled() => Ended::NotTried,
                StepState::Waiting if target.as_ref().is_some_and(|target| blocked.contains(target)) => {
                    let why = "Not tried, since the one before it at this target is not done and the order counts. Put back again.";
                    self.refuse(step, PortalError::Conflict(why.into())).await
                }
                StepState::Waiting => self.run_step(step).await,
                // Somebody looks what became of it, or will.
                StepState::Sent | StepState::Unknown => {
                    let operation = step.kind.action().words().to_owned();
                    Ended::Unknown(Unsettled { change: step.change, operation, request_id: step.request_id })
                }
                StepState::Done => Ended::Done { kind: step.kind, request_id: step.request_id },
                StepState::Failed => Ended::NotTried,
            };
            let holds_up = match &one {
                Ended::Failed(failure) => failure.is_passing(),
                Ended::Unknown(_) | Ended::NotTried => true,
                Ended::Done { .. } => false,
            };
            if let Some(target) = target.filter(|_| holds_up) {
                blocked.insert(target);
            }
            ended.push(one);
        }
        ended
    }

    async fn run_step(&self, mut step: StepRow) -> Ended {
        let subjects = kind::subjects(&step.kind);
        let Ok(_slot) = self.0.steps_at_once.acquire().await else { return Ended::NotTried };
        let _locks = match self.store().lock_subjects(&subjects).await {
            Ok(locks) => locks,
            Err(StoreError::Locked(_)) => {
                let why = "Somebody else has been changing this for a minute. Look at how it stands, then try again.";
                return self.refuse(step, PortalError::Conflict(why.into())).await;
            }
            Err(error) => return not_begun(error),
        };
        if let Err(error) = self.settle_earlier(&subjects).await {
            return self.refuse(step, error).await;
        }
        match kind::of(&mut step.kind).check(self, &step.actor.clone()).await {
            Err(error) => return self.refuse(step, error).await,
            Ok(Check::AlreadySo) => {
                return self.done(step, Accepted { request_id: None, already: true }).await;
            }
            Ok(Check::Send) => (),
        }
        let effects = kind::of(&mut step.kind).effects();
        match self.store().send_step(&mut step, &effects, self.now()).await {
            Ok(true) => (),
            Ok(false) => return Ended::NotTried,
            Err(error) => return not_begun(error),
        }
        let aws = self.aws().acting_for(&step.actor.person).await;
        let sent = kind::of(&mut step.kind).send(&aws).await;
        self.forget_readings();
        match sent {
            Ok(accepted) => self.done(step, accepted).await,
            Err(error) if error.fate() == Fate::Unknown => self.unanswered(step, error).await,
            Err(error) => {
                let request_id = error.request_id.clone();
                let error = kind::of(&mut step.kind).refused(error);
                self.failed(step, error.into_failure(), request_id).await
            }
        }
    }

    /// Ends a step that was not sent.
    pub(super) async fn refuse(&self, step: StepRow, error: PortalError) -> Ended {
        self.failed(step, error.into_failure(), None).await
    }

    pub(super) async fn failed(&self, step: StepRow, failure: Failure, request_id: Option<String>) -> Ended {
        let detail = AuditDetail::Refused { failure: Box::new(failure.clone()) };
        let result =
            StepResult { state: StepState::Failed, request_id, failure: Some(failure.clone()), detail };
        self.write_down(step, result).await;
        Ended::Failed(failure)
    }

    /// AWS has said yes. From here on it is done, whatever becomes of the database.
    pub(super) async fn done(&self, mut step: StepRow, accepted: Accepted) -> Ended {
        let detail = match accepted {
            Accepted { already: true, .. } => AuditDetail::AlreadySo,
            Accepted { .. } => kind::of(&mut step.kind).detail(),
        };
        let request_id = accepted.request_id;
        let state = StepState::Done;
        let result = StepResult { state, request_id: request_id.clone(), failure: None, detail };
        if self.write_down(step.clone(), result).await {
            self.show(&mut step).await;
        }
        Ended::Done { kind: step.kind, request_id }
    }

    /// AWS was asked and gave no answer that can be read: mostly what was asked for is there.
    async fn unanswered(&self, mut step: StepRow, error: AwsError) -> Ended {
        tracing::warn!(change = step.change.0, step = step.n, %error, "sent, and not answered");
        let (operation, request_id) = (error.operation.to_owned(), error.request_id.clone());
        match kind::of(&mut step.kind).look(self).await {
            Ok(Look::Done) => return self.done(step, Accepted { request_id, already: false }).await,
            Ok(Look::NotDone) => (),
            Err(error) => {
                tracing::warn!(change = step.change.0, %error, "what became of it cannot be seen yet")
            }
        }
        self.unknown(step, operation, request_id, error.kind.to_string()).await
    }

    /// Writes down that it is not known what became of a step, and that somebody is to look.
    pub(super) async fn unknown(
        &self,
        step: StepRow,
        operation: String,
        request_id: Option<String>,
        reason: String,
    ) -> Ended {
        let unsettled = Unsettled { change: step.change, operation, request_id: request_id.clone() };
        let result = StepResult {
            state: StepState::Unknown,
            request_id,
            failure: Some(FailureCode::from(unsettled.clone()).into()),
            detail: AuditDetail::Unknown { reason },
        };
        if self.write_down(step.clone(), result).await {
            self.settle_later(&step).await;
        }
        Ended::Unknown(unsettled)
    }

    /// Writes down what became of a step. Whether that worked: if not, it is tried again beside everything else for a
    /// while, so that what AWS said is not lost; and should this process end before, others find the step open and look.
    async fn write_down(&self, step: StepRow, result: StepResult) -> bool {
        match self.store().end_step(&step, &result, self.now()).await {
            Ok(_) => true,
            Err(error) => {
                let request_id = result.request_id.as_deref().unwrap_or_default();
                let state = result.state.as_str();
                tracing::error!(change = step.change.0, step = step.n, state, request_id, %error, "not written down yet");
                tokio::spawn(self.clone().keep_writing(step, result));
                false
            }
        }
    }

    async fn keep_writing(self, mut step: StepRow, result: StepResult) {
        let until = tokio::time::Instant::now() + WRITING;
        let mut pause = FIRST_PAUSE;
        while tokio::time::Instant::now() < until {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
            if self.store().end_step(&step, &result, self.now()).await.is_ok() {
                match result.state {
                    StepState::Done => self.show(&mut step).await,
                    StepState::Unknown => self.settle_later(&step).await,
                    _ => (),
                }
                return;
            }
        }
        tracing::error!(change = step.change.0, step = step.n, "given up; whoever looks in AWS will know");
    }

    /// Brings the tables that pages read in line with a step that is done. Where that fails, it is tried again later:
    /// until then a reading that finds it is known to find our own change.
    pub(super) async fn show(&self, step: &mut StepRow) {
        let shown = async {
            kind::of(&mut step.kind).refresh(self).await?;
            Ok::<_, PortalError>(self.store().step_refreshed(step).await?)
        };
        if let Err(error) = shown.await {
            tracing::warn!(change = step.change.0, step = step.n, %error, "done, and not shown yet");
            self.settle_later(step).await;
        }
    }
}

fn new_change(title: String, steps: Vec<Planned<'_>>, resumes: bool) -> Result<NewChange, PortalError> {
    let nobody = || PortalError::Internal("a change set without steps".into());
    let caller: Caller = steps.first().map(|step| step.granted().caller().clone()).ok_or_else(nobody)?;
    let steps = steps.into_iter().map(Planned::into_kind);
    let steps = steps
        .map(|kind| {
            let subjects = kind::subjects(&kind);
            (kind, subjects)
        })
        .collect();
    Ok(NewChange { title, actor: caller.actor(), user: caller.user_id(), resumes, steps })
}

fn run_task(now: time::OffsetDateTime) -> NewTask {
    NewTask { kind: RUN_CHANGE_SET, key: String::new(), payload: serde_json::Value::Null, run_at: now }
}

/// Nothing is sent that cannot be written down.
fn not_begun(error: StoreError) -> Ended {
    Ended::Failed(PortalError::NotBegun(error).into_failure())
}

/// The target of an attachment that is put back.
fn ordered_target(kind: &StepKind) -> Option<TargetId> {
    match kind {
        StepKind::AttachPolicy(AttachPolicy { target, export: Some(_), .. }) => Some(target.id.clone()),
        _ => None,
    }
}

/// A step as people see it, as it ended in this process.
fn view(kind: &StepKind, ended: Ended, n: u32) -> Step {
    let (state, failure, request_id) = match ended {
        Ended::Done { request_id, .. } => (StepState::Done, None, request_id),
        Ended::Failed(failure) => (StepState::Failed, Some(failure), None),
        Ended::Unknown(unsettled) => {
            let request_id = unsettled.request_id.clone();
            (StepState::Unknown, Some(FailureCode::from(unsettled).into()), request_id)
        }
        Ended::NotTried => (StepState::Waiting, None, None),
    };
    let (action, subject, target) = (kind.action(), kind.subject(), kind.target());
    Step { n, action, subject, target, state, failure, request_id, ended_at: None }
}
