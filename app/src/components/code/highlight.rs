//! JSON cut into coloured pieces. Takes any text, wrong ones too: nothing is lost, so the pieces always add up to the text.

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HighlightKind {
    /// White space, braces, commas.
    Plain,
    /// A key.
    Key,
    /// An inheritance operator or control of the policy language: a key or value beginning with `@@`.
    Operator,
    /// `$account`, which AWS replaces by the account's id: the string that holds it.
    Variable,
    String,
    Number,
    /// `true`, `false`, `null`.
    Literal,
    /// What JSON does not know.
    Wrong,
}

impl HighlightKind {
    /// CSS class; `None` for plain text.
    #[must_use]
    pub const fn class(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Key => Some("code-key"),
            Self::Operator => Some("code-operator"),
            Self::Variable => Some("code-variable"),
            Self::String => Some("code-string"),
            Self::Number => Some("code-number"),
            Self::Literal => Some("code-literal"),
            Self::Wrong => Some("code-wrong"),
        }
    }
}

/// A piece of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Highlight<'a> {
    pub kind: HighlightKind,
    pub text: &'a str,
}

/// The pieces of one line, without its line break. Strings of JSON never go over a line's end, so a line needs no other.
#[must_use]
pub fn highlight(line: &str) -> Vec<Highlight<'_>> {
    let mut out: Vec<Highlight<'_>> = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = length_of(first, rest);
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let kind = kind_of(first, text, after);
        match out.last_mut() {
            // Neighbouring plain pieces become one: fewer elements on the page.
            Some(last) if kind == HighlightKind::Plain && last.kind == kind => {
                let start = line.len() - rest.len() - last.text.len();
                last.text = line.get(start..start + last.text.len() + length).unwrap_or(last.text);
            }
            _ => out.push(Highlight { kind, text }),
        }
        rest = after;
    }
    out
}

fn length_of(first: char, rest: &str) -> usize {
    let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    match first {
        '"' => string_length(rest),
        c if is_plain(c) => run(is_plain),
        _ => run(|c| !is_plain(c) && c != '"'),
    }
}

const fn is_plain(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '{' | '}' | '[' | ']' | ',' | ':')
}

fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

fn kind_of(first: char, text: &str, after: &str) -> HighlightKind {
    match first {
        '"' if text.len() < 2 || !text.ends_with('"') => HighlightKind::Wrong,
        '"' if text.starts_with("\"@@") => HighlightKind::Operator,
        '"' if after.trim_start().starts_with(':') => HighlightKind::Key,
        '"' if text.contains("$account") => HighlightKind::Variable,
        '"' => HighlightKind::String,
        c if is_plain(c) => HighlightKind::Plain,
        '-' | '0'..='9' if is_number(text) => HighlightKind::Number,
        _ if matches!(text, "true" | "false" | "null") => HighlightKind::Literal,
        _ => HighlightKind::Wrong,
    }
}

/// Whether a text is a number of JSON. The standard library's reader would say so too, and weighs 16 KB in a browser.
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(n, e)| (n, Some(e)));
    let (whole, fraction) = number.split_once('.').map_or((number, None), |(w, f)| (w, Some(f)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(line: &str) -> Vec<(HighlightKind, &str)> {
        highlight(line)
            .into_iter()
            .filter(|t| t.kind != HighlightKind::Plain)
            .map(|t| (t.kind, t.text))
            .collect()
    }

    #[test]
    fn only_what_json_calls_a_number_is_one() {
        for text in ["0", "-1", "365", "1.50", "2e10", "-0.5E-3", "1e+2"] {
            assert_eq!(highlight(text), [Highlight { kind: HighlightKind::Number, text }]);
        }
        for text in ["-", "01", "1.", "1e", "1x", "-.5", "1.2.3", "0x1"] {
            assert_eq!(highlight(text), [Highlight { kind: HighlightKind::Wrong, text }]);
        }
    }

    #[test]
    fn the_pieces_of_any_line_add_up_to_it() {
        for line in [
            "",
            "  {",
            r#"  "regions": { "@@assign": ["eu-west-1", "eu-central-1"] },"#,
            r#""unclosed"#,
            r#""a\"b" : -1.5e3 nul tru"e"#,
            "ünïcode \u{1f600} \"ü\"",
            "\"\\",
            "\"",
        ] {
            assert_eq!(highlight(line).iter().map(|t| t.text).collect::<String>(), line);
        }
    }

    #[test]
    fn operators_of_the_policy_language_are_told_from_other_keys() {
        assert_eq!(
            kinds(r#""delete_after_days": { "@@assign": "35" }"#),
            [
                (HighlightKind::Key, "\"delete_after_days\""),
                (HighlightKind::Operator, "\"@@assign\""),
                (HighlightKind::String, "\"35\"")
            ]
        );
        assert_eq!(kinds(r#"["@@none"]"#), [(HighlightKind::Operator, "\"@@none\"")]);
    }

    #[test]
    fn what_json_does_not_know_is_marked() {
        assert_eq!(kinds("yes"), [(HighlightKind::Wrong, "yes")]);
        assert_eq!(kinds("\"open"), [(HighlightKind::Wrong, "\"open")]);
        assert_eq!(
            kinds("true, 12, -3"),
            [(HighlightKind::Literal, "true"), (HighlightKind::Number, "12"), (HighlightKind::Number, "-3")]
        );
    }

    #[test]
    fn an_escaped_quote_does_not_end_a_string() {
        assert_eq!(kinds(r#""a\"b\\""#), [(HighlightKind::String, r#""a\"b\\""#)]);
    }
}
