//! What the names of AWS's errors mean: one table for all services, and what is otherwise for one operation.

use crate::operation::Op;

/// What a name means; the kind of error takes its details from the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Meaning {
    AlreadyDone,
    Conflict,
    Constraint,
    Credentials,
    Denied,
    /// A permission that is needed on the way, which AWS does not name.
    DeniedOnTheWay(&'static str),
    InvalidInput,
    Malformed,
    NotAvailable,
    NotFound,
    NotInOrganization,
    Throttled,
    ServerError,
}

use Meaning::*;

const CODES: &[(Meaning, &[&str])] = &[
    (
        AlreadyDone,
        &[
            "AccountAlreadyRegisteredException",
            "AccountNotRegisteredException",
            "DuplicatePolicyAttachmentException",
            "HandshakeAlreadyInStateException",
            "PolicyNotAttachedException",
            "PolicyTypeAlreadyEnabledException",
        ],
    ),
    (
        Conflict,
        &[
            "ConcurrentModification",
            "ConcurrentModificationException",
            "ConflictException",
            "DuplicatePolicyException",
            "FinalizingOrganizationException",
            "InvalidHandshakeTransitionException",
            "PolicyChangesInProgressException",
            "PolicyInUseException",
        ],
    ),
    (
        Constraint,
        &[
            "ConstraintViolationException",
            "HandshakeConstraintViolationException",
            "LimitExceeded",
            "LimitExceededException",
            "OptInRequired",
            "PolicyTypeNotAvailableForOrganizationException",
            "PolicyTypeNotEnabledException",
            "SubscriptionRequiredException",
        ],
    ),
    (
        Credentials,
        &[
            "AuthFailure",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "RegionDisabledException",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        ],
    ),
    (
        Denied,
        &[
            "AccessDenied",
            "AccessDeniedException",
            "Forbidden",
            "ForbiddenException",
            "NotAuthorized",
            "NotAuthorizedException",
            "UnauthorizedOperation",
        ],
    ),
    (DeniedOnTheWay("iam:CreateServiceLinkedRole"), &["AccessDeniedForDependencyException"]),
    (
        InvalidInput,
        &[
            "InvalidInput",
            "InvalidInputException",
            "InvalidParameterValueException",
            "InvalidRequestException",
            "MissingParameterValueException",
            "SerializationException",
            "ValidationError",
            "ValidationException",
        ],
    ),
    (Malformed, &["MalformedPolicyDocumentException"]),
    (
        NotAvailable,
        &[
            "InvalidAction",
            "NotImplemented",
            "NotImplementedException",
            "UnknownOperation",
            "UnknownOperationException",
            "UnsupportedAPIEndpointException",
            "UnsupportedOperation",
        ],
    ),
    (NotFound, &["NoSuchEntity"]),
    (NotInOrganization, &["AWSOrganizationsNotInUseException"]),
    (
        Throttled,
        &[
            "RequestLimitExceeded",
            "RequestThrottled",
            "RequestThrottledException",
            "SlowDown",
            "ThrottledException",
            "Throttling",
            "ThrottlingException",
            "TooManyRequestsException",
        ],
    ),
    (
        ServerError,
        &[
            "DependencyFailureException",
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "ServiceException",
            "ServiceUnavailable",
            "ServiceUnavailableException",
        ],
    ),
];

/// Where a name means something else: the operation, the name, and what AWS says with it.
const EXCEPTIONS: &[(Op, &str, &str, Meaning)] = &[
    (Op::DisablePolicyType, "PolicyTypeNotEnabledException", "", AlreadyDone),
    // IAM has no error of its own for a role that is there.
    (Op::CreateServiceLinkedRole, "InvalidInput", "has been taken", AlreadyDone),
];

/// Numbers of AWS Backup, which stand under names that say less (`InvalidRequestException`).
const NUMBERS: [(&str, Meaning); 2] = [
    // “Feature … is not available in current region”.
    ("ERROR_2502", NotAvailable),
    // “Your account is not a member of an organization.”
    ("ERROR_9601", NotInOrganization),
];

/// What a number of AWS Backup means, whatever the name; `None` where nobody knows it.
pub(super) fn numbered(number: &str) -> Option<Meaning> {
    NUMBERS.iter().find(|(known, _)| *known == number).map(|(_, meaning)| *meaning)
}

/// What emulators say, under many names, of an operation that they lack.
const LACKING: [&str; 2] = ["not implemented", "not yet implemented"];

/// What a name means in the answer to an operation; `None` where nobody knows it.
pub(super) fn meaning(op: Op, code: &str, message: &str) -> Option<Meaning> {
    let said = message.to_ascii_lowercase();
    let exception = EXCEPTIONS.iter().find(|(o, c, says, _)| *o == op && *c == code && said.contains(says));
    if let Some((.., meaning)) = exception {
        return Some(*meaning);
    }
    if LACKING.iter().any(|words| said.contains(words)) {
        return Some(NotAvailable);
    }
    let row = CODES.iter().find(|(_, codes)| codes.contains(&code));
    row.map(|(meaning, _)| *meaning).or(code.ends_with("NotFoundException").then_some(NotFound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_in_the_table_once() {
        let mut names: Vec<_> = CODES.iter().flat_map(|(_, codes)| *codes).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn some_names_mean_something_else_for_one_operation() {
        let taken = "Service role name AWSServiceRoleForBackup has been taken in this account";
        for (op, code, message, expected) in [
            (Op::DisablePolicyType, "PolicyTypeNotEnabledException", "", AlreadyDone),
            (Op::AttachPolicy, "PolicyTypeNotEnabledException", "", Constraint),
            (Op::CreateServiceLinkedRole, "InvalidInput", taken, AlreadyDone),
            (Op::CreateServiceLinkedRole, "InvalidInput", "no such service", InvalidInput),
            (Op::GetRole, "InvalidInput", taken, InvalidInput),
            (Op::AttachPolicy, "InternalFailure", "Not yet implemented", NotAvailable),
            (Op::AttachPolicy, "TargetNotFoundException", "", NotFound),
        ] {
            assert_eq!(meaning(op, code, message), Some(expected), "{code} {message}");
        }
        assert_eq!(meaning(Op::AttachPolicy, "", ""), None);
        assert_eq!(meaning(Op::AttachPolicy, "SomethingNewException", ""), None);
    }
}
