//! Text as it comes in: what each kind may be.

use crate::FieldProblem;

/// How long a kind of text may be, and that nothing is in it which a person would never type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextRule {
    /// As in “Use a name of …”.
    what: &'static str,
    least: usize,
    most: usize,
    /// Whether it may have several lines.
    lines: bool,
}

const fn line(what: &'static str, least: usize, most: usize) -> TextRule {
    TextRule { what, least, most, lines: false }
}

/// An e-mail address to sign in with.
pub const SIGN_IN_NAME: TextRule = line("an e-mail address", 1, 254);
/// What a person is called.
pub const PERSON: TextRule = line("a name", 1, 100);
/// What a person calls a passkey of theirs.
pub const PASSKEY: TextRule = line("a name", 1, 60);
/// What a token is for.
pub const TOKEN_NAME: TextRule = line("a name", 1, 100);
/// AWS's rule for a policy's name.
pub const POLICY_NAME: TextRule = line("a name", 1, crate::policies::NAME_CHARACTERS);
/// AWS's rule for a policy's description.
pub const POLICY_DESCRIPTION: TextRule = line("a description", 0, crate::policies::DESCRIPTION_CHARACTERS);
/// What a list is searched for.
pub const SEARCH: TextRule = line("a text to search for", 0, 200);
/// A word of ours that goes through the browser and comes back: a fingerprint, an id of AWS.
pub const TOKEN: TextRule = line("a value as the page has it", 0, 200);
/// The organization's resource policy; AWS takes 40,000 characters.
pub const RESOURCE_POLICY: TextRule =
    TextRule { what: "a resource policy", least: 0, most: 40_000, lines: true };

impl TextRule {
    /// Whether a text may be so.
    #[must_use]
    pub fn takes(&self, text: &str) -> bool {
        self.problem(text).is_none()
    }

    /// What is wrong with a text, in a sentence.
    #[must_use]
    pub fn problem(&self, text: &str) -> Option<String> {
        let characters = text.chars().count();
        let Self { what, least, most, lines } = *self;
        if characters > most || (least > 0 && text.trim().is_empty()) {
            let range = if least > 0 { format!("{least} to {most}") } else { format!("at most {most}") };
            return Some(format!("Use {what} of {range} characters; this one has {characters}."));
        }
        let odd = text.chars().find(|&c| is_never_typed(c) && !(lines && matches!(c, '\n' | '\r' | '\t')))?;
        Some(format!(
            "Use {what} without line breaks and other control characters; U+{:04X} is in it.",
            u32::from(odd)
        ))
    }

    /// The same, at a field of a form.
    #[must_use]
    pub fn check(&self, field: &str, text: &str) -> Option<FieldProblem> {
        self.problem(text).map(|message| FieldProblem { field: field.to_owned(), message })
    }
}

/// Control characters, line ends of Unicode, and marks that turn the direction of what stands around them: with these a
/// name can look like something else.
#[must_use]
pub fn is_never_typed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

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

    #[test]
    fn every_kind_has_a_bound_and_refuses_what_nobody_types() {
        for rule in [SIGN_IN_NAME, PERSON, POLICY_NAME, POLICY_DESCRIPTION, SEARCH, TOKEN, RESOURCE_POLICY] {
            assert!(rule.takes("Zoë & Söhne 👩‍💻") && !rule.takes(&"ä".repeat(rule.most + 1)), "{rule:?}");
            assert_eq!(rule.takes("  "), rule.least == 0, "{rule:?}");
            for odd in ["a\0", "a\x1b[2K", "a\u{85}", "a\u{2028}b", "a\u{202e}b", "a\u{7f}"] {
                assert!(!rule.takes(odd), "{rule:?} {odd:?}");
            }
            assert_eq!(rule.takes("a\nb\tc"), rule.lines, "{rule:?}");
        }
        assert_eq!(
            POLICY_NAME.problem("evil\nname").as_deref(),
            Some("Use a name without line breaks and other control characters; U+000A is in it.")
        );
    }
}
