//! What can go wrong between Holdfast and AWS, in kinds that a caller can act on.

use std::{error::Error, fmt};

/// What kind of failure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AwsErrorKind {
    /// The credentials do not allow it; `action` is the IAM action that is missing.
    Denied { action: &'static str },
    /// Too many requests, also after waiting and trying again.
    Throttled,
    /// What was named does not exist. For an effective policy: the policy type is off.
    NotFound,
    /// It is already as was asked: attached, detached, enabled, disabled, registered or removed.
    AlreadyDone,
    /// The present state forbids it; `reason` is the name of AWS's exception (`PolicyInUseException`,
    /// `DuplicatePolicyException`, `PolicyChangesInProgressException`, `ConcurrentModificationException`).
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
    /// There are no credentials, or AWS does not accept them: expired, wrong, or for a Region that is not enabled.
    Credentials { message: String },
    /// No answer in time. Whether a change may have been made, [`Fate`] says.
    Timeout,
    /// AWS cannot be reached, or says that it cannot answer now. Whether a change may have been made, [`Fate`] says.
    Unavailable,
    /// An answer that is none of the above.
    Unexpected { message: String },
}

impl AwsErrorKind {
    /// Its name among the outcomes of calls that are counted.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Denied { .. } => "denied",
            Self::Throttled => "throttled",
            Self::NotFound => "not_found",
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
            Self::Unexpected { .. } => "unexpected",
        }
    }
}

impl fmt::Display for AwsErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied { action } => write!(f, "denied: {action}"),
            Self::Throttled => f.write_str("throttled"),
            Self::NotFound => f.write_str("not found"),
            Self::AlreadyDone => f.write_str("already so"),
            Self::Conflict { reason } => f.write_str(conflict_words(reason)),
            Self::Malformed => f.write_str("AWS finds the policy document malformed"),
            Self::Constraint { reason, message } | Self::InvalidInput { reason, message } => {
                write!(f, "refused: {reason}")?;
                if message.is_empty() { Ok(()) } else { write!(f, " ({message})") }
            }
            Self::NotAvailable => f.write_str("not available from this endpoint"),
            Self::NotInOrganization => f.write_str("the account belongs to no organization"),
            Self::Credentials { message } => write!(f, "credentials are missing or not accepted ({message})"),
            Self::Timeout => f.write_str("no answer in time"),
            Self::Unavailable => f.write_str("AWS does not answer"),
            Self::Unexpected { message } => write!(f, "unexpected answer ({message})"),
        }
    }
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
    pub(crate) fn not_sent(operation: &'static str, kind: AwsErrorKind) -> Self {
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

    /// Whether the same call may succeed later, unchanged.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self.kind, AwsErrorKind::Throttled | AwsErrorKind::Timeout | AwsErrorKind::Unavailable)
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
