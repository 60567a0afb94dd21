//! Faults by switch: what goes wrong on purpose.

use crate::wire::answer::AwsError;
use crate::wire::errors::{denied, internal, throttled};
use crate::wire::operation::{Operation, Route};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use std::collections::BTreeMap;

/// What to do with calls of an operation, and for how long.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    pub kind: Kind,
    /// Name of the operation or of the IAM action (`backup:TagResource`); `*` for all of Organizations and AWS Backup.
    pub operation: String,
    /// Hits only calls that ask for this account (`ByAccountId`); `*` stands for those that ask for all accounts at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// How many calls are hit; none until cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// Milliseconds that a stalled call waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay: Option<u64>,
    /// Name and message of a named error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The service's throttling error.
    Throttle,
    /// A denial by IAM that names the missing action.
    Deny,
    /// The call waits, then runs.
    Stall,
    /// An internal error, HTTP 500.
    Error500,
    /// The connection ends without an answer.
    Drop,
    /// The exception `code` with `message`.
    Error,
}

/// The faults that are set, by number.
#[derive(Debug, Default)]
pub struct Faults {
    set: BTreeMap<u64, Fault>,
    numbers: u64,
}

impl Faults {
    pub fn add(&mut self, fault: Fault) -> u64 {
        self.numbers += 1;
        self.set.insert(self.numbers, fault);
        self.numbers
    }

    pub fn clear(&mut self) {
        self.set.clear();
    }

    pub fn remove(&mut self, number: u64) -> bool {
        self.set.remove(&number).is_some()
    }

    pub fn list(&self) -> &BTreeMap<u64, Fault> {
        &self.set
    }

    /// The oldest fault set for an operation and what it asks for, used up by one.
    pub fn take(&mut self, operation: &Operation, input: &Map<String, Value>) -> Option<Fault> {
        let action = operation.qualified();
        // Who has no credentials has no tests: taking roles fails only if somebody asks for that.
        let all = if matches!(operation.route, Route::Form(_)) { operation.name } else { "*" };
        let names = [operation.name, &action, all];
        let asked = input.get("ByAccountId").and_then(Value::as_str);
        let hits = |fault: &Fault| {
            names.contains(&fault.operation.as_str())
                && (fault.account.is_none() || fault.account.as_deref() == asked)
        };
        let (&number, fault) = self.set.iter_mut().find(|(_, fault)| hits(fault))?;
        let taken = fault.clone();
        if let Some(times) = &mut fault.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.set.remove(&number);
            }
        }
        Some(taken)
    }
}

impl Fault {
    /// The error answer of this fault; none if it is not about an answer.
    pub fn error(&self, operation: &Operation, account: &str) -> Option<AwsError> {
        match self.kind {
            Kind::Throttle => Some(throttled(operation)),
            Kind::Deny => Some(denied(operation, account)),
            Kind::Error500 => Some(internal(operation)),
            Kind::Error => {
                let code = self.code.as_deref().unwrap_or("ServiceException");
                Some(AwsError::new(code, self.message.clone().unwrap_or_default()))
            }
            Kind::Stall | Kind::Drop => None,
        }
    }
}
