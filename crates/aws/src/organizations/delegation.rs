//! Delegated administrators and the organization's resource policy. Only the management account may change them.

use model::AccountId;

use crate::{Aws, AwsError, AwsErrorKind, SERVICE_PRINCIPAL, Written, convert::need, operation::Op};

impl Aws {
    /// Makes an account a delegated administrator of AWS Backup.
    ///
    /// # Errors
    /// As [`AwsErrorKind`] says; `AlreadyDone` where it is one, `Constraint` with AWS's reason where it cannot be one.
    pub async fn register_delegated_administrator(
        &self,
        account: &AccountId,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::RegisterDelegatedAdministrator, |c| {
                let request = c.register_delegated_administrator().account_id(account.as_str());
                let request = request.service_principal(SERVICE_PRINCIPAL);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Takes from an account to be a delegated administrator of AWS Backup.
    ///
    /// # Errors
    /// As [`AwsErrorKind`] says; `AlreadyDone` where it is none.
    pub async fn deregister_delegated_administrator(
        &self,
        account: &AccountId,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::DeregisterDelegatedAdministrator, |c| {
                let request = c.deregister_delegated_administrator().account_id(account.as_str());
                let request = request.service_principal(SERVICE_PRINCIPAL);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// The organization's resource policy exactly as AWS returns it; `None` where there is none.
    ///
    /// # Errors
    /// As [`AwsErrorKind`] says.
    pub async fn resource_policy(&self) -> Result<Option<String>, AwsError> {
        const OP: Op = Op::DescribeResourcePolicy;
        let asked =
            self.organizations_call(OP, |c| async move { c.describe_resource_policy().send().await }).await;
        match asked {
            Ok(answer) => {
                let policy = need(OP, "ResourcePolicy", answer.value.resource_policy)?;
                Ok(Some(need(OP, "Content", policy.content)?))
            }
            Err(error) if error.kind == AwsErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces the organization's resource policy as a whole.
    ///
    /// # Errors
    /// As [`AwsErrorKind`] says; `InvalidInput` with AWS's reason where it refuses the text.
    pub async fn put_resource_policy(&self, content: &str) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::PutResourcePolicy, |c| {
                let request = c.put_resource_policy().content(content);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Removes the organization's resource policy.
    ///
    /// # Errors
    /// As [`AwsErrorKind`] says; `NotFound` where there is none.
    pub async fn delete_resource_policy(&self) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::DeleteResourcePolicy, |c| async move {
                c.delete_resource_policy().send().await
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }
}
