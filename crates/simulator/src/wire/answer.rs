//! Errors as AWS shapes them; the protocols of [`crate::endpoint`] put them on the wire.

use serde_json::Value;

/// What an operation answers: the members of its output.
pub type Answer = Result<Value, AwsError>;

/// An error answer of an operation.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct AwsError {
    /// Name of the exception, for example `PolicyInUseException`.
    pub code: String,
    pub message: String,
    pub status: u16,
    /// Further members of the body, for example `Reason`.
    pub members: Vec<(&'static str, Value)>,
}

impl AwsError {
    /// A client exception without further members, HTTP 400.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), status: 400, members: Vec::new() }
    }

    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub fn with(mut self, member: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((member, value.into()));
        self
    }

    /// Organizations: a limit or rule of the organization forbids it.
    pub fn constraint(reason: &str, message: &str) -> Self {
        Self::new("ConstraintViolationException", message).with("Reason", reason)
    }

    /// Organizations: the request itself is wrong.
    pub fn invalid(reason: impl Into<String>, message: &str) -> Self {
        Self::new("InvalidInputException", message).with("Reason", reason.into())
    }

    /// Organizations: the caller's place in the organization does not allow it.
    pub fn no_access() -> Self {
        Self::new("AccessDeniedException", "You don't have permissions to access this resource.")
    }

    /// Backup: a parameter has a value that the operation does not take.
    pub fn bad_value(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterValueException", message).with("Code", "ERROR_3101")
    }

    /// Backup: a required parameter is absent.
    pub fn missing_value(message: impl Into<String>) -> Self {
        Self::new("MissingParameterValueException", message).with("Code", "ERROR_3102")
    }

    /// Backup: no such resource in this account and Region.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message).with("Code", "ERROR_2101")
    }

    /// Backup: the request cannot be carried out in the present state.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new("InvalidRequestException", message).with("Code", "ERROR_2603")
    }

    /// The operation is not known to the service. AWS answers JSON protocols with 400 and REST paths with 404.
    /// Whoever meets it with a tool of theirs is told that the simulator lacks it, which `asked` names.
    pub fn unknown_operation(status: u16, asked: &str) -> Self {
        Self::new("UnknownOperationException", format!("not simulated: {asked}")).with_status(status)
    }

    pub fn serialization(message: impl Into<String>) -> Self {
        Self::new("SerializationException", message)
    }
}
