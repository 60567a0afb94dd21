//! The client of AWS Backup, which is asked in each Region.

use aws_config::SdkConfig;
use aws_sdk_backup::{Client, config::Builder};

use crate::{
    homes::Homes,
    intercept::{JsonAnswers, Watch},
    service::Service,
};

/// The service principal of AWS Backup: what trusted access and delegated administrators are asked for.
pub const SERVICE_PRINCIPAL: &str = "backup.amazonaws.com";

/// AWS Backup in a Region.
pub(super) struct Backup<'a>(pub(super) &'a str);

impl Service for Backup<'_> {
    type Client = Client;

    fn region<'a>(&'a self, _: &'a Homes) -> &'a str {
        self.0
    }

    fn client(config: &SdkConfig) -> Client {
        Client::from_conf(Builder::from(config).interceptor(Watch).interceptor(JsonAnswers).build())
    }
}
