//! Admission: what AWS Organizations accepts as a backup policy (spec 1.1 to 1.6). AWS answers a refused document
//! with one generic sentence; here every reason has its place and what to do.

mod cross;
mod names;

use time::OffsetDateTime;

use crate::document::{Document, Member, Node, Span, Value};
use crate::operator::{CONTROL, Operator, Operators, is_control, is_operator_like};
use crate::path::Path;
use crate::problem::{Problem, Severity};
use crate::vocabulary::form::Fault;
use crate::vocabulary::{Form, Key, Kind, TABLE, usual_spelling};

pub(crate) use names::closest;
pub use names::closest_of;

/// The longest policy AWS stores, in Unicode characters as sent (spec 1.1).
///
/// A longer one is an error here like any other, because it cannot be saved, although AWS answers it with a
/// `ConstraintViolationException` (`POLICY_CONTENT_LIMIT_EXCEEDED`) and not as malformed (spec 1.2).
pub const MAX_CHARACTERS: usize = 10_000;

/// No more problems are reported than a person can read.
const MAX_PROBLEMS: usize = 200;

/// Everything for which AWS would refuse the document if it were saved at `now`. Empty means accepted.
///
/// The time matters for schedules only: AWS judges them by their next two runs, so one that passes today may be
/// refused on another day.
pub fn check(document: &Document, now: OffsetDateTime) -> Vec<Problem> {
    let mut checker = Checker { now, path: Path::root(), problems: Vec::new() };
    checker.length(document);
    checker.root(document.root());
    cross::check(document, now, &mut checker.problems);
    checker.problems.sort_by_key(|problem| (problem.line, problem.column));
    checker.problems.truncate(MAX_PROBLEMS);
    checker.problems
}

/// Codes of the problems that keep a document from being read: what is merged or compared is then not what its author
/// wrote.
const STRUCTURE: [&str; 10] = [
    "duplicate-key",
    "invalid-control",
    "not-a-list",
    "not-a-scalar",
    "not-an-object",
    "null-value",
    "operator-on-container",
    "operator-on-scalar",
    "unknown-key",
    "unknown-operator",
];

/// The problems of [`check`] that are about the structure of a policy and not about its values, as far as it goes by
/// the text from which `root` was read.
#[must_use]
pub fn structure(root: &Node, now: OffsetDateTime) -> Vec<Problem> {
    let mut checker = Checker { now, path: Path::root(), problems: Vec::new() };
    checker.root(root);
    checker.problems.retain(|problem| STRUCTURE.contains(&&*problem.code));
    checker.problems.sort_by_key(|problem| (problem.line, problem.column));
    checker.problems.truncate(MAX_PROBLEMS);
    checker.problems
}

struct Checker {
    now: OffsetDateTime,
    path: Path,
    problems: Vec<Problem>,
}

impl Checker {
    fn length(&mut self, document: &Document) {
        let characters = document.characters();
        if characters > MAX_CHARACTERS {
            let compact = document.compact().chars().count();
            let help = if compact <= MAX_CHARACTERS {
                format!("save it without white space: {compact} characters")
            } else {
                "split it into several policies; they merge".to_owned()
            };
            let message =
                format!("the policy has {characters} characters; AWS stores at most {MAX_CHARACTERS}");
            self.note("too-long", document.root().span, message, help);
        }
    }

    /// The document itself. Value operators beside `plans` are admitted without effect unless they hold an object.
    fn root(&mut self, node: &Node) {
        if !matches!(node.value, Value::Object(_)) {
            let message = format!("a policy is an object, this is {}", node.kind());
            return self.note("not-an-object", node.span, message, "write {\"plans\": {...}}");
        }
        self.spelled_twice(&TABLE, node);
        for member in node.members() {
            match Operator::of_key(&member.key) {
                Some(_) if matches!(member.node.value, Value::Object(_)) => self.container_operator(member),
                Some(_) => {}
                None => self.member(&TABLE, member),
            }
        }
        self.required(&TABLE, node, node.span);
    }

