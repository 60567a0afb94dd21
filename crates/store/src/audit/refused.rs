//! What was refused. The first of an hour is written down, the others are counted: nobody can fill the list.

use model::{
    access::Action,
    audit::{AuditAction, AuditDetail, AuditOutcome},
    change::Named,
};
use time::OffsetDateTime;

use super::{Actor, NewAudit, append, clean};
use crate::{Store, StoreError};

/// What somebody who is signed in was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAccess {
    pub actor: Actor,
    pub action: Action,
    /// They may do it, once a password or factor of theirs is fresh enough.
    pub unconfirmed: bool,
    /// What they wanted to do it to; empty where it is the organization as a whole, or a part of it that is not named.
    pub subject: Named,
    /// Where a policy was to be attached or detached.
    pub target: Option<Named>,
}

impl Store {
    /// Counts a refused sign-in. The first of a person and an address in an hour is written down; the others are shown with it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refuse_sign_in(&self, actor: Actor, now: OffsetDateTime) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO refused_sign_ins AS r (person, address, hour, refused)
            VALUES ($1, $2, date_trunc('hour', $3::timestamptz, 'UTC'), 1)
            ON CONFLICT ON CONSTRAINT refused_sign_ins_pkey DO UPDATE SET refused = r.refused + 1 RETURNING refused";
        let query = sqlx::query_scalar(sql).bind(clean(&actor.person)).bind(clean(&actor.address)).bind(now);
        let refused: i64 = query.fetch_one(&mut *tx).await?;
        if refused == 1 {
            let event = NewAudit::done(actor, AuditAction::SignInRefused);
            append(&mut tx, &NewAudit { outcome: AuditOutcome::Failed, ..event }, now).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Counts a refused access. The first of a person and an action in an hour is written down; the others are shown with it.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn refuse_access(&self, refused: RefusedAccess, now: OffsetDateTime) -> Result<(), StoreError> {
        let RefusedAccess { actor, action, unconfirmed, subject, target } = refused;
        let mut tx = self.begin().await?;
        let sql = "INSERT INTO refused_access AS r (person, action, unconfirmed, hour, refused)
            VALUES ($1, $2, $3, date_trunc('hour', $4::timestamptz, 'UTC'), 1)
            ON CONFLICT ON CONSTRAINT refused_access_pkey DO UPDATE SET refused = r.refused + 1 RETURNING refused";
        let query = sqlx::query_scalar(sql).bind(clean(&actor.person)).bind(action.as_str());
        let query = query.bind(unconfirmed).bind(now);
        let count: i64 = query.fetch_one(&mut *tx).await?;
        if count == 1 {
            let detail = AuditDetail::AccessRefused { action, unconfirmed, more: 0 };
            let event = NewAudit::done(actor, AuditAction::AccessRefused);
            let outcome = AuditOutcome::Failed;
            append(&mut tx, &NewAudit { subject, target, outcome, detail, ..event }, now).await?;
        }
        Ok(tx.commit().await?)
    }
}
