//! The queue of work in the background, shared by all processes on the database. A task is taken under a lease: whose
//! process dies loses it when the lease ends, and others go on with it.

use model::news::Topic;
use serde_json::Value;
use sqlx::{FromRow, PgConnection, types::Json};
use time::OffsetDateTime;

use crate::{Store, StoreError, news};

/// Work to be done once at or after a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTask {
    /// Which work: names a handler.
    pub kind: &'static str,
    /// What it is about. Of one kind there is one task for each key.
    pub key: String,
    /// What the handler needs beside the key.
    pub payload: Value,
    pub run_at: OffsetDateTime,
}

/// A task that this process has a lease on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: i64,
    pub kind: String,
    pub key: String,
    pub payload: Value,
    /// How often it was taken, this time included.
    pub attempts: i32,
    /// How often in a row it was put off with a problem.
    pub failures: i32,
}

/// How many tasks of a kind wait, are under way, and were put off after a failure.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct TaskCount {
    pub kind: String,
    pub waiting: i64,
    pub leased: i64,
    pub failing: i64,
}

#[derive(FromRow)]
struct TaskRow {
    task_id: i64,
    kind: String,
    key: String,
    payload: Json<Value>,
    attempts: i32,
    failures: i32,
}

impl From<TaskRow> for Task {
    fn from(row: TaskRow) -> Self {
        let TaskRow { task_id, kind, key, payload, attempts, failures } = row;
        Self { id: task_id, kind, key, payload: payload.0, attempts, failures }
    }
}

impl Store {
    /// Puts a task into the queue. Whether it is new: one of its kind and key that is there already stays as it is.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_task(&self, task: &NewTask) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let new = put(&mut tx, task, None).await?.is_some();
        tx.commit().await?;
        Ok(new)
    }

    /// Takes the task that has been due longest, of one of these kinds, until `until`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_task(
        &self,
        kinds: &[&str],
        now: OffsetDateTime,
        until: OffsetDateTime,
    ) -> Result<Option<Task>, StoreError> {
        let sql = "UPDATE tasks SET attempts = attempts + 1, leased_until = $3
            WHERE task_id = (
                SELECT task_id FROM tasks
                WHERE kind = ANY ($1) AND run_at <= $2 AND (leased_until IS NULL OR leased_until <= $2)
                ORDER BY run_at, task_id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING task_id, kind, key, payload, attempts, failures";
        let row: Option<TaskRow> =
            sqlx::query_as(sql).bind(kinds).bind(now).bind(until).fetch_optional(&self.pool).await?;
        Ok(row.map(Task::from))
    }

    /// When the next task of one of these kinds can be taken: it is due, and nobody's lease is on it. `None` where there
    /// is no task.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn next_task_at(&self, kinds: &[&str]) -> Result<Option<OffsetDateTime>, StoreError> {
        let sql = "SELECT min(greatest(run_at, leased_until)) FROM tasks WHERE kind = ANY ($1)";
        Ok(sqlx::query_scalar(sql).bind(kinds).fetch_one(&self.pool).await?)
    }

    /// Keeps a task until `until`. False where the lease was lost to somebody else: then the work must stop.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn renew_task(&self, task: &Task, until: OffsetDateTime) -> Result<bool, StoreError> {
        let sql = "UPDATE tasks SET leased_until = $3 WHERE task_id = $1 AND attempts = $2";
        let query = sqlx::query(sql).bind(task.id).bind(task.attempts).bind(until);
        Ok(query.execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Ends a task. False where the lease was lost.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn finish_task(&self, task: &Task) -> Result<bool, StoreError> {
        let sql = "DELETE FROM tasks WHERE task_id = $1 AND attempts = $2";
        Ok(sqlx::query(sql).bind(task.id).bind(task.attempts).execute(&self.pool).await?.rows_affected() == 1)
    }

    /// Gives a task back, to be taken again at or after `run_at`; `problem` says why, where it failed. False where the
    /// lease was lost.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn put_off_task(
        &self,
        task: &Task,
        run_at: OffsetDateTime,
        problem: Option<&str>,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE tasks SET leased_until = NULL, run_at = $3, problem = $4,
                failures = CASE WHEN $4 IS NULL THEN 0 ELSE failures + 1 END
            WHERE task_id = $1 AND attempts = $2";
        let query = sqlx::query(sql).bind(task.id).bind(task.attempts).bind(run_at).bind(problem);
        let mut tx = self.begin().await?;
        let ours = query.execute(&mut *tx).await?.rows_affected() == 1;
        news::tell(&mut tx, Topic::Tasks).await?;
        tx.commit().await?;
        Ok(ours)
    }

    /// How many tasks there are, by kind.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn task_counts(&self, now: OffsetDateTime) -> Result<Vec<TaskCount>, StoreError> {
        let sql = "SELECT kind,
                count(*) FILTER (WHERE leased_until IS NULL OR leased_until <= $1) AS waiting,
                count(*) FILTER (WHERE leased_until > $1) AS leased,
                count(*) FILTER (WHERE problem IS NOT NULL) AS failing
            FROM tasks GROUP BY kind ORDER BY kind";
        Ok(sqlx::query_as(sql).bind(now).fetch_all(&self.pool).await?)
    }
}

/// Puts a task into the queue within a transaction; with `leased_until`, taken at once. `None` where there is one of its
/// kind and key already.
pub(crate) async fn put(
    connection: &mut PgConnection,
    task: &NewTask,
    leased_until: Option<OffsetDateTime>,
) -> Result<Option<Task>, StoreError> {
    let sql = "INSERT INTO tasks (kind, key, payload, run_at, leased_until, attempts)
        VALUES ($1, $2, $3, $4, $5, CASE WHEN $5 IS NULL THEN 0 ELSE 1 END)
        ON CONFLICT ON CONSTRAINT tasks_kind_key_key DO NOTHING
        RETURNING task_id, kind, key, payload, attempts, failures";
    let query = sqlx::query_as(sql).bind(task.kind).bind(&task.key).bind(Json(&task.payload));
    let query = query.bind(task.run_at).bind(leased_until);
    let row: Option<TaskRow> = query.fetch_optional(&mut *connection).await?;
    if row.is_some() && leased_until.is_none() {
        news::tell(connection, Topic::Tasks).await?;
    }
    Ok(row.map(Task::from))
}

#[cfg(test)]
mod tests;
