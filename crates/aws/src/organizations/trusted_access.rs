//! Whether AWS Backup may work in the organization.

use time::OffsetDateTime;

use super::client::{Organizations, PAGE};
use crate::{
    answer::Written,
    backup::SERVICE_PRINCIPAL,
    connect::Aws,
    convert::{instant, page},
    error::AwsError,
    operation::Op,
};

impl Aws {
    /// Whether AWS Backup has trusted access: `Some(since)` if so, as far as AWS tells since when.
    pub async fn trusted_access(&self) -> Result<Option<Option<OffsetDateTime>>, AwsError> {
        const OP: Op = Op::ListAWSServiceAccessForOrganization;
        let mut token: Option<String> = None;
        loop {
            let answer = self
                .call(Organizations, OP, |c| {
                    let request = c.list_aws_service_access_for_organization().max_results(PAGE);
                    request.set_next_token(token.clone()).send()
                })
                .await?;
            let listed = answer.value(|a| page(OP, a.enabled_service_principals, a.next_token))?;
            let mut rows = listed.rows.iter();
            if let Some(found) = rows.find(|row| row.service_principal.as_deref() == Some(SERVICE_PRINCIPAL))
            {
                return Ok(Some(found.date_enabled.as_ref().and_then(instant)));
            }
            match listed.next {
                Some(next) => token = Some(next),
                None => return Ok(None),
            }
        }
    }

    /// Gives AWS Backup trusted access. Repeating it succeeds.
    pub async fn enable_trusted_access(&self) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::EnableAWSServiceAccess, |c| {
                c.enable_aws_service_access().service_principal(SERVICE_PRINCIPAL).send()
            })
            .await?;
        Ok(answer.done())
    }

    /// Takes trusted access from AWS Backup.
    ///
    /// # Errors
    /// `Constraint` while delegated administrators exist.
    pub async fn disable_trusted_access(&self) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::DisableAWSServiceAccess, |c| {
                c.disable_aws_service_access().service_principal(SERVICE_PRINCIPAL).send()
            })
            .await?;
        Ok(answer.done())
    }
}
