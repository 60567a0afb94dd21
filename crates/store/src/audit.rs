//! The audit list: one row an event, chained by hashes. Rows are added and never changed: the database itself refuses.

mod chain;
mod forward;
mod heads;
mod refused;

pub use chain::{ChainFault, ChainHash, ChainStep, ChainWalk};
pub use forward::ForwardTurn;
pub use heads::{AuditKey, HeadDue};
pub use refused::RefusedAccess;

use model::{
    Page, PolicyId, TargetId,
    audit::{AuditAction, AuditDetail, AuditEntry, AuditFilter, AuditOutcome, Period},
    change::{ChangeId, Named},
};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder, types::Json};
use time::OffsetDateTime;

use crate::{
    Store, StoreError, Visible,
    keyset::{self, COUNT_BOUND, Seek},
    pool::SEARCH_WITHIN,
    visible::Columns,
};

/// Rows on a page.
const SIZE: usize = 50;

/// How long finding a page of an export may take: nobody looks at it meanwhile.
const EXPORT_WITHIN: &str = "60s";

/// Who does something, and from where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// Sign-in name.
    pub person: String,
    /// The first characters of the session's hash, or `token:` and the number of a token; empty where there is neither.
    pub session: String,
    /// Network address; empty where it is not known.
    pub address: String,
}

/// Which entries are wanted.
#[derive(Clone, Copy, Debug)]
pub struct AuditSearch<'a> {
    pub filter: &'a AuditFilter,
    /// The time that the filter leaves.
    pub period: Period,
    /// What whoever asks may see.
    pub visible: &'a Visible,
}

impl<'a> AuditSearch<'a> {
    /// Of the whole list.
    #[must_use]
    pub const fn of_all(filter: &'a AuditFilter, period: Period) -> Self {
        Self { filter, period, visible: &Visible::All }
    }
}

/// An event to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// The event that it goes on with; `None` where it begins something.
    pub entry: Option<i64>,
    pub actor: Actor,
    pub action: AuditAction,
    /// What it is done to; empty where there is none.
    pub subject: Named,
    /// Where a policy is attached or detached.
    pub target: Option<Named>,
    /// The step of a change set that it is of.
    pub step: Option<(ChangeId, u32)>,
    pub outcome: AuditOutcome,
    pub request_ids: Vec<String>,
    pub detail: AuditDetail,
}

impl NewAudit {
    /// An event that is begun and ended at once, and concerns nothing in AWS.
    #[must_use]
    pub fn done(actor: Actor, action: AuditAction) -> Self {
        Self {
            entry: None,
            actor,
            action,
            subject: Named::default(),
            target: None,
            step: None,
            outcome: AuditOutcome::Succeeded,
            request_ids: Vec::new(),
            detail: AuditDetail::Nothing,
        }
    }
}

#[derive(FromRow)]
struct AuditRow {
    seq: i64,
    at: OffsetDateTime,
    person: String,
    session: String,
    address: String,
    action: String,
    subject: String,
    subject_name: String,
    target: String,
    target_name: String,
    change_id: Option<i64>,
    outcome: String,
    request_ids: Vec<String>,
    detail: Json<AuditDetail>,
    /// How often it was refused in the same hour: sign-ins of the same person and address, access of the same person to the
    /// same action. This one is included.
    refused: Option<i64>,
}

