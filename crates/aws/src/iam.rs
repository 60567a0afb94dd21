//! Who Holdfast is at AWS, and the role that AWS Backup works with in that account.

use model::AccountId;
use time::OffsetDateTime;

use crate::{
    Aws, AwsError, AwsErrorKind, SERVICE_PRINCIPAL, Written,
    convert::{id, instant, need},
    operation::Op,
};

/// The service-linked role of AWS Backup.
const LINKED_ROLE: &str = "AWSServiceRoleForBackup";

/// The account and principal that sign what Holdfast asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdentity {
    pub account: AccountId,
    /// As `arn:aws:sts::111122223333:assumed-role/Holdfast/holdfast`.
    pub arn: String,
}

/// A service-linked role that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedRole {
    pub since: Option<OffsetDateTime>,
}

impl Aws {
    /// The account and principal that sign what Holdfast asks. AWS needs no permission for it.
    ///
    /// # Errors
    /// As [`AwsErrorKind`] says.
    pub async fn caller_identity(&self) -> Result<CallerIdentity, AwsError> {
        const OP: Op = Op::GetCallerIdentity;
        let answer = self.sts_call(OP, |c| async move { c.get_caller_identity().send().await }).await?.value;
        Ok(CallerIdentity {
            account: id(OP, "Account", answer.account.as_deref())?,
            arn: need(OP, "Arn", answer.arn)?,
        })
    }

    /// The role `AWSServiceRoleForBackup` of the account that signs; `None` where it is missing.
    ///
    /// # Errors
    /// As [`AwsErrorKind`] says.
    pub async fn service_linked_role(&self) -> Result<Option<LinkedRole>, AwsError> {
        const OP: Op = Op::GetRole;
        let asked =
            self.iam_call(OP, |c| async move { c.get_role().role_name(LINKED_ROLE).send().await }).await;
        match asked {
            Ok(answer) => {
                let role = need(OP, "Role", answer.value.role)?;
                Ok(Some(LinkedRole { since: instant(role.create_date()) }))
            }
            Err(error) if error.kind == AwsErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates the role `AWSServiceRoleForBackup` in the account that signs.
    ///
    /// # Errors
    /// As [`AwsErrorKind`] says; `AlreadyDone` where it is there.
    pub async fn create_service_linked_role(&self) -> Result<Written<()>, AwsError> {
        let answer = self
            .iam_call(Op::CreateServiceLinkedRole, |c| {
                let request = c.create_service_linked_role().aws_service_name(SERVICE_PRINCIPAL);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }
}
