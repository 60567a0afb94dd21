//! Change sets and their steps. Each state of a step is written together with its event of the audit list.

use model::{
    Failure,
    audit::{AuditDetail, AuditOutcome},
    change::{ChangeId, ChangeSet, ChangeState, Effect, Step, StepKind, StepState},
    news::Topic,
};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, types::Json};
use time::OffsetDateTime;

use crate::{
    Store, StoreError, Subject, UserId, Visible,
    audit::{self, Actor, NewAudit},
    json, news,
    pool::SEARCH_WITHIN,
    tasks::{self, NewTask, Task},
    visible::Columns,
};

/// A change set about to be carried out.
#[derive(Clone, Debug)]
pub struct NewChange {
    pub title: String,
    pub actor: Actor,
    pub user: UserId,
    /// Whether another process goes on with it when this one dies; if not, it stops where it was.
    pub resumes: bool,
    /// Each with what nobody else may change at the same time.
    pub steps: Vec<(StepKind, Vec<Subject>)>,
}

/// A step with all that is needed to carry it out or to settle it.
#[derive(Clone, Debug, PartialEq)]
pub struct StepRow {
    pub change: ChangeId,
    pub n: u32,
    pub kind: StepKind,
    pub state: StepState,
    pub sent_at: Option<OffsetDateTime>,
    pub request_id: Option<String>,
    /// Whether the tables that pages read show it.
    pub refreshed: bool,
    pub actor: Actor,
    audit_seq: Option<i64>,
}

/// What became of a step.
#[derive(Clone, Debug)]
pub struct StepResult {
    pub state: StepState,
    pub request_id: Option<String>,
    pub failure: Option<Failure>,
    pub detail: AuditDetail,
}

#[derive(FromRow)]
struct StepRecord {
    change_id: i64,
    n: i32,
    body: Json<StepKind>,
    state: String,
    sent_at: Option<OffsetDateTime>,
    ended_at: Option<OffsetDateTime>,
    request_id: Option<String>,
    failure: Option<Json<Failure>>,
    audit_seq: Option<i64>,
    refreshed: bool,
    asked_by: String,
    session: String,
    address: String,
}

#[derive(FromRow)]
struct ChangeRecord {
    change_id: i64,
    title: String,
    asked_by: String,
    user_id: Option<i64>,
    asked_at: OffsetDateTime,
    ended_at: Option<OffsetDateTime>,
    state: String,
    resumes: bool,
}

/// Steps together with who asked for them.
macro_rules! steps_where {
    ($condition:literal) => {
        concat!(
            "SELECT s.*, c.asked_by, c.session, c.address FROM change_steps s JOIN change_sets c USING (change_id)
            WHERE ",
            $condition
        )
    };
}

impl StepRecord {
    fn state(&self) -> Result<StepState, StoreError> {
        let unknown = || StoreError::corrupt("step", format!("state “{}” is not in the table", self.state));
        StepState::from_name(&self.state).ok_or_else(unknown)
    }

    fn row(self) -> Result<StepRow, StoreError> {
        Ok(StepRow {
            state: self.state()?,
            change: ChangeId(self.change_id),
            n: u32::try_from(self.n).unwrap_or_default(),
            kind: self.body.0,
            sent_at: self.sent_at,
            request_id: self.request_id,
            refreshed: self.refreshed,
            actor: Actor { person: self.asked_by, session: self.session, address: self.address },
            audit_seq: self.audit_seq,
        })
    }

    fn view(self) -> Result<Step, StoreError> {
        Ok(Step {
            state: self.state()?,
            n: u32::try_from(self.n).unwrap_or_default(),
            action: self.body.action(),
            subject: self.body.subject(),
            target: self.body.target(),
            failure: self.failure.map(|failure| failure.0),
            request_id: self.request_id,
            ended_at: self.ended_at,
        })
    }
}

