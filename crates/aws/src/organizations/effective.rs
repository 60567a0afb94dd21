//! What AWS itself makes of the policies that apply to an account.

use aws_sdk_organizations::types::EffectivePolicyType;
use model::{AccountId, organization::EffectiveProblem};
use time::OffsetDateTime;

use crate::{
    Aws, AwsError, Page,
    convert::{id, instant, need, page},
    operation::Op,
    organizations::accounts::PAGE,
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
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where the policy type is off or there is no such
    /// account.
    pub async fn describe_effective_policy(&self, account: &AccountId) -> Result<Effective, AwsError> {
        const OP: Op = Op::DescribeEffectivePolicy;
        let answer = self
            .organizations_call(OP, |c| {
                let request =
                    c.describe_effective_policy().policy_type(BACKUP_POLICY).target_id(account.as_str());
                async move { request.send().await }
            })
            .await?;
        let found = need(OP, "EffectivePolicy", answer.value.effective_policy)?;
        let computed_at = found.last_updated_timestamp.as_ref().and_then(instant);
        Ok(Effective {
            content: need(OP, "PolicyContent", found.policy_content)?,
            computed_at: need(OP, "LastUpdatedTimestamp", computed_at)?,
        })
    }

    /// All accounts whose effective backup policy is invalid, so that AWS keeps to an older one.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where the policy type is off.
    pub async fn invalid_accounts(&self) -> Result<Vec<AccountId>, AwsError> {
        let mut found = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let listed = self.invalid_accounts_page(token.as_deref()).await?;
            found.extend(listed.rows);
            match listed.next {
                Some(next) => token = Some(next),
                None => return Ok(found),
            }
        }
    }

    pub(crate) async fn invalid_accounts_page(
        &self,
        token: Option<&str>,
    ) -> Result<Page<AccountId>, AwsError> {
        const OP: Op = Op::ListAccountsWithInvalidEffectivePolicy;
        let answer = self
            .organizations_call(OP, |c| {
                let request = c.list_accounts_with_invalid_effective_policy().policy_type(BACKUP_POLICY);
                let request = request.max_results(PAGE).set_next_token(token.map(str::to_owned));
                async move { request.send().await }
            })
            .await?;
        page(OP, answer.value.accounts, answer.value.next_token)?
            .map(|account| id::<AccountId>(OP, "Account Id", account.id.as_deref()))
    }

    /// Why AWS finds an account's effective backup policy invalid; empty where it is valid.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `NotFound` where the policy type is off or there is no such
    /// account.
    pub async fn effective_validation_errors(
        &self,
        account: &AccountId,
    ) -> Result<Vec<EffectiveProblem>, AwsError> {
        const OP: Op = Op::ListEffectivePolicyValidationErrors;
        let mut found = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let answer = self
                .organizations_call(OP, |c| {
                    let request = c.list_effective_policy_validation_errors().policy_type(BACKUP_POLICY);
                    let request =
                        request.account_id(account.as_str()).max_results(PAGE).set_next_token(token.clone());
                    async move { request.send().await }
                })
                .await?;
            let errors = answer.value.effective_policy_validation_errors;
            let listed = page(OP, errors, answer.value.next_token)?;
            found.extend(listed.rows.into_iter().map(|error| EffectiveProblem {
                code: error.error_code.unwrap_or_default(),
                message: error.error_message.unwrap_or_default(),
                path: error.path_to_error.unwrap_or_default(),
            }));
            match listed.next {
                Some(next) => token = Some(next),
                None => return Ok(found),
            }
        }
    }
}
