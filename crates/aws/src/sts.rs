//! AWS STS: who Holdfast is at AWS.

use aws_config::SdkConfig;
use aws_sdk_sts::{Client, config::Builder};
use model::AccountId;

use crate::{
    connect::Aws,
    convert::{id, need},
    error::AwsError,
    homes::Homes,
    intercept::Watch,
    operation::Op,
    service::Service,
};

/// Asked in the Region that Holdfast is configured for.
struct Sts;

impl Service for Sts {
    type Client = Client;

    fn region<'a>(&'a self, homes: &'a Homes) -> &'a str {
        &homes.configured
    }

    fn client(config: &SdkConfig) -> Client {
        Client::from_conf(Builder::from(config).interceptor(Watch).build())
    }
}

/// The account and principal that sign what Holdfast asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerIdentity {
    pub account: AccountId,
    /// As `arn:aws:sts::111122223333:assumed-role/Holdfast/holdfast`.
    pub arn: String,
}

impl Aws {
    /// The account and principal that sign what Holdfast asks. AWS needs no permission for it.
    pub async fn caller_identity(&self) -> Result<CallerIdentity, AwsError> {
        const OP: Op = Op::GetCallerIdentity;
        let answer = self.call(Sts, OP, |c| c.get_caller_identity().send()).await?;
        answer.value(|a| {
            Ok(CallerIdentity {
                account: id(OP, "Account", a.account.as_deref())?,
                arn: need(OP, "Arn", a.arn)?,
            })
        })
    }
}