    /// A node that the table describes by `row`.
    fn node(&mut self, row: &'static Key, node: &Node) {
        if !matches!(node.value, Value::Object(_)) {
            let (message, help) = if row.is_setting() {
                ("a setting holds operators, not a bare value", "write {\"@@assign\": ...}".to_owned())
            } else {
                ("an object was expected here", format!("{} holds {}", row.title, keys_below(row)))
            };
            return self.note("not-an-object", node.span, message, help);
        }
        self.spelled_twice(row, node);
        match row.kind {
            Kind::Scalar(form) => self.setting(form, node, Self::scalar_operator),
            Kind::List { of, may_be_empty } => {
                let check = if may_be_empty { Self::list_operator } else { Self::filled_list_operator };
                self.setting(of, node, check);
            }
            Kind::Object(_) | Kind::Named(..) => self.container(row, node),
        }
    }

    fn container(&mut self, row: &'static Key, node: &Node) {
        for member in node.members() {
            match Operator::of_key(&member.key) {
                Some(_) => self.container_operator(member),
                None => self.member(row, member),
            }
        }
    }

    /// A member of a container that is not a value operator.
    fn member(&mut self, row: &'static Key, member: &Member) {
        if is_operator_like(&member.key) {
            return self.control(member);
        }
        self.path.push(member.key.clone());
        match row.row(&member.key) {
            Some(below) => {
                if let Kind::Named(names, _) = row.kind {
                    self.name(names, member);
                }
                self.node(below, &member.node);
                self.required(below, &member.node, member.key_span);
            }
            None => {
                let message = format!("\"{}\" is no key of {}", member.key, article(row));
                let help = match names::closest(&member.key, row.below()) {
                    Some(meant) => format!("did you mean \"{meant}\"?"),
                    None => format!("{} holds {}", row.title, keys_below(row)),
                };
                self.note("unknown-key", member.key_span, message, help);
            }
        }
        self.path.pop();
    }

    /// Keys of the language that stand in one object in two spellings. Keys repeated letter by letter are no JSON
    /// that AWS reads; whether it tells these apart is not recorded.
    fn spelled_twice(&mut self, row: &'static Key, node: &Node) {
        let known = |key: &str| usual_spelling(row, key);
        for (at, member) in node.members().iter().enumerate() {
            let Some(usual) = known(&member.key).filter(|usual| *usual != &*member.key) else { continue };
            let mut others = node.members().iter().enumerate().filter(|(other, _)| *other != at);
            if others.any(|(other, m)| known(&m.key) == Some(usual) && (other < at || &*m.key == usual)) {
                let message = format!("\"{}\" is \"{usual}\" once more", member.key);
                self.path.push(member.key.clone());
                self.note("duplicate-key", member.key_span, message, "keep one of the two");
                self.path.pop();
            }
        }
    }

    fn name(&mut self, names: Form, member: &Member) {
        if let Err(fault) = names.check(&member.key, self.now) {
            self.note("invalid-name", member.key_span, fault.message, fault.help);
        }
    }

    /// Keys that must stand in the object (at `span`) whenever it is there.
    fn required(&mut self, row: &'static Key, node: &Node, span: Span) {
        if !matches!(node.value, Value::Object(_)) {
            return;
        }
        for key in row.below().iter().filter(|key| key.need.in_document) {
            let excused = key.need.unless.is_some_and(|other| node.spelled(other).is_some());
            if node.spelled(key.key).is_none() && !excused {
                let or = key.need.unless.map(|other| format!(" or \"{other}\"")).unwrap_or_default();
                let message = format!("\"{}\"{or} is missing", key.key);
                self.note("missing-key", span, message, format!("add it: {}", key.help));
            }
        }
    }

    fn setting(&mut self, form: Form, node: &Node, operator: fn(&mut Self, Form, Operator, &Member)) {
        for member in node.members() {
            if is_operator_like(&member.key) {
                match Operator::of_key(&member.key) {
                    Some(found) => operator(self, form, found, member),
                    None => self.control(member),
                }
            } else {
                let message = format!("a setting holds operators; \"{}\" is none", member.key);
                let help = "use @@assign, @@append, @@remove or the child control";
                self.path.push(member.key.clone());
                self.note("unknown-key", member.key_span, message, help);
                self.path.pop();
            }
        }
    }

