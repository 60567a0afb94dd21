//! A request after routing: the operation, who calls from where, and the checked input.

use crate::wire::answer::AwsError;
use crate::wire::operation::{Operation, Route};
use crate::wire::rule::{Breach, from_epoch};
use serde_json::{Map, Value};
use time::OffsetDateTime;

#[derive(Debug, Clone)]
pub struct Call {
    pub operation: &'static Operation,
    /// The calling account.
    pub account: String,
    /// Whether the caller took a role first.
    pub session: bool,
    /// The Region of the SigV4 credential scope.
    pub region: String,
    pub now: OffsetDateTime,
    /// Members of the input by name; instants are epoch seconds whatever the wire carried.
    pub input: Map<String, Value>,
}

impl Call {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.input.get(name).and_then(Value::as_str)
    }

    /// A member that the operation's table declares as required.
    pub fn need(&self, name: &'static str) -> Result<&str, AwsError> {
        self.text(name).ok_or_else(|| breach(self.operation, name, Breach::Required))
    }

    pub fn whole(&self, name: &str) -> Option<i64> {
        self.input.get(name).and_then(Value::as_i64)
    }

    pub fn flag(&self, name: &str) -> bool {
        self.input.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    pub fn time(&self, name: &str) -> Option<OffsetDateTime> {
        self.input.get(name).and_then(from_epoch)
    }

    /// Checks the input against the operation's table.
    pub fn check(&self) -> Result<(), AwsError> {
        for field in self.operation.fields() {
            match self.input.get(field.name) {
                None | Some(Value::Null) if field.required => {
                    return Err(breach(self.operation, field.name, Breach::Required));
                }
                None | Some(Value::Null) => {}
                Some(value) => {
                    field.rule.check(value).map_err(|found| breach(self.operation, field.name, found))?;
                }
            }
        }
        Ok(())
    }
}

/// The exception that a service raises for a member that breaks its constraint.
pub fn breach(operation: &Operation, member: &str, breach: Breach) -> AwsError {
    match operation.route {
        _ if breach == Breach::Type => AwsError::serialization(format!("{member} has an unexpected type")),
        Route::Target => organizations_breach(member, breach),
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
