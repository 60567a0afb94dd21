//! What changed in AWS outside the portal. Rows are added and never changed: the database itself refuses.

mod policies;
mod seen;

use model::{
    Page,
    event::{Event, EventFilter, EventKind},
};
use sqlx::{FromRow, Postgres, QueryBuilder};
use time::OffsetDateTime;

use crate::{
    Store, StoreError,
    keyset::{self, COUNT_BOUND, Seek},
};

pub use seen::{ChangedSetting, SeenSettings};

/// The condition that nobody is about to make the change `f` (kind, subject, subject_name) through the portal: such a
/// change is known by its audit entry, which is open from before AWS is asked until the store knows what came of it. One
/// that has been open for longer than any change takes was left so by a process that died.
macro_rules! not_ours {
    ($now:literal) => {
        concat!(
            "NOT EXISTS (SELECT FROM audit_entries e LEFT JOIN audit_outcomes r USING (audit_id)
                WHERE r.audit_id IS NULL AND e.begun_at > ",
            $now,
            " - interval '5 minutes' AND (
                e.action = 'policy_created' AND f.kind = 'policy_created' AND e.target_name = f.subject_name
                OR e.action = 'policy_edited' AND e.target = f.subject
                    AND f.kind IN ('policy_edited', 'policy_renamed', 'policy_described')
                OR e.action IN ('policy_deleted', 'policy_attached', 'policy_detached')
                    AND f.kind = e.action AND e.target = f.subject
                OR e.action IN ('setting_turned_on', 'setting_turned_off') AND (
                    f.kind = 'switch_turned' AND e.target = f.subject
                    OR f.kind = 'policy_detached' AND e.target = 'policy_type')))"
        )
    };
}
pub(crate) use not_ours;

/// Rows on a page: each may hold two texts of a policy.
const SIZE: usize = 25;

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
    /// Where the database fails.
    pub async fn events(&self, filter: &EventFilter) -> Result<Page<Event>, StoreError> {
        let key = |row: &EventRow| row.event_id;
        let slice = keyset::page(&filter.cursor, SIZE, key, |seek| self.event_rows(filter, seek)).await?;
        let mut count = QueryBuilder::new("SELECT count(*) FROM (SELECT FROM events WHERE true");
        narrow(&mut count, filter);
        count.push(" LIMIT ").push_bind(COUNT_BOUND + 1).push(") counted");
        let counted: i64 = count.build_query_scalar().fetch_one(&self.pool).await?;
        slice.into_page(keyset::total(counted))
    }

    async fn event_rows(&self, filter: &EventFilter, seek: Seek<i64>) -> Result<Vec<EventRow>, StoreError> {
        let mut query = QueryBuilder::new("SELECT * FROM events WHERE true");
        narrow(&mut query, filter);
        seek.finish(&mut query, "event_id", SIZE);
        Ok(query.build_query_as().fetch_all(&self.pool).await?)
    }
}

fn narrow(query: &mut QueryBuilder<Postgres>, filter: &EventFilter) {
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
