//! Text without what a terminal would take for a command.

use model::text::is_never_typed;

/// The text, with a mark in the place of each such character. Line ends stay.
#[must_use]
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_never_typed(c) && c != '\n' { '\u{fffd}' } else { c }).collect()
}
