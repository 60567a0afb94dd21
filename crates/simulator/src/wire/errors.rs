//! The errors that any operation may answer, in the words of its protocol.

use super::answer::AwsError;
use super::operation::{Operation, Route};
use super::rule::Breach;

/// Too many requests.
pub fn throttled(operation: &Operation) -> AwsError {
    match operation.route {
        Route::Target => AwsError::new(
            "TooManyRequestsException",
            "AWS Organizations can't complete your request because of too many requests. Try again later.",
        )
        .with("Type", "RATE_LIMIT"),
        Route::Path(..) => AwsError::new("ThrottlingException", "Rate exceeded"),
        Route::Tagging => AwsError::new("ThrottledException", "Rate exceeded"),
        Route::Form(_) | Route::Control => AwsError::new("Throttling", "Rate exceeded"),
    }
}

/// A failure of the service itself.
pub fn internal(operation: &Operation) -> AwsError {
    let (code, message) = match operation.route {
        Route::Target => (
            "ServiceException",
            "AWS Organizations can't complete your request because of an internal service error. Try again later.",
        ),
        Route::Path(..) => {
            ("ServiceUnavailableException", "The request failed due to a temporary failure of the server.")
        }
        Route::Tagging => {
            ("InternalServiceException", "The request processing failed because of an internal error.")
        }
        Route::Form(_) | Route::Control => ("ServiceFailure", "The request processing has failed."),
    };
    AwsError::new(code, message).with_status(500)
}

/// A denial by IAM that names the missing action.
pub fn denied(operation: &Operation, account: &str) -> AwsError {
    let action = operation.qualified();
    let message = format!(
        "User: arn:aws:sts::{account}:assumed-role/Holdfast/holdfast is not authorized to perform: {action} \
         because no identity-based policy allows the {action} action"
    );
    let status = if matches!(operation.route, Route::Target | Route::Tagging) { 400 } else { 403 };
    AwsError::new("AccessDeniedException", message).with_status(status)
}

/// The exception that a service raises for a member that breaks its constraint.
pub fn breach(operation: &Operation, member: &str, breach: Breach) -> AwsError {
    match operation.route {
        _ if breach == Breach::Type => AwsError::serialization(format!("{member} has an unexpected type")),
        Route::Target => organizations_breach(member, breach),
        Route::Tagging => {
            AwsError::new("InvalidParameterException", format!("The value of {member} is not valid."))
        }
        Route::Form(_) | Route::Control => {
            AwsError::new("ValidationError", format!("The value of {member} does not satisfy its constraint"))
        }
        Route::Path(..) => match breach {
            Breach::Required => AwsError::missing_value(format!("The parameter {member} is missing.")),
            Breach::RequiredInside(inner) => {
                AwsError::missing_value(format!("The parameter {member}.{inner} is missing."))
            }
            _ => AwsError::bad_value(format!("Invalid value for parameter {member}.")),
        },
    }
}

fn organizations_breach(member: &str, breach: Breach) -> AwsError {
    if member == "NextToken" {
        return AwsError::invalid("INVALID_NEXT_TOKEN", "You specified an invalid value for NextToken.");
    }
    let rule = match breach {
        Breach::Required | Breach::RequiredInside(_) => "INPUT_REQUIRED",
        Breach::Type | Breach::Pattern => "INVALID_PATTERN",
        Breach::TooShort => "MIN_LENGTH_EXCEEDED",
        Breach::TooLong => "MAX_LENGTH_EXCEEDED",
        Breach::TooSmall => "MIN_VALUE_EXCEEDED",
        Breach::TooLarge => "MAX_VALUE_EXCEEDED",
        Breach::Enum => "INVALID_ENUM",
        Breach::EnumPolicyType => {
            return AwsError::invalid("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type.");
        }
    };
    let message = "You specified an invalid value.";
    AwsError::invalid(format!("{rule}:{}", upper_snake(member)), message)
}

/// `PolicyType` → `POLICY_TYPE`.
fn upper_snake(member: &str) -> String {
    let mut snake = String::with_capacity(member.len() + 4);
    for (index, letter) in member.chars().enumerate() {
        if index > 0 && letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_uppercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn member_names_become_upper_snake_case_in_reasons() {
        assert_eq!(upper_snake("MaxResults"), "MAX_RESULTS");
        assert_eq!(upper_snake("Name"), "NAME");
    }
}
