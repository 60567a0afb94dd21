//! The audit list.

use model::{
    Page,
    access::{Action, Resource},
    audit::{AuditEntry, AuditFilter},
    text,
};

use crate::{Caller, Portal, PortalError, error::checked};

impl Portal {
    /// A page of the audit list, newest first.
    ///
    /// # Errors
    /// `Invalid` for a text that nobody would search for; where the caller may not read it, or the database fails.
    pub async fn audit(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
    ) -> Result<Page<AuditEntry>, PortalError> {
        caller.may(Action::ReadAudit, &Resource::Organization)?;
        let AuditFilter { actor, action, target, cursor: _ } = filter;
        checked([
            text::SEARCH.check("actor", actor),
            text::SEARCH.check("action", action),
            text::SEARCH.check("target", target),
        ])?;
        self.store().audit(filter).await.map_err(PortalError::filtered)
    }
}
