//! The answers of AWS that hold a policy.

use super::foreign;
use super::kind::{Kind, NotAPolicy};
use crate::document::{Document, Node, Value};

/// What an envelope held.
pub(super) struct Found<'a> {
    /// The policy, or the text that it stands in.
    pub value: &'a Node,
    /// The policy, where it stood in a text.
    pub text: Option<Document>,
    pub expected: Kind,
    /// Where it was, such as `Policy.Content`.
    pub within: String,
}

/// An answer that holds a policy under one key, with what says its type.
struct Envelope {
    /// `describe-policy`, for messages.
    command: &'static str,
    /// The key of the answer, which `--query` may have taken away.
    outer: &'static str,
    content: &'static str,
    /// Where the type of the policy stands beside the content.
    policy_type: &'static [&'static str],
    kind: Kind,
}

const ENVELOPES: [Envelope; 2] = [
    Envelope {
        command: "describe-policy",
        outer: "Policy",
        content: "Content",
        policy_type: &["PolicySummary", "Type"],
        kind: Kind::Document,
    },
    Envelope {
        command: "describe-effective-policy",
        outer: "EffectivePolicy",
        content: "PolicyContent",
        policy_type: &["PolicyType"],
        kind: Kind::Effective,
    },
];

const BACKUP_POLICY: &str = "BACKUP_POLICY";

/// The policy that a value is or holds.
pub(super) fn open(node: &Node) -> Result<Found<'_>, NotAPolicy> {
    match &node.value {
        Value::Object(members) if is_policy(node) || members.is_empty() => Ok(bare(node)),
        Value::Object(_) => answer(node),
        Value::Array(_) => listed(node, String::new()),
        Value::String(text) => within_text(node, text, Kind::Either, String::new()),
        _ => Err(foreign::name(node)),
    }
}

fn is_policy(node: &Node) -> bool {
    node.spelled("plans").is_some()
}

fn bare(node: &Node) -> Found<'_> {
    Found { value: node, text: None, expected: Kind::Either, within: String::new() }
}

/// An object without `plans`.
fn answer(node: &Node) -> Result<Found<'_>, NotAPolicy> {
    for envelope in &ENVELOPES {
        let inner = node.get(envelope.outer).filter(|inner| inner.get(envelope.content).is_some());
        let outer = inner.map_or_else(String::new, |_| format!("{}.", envelope.outer));
        let inner = inner.unwrap_or(node);
        if let Some(content) = inner.get(envelope.content) {
            envelope.of_backups(inner)?;
            return held(content, envelope.kind, format!("{outer}{}", envelope.content));
        }
    }
    match node.get("Policies").filter(|list| matches!(list.value, Value::Array(_))) {
        Some(list) => listed(list, "Policies".to_owned()),
        None => Err(foreign::name(node)),
    }
}

impl Envelope {
    /// Refuses an answer that names another type of policy.
    fn of_backups(&self, inner: &Node) -> Result<(), NotAPolicy> {
        let told = self.policy_type.iter().try_fold(inner, |node, key| node.get(key)).and_then(Node::scalar);
        match told {
            Some(other) if &*other != BACKUP_POLICY => Err(NotAPolicy::new(
                inner,
                format!("this is what `{}` answers of a {other}, not of a {BACKUP_POLICY}", self.command),
                "describe a backup policy",
            )),
            _ => Ok(()),
        }
    }
}

/// The content of an answer: a text as AWS gives it, or what a program made of the text.
fn held(content: &Node, kind: Kind, within: String) -> Result<Found<'_>, NotAPolicy> {
    match &content.value {
        Value::String(text) => within_text(content, text, kind, within),
        Value::Object(members) if is_policy(content) || members.is_empty() => {
            Ok(Found { value: content, text: None, expected: kind, within })
        }
        _ => Err(foreign::name(content).at(&within)),
    }
}

/// A text that is a policy itself; not one that holds an answer or another text.
fn within_text<'a>(
    node: &'a Node,
    text: &str,
    expected: Kind,
    within: String,
) -> Result<Found<'a>, NotAPolicy> {
    let place = if within.is_empty() { "the text" } else { &within };
    let document = Document::parse(text).map_err(|problems| {
        let first = problems.first();
        let first = first
            .map(|p| format!(": line {}, column {} of it: {}", p.line, p.column, p.message))
            .unwrap_or_default();
        let help = "give a policy, or what `aws organizations describe-policy` answers";
        NotAPolicy::new(node, format!("{place} is no JSON{first}"), help)
    })?;
    if !is_policy(document.root()) && !matches!(&document.root().value, Value::Object(m) if m.is_empty()) {
        let named = foreign::name(document.root());
        return Err(NotAPolicy { span: node.span, ..named.at(place) });
    }
    let within = if within.is_empty() { "the text".to_owned() } else { within };
    Ok(Found { value: node, text: Some(document), expected, within })
}

/// The only entry of a list, if it is an answer or a text. A policy is no list, so one that stands in a list as it is
/// would be refused by AWS.
fn listed(list: &Node, within: String) -> Result<Found<'_>, NotAPolicy> {
    let [only] = list.elements() else { return Err(foreign::name(list)) };
    let place = format!("{within}[0]");
    let mut found = match &only.value {
        Value::Object(members)
            if !is_policy(only) && !members.is_empty() && only.get("Policies").is_none() =>
        {
            answer(only)?
        }
        Value::String(text) => return within_text(only, text, Kind::Either, place),
        _ => return Err(foreign::name(list)),
    };
    found.within = format!("{place}.{}", found.within);
    Ok(found)
}
