//! Codes that people read at one place and type at another: eight letters, without vowels, so that no words come of them.

/// RFC 8628, 6.1.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;

/// A code. 2⁶⁴ is so much more than 20⁸ that each is as likely as the next.
pub(super) fn make(mut random: u64) -> String {
    let letter = |_| {
        let index = usize::try_from(random % 20).unwrap_or_default();
        random /= 20;
        char::from(LETTERS[index])
    };
    (0..LENGTH).map(letter).collect()
}

/// As it is shown: in two halves.
pub(super) fn shown(code: &str) -> String {
    let (first, second) = code.split_at(code.len() / 2);
    format!("{first}-{second}")
}

/// The code that somebody typed, however they part it; `None` where it is none.
pub(super) fn read(typed: &str) -> Option<String> {
    let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase());
    let code: String = letters.take(LENGTH + 1).collect();
    let right = code.len() == LENGTH && code.bytes().all(|letter| LETTERS.contains(&letter));
    right.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_eight_letters_of_which_no_word_can_be_made() {
        assert_eq!(make(0), "BBBBBBBB");
        assert_eq!(make(u64::MAX).len(), LENGTH);
        let codes: std::collections::BTreeSet<_> =
            (0..1_000).map(|n| make(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(n))).collect();
        assert_eq!(codes.len(), 1_000);
        assert!(codes.iter().all(|code| read(code).as_ref() == Some(code)));
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        for typed in ["BCDF-GHJK", "bcdfghjk", " bcdf ghjk ", "B-C-D-F-G-H-J-K"] {
            assert_eq!(read(typed).as_deref(), Some("BCDFGHJK"), "{typed}");
        }
        assert_eq!(shown("BCDFGHJK"), "BCDF-GHJK");
        for none in ["", "BCDF", "BCDF-GHJKL", "ABCD-FGHJ", "BCDF-GHJ1", "BCDF_GHJK", "ßßßß"] {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
