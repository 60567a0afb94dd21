//! What the audit list has of people who sign in.

use model::audit::AuditAction;
use store::{Actor, NewAudit};

use crate::{Portal, PortalError};

impl Portal {
    /// Writes that somebody signed in or out.
    pub(super) async fn note_sign_in(
        &self,
        email: &str,
        action: AuditAction,
        from: &str,
    ) -> Result<(), PortalError> {
        let person = email.chars().take(254).collect();
        let actor = Actor { person, session: String::new(), address: from.to_owned() };
        self.store().append_audit(&NewAudit::done(actor, action), self.now()).await?;
        Ok(())
    }
}
