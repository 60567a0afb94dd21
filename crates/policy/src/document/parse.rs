//! Reads JSON text into the tree. Hand-written, because the merge needs what general parsers drop: positions,
//! number spelling, and repeated keys as errors.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Member, Node, Span, Value};
use crate::path::Path;
use crate::problem::{Problem, Severity};

/// Objects and lists may stand this deep inside each other. The language needs 11; the bound keeps hostile
/// input from exhausting the stack.
pub const MAX_DEPTH: usize = 128;

/// Problems after which reading gives up looking for more.
const MAX_PROBLEMS: usize = 50;

/// The grammar is broken; the problem has been noted and reading cannot go on.
struct Broken;

type Read<T> = Result<T, Broken>;

pub(super) fn read(text: &str) -> Result<Node, Vec<Problem>> {
    let mut reader = Reader { text, at: Mark::START, depth: 0, path: Path::root(), problems: Vec::new() };
    match reader.document() {
        Ok(node) if reader.problems.is_empty() => Ok(node),
        Ok(_) | Err(Broken) => Err(reader.problems),
    }
}

/// A place in the text.
#[derive(Clone, Copy)]
struct Mark {
    byte: usize,
    line: u32,
    column: u32,
}

impl Mark {
    const START: Self = Self { byte: 0, line: 1, column: 1 };
}