impl StepRow {
    /// An event of the audit list about it.
    fn event(&self, outcome: AuditOutcome, request_id: Option<&str>, detail: AuditDetail) -> NewAudit {
        NewAudit {
            entry: self.audit_seq,
            actor: self.actor.clone(),
            action: self.kind.action(),
            subject: self.kind.subject(),
            target: self.kind.target(),
            step: Some((self.change, self.n)),
            outcome,
            request_ids: request_id.into_iter().map(str::to_owned).collect(),
            detail,
        }
    }
}

impl Store {
    /// Writes a change set down, with nothing done yet. With a lease its task is this process's until then; without
    /// one, its task is to be put into the queue once it is known that this was written.
    ///
    /// # Errors
    /// Where the database fails: then no step of it was or will be sent.
    pub async fn begin_change(
        &self,
        change: &NewChange,
        now: OffsetDateTime,
        lease: Option<(NewTask, OffsetDateTime)>,
    ) -> Result<(ChangeId, Option<Task>), StoreError> {
        let mut tx = self.begin().await?;
        let sql =
            "INSERT INTO change_sets (title, asked_by, user_id, session, address, asked_at, state, resumes)
            VALUES ($1, $2, $3, $4, $5, $6, 'running', $7) RETURNING change_id";
        let Actor { person, session, address } = &change.actor;
        let query = sqlx::query_scalar(sql).bind(&change.title).bind(person).bind(change.user);
        let query = query.bind(session).bind(address).bind(now).bind(change.resumes);
        let id: i64 = query.fetch_one(&mut *tx).await?;
        for (n, (kind, subjects)) in change.steps.iter().enumerate() {
            let sql = "INSERT INTO change_steps (change_id, n, body, subjects, state)
                VALUES ($1, $2, $3, $4, 'waiting')";
            let n = i32::try_from(n).unwrap_or(i32::MAX);
            let query = sqlx::query(sql).bind(id).bind(n).bind(json::value(kind)?).bind(alone(subjects));
            query.execute(&mut *tx).await?;
        }
        let task = match lease {
            Some((task, until)) => {
                let task = NewTask { key: id.to_string(), ..task };
                tasks::put(&mut tx, &task, Some(until)).await?
            }
            None => None,
        };
        tx.commit().await?;
        Ok((ChangeId(id), task))
    }

    /// Writes down that a step is about to be sent, and begins its entry in the audit list. False where it was sent
    /// before, by whomever: then it must not be sent again.
    ///
    /// # Errors
    /// Where the database fails: then it must not be sent.
    pub async fn send_step(
        &self,
        step: &mut StepRow,
        effects: &[Effect],
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE change_steps SET state = 'sent', sent_at = $3, body = $4, effects = $5
            WHERE change_id = $1 AND n = $2 AND state = 'waiting'";
        let query = sqlx::query(sql).bind(step.change.0).bind(number(step)).bind(now);
        let query = query.bind(json::value(&step.kind)?).bind(json::rows(effects)?);
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        news::tell(&mut tx, Topic::Change(step.change.0)).await?;
        let event = step.event(AuditOutcome::Begun, None, AuditDetail::Nothing);
        let seq = audit::append(&mut tx, &event, now).await?;
        let query = sqlx::query("UPDATE change_steps SET audit_seq = $3 WHERE change_id = $1 AND n = $2");
        query.bind(step.change.0).bind(number(step)).bind(seq).execute(&mut *tx).await?;
        tx.commit().await?;
        (step.state, step.sent_at, step.audit_seq) = (StepState::Sent, Some(now), Some(seq));
        Ok(true)
    }

