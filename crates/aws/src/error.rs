//! What can go wrong between Holdfast and AWS, in kinds that a caller can act on.

use std::{error::Error, fmt};

use model::failure::{CredentialsProblem, DeniedBy, Missing};

/// What kind of failure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwsErrorKind {
    /// AWS denied an IAM action; `said` is its own sentence, empty where it gave none.
    Denied { action: &'static str, by: DeniedBy, said: String },
    /// Something on the way answered in AWS's place: a proxy, a firewall, a gateway.
    Blocked { status: u16 },
    /// Too many requests, also after waiting and trying again.
    Throttled,
    /// What was named does not exist.
    NotFound(Missing),
    /// It is already as was asked: attached, detached, enabled, disabled, registered or removed.
    AlreadyDone,
    /// The present state forbids it; `reason` is the name of AWS's exception (`PolicyInUseException`,
    /// `DuplicatePolicyException`, `PolicyChangesInProgressException`, `ConcurrentModificationException`,
    /// `FinalizingOrganizationException`).
    Conflict { reason: String },
    /// AWS finds the policy document malformed; it never says where.
    Malformed,
    /// A quota or rule of the organization forbids it; `reason` is AWS's enumeration value.
    Constraint { reason: String, message: String },
    /// AWS does not accept the request; `reason` is AWS's, as `INVALID_ENUM:POLICY_TYPE`.
    InvalidInput { reason: String, message: String },
    /// The endpoint does not offer the operation.
    NotAvailable,
    /// The account belongs to no organization.
    NotInOrganization,
    /// There are no credentials, or they do not do; `said` is AWS's own sentence, empty where it gave none.
    Credentials { problem: CredentialsProblem, said: Box<str> },
    /// No answer in time. Whether a change may have been made, [`Fate`] says.
    Timeout,
    /// AWS cannot be reached, or the connection broke off. Whether a change may have been made, [`Fate`] says.
    Unavailable,
    /// AWS answered with an error of its own. Whether a change may have been made, [`Fate`] says.
    ServerError { status: u16, code: String, message: String },
    /// An answer that is none of the above.
    Unexpected { message: String },
}

impl AwsErrorKind {
    /// Its name among the outcomes of calls that are counted.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Denied { .. } => "denied",
            Self::Blocked { .. } => "blocked",
            Self::Throttled => "throttled",
            Self::NotFound(_) => "not_found",
            Self::AlreadyDone => "already_done",
            Self::Conflict { .. } => "conflict",
            Self::Malformed => "malformed",
            Self::Constraint { .. } => "constraint",
            Self::InvalidInput { .. } => "invalid_input",
            Self::NotAvailable => "not_available",
            Self::NotInOrganization => "not_in_organization",
            Self::Credentials { .. } => "credentials",
            Self::Timeout => "timeout",
            Self::Unavailable => "unavailable",
            Self::ServerError { .. } => "server_error",
            Self::Unexpected { .. } => "unexpected",
        }
    }
}

impl AwsErrorKind {
    /// Whether it is a conflict that passes by itself.
    #[must_use]
    pub fn is_passing_conflict(&self) -> bool {
        let Self::Conflict { reason } = self else { return false };
        PASSING_CONFLICTS.contains(&reason.as_str())
    }
}

const PASSING_CONFLICTS: [&str; 4] = [
    "ConcurrentModification",
    "ConcurrentModificationException",
    "FinalizingOrganizationException",
    "PolicyChangesInProgressException",
];

