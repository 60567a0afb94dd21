//! Text as it comes in.

/// Text with plain line ends: forms that browsers post without JavaScript, and pasting, bring `\r\n`.
#[must_use]
pub fn unix_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_a_posted_form_become_plain_and_everything_else_stays() {
        assert_eq!(unix_lines("a\r\n\tb\n\rc\r\n"), "a\n\tb\n\rc\n");
    }
}