impl TryFrom<AuditRow> for AuditEntry {
    type Error = StoreError;
    fn try_from(row: AuditRow) -> Result<Self, StoreError> {
        let unknown =
            |what: &str, name: &str| StoreError::corrupt(what, format!("“{name}” is not in the table"));
        Ok(Self {
            id: row.seq,
            at: row.at,
            actor: row.person,
            session: row.session,
            address: row.address,
            action: AuditAction::from_name(&row.action)
                .ok_or_else(|| unknown("audit action", &row.action))?,
            subject: Named { id: row.subject, name: row.subject_name },
            target: (!row.target.is_empty()).then_some(Named { id: row.target, name: row.target_name }),
            change: row.change_id.map(ChangeId),
            outcome: AuditOutcome::from_name(&row.outcome)
                .ok_or_else(|| unknown("audit outcome", &row.outcome))?,
            request_ids: row.request_ids,
            detail: match (row.detail.0, row.refused.map_or(0, |n| u64::try_from(n - 1).unwrap_or_default()))
            {
                (detail, 0) => detail,
                (AuditDetail::AccessRefused { action, unconfirmed, .. }, more) => {
                    AuditDetail::AccessRefused { action, unconfirmed, more }
                }
                (_, more) => AuditDetail::RefusedSignIns { more },
            },
        })
    }
}

impl Store {
    /// Writes an event down; answers its number. Where this fails, what it is about must not be done.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn append_audit(&self, event: &NewAudit, now: OffsetDateTime) -> Result<i64, StoreError> {
        let mut connection = self.pool.acquire().await?;
        append(&mut connection, event, now).await
    }

    /// A page of the audit list, newest first: what was begun, with the newest that is known of it.
    ///
    /// # Errors
    /// [`StoreError::TooSlow`] where it takes too long to find what the filter leaves.
    pub async fn audit(&self, search: AuditSearch<'_>) -> Result<Page<AuditEntry>, StoreError> {
        let key = |row: &AuditRow| row.seq;
        let fetch = |seek| self.audit_rows(search, seek, (SIZE, SEARCH_WITHIN));
        let slice = keyset::page(&search.filter.cursor, SIZE, key, fetch).await?;
        let mut count =
            QueryBuilder::new("SELECT count(*) FROM (SELECT FROM audit_events e WHERE e.entry = e.seq");
        narrow(&mut count, search);
        count.push(" LIMIT ").push_bind(COUNT_BOUND + 1).push(") counted");
        let mut tx = self.begin_within(SEARCH_WITHIN).await?;
        let counted: i64 = count.build_query_scalar().fetch_one(&mut *tx).await?;
        tx.commit().await?;
        slice.into_page(keyset::total(counted))
    }

    /// The newest wanted entries that are older than one, at most `size` or one more; the filter's cursor is not
    /// looked at.
    ///
    /// # Errors
    /// [`StoreError::TooSlow`] where it takes too long to find what the filter leaves.
    pub async fn audit_before(
        &self,
        search: AuditSearch<'_>,
        before: i64,
        size: usize,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let rows = self.audit_rows(search, Seek::Older(before), (size, EXPORT_WITHIN)).await?;
        rows.into_iter().map(AuditEntry::try_from).collect()
    }

    async fn audit_rows(
        &self,
        search: AuditSearch<'_>,
        seek: Seek<i64>,
        (size, within): (usize, &'static str),
    ) -> Result<Vec<AuditRow>, StoreError> {
        // The subject of the last event: what is created has its id only then.
        let mut query = QueryBuilder::new(
            "SELECT e.seq, e.at, e.person, e.session, e.address, e.action, l.subject, l.subject_name, e.target, e.target_name,
                e.change_id, l.outcome, l.request_ids, l.detail, coalesce(r.refused, a.refused) AS refused
             FROM audit_events e
             LEFT JOIN refused_sign_ins r ON e.action = 'sign_in_refused' AND r.person = e.person
                AND r.address = e.address AND r.hour = date_trunc('hour', e.at, 'UTC')
             LEFT JOIN refused_access a ON e.action = 'access_refused' AND a.person = e.person
                AND a.action = e.detail ->> 'action' AND a.unconfirmed = (e.detail ->> 'unconfirmed')::boolean
                AND a.hour = date_trunc('hour', e.at, 'UTC')
             CROSS JOIN LATERAL (
                SELECT subject, subject_name, outcome, request_ids, detail FROM audit_events
                WHERE entry = e.seq ORDER BY seq DESC LIMIT 1) AS l
             WHERE e.entry = e.seq",
        );
        narrow(&mut query, search);
        seek.finish(&mut query, "e.seq", size);
        let mut tx = self.begin_within(within).await?;
        let rows = query.build_query_as().fetch_all(&mut *tx).await?;
        tx.commit().await?;
        Ok(rows)
    }
}

