//! The audit list.

use model::{
    Page,
    access::Action,
    audit::{AuditEntry, AuditFilter},
};

use crate::{Caller, Portal, PortalError, authorize};

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
        authorize(caller, Action::ReadAudit)?;
        Ok(self.store().audit(filter).await?)
    }
}
