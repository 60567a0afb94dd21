//! The audit list.

use model::{
    Page,
    access::{Action, Resource},
    audit::{AuditEntry, AuditFilter},
};

use crate::{Caller, Portal, PortalError};

impl Portal {
    /// A page of the audit list, newest first.
    ///
    /// # Errors
    /// Where the caller may not read it, or the database fails.
    pub async fn audit(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
    ) -> Result<Page<AuditEntry>, PortalError> {
        caller.may(Action::ReadAudit, &Resource::Organization)?;
        Ok(self.store().audit(filter).await?)
    }
}
