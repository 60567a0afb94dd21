//! AWS Organizations and AWS Backup, and what of IAM and STS goes with them: the only crate that sees the AWS SDK.
//!
//! Every call goes one way, [`Aws`]'s private `call`: it waits for the operation's rate budget, bounds how many
//! requests are on their way, tries again where that is safe, keeps to a deadline, traces, counts, and turns whatever comes
//! back into an [`AwsError`] that names the operation, the AWS request id and, where denied, the missing IAM action.
//! Functions take and return types of `model`.

mod backup;
mod bucket;
mod call;
mod classify;
mod connect;
mod convert;
mod error;
mod iam;
mod intercept;
mod metrics;
mod operation;
mod options;
mod organizations;
mod permissions;
mod session;

use std::{sync::Arc, time::Duration};

pub use backup::JobsAfter;
pub use error::{AwsError, AwsErrorKind, Fate};
pub use iam::{CallerIdentity, LinkedRole};
pub use operation::{Operation, operations};
pub use options::{Credentials, Options, Rates, RoleToAssume};
pub use organizations::{
    DelegatedAdministrator, Effective, GlobalSetting, Handshake, HandshakeState, PolicyHead,
    PolicyTypeStatus, Root,
};
pub use permissions::{PermissionCheck, PermissionOutcome, iam_policy, iam_policy_for};

/// The service principal of AWS Backup: what trusted access and delegated administrators are asked for.
pub const SERVICE_PRINCIPAL: &str = "backup.amazonaws.com";

/// The way to AWS. Cheap to clone; clones share connections, rate budgets and the bound on requests under way.
#[derive(Clone)]
pub struct Aws {
    shared: Arc<connect::Shared>,
    /// From asking to the last answer, waiting and retries included.
    deadline: Duration,
    /// Who signs changes, where that is not the portal itself.
    person: Option<Arc<session::Clients>>,
}

/// One page of a list. Pages can be empty and still have a successor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    /// Opaque; asks for the page after this one.
    pub next: Option<String>,
}

/// A change that AWS accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written<T> {
    pub value: T,
    /// AWS's id of the request: what CloudTrail and AWS Support know it by.
    pub request_id: Option<String>,
}

impl Aws {
    /// The same way to AWS for callers in no hurry: budgets are shared, only the deadline of each call is another.
    #[must_use]
    pub fn with_deadline(&self, deadline: Duration) -> Self {
        Self { deadline, ..self.clone() }
    }
}

impl<T> Written<T> {
    /// Takes what is needed from an answer; where it cannot be had, the error keeps AWS's id of the request.
    fn read<U>(self, read: impl FnOnce(T) -> Result<U, AwsError>) -> Result<Written<U>, AwsError> {
        let Self { value, request_id } = self;
        match read(value) {
            Ok(value) => Ok(Written { value, request_id }),
            Err(error) => Err(AwsError { request_id, ..error }),
        }
    }
}

impl<T> Page<T> {
    fn map<U>(self, read: impl FnMut(T) -> Result<U, AwsError>) -> Result<Page<U>, AwsError> {
        Ok(Page { rows: self.rows.into_iter().map(read).collect::<Result<_, _>>()?, next: self.next })
    }
}
