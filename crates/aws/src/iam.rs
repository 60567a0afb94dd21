//! AWS IAM: the role that AWS Backup works with in the account that signs.

use aws_config::SdkConfig;
use aws_sdk_iam::{Client, config::Builder};
use time::OffsetDateTime;

use crate::{
    answer::Written,
    backup::SERVICE_PRINCIPAL,
    connect::Aws,
    convert::{instant, need},
    error::AwsError,
    homes::Homes,
    intercept::Watch,
    operation::Op,
    service::Service,
};

/// The service-linked role of AWS Backup.
const LINKED_ROLE: &str = "AWSServiceRoleForBackup";

struct Iam;

impl Service for Iam {
    type Client = Client;

    fn region<'a>(&'a self, homes: &'a Homes) -> &'a str {
        homes.iam
    }

    fn client(config: &SdkConfig) -> Client {
        Client::from_conf(Builder::from(config).interceptor(Watch).build())
    }
}

/// A service-linked role that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedRole {
    pub since: Option<OffsetDateTime>,
}

impl Aws {
    /// The role `AWSServiceRoleForBackup` of the account that signs; `None` where it is missing.
    pub async fn service_linked_role(&self) -> Result<Option<LinkedRole>, AwsError> {
        const OP: Op = Op::GetRole;
        match self.call(Iam, OP, |c| c.get_role().role_name(LINKED_ROLE).send()).await {
            Ok(answer) => answer.value(|a| {
                let role = need(OP, "Role", a.role)?;
                Ok(Some(LinkedRole { since: instant(role.create_date()) }))
            }),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Creates the role `AWSServiceRoleForBackup` in the account that signs.
    ///
    /// # Errors
    /// `AlreadyDone` where it is there.
    pub async fn create_service_linked_role(&self) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Iam, Op::CreateServiceLinkedRole, |c| {
                c.create_service_linked_role().aws_service_name(SERVICE_PRINCIPAL).send()
            })
            .await?;
        Ok(answer.done())
    }
}
