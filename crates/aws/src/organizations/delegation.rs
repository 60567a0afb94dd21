//! Delegated administrators and the organization's resource policy. Only the management account may change them.

use aws_sdk_organizations::types::DelegatedAdministrator as Sent;
use model::AccountId;
use time::OffsetDateTime;

use super::client::{Organizations, PAGE};
use crate::{
    answer::{Page, Written},
    backup::SERVICE_PRINCIPAL,
    connect::Aws,
    convert::{id, instant, need, page},
    error::AwsError,
    operation::Op,
};

/// An account that administers AWS Backup for the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegatedAdministrator {
    pub account: AccountId,
    pub name: String,
    pub since: Option<OffsetDateTime>,
}

impl Aws {
    /// The accounts that administer AWS Backup for the organization.
    pub async fn delegated_administrators(&self) -> Result<Vec<DelegatedAdministrator>, AwsError> {
        Page::all(|token| self.delegated_administrators_page(token)).await
    }

    async fn delegated_administrators_page(
        &self,
        token: Option<String>,
    ) -> Result<Page<DelegatedAdministrator>, AwsError> {
        const OP: Op = Op::ListDelegatedAdministrators;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_delegated_administrators().service_principal(SERVICE_PRINCIPAL);
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await?;
        answer.value(|a| page(OP, a.delegated_administrators, a.next_token)?.map(|row| read(OP, row)))
    }

    /// Makes an account a delegated administrator of AWS Backup.
    ///
    /// # Errors
    /// `AlreadyDone` where it is one, `Constraint` with AWS's reason where it cannot be one.
    pub async fn register_delegated_administrator(
        &self,
        account: &AccountId,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::RegisterDelegatedAdministrator, |c| {
                let request = c.register_delegated_administrator().account_id(account.as_str());
                request.service_principal(SERVICE_PRINCIPAL).send()
            })
            .await?;
        Ok(answer.done())
    }

    /// Takes from an account to be a delegated administrator of AWS Backup.
    ///
    /// # Errors
    /// `AlreadyDone` where it is none.
    pub async fn deregister_delegated_administrator(
        &self,
        account: &AccountId,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::DeregisterDelegatedAdministrator, |c| {
                let request = c.deregister_delegated_administrator().account_id(account.as_str());
                request.service_principal(SERVICE_PRINCIPAL).send()
            })
            .await?;
        Ok(answer.done())
    }

    /// The organization's resource policy exactly as AWS returns it; `None` where there is none.
    pub async fn resource_policy(&self) -> Result<Option<String>, AwsError> {
        const OP: Op = Op::DescribeResourcePolicy;
        let asked = self.call(Organizations, OP, |c| c.describe_resource_policy().send()).await;
        match asked {
            Ok(answer) => answer.value(|a| {
                let policy = need(OP, "ResourcePolicy", a.resource_policy)?;
                Ok(Some(need(OP, "Content", policy.content)?))
            }),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces the organization's resource policy as a whole.
    ///
    /// # Errors
    /// `InvalidInput` with AWS's reason where it refuses the text.
    pub async fn put_resource_policy(&self, content: &str) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::PutResourcePolicy, |c| c.put_resource_policy().content(content).send())
            .await?;
        Ok(answer.done())
    }

    /// Removes the organization's resource policy.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn delete_resource_policy(&self) -> Result<Written<()>, AwsError> {
        let answer =
            self.call(Organizations, Op::DeleteResourcePolicy, |c| c.delete_resource_policy().send()).await?;
        Ok(answer.done())
    }
}

fn read(op: Op, administrator: Sent) -> Result<DelegatedAdministrator, AwsError> {
    Ok(DelegatedAdministrator {
        account: id(op, "Account Id", administrator.id.as_deref())?,
        name: administrator.name.unwrap_or_default(),
        since: administrator.delegation_enabled_date.as_ref().and_then(instant),
    })
}
