//! What changed in AWS outside the portal. Rows are added and never changed: the database itself refuses.

mod policies;
mod seen;
mod undone;

use model::{
    Page,
    event::{Event, EventFilter, EventKind},
};
use sqlx::{FromRow, Postgres, QueryBuilder};
use time::OffsetDateTime;

use crate::{
    Store, StoreError, Visible,
    keyset::{self, COUNT_BOUND, Seek},
    pool::SEARCH_WITHIN,
    visible::Columns,
};

pub use seen::{ChangedSetting, SeenSettings};

/// The condition that no step of a change set explains the difference `f` (kind, subject, subject_name, target, after): one
/// that was sent and of which it is not known what became, or one that is done and that the tables do not show yet.
macro_rules! not_ours {
    () => {
        "NOT EXISTS (SELECT FROM change_steps s, jsonb_to_recordset(s.effects)
                AS e (kind text, subject text, subject_name text, target text, after text)
            WHERE (s.state IN ('sent', 'unknown') OR s.state = 'done' AND NOT s.refreshed)
                AND e.kind = f.kind AND coalesce(e.subject, f.subject) = f.subject
                AND coalesce(e.subject_name, f.subject_name) = f.subject_name
                AND coalesce(e.target, f.target) = f.target
                AND (e.after IS NULL OR e.after = f.after))"
    };
}
pub(crate) use not_ours;

/// Rows on a page: each may hold two texts of a policy.
const SIZE: usize = 25;

/// Id of the OU or root that an account or OU was below, before it left.
const PLACE_BEFORE: &str =
    r"(CASE WHEN kind ~ '_(moved|removed)$' THEN substring(before FROM '\(([^()]*)\)$') END)";

#[derive(FromRow)]
struct EventRow {
    event_id: i64,
    since: OffsetDateTime,
    seen_at: OffsetDateTime,
    kind: String,
    subject: String,
    subject_name: String,
    target: String,
    target_name: String,
    before: Option<String>,
    after: Option<String>,
}

impl TryFrom<EventRow> for Event {
    type Error = StoreError;
    fn try_from(row: EventRow) -> Result<Self, StoreError> {
        let unknown = || StoreError::corrupt("event", format!("“{}” is not in the table", row.kind));
        Ok(Self {
            id: row.event_id,
            since: row.since,
            seen_at: row.seen_at,
            kind: EventKind::from_name(&row.kind).ok_or_else(unknown)?,
            subject: row.subject,
            subject_name: row.subject_name,
            target: row.target,
            target_name: row.target_name,
            before: row.before,
            after: row.after,
            changes: Vec::new(),
        })
    }
}

impl Store {
    /// A page of what changed in AWS outside the portal, newest first.
    ///
    /// # Errors
    /// [`StoreError::TooSlow`] where it takes too long to find what the filter leaves.
    pub async fn events(&self, filter: &EventFilter, visible: &Visible) -> Result<Page<Event>, StoreError> {
        let key = |row: &EventRow| row.event_id;
        let fetch = |seek| self.event_rows(filter, visible, seek);
        let slice = keyset::page(&filter.cursor, SIZE, key, fetch).await?;
        let mut count = QueryBuilder::new("SELECT count(*) FROM (SELECT FROM events WHERE true");
        narrow(&mut count, filter, visible);
        count.push(" LIMIT ").push_bind(COUNT_BOUND + 1).push(") counted");
        let mut tx = self.begin_within(SEARCH_WITHIN).await?;
        let counted: i64 = count.build_query_scalar().fetch_one(&mut *tx).await?;
        tx.commit().await?;
        slice.into_page(keyset::total(counted))
    }

    async fn event_rows(
        &self,
        filter: &EventFilter,
        visible: &Visible,
        seek: Seek<i64>,
    ) -> Result<Vec<EventRow>, StoreError> {
        let mut query = QueryBuilder::new("SELECT * FROM events WHERE true");
        narrow(&mut query, filter, visible);
        seek.finish(&mut query, "event_id", SIZE);
        let mut tx = self.begin_within(SEARCH_WITHIN).await?;
        let rows = query.build_query_as().fetch_all(&mut *tx).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

fn narrow(query: &mut QueryBuilder<Postgres>, filter: &EventFilter, visible: &Visible) {
    let shared = EventKind::TABLE.iter().filter(|(kind, ..)| kind.concerns_every_part());
    let columns = Columns {
        person: None,
        kind: "kind",
        shared: shared.map(|(_, name, _)| *name).collect(),
        subject: "subject",
        target: "target",
        before: Some(PLACE_BEFORE),
    };
    visible.narrow(query, columns);
    if !filter.kind.is_empty() {
        query.push(" AND kind = ").push_bind(filter.kind.replace('\0', ""));
    }
    if !filter.subject.is_empty() {
        let pattern = keyset::anywhere(&filter.subject);
        for (word, column) in
            [(" AND (", "subject"), (" OR ", "subject_name"), (" OR ", "target"), (" OR ", "target_name")]
        {
            query.push(word).push(column).push(" ILIKE ").push_bind(pattern.clone());
        }
        query.push(")");
    }
}

#[cfg(test)]
mod tests;