impl fmt::Display for AwsErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied { action, by, said } => {
                f.write_str(&by.cause(action))?;
                said_by_aws(f, said)
            }
            Self::Blocked { status } => {
                write!(f, "blocked on the way to AWS (HTTP {status}, not in AWS's words)")
            }
            Self::Throttled => f.write_str("throttled"),
            Self::NotFound(what) => f.write_str(what.words().trim_end_matches('.')),
            Self::AlreadyDone => f.write_str("already so"),
            Self::Conflict { reason } => f.write_str(conflict_words(reason)),
            Self::Malformed => f.write_str("AWS finds the policy document malformed"),
            Self::Constraint { reason, message } | Self::InvalidInput { reason, message } => {
                write!(f, "refused: {reason}")?;
                said_by_aws(f, message)
            }
            Self::NotAvailable => f.write_str("not available from this endpoint"),
            Self::NotInOrganization => f.write_str("the account belongs to no organization"),
            Self::Credentials { problem, said } => {
                f.write_str(&problem.cause())?;
                said_by_aws(f, said)
            }
            Self::Timeout => f.write_str("no answer in time"),
            Self::Unavailable => f.write_str("AWS cannot be reached"),
            Self::ServerError { status, code, message } => {
                write!(f, "AWS answered with an error of its own (HTTP {status}")?;
                if !code.is_empty() {
                    write!(f, " {code}")?;
                }
                f.write_str(")")?;
                said_by_aws(f, message)
            }
            Self::Unexpected { message } => write!(f, "unexpected answer ({message})"),
        }
    }
}

/// AWS's own sentence, in brackets.
fn said_by_aws(f: &mut fmt::Formatter<'_>, said: &str) -> fmt::Result {
    if said.is_empty() { Ok(()) } else { write!(f, " ({said})") }
}

fn conflict_words(reason: &str) -> &str {
    match reason {
        "PolicyInUseException" => "the policy is attached",
        "DuplicatePolicyException" => "a policy of this name exists",
        "PolicyChangesInProgressException" => "AWS is still carrying out an earlier change",
        "InvalidHandshakeTransitionException" => {
            "the request is no longer, or not yet, in a state that allows this"
        }
        "ConcurrentModificationException" => "the organization is being changed by somebody else",
        "FinalizingOrganizationException" => {
            "AWS is still setting up the organization, which takes up to an hour"
        }
        other => other,
    }
}

/// What became of the request behind a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It certainly never reached AWS: no turn before the deadline, no credentials, no connection.
    NotSent,
    /// AWS answered, in words of its own, that it did not do it.
    Refused,
    /// It was sent, and whether AWS did it is not known: no answer, one that cannot be read or is not AWS's, or an
    /// error of the server.
    Unknown,
}

/// A call that failed: which, why, and AWS's name for it.
#[derive(Debug)]
pub struct AwsError {
    /// AWS's name of the operation, as `AttachPolicy`.
    pub operation: &'static str,
    pub kind: AwsErrorKind,
    pub(crate) fate: Fate,
    /// AWS's id of the request that was sent last, where any of an answer came.
    pub request_id: Option<String>,
    /// What the SDK said, for the log: never for the page, it can hold ARNs.
    pub source: Option<Box<dyn Error + Send + Sync>>,
}

impl AwsError {
    /// A request that is not made, or not yet.
    #[must_use]
    pub fn not_sent(operation: &'static str, kind: AwsErrorKind) -> Self {
        Self { operation, kind, fate: Fate::NotSent, request_id: None, source: None }
    }

    /// An answer without what AWS always sends.
    pub(crate) fn unreadable(operation: &'static str, kind: AwsErrorKind) -> Self {
        Self { operation, kind, fate: Fate::Unknown, request_id: None, source: None }
    }

    /// An answer that breaks AWS's own rules: `what` says what was wrong with it.
    pub(crate) fn unexpected(operation: &'static str, what: impl Into<String>) -> Self {
        Self::unreadable(operation, AwsErrorKind::Unexpected { message: what.into() })
    }

    /// What became of the request, over all attempts.
    #[must_use]
    pub const fn fate(&self) -> Fate {
        self.fate
    }

    /// Whether what was asked about does not exist.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self.kind, AwsErrorKind::NotFound(_))
    }
}

impl fmt::Display for AwsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.kind)?;
        match &self.request_id {
            Some(id) => write!(f, " [request {id}]"),
            None => Ok(()),
        }
    }
}

impl Error for AwsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
