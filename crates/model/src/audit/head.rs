//! The end of the audit list at a moment, signed.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The newest event at a moment, signed with a key of the installation (Ed25519). Kept elsewhere, it proves later that
/// the list up to there is still what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// Number of the newest event.
    pub seq: i64,
    /// Its SHA-256, in hexadecimal.
    pub hash: String,
    /// When it was signed, to the microsecond.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Which key: the first 16 hexadecimal digits of the SHA-256 of its public half.
    pub key: String,
    /// Of [`Self::text`], in base64.
    pub signature: String,
}

impl SignedHead {
    /// What is signed: five lines, each with its end.
    #[must_use]
    pub fn text(&self) -> String {
        let micros = self.at.unix_timestamp_nanos().div_euclid(1000);
        format!("holdfast audit head 1\n{}\n{}\n{micros}\n{}\n", self.seq, self.hash, self.key)
    }
}
