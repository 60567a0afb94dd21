//! The switches of the organization, as they stood when last seen.

use std::collections::BTreeMap;

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::{Store, StoreError};

/// How a switch stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenSwitch {
    pub is_on: bool,
    /// Grows with every reading and writing.
    pub version: i64,
}

#[derive(FromRow)]
struct SwitchRow {
    switch: String,
    is_on: bool,
    version: i64,
}

/// Writes the new state, unless it was written since the version that was known, and the event if it is another one.
/// What the portal is about to write is known by its open audit entry.
const SEE: &str = "
    WITH old AS (
        SELECT * FROM seen_switches WHERE switch = $1 AND version = $3 FOR UPDATE
    ), new AS (
        UPDATE seen_switches s SET is_on = $2, seen_at = $4, version = s.version + 1
        FROM old WHERE s.switch = old.switch
    )
    INSERT INTO events (since, seen_at, kind, subject, subject_name, before, after)
    SELECT old.seen_at, $4, 'switch_turned', $1, '',
        CASE WHEN old.is_on THEN 'on' ELSE 'off' END, CASE WHEN $2 THEN 'on' ELSE 'off' END
    FROM old WHERE old.is_on <> $2 AND NOT EXISTS (
        SELECT FROM audit_entries e LEFT JOIN audit_outcomes r USING (audit_id)
        WHERE r.audit_id IS NULL AND e.target = $1 AND e.begun_at > $4 - interval '5 minutes')";

impl Store {
    /// How the switches stood that were seen before, by name. Ask before AWS is asked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn seen_switches(&self) -> Result<BTreeMap<String, SeenSwitch>, StoreError> {
        let rows: Vec<SwitchRow> =
            sqlx::query_as("SELECT * FROM seen_switches").fetch_all(&self.pool).await?;
        let seen = |SwitchRow { switch, is_on, version }| (switch, SeenSwitch { is_on, version });
        Ok(rows.into_iter().map(seen).collect())
    }

    /// Notes how AWS says that a switch stands. Where it stood otherwise when it was `known`, that is an event; where
    /// it was written since, the answer may be older and nothing is noted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn see_switch(
        &self,
        switch: &str,
        is_on: bool,
        known: Option<SeenSwitch>,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let Some(known) = known else {
            let sql = "INSERT INTO seen_switches (switch, is_on, seen_at) VALUES ($1, $2, $3)
                ON CONFLICT ON CONSTRAINT seen_switches_pkey DO NOTHING";
            sqlx::query(sql).bind(switch).bind(is_on).bind(now).execute(&self.pool).await?;
            return Ok(());
        };
        let query = sqlx::query(SEE).bind(switch).bind(is_on).bind(known.version).bind(now);
        query.execute(&self.pool).await?;
        Ok(())
    }

    /// Notes that the portal turned a switch.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn turn_switch(
        &self,
        switch: &str,
        is_on: bool,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO seen_switches AS s (switch, is_on, seen_at) VALUES ($1, $2, $3)
            ON CONFLICT ON CONSTRAINT seen_switches_pkey
                DO UPDATE SET is_on = excluded.is_on, seen_at = excluded.seen_at, version = s.version + 1";
        sqlx::query(sql).bind(switch).bind(is_on).bind(now).execute(&self.pool).await?;
        Ok(())
    }
}
