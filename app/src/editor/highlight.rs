//! Colours for JSON. Works on text that is not JSON (yet), so that colours stay while somebody types.

/// What a piece of a line is; the name is its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A member's key.
    Key,
    /// A member's key that begins with `@@`.
    Operator,
    /// Text.
    Text,
    /// Numbers, `true`, `false`, `null`.
    Word,
    /// Everything else.
    Plain,
}

impl Kind {
    /// The `data-kind` of the piece; `None` for plain text.
    #[must_use]
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Key => Some("key"),
            Self::Operator => Some("operator"),
            Self::Text => Some("text"),
            Self::Word => Some("word"),
            Self::Plain => None,
        }
    }
}

/// The pieces of each line. Put together they are the text.
#[must_use]
pub fn lines(text: &str) -> Vec<Vec<(Kind, &str)>> {
    text.split('\n').map(line).collect()
}

/// Strings of JSON end on their line, so each line stands for itself.
fn line(mut rest: &str) -> Vec<(Kind, &str)> {
    let mut pieces = Vec::new();
    while let Some(first) = rest.chars().next() {
        let (length, kind) = match first {
            '"' => string(rest),
            c if is_word(c) => (rest.find(|c| !is_word(c)).unwrap_or(rest.len()), Kind::Word),
            _ => (rest.find(|c| c == '"' || is_word(c)).unwrap_or(rest.len()), Kind::Plain),
        };
        let (piece, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        pieces.push((kind, piece));
        rest = after;
    }
    pieces
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | '_')
}

fn string(text: &str) -> (usize, Kind) {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find_map(|(at, c)| match c {
        _ if std::mem::take(&mut escaped) => None,
        '\\' => {
            escaped = true;
            None
        }
        '"' => Some(at + 1),
        _ => None,
    });
    let end = end.unwrap_or(text.len());
    let is_key = text.get(end..).is_some_and(|after| after.trim_start().starts_with(':'));
    let kind = match (is_key, text.starts_with("\"@@")) {
        (true, true) => Kind::Operator,
        (true, false) => Kind::Key,
        (false, _) => Kind::Text,
    };
    (end, kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_their_kinds() {
        let line = &lines(r#"  "regions": { "@@assign": ["eu-\"1", 7, true] }"#)[0];
        let kinds: Vec<(Kind, &str)> =
            line.iter().copied().filter(|(kind, _)| *kind != Kind::Plain).collect();
        assert_eq!(
            kinds,
            [
                (Kind::Key, "\"regions\""),
                (Kind::Operator, "\"@@assign\""),
                (Kind::Text, r#""eu-\"1""#),
                (Kind::Word, "7"),
                (Kind::Word, "true"),
            ]
        );
    }

    #[test]
    fn the_pieces_of_any_text_are_that_text() {
        for text in ["", "\n\n", "\"open\n{]}", "é\"ü\\", "{\"a\":1}\r\n\"\\\"", "\"\\", "@@ \u{1F600}\"x"]
        {
            let again: Vec<String> =
                lines(text).iter().map(|l| l.iter().map(|(_, p)| *p).collect()).collect();
            assert_eq!(again.join("\n"), text);
        }
    }
}