/// Writes an event down within a transaction; answers its number. The chain is locked until the transaction ends, so
/// this comes last in it.
pub(crate) async fn append(
    connection: &mut PgConnection,
    event: &NewAudit,
    now: OffsetDateTime,
) -> Result<i64, StoreError> {
    let sql = "INSERT INTO audit_events (seq, entry, at, person, session, address, action, subject, subject_name,
            target, target_name, change_id, step, outcome, request_ids, detail, previous_hash, hash)
        VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::json, '', '') RETURNING seq";
    let target = event.target.clone().unwrap_or_default();
    let detail = serde_json::to_string(&event.detail).map_err(|e| StoreError::Other(e.into()))?;
    let query = sqlx::query_scalar(sql)
        .bind(event.entry)
        .bind(now)
        .bind(clean(&event.actor.person))
        .bind(clean(&event.actor.session))
        .bind(clean(&event.actor.address))
        .bind(event.action.as_str())
        .bind(clean(&event.subject.id))
        .bind(clean(&event.subject.name))
        .bind(clean(&target.id))
        .bind(clean(&target.name))
        .bind(event.step.map(|(change, _)| change.0))
        .bind(event.step.map(|(_, n)| i32::try_from(n).unwrap_or(i32::MAX)))
        .bind(event.outcome.as_str())
        .bind(event.request_ids.iter().filter_map(|id| request_id(id)).collect::<Vec<_>>())
        .bind(detail);
    Ok(query.fetch_one(connection).await?)
}

fn narrow(query: &mut QueryBuilder<Postgres>, AuditSearch { filter, period, visible }: AuditSearch<'_>) {
    let shared = AuditAction::TABLE.iter().filter(|(action, ..)| action.concerns_every_part());
    let columns = Columns {
        person: Some("e.person"),
        kind: "e.action",
        shared: shared.map(|(_, name, _)| *name).collect(),
        subject: "e.subject",
        target: "e.target",
        before: None,
    };
    visible.narrow(query, columns);
    if let Some(from) = period.from {
        query.push(" AND e.at >= ").push_bind(from);
    }
    if let Some(until) = period.until {
        query.push(" AND e.at < ").push_bind(until);
    }
    if !filter.actor.is_empty() {
        query.push(" AND e.person ILIKE ").push_bind(keyset::anywhere(&filter.actor));
    }
    if !filter.action.is_empty() {
        query.push(" AND e.action = ").push_bind(clean(&filter.action));
    }
    let text = filter.target.trim();
    if text.parse::<PolicyId>().is_ok() || text.parse::<TargetId>().is_ok() {
        query.push(" AND (e.subject = ").push_bind(text.to_owned());
        query.push(" OR e.target = ").push_bind(text.to_owned());
        // What was created has its id only in the event that ended it.
        query.push(" OR e.seq IN (SELECT entry FROM audit_events WHERE entry <> seq AND subject = ");
        query.push_bind(text.to_owned()).push("))");
    } else if !text.is_empty() {
        let pattern = keyset::anywhere(text);
        for (word, column) in
            [(" AND (", "subject"), (" OR ", "subject_name"), (" OR ", "target"), (" OR ", "target_name")]
        {
            query.push(word).push("e.").push(column).push(" ILIKE ").push_bind(pattern.clone());
        }
        query.push(")");
    }
}

/// Postgres keeps no text with a zero in it, and an event must be kept.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// They are hashed with a space between them, so none is empty or has one.
fn request_id(id: &str) -> Option<String> {
    let id = clean(id).replace(' ', "\u{fffd}");
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
pub(crate) mod tests;
