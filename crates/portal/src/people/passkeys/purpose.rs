//! What passkeys are asked for.

use serde::{Deserialize, Serialize};
use store::UserId;

/// What something with a passkey is begun for: what is begun for one thing is good for no other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    SignIn,
    /// To show that whoever has the session is its owner.
    Confirm {
        user: UserId,
    },
    Add {
        user: UserId,
    },
    /// To take a one-time link.
    Join {
        token: String,
    },
}