    /// Writes down what became of a step. Nothing where that is written already: the first word stands.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_step(
        &self,
        step: &StepRow,
        result: &StepResult,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let sql = "UPDATE change_steps SET state = $3, body = $4, request_id = coalesce($5, request_id), failure = $6,
                ended_at = CASE WHEN $3 = 'unknown' THEN NULL ELSE $7 END
            WHERE change_id = $1 AND n = $2 AND state <> $3 AND state NOT IN ('done', 'failed')";
        let failure = result.failure.as_ref().map(json::value).transpose()?;
        let query = sqlx::query(sql).bind(step.change.0).bind(number(step)).bind(result.state.as_str());
        let query = query.bind(json::value(&step.kind)?).bind(&result.request_id).bind(failure).bind(now);
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let outcome = match result.state {
            StepState::Done => AuditOutcome::Succeeded,
            StepState::Failed => AuditOutcome::Failed,
            _ => AuditOutcome::Unknown,
        };
        news::tell(&mut tx, Topic::Change(step.change.0)).await?;
        let event = step.event(outcome, result.request_id.as_deref(), result.detail.clone());
        audit::append(&mut tx, &event, now).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Writes down that the tables that pages read show a step.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn step_refreshed(&self, step: &StepRow) -> Result<(), StoreError> {
        let sql = "UPDATE change_steps SET refreshed = true WHERE change_id = $1 AND n = $2";
        sqlx::query(sql).bind(step.change.0).bind(number(step)).execute(&self.pool).await?;
        Ok(())
    }

    /// Writes down how a change set stands once nobody works on it; answers that. `None` where there is none, or none
    /// that stands as `from` says.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_change(
        &self,
        id: ChangeId,
        from: Option<ChangeState>,
        now: OffsetDateTime,
    ) -> Result<Option<ChangeState>, StoreError> {
        let sql = "UPDATE change_sets c SET state = s.state, ended_at = CASE WHEN s.state = 'settling' THEN NULL ELSE $2 END
            FROM (
                SELECT CASE WHEN bool_or(state IN ('sent', 'unknown')) THEN 'settling'
                    WHEN bool_and(state = 'done') THEN 'done' ELSE 'stopped' END AS state
                FROM change_steps WHERE change_id = $1
            ) AS s WHERE c.change_id = $1 AND coalesce($3, c.state) = c.state RETURNING c.state";
        let mut tx = self.begin().await?;
        let query = sqlx::query_scalar(sql).bind(id.0).bind(now).bind(from.map(ChangeState::as_str));
        let state: Option<String> = query.fetch_optional(&mut *tx).await?;
        news::tell(&mut tx, Topic::Change(id.0)).await?;
        tx.commit().await?;
        state.map(|state| change_state(&state)).transpose()
    }

    /// A step.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn step(&self, change: ChangeId, n: u32) -> Result<Option<StepRow>, StoreError> {
        let query = sqlx::query_as(steps_where!("s.change_id = $1 AND s.n = $2")).bind(change.0);
        let row: Option<StepRecord> =
            query.bind(i32::try_from(n).unwrap_or(i32::MAX)).fetch_optional(&self.pool).await?;
        row.map(StepRecord::row).transpose()
    }

    /// The steps of a change set, in their order.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn steps(&self, change: ChangeId) -> Result<Vec<StepRow>, StoreError> {
        let mut connection = self.pool.acquire().await?;
        let records = step_records(&mut connection, change).await?;
        records.into_iter().map(StepRecord::row).collect()
    }

    /// Steps that change one of these subjects and of which it is not known what became of them.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn unsettled_steps(&self, subjects: &[Subject]) -> Result<Vec<StepRow>, StoreError> {
        let sql =
            steps_where!("s.state IN ('sent', 'unknown') AND s.subjects && $1 ORDER BY s.change_id, s.n");
        let query = sqlx::query_as(sql).bind(alone(subjects));
        let records: Vec<StepRecord> = query.fetch_all(&self.pool).await?;
        records.into_iter().map(StepRecord::row).collect()
    }

    /// A change set with its steps, as people see it: those that may be seen, and how many more there are. `None` where
    /// none of them may.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn change_set(&self, id: ChangeId, visible: &Visible) -> Result<Option<ChangeSet>, StoreError> {
        let mut tx = self.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let sql = "SELECT * FROM change_sets WHERE change_id = $1";
        let record: Option<ChangeRecord> = sqlx::query_as(sql).bind(id.0).fetch_optional(&mut *tx).await?;
        let Some(record) = record else { return Ok(None) };
        let mut query = QueryBuilder::new(steps_where!("s.change_id = "));
        query.push_bind(id.0);
        narrow(&mut query, visible);
        let steps: Vec<StepRecord> = query.push(" ORDER BY s.n").build_query_as().fetch_all(&mut *tx).await?;
        let sql = "SELECT count(*) FROM change_steps WHERE change_id = $1";
        let all: i64 = sqlx::query_scalar(sql).bind(id.0).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        let steps = steps.into_iter().map(StepRecord::view).collect::<Result<Vec<_>, _>>()?;
        if steps.is_empty() && all > 0 {
            return Ok(None);
        }
        let elsewhere = u64::try_from(all).unwrap_or_default().saturating_sub(steps.len() as u64);
        Ok(Some(ChangeSet { elsewhere, ..record.view(steps)? }))
    }

    /// The newest change sets of which a step may be seen, newest first, without their steps.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn newest_changes(&self, most: u32, visible: &Visible) -> Result<Vec<ChangeSet>, StoreError> {
        let mut query = QueryBuilder::new("SELECT c.* FROM change_sets c");
        if *visible != Visible::All {
            query.push(" WHERE EXISTS (SELECT FROM change_steps s WHERE s.change_id = c.change_id");
            narrow(&mut query, visible);
            query.push(")");
        }
        query.push(" ORDER BY c.change_id DESC LIMIT ").push_bind(i64::from(most));
        let mut tx = self.begin_within(SEARCH_WITHIN).await?;
        let records: Vec<ChangeRecord> = query.build_query_as().fetch_all(&mut *tx).await?;
        tx.commit().await?;
        records.into_iter().map(|record| record.view(Vec::new())).collect()
    }

    /// Who asked for a change set, and whether it is gone on with after the process that carried it out died.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn change_owner(&self, id: ChangeId) -> Result<Option<(Option<UserId>, bool)>, StoreError> {
        let sql = "SELECT * FROM change_sets WHERE change_id = $1";
        let record: Option<ChangeRecord> = sqlx::query_as(sql).bind(id.0).fetch_optional(&self.pool).await?;
        Ok(record.map(|record| (record.user_id, record.resumes)))
    }
}

