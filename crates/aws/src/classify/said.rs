//! What an error says.

use std::error::Error;

/// AWS's sentence as it can be shown and logged: on one line, and not without end.
pub(super) fn own_words(said: &str) -> String {
    const LONGEST: usize = 1000;
    let said = said.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    said.take(LONGEST).collect()
}

/// An error and what it was caused by, outermost first.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |cause| (**cause).source())
}
