//! Writes the tree as text.

use std::fmt::Write;

use super::{Node, Value};

/// A list of scalars stays on one line up to this many characters, its indentation included.
const WIDTH: usize = 100;

/// One level in the canonical layout.
pub(super) const INDENTATION: &str = "  ";

/// How far to indent, and with what.
#[derive(Clone, Copy)]
struct Lines<'a> {
    level: usize,
    indentation: &'a str,
}

pub(super) fn compact(node: &Node) -> String {
    let mut out = String::new();
    write(node, None, &mut out);
    out
}

pub(super) fn pretty(node: &Node) -> String {
    pretty_at(node, 0, INDENTATION)
}

/// The pretty form of a node that stands `level` levels deep: every line but the first is indented.
pub(super) fn pretty_at(node: &Node, level: usize, indentation: &str) -> String {
    let mut out = String::new();
    write(node, Some(Lines { level, indentation }), &mut out);
    out
}

pub(super) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

impl Lines<'_> {
    fn below(self) -> Self {
        Self { level: self.level + 1, ..self }
    }

    fn start(self, out: &mut String) {
        out.push('\n');
        for _ in 0..self.level {
            out.push_str(self.indentation);
        }
    }
}

/// Writes without white space if `lines` is `None`.
fn write(node: &Node, lines: Option<Lines>, out: &mut String) {
    match &node.value {
        Value::Object(members) => {
            let lines = lines.filter(|_| !members.is_empty());
            out.push('{');
            for (at, member) in members.iter().enumerate() {
                between(at, lines, out);
                quoted(&member.key, out);
                out.push_str(if lines.is_some() { ": " } else { ":" });
                write(&member.node, lines.map(Lines::below), out);
            }
            close('}', lines, out);
        }
        Value::Array(elements) => array(elements, lines, out),
        Value::String(text) => quoted(text, out),
        Value::Number(spelling) => out.push_str(spelling),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Null => out.push_str("null"),
    }
}

fn array(elements: &[Node], lines: Option<Lines>, out: &mut String) {
    if let Some(line) = lines.and_then(|lines| one_line(elements, lines.level)) {
        out.push_str(&line);
        return;
    }
    out.push('[');
    for (at, element) in elements.iter().enumerate() {
        between(at, lines, out);
        write(element, lines.map(Lines::below), out);
    }
    close(']', lines, out);
}

/// The list on one line, if it holds scalars only and fits.
fn one_line(elements: &[Node], level: usize) -> Option<String> {
    let mut line = String::from("[");
    for (at, element) in elements.iter().enumerate() {
        if matches!(element.value, Value::Object(_) | Value::Array(_)) {
            return None;
        }
        line.push_str(if at == 0 { "" } else { ", " });
        write(element, None, &mut line);
        if line.len() + level * INDENTATION.len() > WIDTH {
            return None;
        }
    }
    line.push(']');
    Some(line)
}

fn between(at: usize, lines: Option<Lines>, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
    if let Some(lines) = lines {
        lines.below().start(out);
    }
}

fn close(bracket: char, lines: Option<Lines>, out: &mut String) {
    if let Some(lines) = lines {
        lines.start(out);
    }
    out.push(bracket);
}