    fn scalar_operator(&mut self, form: Form, operator: Operator, member: &Member) {
        if operator != Operator::Assign {
            let message = format!("{operator} works on lists; this setting has a single value");
            return self.note("operator-on-scalar", member.key_span, message, "use @@assign");
        }
        match &member.node.value {
            Value::Null => {
                let help = "leave the setting out to use AWS's default";
                self.note("null-value", member.node.span, "null is no value", help);
            }
            Value::Array(_) | Value::Object(_) => {
                let message = format!("a single value was expected, this is {}", member.node.kind());
                self.note("not-a-scalar", member.node.span, message, "write one value");
            }
            _ => self.value(form, &member.node),
        }
    }

    fn list_operator(&mut self, form: Form, _: Operator, member: &Member) {
        if !matches!(member.node.value, Value::Array(_)) {
            let message = format!("a list was expected, this is {}", member.node.kind());
            return self.note("not-a-list", member.node.span, message, "put it in square brackets");
        }
        for element in member.node.elements() {
            self.value(form, element);
        }
    }

    fn filled_list_operator(&mut self, form: Form, operator: Operator, member: &Member) {
        if matches!(&member.node.value, Value::Array(elements) if elements.is_empty()) {
            let help = "name at least one value, or leave the operator out";
            return self.note("empty-list", member.node.span, "this list must not be empty", help);
        }
        self.list_operator(form, operator, member);
    }

    fn value(&mut self, form: Form, node: &Node) {
        let Some(text) = node.scalar() else {
            let message = format!("text was expected, this is {}", node.kind());
            return self.note("not-a-scalar", node.span, message, "write a single value");
        };
        if let Err(fault) = form.check(&text, self.now) {
            let span = part_of(node, &text, &fault);
            self.note("invalid-value", span, fault.message, fault.help);
        }
    }

    fn container_operator(&mut self, member: &Member) {
        let message = format!("{} cannot stand here: this is no setting", member.key);
        let help = "only the child control may stand on objects; put value operators on the settings inside";
        self.note("operator-on-container", member.key_span, message, help);
    }

    /// A key that begins with `@@` and is no value operator (spec 2.1).
    fn control(&mut self, member: &Member) {
        if !is_control(&member.key) {
            let message = format!("there is no operator {}", member.key);
            let help = format!("use @@assign, @@append, @@remove or {CONTROL}");
            return self.note("unknown-operator", member.key_span, message, help);
        }
        const HELP: &str = "write a list of @@all, @@none, @@assign, @@append or @@remove";
        let elements = member.node.elements();
        if elements.is_empty() {
            let message = "a list of operators was expected here";
            return self.note("invalid-control", member.node.span, message, HELP);
        }
        for (at, element) in elements.iter().enumerate() {
            let fault = match &element.value {
                Value::String(name) if Operators::of_name(name).is_none() => {
                    format!("\"{name}\" is no operator")
                }
                Value::String(name)
                    if elements.len() > 1 && Operators::of_name(name) == Some(Operators::NONE) =>
                {
                    "@@none must stand alone".into()
                }
                Value::String(name) if elements.iter().take(at).any(|before| before == element) => {
                    format!("{name} stands twice")
                }
                Value::String(_) => continue,
                _ => format!("the name of an operator was expected, this is {}", element.kind()),
            };
            self.note("invalid-control", element.span, fault, HELP);
        }
    }

    fn note(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(Severity::Error, code, &self.path, span, message, help));
    }
}

/// The part of a string a fault is about, if its text stands in the document without escapes.
fn part_of(node: &Node, text: &str, fault: &Fault) -> Span {
    let plain = node.span.end - node.span.start == u32::try_from(text.len() + 2).unwrap_or(u32::MAX);
    match (&node.value, fault.part) {
        (Value::String(_), Some((offset, length))) if plain && length > 0 => {
            let [offset, length] = [offset, length].map(|n| u32::try_from(n).unwrap_or(0));
            Span { column: node.span.column + 1 + offset, columns: length, ..node.span }
        }
        _ => node.span,
    }
}

/// The keys a row holds, for a message.
fn keys_below(row: &Key) -> String {
    match row.kind {
        Kind::Named(form, each) => {
            format!("one entry per {}, named by {}", each.title.to_lowercase(), form.describe())
        }
        _ => row.below().iter().map(|key| key.key).collect::<Vec<_>>().join(", "),
    }
}

fn article(row: &Key) -> String {
    match row.key {
        "" => "a policy".into(),
        "*" => format!("a {}", row.title.to_lowercase()),
        key => key.into(),
    }
}

#[cfg(test)]
mod tests;
