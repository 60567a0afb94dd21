//! The settings of the organization that have no table, as they stood when last seen.

use std::collections::BTreeMap;

use model::event::EventKind;
use serde::Serialize;
use sqlx::{FromRow, Postgres, postgres::PgArguments, query::QueryAs, types::Json};
use time::OffsetDateTime;

use super::not_ours;
use crate::{Store, StoreError, json::rows};

/// How the settings of one area stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenSettings {
    /// By name.
    pub settings: BTreeMap<String, String>,
    /// Grows with every reading and writing.
    pub version: i64,
}

/// A setting that stands otherwise than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSetting {
    pub kind: EventKind,
    /// Also the subject of the portal's own steps about it.
    pub subject: String,
    pub subject_name: String,
    pub before: Option<String>,
    pub after: Option<String>,
}

#[derive(FromRow)]
struct AreaRow {
    area: String,
    settings: Json<BTreeMap<String, String>>,
    version: i64,
}

#[derive(Serialize)]
struct EventRow<'a> {
    rank: usize,
    kind: &'static str,
    subject: &'a str,
    subject_name: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

fn event_row((rank, changed): (usize, &ChangedSetting)) -> EventRow<'_> {
    EventRow {
        rank,
        kind: changed.kind.as_str(),
        subject: &changed.subject,
        subject_name: &changed.subject_name,
        before: changed.before.as_deref(),
        after: changed.after.as_deref(),
    }
}

/// Writes the new state, unless it was written since the version that was known, and what changed. What the portal is
/// about to write, or has written, is known by the steps of change sets.
const SEE: &str = concat!(
    "
    WITH old AS (
        SELECT area, seen_at FROM seen_settings WHERE area = $1 AND version = $3 FOR UPDATE
    ), new AS (
        UPDATE seen_settings s SET settings = $2, seen_at = $4, version = s.version + 1
        FROM old WHERE s.area = old.area
    )
    INSERT INTO events (since, seen_at, kind, subject, subject_name, before, after)
    SELECT old.seen_at, $4, f.kind, f.subject, f.subject_name, f.before, f.after
    FROM old, (
        SELECT *, '' AS target FROM jsonb_to_recordset($5)
            AS c (rank integer, kind text, subject text, subject_name text, before text, after text)
    ) AS f
    WHERE ",
    not_ours!(),
    " ORDER BY f.rank"
);

impl Store {
    /// How the settings stood that were seen before, by area. Ask before AWS is asked.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn seen_settings(&self) -> Result<BTreeMap<String, SeenSettings>, StoreError> {
        self.seen(sqlx::query_as("SELECT area, settings, version FROM seen_settings")).await
    }

    /// The same of some areas.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn seen_settings_of(
        &self,
        areas: &[String],
    ) -> Result<BTreeMap<String, SeenSettings>, StoreError> {
        let sql = "SELECT area, settings, version FROM seen_settings WHERE area = ANY ($1)";
        self.seen(sqlx::query_as(sql).bind(areas.to_vec())).await
    }

    async fn seen(
        &self,
        query: QueryAs<'_, Postgres, AreaRow, PgArguments>,
    ) -> Result<BTreeMap<String, SeenSettings>, StoreError> {
        let rows = query.fetch_all(&self.pool).await?;
        let seen =
            |AreaRow { area, settings, version }| (area, SeenSettings { settings: settings.0, version });
        Ok(rows.into_iter().map(seen).collect())
    }

    /// Notes how AWS says that the settings of an area stand, and what `changed` since they were `known`: each is an
    /// event. Where they were written since, the answer may be older and nothing is noted.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn see_settings(
        &self,
        area: &str,
        settings: &BTreeMap<String, String>,
        known: Option<&SeenSettings>,
        changed: &[ChangedSetting],
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let Some(known) = known else {
            let sql = "INSERT INTO seen_settings (area, settings, seen_at) VALUES ($1, $2, $3)
                ON CONFLICT ON CONSTRAINT seen_settings_pkey DO NOTHING";
            sqlx::query(sql).bind(area).bind(Json(settings)).bind(now).execute(&self.pool).await?;
            return Ok(());
        };
        let events: Vec<EventRow<'_>> = changed.iter().enumerate().map(event_row).collect();
        let query = sqlx::query(SEE).bind(area).bind(Json(settings)).bind(known.version).bind(now);
        query.bind(rows(&events)?).execute(&self.pool).await?;
        Ok(())
    }

    /// Notes that the portal changed a setting; `None` where it removed it. An area that was never read stays unread.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn set_seen(&self, area: &str, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        let sql = "UPDATE seen_settings SET version = version + 1,
            settings = CASE WHEN $3::text IS NULL THEN settings - $2
                ELSE settings || jsonb_build_object($2, $3::text) END
            WHERE area = $1";
        sqlx::query(sql).bind(area).bind(name).bind(value).execute(&self.pool).await?;
        Ok(())
    }
}