struct Reader<'a> {
    text: &'a str,
    at: Mark,
    depth: usize,
    path: Path,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn document(&mut self) -> Read<Node> {
        if self.text.starts_with('\u{feff}') {
            self.note(
                "byte-order-mark",
                self.here(1),
                "the text begins with a byte order mark",
                "save it as UTF-8 without one",
            );
            self.advance();
        }
        self.blank();
        let node = self.value()?;
        self.blank();
        if self.peek().is_some() {
            return self.broken(
                "trailing-text",
                "text after the end of the document",
                "remove it; a document is one object",
            );
        }
        Ok(node)
    }

    fn value(&mut self) -> Read<Node> {
        let start = self.at;
        let value = match self.peek() {
            Some('{') => self.nested(Self::object)?,
            Some('[') => self.nested(Self::array)?,
            Some('"') => Value::String(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            Some('a'..='z' | 'A'..='Z') => self.word()?,
            Some(_) => {
                return self.broken(
                    "json",
                    "a value was expected here",
                    "write an object, a list, text in double quotes or a number",
                );
            }
            None => {
                return self.broken(
                    "json",
                    "the text ends where a value was expected",
                    "complete the document",
                );
            }
        };
        Ok(Node { value, span: self.span_from(start) })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Read<Value>) -> Read<Value> {
        if self.depth == MAX_DEPTH {
            return self.broken(
                "too-deep",
                format!("more than {MAX_DEPTH} levels of nesting"),
                "flatten the document",
            );
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Read<Value> {
        self.advance();
        let mut members: Vec<Member> = Vec::new();
        let mut seen = HashSet::new();
        self.blank();
        while self.peek() != Some('}') {
            let member = self.one_member(&mut seen)?;
            members.push(member);
            if !self.separator('}')? {
                break;
            }
        }
        self.advance();
        Ok(Value::Object(members))
    }

    fn one_member(&mut self, seen: &mut HashSet<Arc<str>>) -> Read<Member> {
        if self.peek() != Some('"') {
            return self.broken("json", "a key in double quotes was expected here", "write \"key\": value");
        }
        let start = self.at;
        let key = self.string()?;
        let key_span = self.span_from(start);
        self.path.push(key.clone());
        if !seen.insert(key.clone()) {
            let message = format!("the key \"{key}\" stands twice in this object");
            self.note("duplicate-key", key_span, message, "keep one of the two; AWS refuses repeated keys");
        }
        self.blank();
        if self.peek() != Some(':') {
            return self.broken("json", "a colon was expected after the key", "write \"key\": value");
        }
        self.advance();
        self.blank();
        let node = self.value()?;
        self.path.pop();
        Ok(Member { key, key_span, node })
    }

    fn array(&mut self) -> Read<Value> {
        self.advance();
        let mut elements = Vec::new();
        self.blank();
        while self.peek() != Some(']') {
            elements.push(self.value()?);
            if !self.separator(']')? {
                break;
            }
        }
        self.advance();
        Ok(Value::Array(elements))
    }

    /// After an element: true if a comma and another element follow, false at the closing bracket.
    fn separator(&mut self, close: char) -> Read<bool> {
        self.blank();
        match self.peek() {
            Some(c) if c == close => Ok(false),
            Some(',') => {
                self.advance();
                self.blank();
                if self.peek() == Some(close) {
                    return self.broken(
                        "json",
                        "nothing follows this comma",
                        "remove the comma before the closing bracket",
                    );
                }
                Ok(true)
            }
            Some(_) => self.broken(
                "json",
                format!("a comma or `{close}` was expected here"),
                "separate elements by commas",
            ),
            None => self.broken(
                "json",
                format!("the text ends before the closing `{close}`"),
                "complete the document",
            ),
        }
    }

    fn string(&mut self) -> Read<Arc<str>> {
        self.advance();
        let plain_from = self.at.byte;
        let mut built: Option<String> = None;
        loop {
            let from = self.at.byte;
            match self.peek() {
                Some('"') => {
                    let text = match built {
                        Some(text) => text.into(),
                        None => self.slice(plain_from, from).into(),
                    };
                    self.advance();
                    return Ok(text);
                }
                Some('\\') => {
                    let mut text = built.unwrap_or_else(|| self.slice(plain_from, from).to_owned());
                    text.push(self.escape()?);
                    built = Some(text);
                }
                Some(c) if c < ' ' => {
                    return self.broken(
                        "json",
                        "a line break or control character inside quotes",
                        "write it as an escape such as \\n",
                    );
                }
                Some(c) => {
                    if let Some(text) = &mut built {
                        text.push(c);
                    }
                    self.advance();
                }
                None => return self.broken("json", "the text ends inside quotes", "close the quotes"),
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        self.advance();
        let c = match self.peek() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => return self.unicode_escape(),
            _ => {
                return self.broken(
                    "json",
                    "an unknown escape after the backslash",
                    "write \\\\ for a backslash",
                );
            }
        };
        self.advance();
        Ok(c)
    }

    fn unicode_escape(&mut self) -> Read<char> {
        let first = self.four_digits()?;
        let another = self.text.get(self.at.byte..).is_some_and(|rest| rest.starts_with("\\u"));
        let code = if (0xD800..0xDC00).contains(&first) && another {
            self.advance();
            let low = self.four_digits()?.wrapping_sub(0xDC00);
            if low < 0x400 { 0x10000 + ((first - 0xD800) << 10) + low } else { first }
        } else {
            first
        };
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None => self.broken("json", "half of a surrogate pair", "write the character itself"),
        }
    }

    /// Reads `u` and four hexadecimal digits.
    fn four_digits(&mut self) -> Read<u32> {
        self.advance();
        let mut code = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return self.broken(
                    "json",
                    "four hexadecimal digits were expected after \\u",
                    "complete the escape",
                );
            };
            code = code * 16 + digit;
            self.advance();
        }
        Ok(code)
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.advance();
        }
        let leading_zero = self.peek() == Some('0');
        let mut sound = match self.digits() {
            0 => false,
            digits => digits == 1 || !leading_zero,
        };
        if self.peek() == Some('.') {
            self.advance();
            sound &= self.digits() > 0;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.advance();
            if matches!(self.peek(), Some('+' | '-')) {
                self.advance();
            }
            sound &= self.digits() > 0;
        }
        if !sound {
            self.note(
                "json",
                self.span_from(start),
                "this is not a number in JSON",
                "write it without leading zeros or in quotes",
            );
            return Err(Broken);
        }
        Ok(Value::Number(self.slice(start.byte, self.at.byte).into()))
    }

    fn digits(&mut self) -> usize {
        let from = self.at.byte;
        while matches!(self.peek(), Some('0'..='9')) {
            self.advance();
        }
        self.at.byte - from
    }

    fn word(&mut self) -> Read<Value> {
        let start = self.at;
        while matches!(self.peek(), Some(c) if c.is_alphanumeric()) {
            self.advance();
        }
        match self.slice(start.byte, self.at.byte) {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" => Ok(Value::Null),
            word => {
                let message = format!("`{word}` is no value in JSON");
                self.note("json", self.span_from(start), message, "put text in double quotes");
                Err(Broken)
            }
        }
    }

    fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at.byte..)?.chars().next()
    }

    fn advance(&mut self) {
        let Some(c) = self.peek() else { return };
        self.at.byte += c.len_utf8();
        if c == '\n' {
            self.at.line += 1;
            self.at.column = 1;
        } else {
            self.at.column += 1;
        }
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.advance();
        }
    }

    /// The span from `start` to the current place; columns only where both stand on one line.
    fn span_from(&self, start: Mark) -> Span {
        let columns = if self.at.line == start.line { self.at.column - start.column } else { 1 };
        self.span(start, self.at.byte, columns)
    }

    fn here(&self, columns: u32) -> Span {
        self.span(self.at, self.at.byte, columns)
    }

    fn span(&self, start: Mark, end: usize, columns: u32) -> Span {
        let byte = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Span { start: byte(start.byte), end: byte(end), line: start.line, column: start.column, columns }
    }

    fn note(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: &'static str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem::new(Severity::Error, code, &self.path, span, message, help));
        }
    }

    fn broken<T>(&mut self, code: &'static str, message: impl Into<String>, help: &'static str) -> Read<T> {
        self.note(code, self.here(1), message, help);
        Err(Broken)
    }
}
