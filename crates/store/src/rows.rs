//! What the number of rows says.

use crate::StoreError;

/// That exactly one row was concerned.
///
/// # Errors
/// [`StoreError::WrongRowCount`], with what the row stands for.
pub(crate) fn exactly_one(what: &'static str, found: u64) -> Result<(), StoreError> {
    if found == 1 { Ok(()) } else { Err(StoreError::WrongRowCount { what, expected: 1, found }) }
}
