//! The switches that backup policies and cross-account monitoring need.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_organizations::types::{PolicyType, PolicyTypeStatus as Status, PolicyTypeSummary};
use model::{AccountId, TargetId};
use time::OffsetDateTime;

use crate::{
    Aws, AwsError, SERVICE_PRINCIPAL, Written,
    convert::{id, instant, need, page},
    operation::Op,
    organizations::accounts::{BACKUP_POLICY, PAGE},
};

/// A switch among AWS Backup's settings of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalSetting {
    /// Copies to vaults of other accounts.
    CrossAccountBackup,
    /// Keeps delegated permissions in step.
    DelegatedAdministrator,
    /// Multi-party approval.
    MultiPartyApproval,
}

impl GlobalSetting {
    /// AWS's key.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::CrossAccountBackup => "isCrossAccountBackupEnabled",
            Self::DelegatedAdministrator => "isDelegatedAdministratorEnabled",
            Self::MultiPartyApproval => "isMpaEnabled",
        }
    }
}

/// How the policy type BACKUP_POLICY stands on the root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyTypeStatus {
    Enabled,
    Disabled,
    /// AWS is turning it on or off.
    Changing,
}

/// An account that administers AWS Backup for the organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegatedAdministrator {
    pub account: AccountId,
    pub name: String,
    pub since: Option<OffsetDateTime>,
}

impl Aws {
    /// Whether AWS Backup has trusted access: `Some(since)` if so, as far as AWS tells since when.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn trusted_access(&self) -> Result<Option<Option<OffsetDateTime>>, AwsError> {
        const OP: Op = Op::ListAWSServiceAccessForOrganization;
        let mut token: Option<String> = None;
        loop {
            let answer = self
                .organizations_call(OP, |c| {
                    let request = c.list_aws_service_access_for_organization().max_results(PAGE);
                    let request = request.set_next_token(token.clone());
                    async move { request.send().await }
                })
                .await?;
            let listed = page(OP, answer.value.enabled_service_principals, answer.value.next_token)?;
            let ours = |p: &&aws_sdk_organizations::types::EnabledServicePrincipal| {
                p.service_principal.as_deref() == Some(SERVICE_PRINCIPAL)
            };
            if let Some(found) = listed.rows.iter().find(ours) {
                return Ok(Some(found.date_enabled.as_ref().and_then(instant)));
            }
            match listed.next {
                Some(next) => token = Some(next),
                None => return Ok(None),
            }
        }
    }

    /// How the backup policy type stands on the root.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn policy_type(&self) -> Result<PolicyTypeStatus, AwsError> {
        Ok(self.root().await?.backup_policies)
    }

    /// The accounts that administer AWS Backup for the organization.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn delegated_administrators(&self) -> Result<Vec<DelegatedAdministrator>, AwsError> {
        const OP: Op = Op::ListDelegatedAdministrators;
        let mut found = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let answer = self
                .organizations_call(OP, |c| {
                    let request = c.list_delegated_administrators().service_principal(SERVICE_PRINCIPAL);
                    let request = request.max_results(PAGE).set_next_token(token.clone());
                    async move { request.send().await }
                })
                .await?;
            let listed = page(OP, answer.value.delegated_administrators, answer.value.next_token)?.map(
                |administrator| {
                    Ok(DelegatedAdministrator {
                        account: id(OP, "Account Id", administrator.id.as_deref())?,
                        name: administrator.name.unwrap_or_default(),
                        since: administrator.delegation_enabled_date.as_ref().and_then(instant),
                    })
                },
            )?;
            found.extend(listed.rows);
            match listed.next {
                Some(next) => token = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// AWS Backup's settings of the organization, as AWS names them (`isCrossAccountBackupEnabled`, …).
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn global_settings(&self) -> Result<BTreeMap<String, bool>, AwsError> {
        const OP: Op = Op::DescribeGlobalSettings;
        let answer = self
            .backup_call(OP, &self.shared.home_region, |c| async move {
                c.describe_global_settings().send().await
            })
            .await?;
        let settings = need(OP, "GlobalSettings", answer.value.global_settings)?;
        Ok(settings.into_iter().map(|(name, value)| (name, value.eq_ignore_ascii_case("true"))).collect())
    }

    /// The Region where AWS Backup's settings of the organization are asked.
    #[must_use]
    pub fn home_region(&self) -> &str {
        &self.shared.home_region
    }

    /// Gives AWS Backup trusted access. Repeating it succeeds.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn enable_trusted_access(&self) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::EnableAWSServiceAccess, |c| {
                let request = c.enable_aws_service_access().service_principal(SERVICE_PRINCIPAL);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Takes trusted access from AWS Backup.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `Constraint` while delegated administrators exist.
    pub async fn disable_trusted_access(&self) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::DisableAWSServiceAccess, |c| {
                let request = c.disable_aws_service_access().service_principal(SERVICE_PRINCIPAL);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Turns the backup policy type on. AWS carries it out in its own time.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `AlreadyDone` where it is on.
    pub async fn enable_policy_type(&self, root: &TargetId) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::EnablePolicyType, |c| {
                let request = c.enable_policy_type().root_id(root.as_str()).policy_type(BACKUP_POLICY);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Turns the backup policy type off: AWS detaches every backup policy from every target.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `AlreadyDone` where it is off.
    pub async fn disable_policy_type(&self, root: &TargetId) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::DisablePolicyType, |c| {
                let request = c.disable_policy_type().root_id(root.as_str()).policy_type(BACKUP_POLICY);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Turns one of AWS Backup's settings of the organization; the others stay.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `InvalidInput` outside the management account.
    pub async fn set_global_setting(
        &self,
        setting: GlobalSetting,
        on: bool,
    ) -> Result<Written<()>, AwsError> {
        let answer = self
            .backup_call(Op::UpdateGlobalSettings, &self.shared.home_region, |c| {
                let settings = HashMap::from([(setting.key().to_owned(), on.to_string())]);
                let request = c.update_global_settings().set_global_settings(Some(settings));
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }
}

/// How the backup policy type stands in a root's list of policy types: a type that is off is not in the list.
pub(crate) fn status(types: &[PolicyTypeSummary]) -> PolicyTypeStatus {
    match types.iter().find(|t| t.r#type == Some(PolicyType::BackupPolicy)).and_then(|t| t.status.as_ref()) {
        None => PolicyTypeStatus::Disabled,
        Some(Status::Enabled) => PolicyTypeStatus::Enabled,
        Some(_) => PolicyTypeStatus::Changing,
    }
}
