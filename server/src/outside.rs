//! The real clock and the real random source: everybody else is given them.

use rand::{RngCore, SeedableRng, rngs::StdRng};
use time::OffsetDateTime;

/// The present.
#[expect(clippy::disallowed_methods, reason = "this is where the clock comes from")]
#[must_use]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// A generator of unpredictable numbers of its own, seeded by the operating system.
#[must_use]
pub fn random() -> StdRng {
    StdRng::from_os_rng()
}

/// Unpredictable bytes.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
