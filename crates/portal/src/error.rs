//! Why a use case failed, and how that leaves the server: logged once, here, and turned into a [`Failure`].

use std::sync::Arc;

use aws::{AwsError, AwsErrorKind};
use model::{
    Failure, FailureCode,
    access::Refusal,
    failure::{Busy, FieldProblem, Slow},
    policies::PolicyDetail,
};
use store::StoreError;

use crate::{Unsettled, incident};

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// The caller may not.
    #[error(transparent)]
    Denied(Refusal),
    /// It does not exist.
    #[error("no such {what}")]
    NotFound { what: &'static str },
    /// Fields are wrong.
    #[error("{} wrong fields", .0.len())]
    Invalid(Vec<FieldProblem>),
    /// The policy document is refused.
    #[error("{} problems in the document", .0.len())]
    InvalidDocument(Vec<policy::Problem>),
    /// The policy is not what it was when it was opened.
    #[error("policy {} was changed meanwhile", .0.id)]
    Stale(Box<PolicyDetail>),
    /// What was shown is not what is in AWS now.
    #[error("it was changed since it was shown")]
    Outdated { shown: String, current: String },
    /// The present state does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// It was sent to AWS, and it is not known what came of it.
    #[error("change {}: {} was not answered", .0.change, .0.operation)]
    Unsettled(Unsettled),
    /// It could not be written down, so nothing was sent.
    #[error("nothing was sent: {0}")]
    NotBegun(#[source] StoreError),
    /// A step of a change failed, and that was logged.
    #[error("{0}")]
    Failed(Box<Failure>),
    /// AWS failed or refused.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is too much of it at once.
    #[error("too much at once: {0:?}")]
    Busy(Busy),
    /// The database takes too long for this filter.
    #[error(transparent)]
    FilterTooBroad(StoreError),
    /// Our mistake.
    #[error("{0}")]
    Internal(String),
    /// What several waited for failed for all of them.
    #[error(transparent)]
    Shared(Arc<Self>),
}

impl PortalError {
    /// One wrong field.
    pub(crate) fn field(name: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldProblem { field: name.to_owned(), message: message.into() }])
    }

    /// A failure of a question that a narrower filter may make easier.
    pub(crate) fn filtered(error: StoreError) -> Self {
        match error {
            StoreError::TooSlow(_) => Self::FilterTooBroad(error),
            other => Self::Store(other),
        }
    }

    /// What leaves the server. Logs what is not the caller's doing, with the id of the request, which the caller sees too.
    #[must_use]
    pub fn into_failure(self) -> Failure {
        if let Self::Failed(failure) = self {
            return *failure;
        }
        let code = self.code();
        let level = self.level();
        if level == tracing::Level::INFO {
            tracing::info!(error = %self, "request refused");
            return Failure { code, incident: None };
        }
        let incident = incident::current().map(|id| id.to_string());
        let source = sources(&self);
        if level == tracing::Level::ERROR {
            tracing::error!(incident, error = %self, source, "request failed");
        } else {
            tracing::warn!(incident, error = %self, source, "request failed");
        }
        Failure { code, incident }
    }

    fn level(&self) -> tracing::Level {
        match self {
            Self::Internal(_) => tracing::Level::ERROR,
            Self::Store(_)
            | Self::FilterTooBroad(_)
            | Self::NotBegun(_)
            | Self::Unsettled(_)
            | Self::Aws(_) => tracing::Level::WARN,
            Self::Shared(error) => error.level(),
            _ => tracing::Level::INFO,
        }
    }

    fn code(&self) -> FailureCode {
        match self {
            Self::Denied(refusal @ Refusal::Unconfirmed { .. }) => {
                FailureCode::Unconfirmed { needs: refusal.explain() }
            }
            Self::Denied(refusal @ Refusal::NoSecondFactor) => {
                FailureCode::NoSecondFactor { needs: refusal.explain() }
            }
            Self::Denied(refusal) => FailureCode::Denied { needs: refusal.explain() },
            Self::NotFound { what } => FailureCode::NotFound { what: (*what).to_owned() },
            Self::Invalid(fields) => FailureCode::Invalid { fields: fields.clone() },
            Self::InvalidDocument(problems) => FailureCode::InvalidDocument { problems: problems.clone() },
            Self::Stale(current) => FailureCode::Stale { current: current.clone() },
            Self::Outdated { shown, current } => {
                FailureCode::Outdated { shown: shown.clone(), current: current.clone() }
            }
            Self::Conflict(reason) => FailureCode::Conflict { reason: reason.clone() },
            Self::Unsettled(unsettled) => unsettled.clone().into(),
            Self::NotBegun(_) => FailureCode::NotBegun,
            Self::Failed(failure) => failure.code.clone(),
            Self::Aws(error) => aws_code(error),
            Self::Busy(what) => FailureCode::Busy { what: *what },
            Self::Store(StoreError::Unavailable { .. }) => FailureCode::DatabaseUnavailable,
            Self::Store(StoreError::Busy(_)) => FailureCode::Busy { what: Busy::Connections },
            Self::Store(StoreError::Locked(_)) => FailureCode::Busy { what: Busy::Lock },
            Self::Store(StoreError::TooSlow { .. }) => FailureCode::TooSlow { what: Slow::Database },
            Self::FilterTooBroad(_) => FailureCode::TooSlow { what: Slow::Filter },
            Self::Store(_) | Self::Internal(_) => FailureCode::Internal,
            Self::Shared(error) => error.code(),
        }
    }
}

