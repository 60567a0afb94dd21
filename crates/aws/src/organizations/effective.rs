//! What AWS itself makes of the policies that apply to an account.

use aws_sdk_organizations::types::EffectivePolicyType;
use model::{AccountId, organization::EffectiveProblem};
use time::OffsetDateTime;

use super::client::{Organizations, PAGE};
use crate::{
    answer::Page,
    connect::Aws,
    convert::{id, instant, need, page},
    error::AwsError,
    operation::Op,
};

const BACKUP_POLICY: EffectivePolicyType = EffectivePolicyType::BackupPolicy;

/// AWS's effective policy of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The document, `{}` where nothing applies.
    pub content: String,
    pub computed_at: OffsetDateTime,
}

impl Aws {
    /// The effective backup policy of an account.
    ///
    /// # Errors
    /// `NotFound` where the policy type is off or there is no such account.
    pub async fn describe_effective_policy(&self, account: &AccountId) -> Result<Effective, AwsError> {
        const OP: Op = Op::DescribeEffectivePolicy;
        let answer = self
            .call(Organizations, OP, |c| {
                c.describe_effective_policy().policy_type(BACKUP_POLICY).target_id(account.as_str()).send()
            })
            .await?;
        answer.value(|a| {
            let found = need(OP, "EffectivePolicy", a.effective_policy)?;
            let computed_at = found.last_updated_timestamp.as_ref().and_then(instant);
            Ok(Effective {
                content: need(OP, "PolicyContent", found.policy_content)?,
                computed_at: need(OP, "LastUpdatedTimestamp", computed_at)?,
            })
        })
    }

    /// All accounts whose effective backup policy is invalid, so that AWS keeps to an older one.
    ///
    /// # Errors
    /// `NotFound` where the policy type is off.
    pub async fn invalid_accounts(&self) -> Result<Vec<AccountId>, AwsError> {
        Page::all(|token| self.invalid_accounts_page(token)).await
    }

    pub(crate) async fn invalid_accounts_page(
        &self,
        token: Option<String>,
    ) -> Result<Page<AccountId>, AwsError> {
        const OP: Op = Op::ListAccountsWithInvalidEffectivePolicy;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_accounts_with_invalid_effective_policy().policy_type(BACKUP_POLICY);
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await?;
        answer.value(|a| {
            page(OP, a.accounts, a.next_token)?.map(|account| id(OP, "Account Id", account.id.as_deref()))
        })
    }

    /// Why AWS finds an account's effective backup policy invalid; empty where it is valid.
    ///
    /// # Errors
    /// `NotFound` where the policy type is off or there is no such account.
    pub async fn effective_validation_errors(
        &self,
        account: &AccountId,
    ) -> Result<Vec<EffectiveProblem>, AwsError> {
        Page::all(|token| self.effective_validation_errors_page(account, token)).await
    }

    async fn effective_validation_errors_page(
        &self,
        account: &AccountId,
        token: Option<String>,
    ) -> Result<Page<EffectiveProblem>, AwsError> {
        const OP: Op = Op::ListEffectivePolicyValidationErrors;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_effective_policy_validation_errors().policy_type(BACKUP_POLICY);
                let request = request.account_id(account.as_str());
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await?;
        answer.value(|a| {
            page(OP, a.effective_policy_validation_errors, a.next_token)?.map(|error| {
                Ok(EffectiveProblem {
                    code: error.error_code.unwrap_or_default(),
                    message: error.error_message.unwrap_or_default(),
                    path: error.path_to_error.unwrap_or_default(),
                    policies: Vec::new(),
                })
            })
        })
    }
}
