//! What the audit list has of people who sign in.

use model::audit::{AuditAction, AuditOutcome};
use store::NewAudit;

use crate::{Portal, PortalError};

impl Portal {
    /// Writes that somebody signed in or out, or could not.
    pub(super) async fn note_sign_in(
        &self,
        email: &str,
        action: AuditAction,
        outcome: AuditOutcome,
        from: &str,
    ) -> Result<(), PortalError> {
        let actor = email.chars().take(254).collect();
        let entry = NewAudit { actor, action, target: String::new(), target_name: String::new() };
        let id = self.store().begin_audit(entry, self.now()).await?;
        let detail = format!("from {from}");
        Ok(self.store().finish_audit(id, outcome, None, &detail, self.now()).await?)
    }
}