/// Refuses what is wrong with some fields.
///
/// # Errors
/// [`PortalError::Invalid`] with all of them.
pub(crate) fn checked(problems: impl IntoIterator<Item = Option<FieldProblem>>) -> Result<(), PortalError> {
    let problems: Vec<FieldProblem> = problems.into_iter().flatten().collect();
    if problems.is_empty() { Ok(()) } else { Err(PortalError::Invalid(problems)) }
}

/// The failure that an AWS error becomes.
pub(crate) fn aws_code(error: &AwsError) -> FailureCode {
    let operation = error.operation.to_owned();
    let request_id = error.request_id.clone();
    match error.kind.clone() {
        AwsErrorKind::Denied { action, by, said } => {
            FailureCode::AwsDenied { action: action.to_owned(), by, said, request_id }
        }
        AwsErrorKind::Blocked { status } => FailureCode::AwsBlocked { operation, status },
        AwsErrorKind::Credentials { problem, said } => {
            FailureCode::AwsCredentials { problem, said: said.into() }
        }
        AwsErrorKind::Throttled => FailureCode::AwsThrottled { operation },
        AwsErrorKind::NotAvailable => FailureCode::NotAvailable { operation },
        AwsErrorKind::NotFound(what) => FailureCode::AwsNotFound { operation, what },
        AwsErrorKind::Timeout => FailureCode::AwsTimeout { operation },
        AwsErrorKind::Unavailable => FailureCode::AwsUnavailable { operation },
        AwsErrorKind::ServerError { status, code, message } => {
            let answer = format!("HTTP {status} {code}").trim_end().to_owned();
            FailureCode::AwsFailed { operation, answer, said: message, request_id }
        }
        kind if kind.is_passing_conflict() => {
            FailureCode::AwsNotReady { operation, reason: kind.to_string() }
        }
        _ => FailureCode::AwsRefused { operation, reason: aws_words(error), request_id },
    }
}

/// An AWS error in one sentence for a person.
pub(crate) fn aws_words(error: &AwsError) -> String {
    match &error.kind {
        AwsErrorKind::Constraint { reason, .. } => {
            constraint_words(reason).map_or_else(|| error.kind.to_string(), str::to_owned)
        }
        _ => error.kind.to_string(),
    }
}

const NOT_SUBSCRIBED: &str = "The account is not signed up for this service of AWS, or its sign-up is not complete. Finish it in the AWS console, with a payment method.";

