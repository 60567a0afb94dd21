//! Advice that only the text of one policy shows.

use std::collections::HashSet;

use super::findings::Findings;
use crate::admission::MAX_CHARACTERS;
use crate::choices::spells;
use crate::document::{self, Document, Node};
use crate::operator::{CONTROL, Operator, Operators, is_operator_like};
use crate::path::Path;

pub(super) fn check(document: &Document, findings: &mut Findings) {
    let root = document.root();
    size(document, findings);
    stray_operators(root, findings);
    let plans = root.spelled("plans").map(|member| &member.node);
    let count = plans.map_or(0, |plans| names(plans).count());
    if count > 1 {
        findings.add("HF014", &Path::of(["plans"]), format!("the policy holds {count} plans"));
    }
    if plans.is_some_and(has_values) && !has_operators(root) {
        findings.add("HF022", &Path::of(["plans"]), "no value has an operator");
    }
    nodes(root, &mut Path::root(), findings);
}

/// HF023.
fn size(document: &Document, findings: &mut Findings) {
    let characters = document.characters();
    if (MAX_CHARACTERS * 9 / 10..=MAX_CHARACTERS).contains(&characters) {
        let compact = document.compact().chars().count();
        let message = format!("{characters} of {MAX_CHARACTERS} characters, {compact} without white space");
        findings.add("HF023", &Path::root(), message);
    }
}

/// HF025.
fn stray_operators(root: &Node, findings: &mut Findings) {
    for member in root.members().iter().filter(|member| Operator::of_key(&member.key).is_some()) {
        findings.add(
            "HF025",
            &Path::of([member.key.clone()]),
            format!("{} beside plans does nothing", member.key),
        );
    }
}

fn names(node: &Node) -> impl Iterator<Item = &document::Member> {
    node.members().iter().filter(|member| !is_operator_like(&member.key))
}

fn has_values(node: &Node) -> bool {
    let is_object = matches!(node.value, document::Value::Object(_));
    !is_object || node.members().iter().any(|member| has_values(&member.node))
}

fn has_operators(node: &Node) -> bool {
    node.members().iter().any(|member| is_operator_like(&member.key) || has_operators(&member.node))
}

fn nodes(node: &Node, path: &mut Path, findings: &mut Findings) {
    contradiction(node, path, findings);
    control(node, path, findings);
    for member in names(node) {
        path.push(member.key.clone());
        nodes(&member.node, path, findings);
        path.pop();
    }
}

/// HF024 and HF026.
fn contradiction(node: &Node, path: &Path, findings: &mut Findings) {
    let list =
        |operator: Operator| node.spelled(operator.key()).map_or(&[][..], |member| member.node.elements());
    // Values are compared as the texts AWS makes of them: 1 and "1" are one value.
    let removed: HashSet<_> = list(Operator::Remove).iter().filter_map(Node::scalar).collect();
    for value in list(Operator::Assign).iter().chain(list(Operator::Append)) {
        if let Some(text) = value.scalar().filter(|text| removed.contains(text)) {
            findings.add("HF024", path, format!("“{text}” is added and removed"));
        }
    }
    let is_regions = path.segments().len() == 3 && path.last().is_some_and(|key| spells("regions", key));
    let empty = node.spelled("@@assign").is_some_and(
        |member| matches!(&member.node.value, document::Value::Array(elements) if elements.is_empty()),
    );
    if is_regions && empty && list(Operator::Append).is_empty() {
        findings.add("HF026", path, "the plan has no Regions");
    }
}

/// HF006: a control on a container says nothing about what is below.
fn control(node: &Node, path: &Path, findings: &mut Findings) {
    let Some(allowed) = control_of(node) else { return };
    if allowed == Operators::ALL || names(node).next().is_none() {
        return;
    }
    let open = open_settings(node, allowed);
    if let Some(example) = open.first() {
        let more = match open.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        findings.add(
            "HF006",
            path,
            format!("lower levels can still change {example}{more} below this control"),
        );
    }
}

fn control_of(node: &Node) -> Option<Operators> {
    node.spelled(CONTROL).map(|member| Operators::of_control(&member.node))
}

/// The settings below that lower levels may change in ways the control does not allow.
fn open_settings(node: &Node, allowed: Operators) -> Vec<String> {
    let mut open = Vec::new();
    let mut rest: Vec<(String, &Node)> =
        names(node).map(|member| (member.key.to_string(), &member.node)).collect();
    while let Some((path, node)) = rest.pop() {
        let own = control_of(node).unwrap_or(Operators::ALL);
        let is_setting = Operator::ALL.iter().any(|operator| node.spelled(operator.key()).is_some());
        if is_setting && own.and(allowed) != own {
            open.push(path.clone());
        }
        rest.extend(names(node).map(|member| (format!("{path}/{}", member.key), &member.node)));
    }
    open.sort();
    open
}
