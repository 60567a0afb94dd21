//! The client of Organizations, and what its requests have in common.

use aws_config::SdkConfig;
use aws_sdk_organizations::{Client, config::Builder, types::PolicyType};

use crate::{
    homes::Homes,
    intercept::{JsonAnswers, Watch},
    service::Service,
};

/// The most rows of one page.
pub(super) const PAGE: i32 = 20;
/// The one policy type that Holdfast is about.
pub(super) const BACKUP_POLICY: PolicyType = PolicyType::BackupPolicy;

pub(super) struct Organizations;

impl Service for Organizations {
    type Client = Client;

    fn region<'a>(&'a self, homes: &'a Homes) -> &'a str {
        homes.organizations
    }

    fn client(config: &SdkConfig) -> Client {
        Client::from_conf(Builder::from(config).interceptor(Watch).interceptor(JsonAnswers).build())
    }
}
