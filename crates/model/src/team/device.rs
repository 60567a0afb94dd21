//! Programs that ask for a token of a person.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::access::{Action, Resource, Rights, TokenLimits};

/// What a program on some machine asks for, as the person who typed its code sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceRequest {
    pub id: i64,
    /// Of the token, as the program says: with the name of its machine, mostly.
    pub name: String,
    /// Network address that it asked from.
    pub address: String,
    /// What it asks for.
    pub limits: TokenLimits,
    /// How long the token would be good, in days.
    pub days: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub requested_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub expires_at: OffsetDateTime,
}

impl DeviceRequest {
    /// What somebody with these rights can give of what is asked for, and what they cannot.
    #[must_use]
    pub fn split(&self, rights: &Rights) -> (Vec<Action>, Vec<Action>) {
        let actions = self.limits.actions.iter().copied();
        actions.partition(|action| rights.refuses(*action, &Resource::Visible).is_none())
    }
}
