//! A request after routing: the operation, who calls from where, and the checked input.

use super::answer::AwsError;
use super::errors::breach;
use super::operation::Operation;
use super::rule::{Breach, from_epoch};
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