/// AWS's reasons that a backup administrator meets, in words with a next step.
fn constraint_words(reason: &str) -> Option<&'static str> {
    const TABLE: [(&str, &str); 18] = [
        (
            "POLICY_CONTENT_LIMIT_EXCEEDED",
            "The document is longer than AWS's 10,000 characters. Save it without white space, or split it.",
        ),
        (
            "POLICY_NUMBER_LIMIT_EXCEEDED",
            "The organization already has 1,000 backup policies. Delete one that is not attached.",
        ),
        (
            "MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED",
            "This target already has 10 backup policies. Detach one first, or attach higher up.",
        ),
        (
            "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
            "Delegated administrators for AWS Backup are still registered. Remove them first.",
        ),
        ("POLICY_TYPE_ENABLED_FOR_THIS_SERVICE", "The backup policy type is still on. Turn it off first."),
        (
            "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
            "The organization has consolidated billing only. Enable all features first.",
        ),
        (
            "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
            "AWS Backup takes five delegated administrators at most. Remove one first.",
        ),
        (
            "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
            "The management account cannot be a delegated administrator. Choose a member account.",
        ),
        (
            "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
            "A suspended account cannot be a delegated administrator. Choose an active one.",
        ),
        (
            "SERVICE_ACCESS_NOT_ENABLED",
            "AWS Backup has no trusted access to the organization. Turn it on first.",
        ),
        ("ORGANIZATION_ALREADY_HAS_ALL_FEATURES", "The organization has all features already."),
        (
            "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
            "A request for all features is open already. Finalize or cancel that one.",
        ),
        (
            "ALL_FEATURES_MIGRATION_ORGANIZATION_SIZE_LIMIT_EXCEEDED",
            "The organization has more accounts than AWS takes to all features by itself. Ask AWS Support.",
        ),
        (
            "ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD",
            "Some accounts buy from another AWS company than the management account. Ask AWS Support.",
        ),
        (
            "HANDSHAKE_RATE_LIMIT_EXCEEDED",
            "AWS sends no more requests from this organization today. Try again tomorrow.",
        ),
        ("OptInRequired", NOT_SUBSCRIBED),
        ("SubscriptionRequiredException", NOT_SUBSCRIBED),
        ("PolicyTypeNotEnabledException", "The backup policy type is off for the root. Turn it on first."),
    ];
    TABLE.iter().find(|(r, _)| *r == reason).map(|(_, words)| *words)
}

fn sources(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |e| e.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failure_that_is_not_the_callers_doing_names_its_request() {
        let failed =
            async |error: PortalError| incident::within("a1b2", async { error.into_failure() }).await;
        assert_eq!(failed(PortalError::Internal("a mistake".into())).await.incident.as_deref(), Some("a1b2"));
        assert_eq!(failed(PortalError::NotFound { what: "job" }).await.incident, None);
    }

    #[test]
    fn a_busy_pool_a_lock_a_slow_statement_and_a_database_that_is_away_are_told_apart() {
        let failure = |error: StoreError| PortalError::from(error).into_failure();
        let failures = [
            failure(StoreError::Busy("x".into())),
            failure(StoreError::Locked("x".into())),
            failure(StoreError::TooSlow("x".into())),
            failure(StoreError::Unavailable("x".into())),
        ];
        let mut sentences: Vec<String> = failures.iter().map(|failure| failure.explain().text).collect();
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), failures.len(), "{sentences:?}");
        assert!(failures.iter().all(|failure| failure.status() == 503 && failure.is_passing()));
        assert_eq!(failures[0].code, FailureCode::Busy { what: Busy::Connections });
        assert!(!failures[0].explain().text.contains("does not answer"));
    }

    #[test]
    fn a_slow_database_asks_to_narrow_the_filter_only_where_there_is_one() {
        let slow = || StoreError::TooSlow("canceling statement due to statement timeout".into());
        let filtered = PortalError::filtered(slow()).into_failure();
        assert_eq!(filtered.code, FailureCode::TooSlow { what: Slow::Filter });
        assert!(filtered.explain().text.contains("Narrow it") && !filtered.is_passing());
        let other = PortalError::from(slow()).into_failure();
        assert_eq!((other.status(), other.is_passing()), (503, true));
        assert!(!other.explain().text.contains("filter"), "{}", other.explain().text);
        let away = PortalError::filtered(StoreError::Unavailable("refused".into())).into_failure();
        assert_eq!(away.code, FailureCode::DatabaseUnavailable);
    }
}
