//! What the audit list has of people who sign in.

use model::audit::{AuditAction, AuditOutcome};
use store::{Actor, NewAudit};

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
        let person = email.chars().take(254).collect();
        let actor = Actor { person, session: String::new(), address: from.to_owned() };
        let event = NewAudit { outcome, ..NewAudit::done(actor, action) };
        self.store().append_audit(&event, self.now()).await?;
        Ok(())
    }
}
