//! Guesses which key was meant.

use crate::vocabulary::Key;

/// The key most like `written`, if one is like it enough to be a slip.
pub(crate) fn closest(written: &str, keys: &'static [Key]) -> Option<&'static str> {
    closest_of(written, keys.iter().map(|key| key.key).filter(|key| *key != "*"))
}

/// The word most like `written`, if one is like it enough to be a slip.
pub fn closest_of<'a>(written: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let bound = 1 + written.len() / 4;
    words
        .into_iter()
        .filter(|key| key.len().abs_diff(written.len()) <= bound)
        .map(|key| (distance(written, key), key))
        .filter(|(distance, _)| *distance <= bound)
        .min()
        .map(|(_, key)| key)
}

/// Levenshtein distance in bytes.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let replaced = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = replaced.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
