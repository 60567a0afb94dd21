//! The audit list: every change is begun before it is done and completed after. If the entry cannot be written, the
//! change is refused.

use aws::Aws;
use model::{
    Page,
    access::Action,
    audit::{AuditAction, AuditEntry, AuditFilter, AuditOutcome},
};
use store::NewAudit;

use crate::{Caller, Portal, PortalError, authorize};

/// What is about to be done, and to what.
pub(crate) struct Change<'a> {
    pub action: AuditAction,
    /// Id of what it is done to; empty where there is none.
    pub target: &'a str,
    pub target_name: &'a str,
}

/// What a change came to: its value, AWS's request id where there is one, and a sentence for the list.
pub(crate) struct Done<T> {
    pub value: T,
    pub request_id: Option<String>,
    pub detail: String,
}

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

    /// Runs a change between the two halves of its audit entry. What it changes in AWS goes the way that it is given,
    /// which is signed on behalf of the caller.
    pub(crate) async fn audited<T>(
        &self,
        caller: &Caller,
        change: Change<'_>,
        act: impl AsyncFnOnce(Aws) -> Result<Done<T>, PortalError>,
    ) -> Result<T, PortalError> {
        let entry = NewAudit {
            actor: caller.email().to_owned(),
            action: change.action,
            target: change.target.to_owned(),
            target_name: change.target_name.to_owned(),
        };
        let id = self.store().begin_audit(entry, self.now()).await?;
        match act(self.aws().acting_for(caller.email()).await).await {
            Ok(Done { value, request_id, detail }) => {
                self.finish(id, AuditOutcome::Succeeded, request_id, detail).await;
                Ok(value)
            }
            Err(error) => {
                let request_id = match &error {
                    PortalError::Aws(e) => e.request_id.clone(),
                    _ => None,
                };
                self.finish(id, AuditOutcome::Failed, request_id, error.to_string()).await;
                Err(error)
            }
        }
    }

    /// The change is done, so a failure to complete its entry must not hide that: the entry stays “begun”, the log says why.
    async fn finish(&self, id: i64, outcome: AuditOutcome, request_id: Option<String>, detail: String) {
        let finished =
            self.store().finish_audit(id, outcome, request_id.as_deref(), &detail, self.now()).await;
        if let Err(error) = finished {
            tracing::error!(audit.id = id, %error, "audit entry left open");
        }
    }
}
