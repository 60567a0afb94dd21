//! The present.

use time::OffsetDateTime;

/// The clock: only the binary reads the real one.
pub type Clock = fn() -> OffsetDateTime;
