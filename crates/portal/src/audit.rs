//! The audit list: reading it, signing its end, proving it.

mod export;
mod forward;
mod head;
mod keeping;
mod key;
mod verify;

use crate::{Caller, Portal, PortalError, error::checked};
use model::{
    Page,
    access::{Action, Resource},
    audit::{AuditEntry, AuditFilter, AuditListProof, Forwarding, Period},
    text,
};
use store::AuditSearch;

pub use export::{AuditExport, ExportFormat};
pub(crate) use forward::run as forward_events;
pub use forward::{Destination, Forward, RootsError, UnknownDestination, tls_roots};
pub(crate) use head::run as sign_heads;
pub(crate) use keeping::Keeping;
pub use keeping::Options;
pub use key::{KeyError, PublicKey, SigningKey};
pub use verify::{AuditFault, Kept, KeptError, Verdict, Whole, Witness, verify};

impl Portal {
    /// A page of what the caller may see of the audit list, newest first.
    ///
    /// # Errors
    /// `Invalid` for a text that nobody would search for; where the caller may not read it, or the database fails.
    pub async fn audit(
        &self,
        caller: &Caller,
        filter: &AuditFilter,
    ) -> Result<Page<AuditEntry>, PortalError> {
        self.may(caller, Action::ReadAudit, &Resource::Visible).await?;
        let period = self.audit_period(filter)?;
        let visible = &self.visible(caller, Action::ReadAudit).await?;
        self.store().audit(AuditSearch { filter, period, visible }).await.map_err(PortalError::filtered)
    }

    /// How the proof of the list stands: the newest signed head, and how far it was sent on. `None` where the caller sees
    /// a part of the list, which proves nothing.
    ///
    /// # Errors
    /// Where the caller may not read the list, or the database fails.
    pub async fn audit_proof(&self, caller: &Caller) -> Result<Option<AuditListProof>, PortalError> {
        self.may(caller, Action::ReadAudit, &Resource::Visible).await?;
        if caller.refuses(Action::ReadAudit, &Resource::Organization).is_some() {
            return Ok(None);
        }
        let head = self.store().newest_audit_head().await?;
        Ok(Some(AuditListProof { head, forwarding: self.audit_forwarding().await? }))
    }

    /// How far this process's destination of the audit list has got it; `None` where there is none.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn audit_forwarding(&self) -> Result<Option<Forwarding>, PortalError> {
        match self.0.audit.destination() {
            Some(destination) => Ok(self.store().audit_forwarding(&destination).await?),
            None => Ok(None),
        }
    }

    /// The time that a filter leaves.
    ///
    /// # Errors
    /// `Invalid` where one of its fields is nothing that somebody would search for.
    fn audit_period(&self, filter: &AuditFilter) -> Result<Period, PortalError> {
        checked(filter.pairs().into_iter().map(|(field, value)| text::SEARCH.check(field, value)))?;
        filter.period(self.now()).map_err(PortalError::Invalid)
    }
}

#[cfg(test)]
mod tests;
