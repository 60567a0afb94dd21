//! AWS Organizations and AWS Backup, and what of IAM and STS goes with them: the only crate that sees the AWS SDK.
//!
//! Every call goes one way, [`Aws`]'s private `call`: it waits for the operation's rate budget, bounds how many
//! requests are on their way, tries again where that is safe, keeps to a deadline, traces, counts, and turns whatever comes
//! back into an [`AwsError`] that names the operation, the AWS request id and, where denied, the IAM action and what denied it.
//! Functions take and return types of `model`.

mod answer;
mod backup;
mod bucket;
mod call;
mod classify;
mod complaints;
mod connect;
mod convert;
mod error;
mod homes;
mod iam;
mod intercept;
mod metrics;
mod operation;
mod options;
mod organizations;
mod permissions;
mod service;
mod session;
mod sts;

pub use answer::{Page, Written};
pub use backup::{GlobalSetting, JobPage, JobsAfter, JobsOf, SERVICE_PRINCIPAL};
pub use connect::Aws;
pub use error::{AwsError, AwsErrorKind, Fate};
pub use iam::LinkedRole;
pub use operation::{Operation, operations};
pub use options::{Credentials, Options, Rates, RoleToAssume};
pub use organizations::{
    DelegatedAdministrator, Effective, Handshake, HandshakeState, PolicyHead, PolicyTypeStatus, Root,
};
pub use permissions::{PermissionCheck, PermissionOutcome, iam_policy, iam_policy_for};
pub use sts::CallerIdentity;