impl ChangeRecord {
    fn view(self, steps: Vec<Step>) -> Result<ChangeSet, StoreError> {
        Ok(ChangeSet {
            state: change_state(&self.state)?,
            id: ChangeId(self.change_id),
            title: self.title,
            asked_by: self.asked_by,
            asked_at: self.asked_at,
            ended_at: self.ended_at,
            steps,
            elsewhere: 0,
        })
    }
}

/// Kinds of steps that concern everybody who reads, by their stored names.
const SHARED_STEPS: [&str; 6] = [
    "create_policy",
    "edit_policy",
    "delete_policy",
    "turn_setting",
    "turn_region_setting",
    "take_features_step",
];

fn narrow(query: &mut QueryBuilder<Postgres>, visible: &Visible) {
    let columns = Columns {
        person: Some("c.asked_by"),
        kind: "(s.body ->> 'kind')",
        shared: SHARED_STEPS.to_vec(),
        subject: "(s.body ->> 'account')",
        target: "(s.body -> 'target' ->> 'id')",
        before: None,
    };
    visible.narrow(query, columns);
}

fn change_state(name: &str) -> Result<ChangeState, StoreError> {
    let unknown = || StoreError::corrupt("change set", format!("state “{name}” is not in the table"));
    ChangeState::from_name(name).ok_or_else(unknown)
}

async fn step_records(
    connection: &mut PgConnection,
    change: ChangeId,
) -> Result<Vec<StepRecord>, StoreError> {
    let query = sqlx::query_as(steps_where!("s.change_id = $1 ORDER BY s.n")).bind(change.0);
    Ok(query.fetch_all(connection).await?)
}

fn number(step: &StepRow) -> i32 {
    i32::try_from(step.n).unwrap_or(i32::MAX)
}

fn alone(subjects: &[Subject]) -> Vec<&str> {
    subjects.iter().filter(|subject| !subject.shared).map(|subject| subject.key.as_str()).collect()
}

#[cfg(test)]
mod tests;
