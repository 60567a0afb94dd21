//! Reads a setting as the form shows it.

use std::sync::Arc;

use policy::{
    Document, Path,
    document::{Node, Value},
    operator::{CONTROL, Operator, Operators},
    vocabulary::{Key, Kind},
};

/// A setting as the form shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Not in the document; maybe a control is.
    Absent,
    /// What `@@assign` sets.
    Single(Arc<str>),
    /// What each operator carries, in the document's order.
    Lists(Vec<(Operator, Vec<Arc<str>>)>),
    /// Written in a way that the form cannot show without changing it.
    JsonOnly,
}

/// Reads the setting at `path`, which the table describes by `row`.
#[must_use]
pub fn read(document: &Document, path: &Path, row: &Key) -> Reading {
    // A scalar or list above the setting hides it: there is nothing the form could add to.
    let Some(node) = document.get(path) else {
        return if can_hold(document, path) { Reading::Absent } else { Reading::JsonOnly };
    };
    if !matches!(node.value, Value::Object(_)) {
        return Reading::JsonOnly;
    }
    let list = matches!(row.kind, Kind::List { .. });
    let mut lists = Vec::new();
    for member in node.members().iter().filter(|member| &*member.key != CONTROL) {
        match (Operator::of_key(&member.key), scalars(&member.node)) {
            (Some(operator), Some(values)) if list => lists.push((operator, values)),
            (Some(Operator::Assign), _) if !list => match member.node.scalar() {
                Some(text) => return single(node, text),
                None => return Reading::JsonOnly,
            },
            _ => return Reading::JsonOnly,
        }
    }
    if lists.is_empty() { Reading::Absent } else { Reading::Lists(lists) }
}

/// A single value, unless operators stand beside it that the form would hide.
fn single(node: &Node, text: Arc<str>) -> Reading {
    let known = |key: &str| key == CONTROL || key == Operator::Assign.key();
    if node.members().iter().all(|member| known(&member.key)) {
        Reading::Single(text)
    } else {
        Reading::JsonOnly
    }
}

fn can_hold(document: &Document, path: &Path) -> bool {
    let mut above = path.clone();
    while above.pop() {
        if let Some(node) = document.get(&above) {
            return matches!(node.value, Value::Object(_));
        }
    }
    false
}

/// The values of a list that holds scalars only.
fn scalars(node: &Node) -> Option<Vec<Arc<str>>> {
    let Value::Array(elements) = &node.value else { return None };
    elements.iter().map(Node::scalar).collect()
}

/// Names of the entries in the group at `path`, in the document's order. Entries that are not objects are left out: the
/// form cannot show them.
#[must_use]
pub fn entry_names(document: &Document, path: &Path) -> Vec<Arc<str>> {
    let Some(group) = document.get(path) else { return Vec::new() };
    let is_entry = |node: &Node| matches!(node.value, Value::Object(_));
    let members = group.members().iter();
    members.filter(|m| !m.key.starts_with("@@") && is_entry(&m.node)).map(|m| m.key.clone()).collect()
}

/// What the control on the node at `path` lets lower levels do, in words; `None` without a control.
#[must_use]
pub fn control_in_words(document: &Document, path: &Path) -> Option<String> {
    let control = document.get(path)?.get(CONTROL)?;
    let allowed = Operators::of_control(control);
    if allowed == Operators::ALL {
        return Some("lower levels may change everything".into());
    }
    let verbs: Vec<&str> = allowed.iter().map(operator_word).collect();
    Some(match verbs.as_slice() {
        [] => "locked for lower levels".into(),
        verbs => format!("lower levels may {}", verbs.join(" and ")),
    })
}

/// The operator without its signs: `assign`.
#[must_use]
pub fn operator_word(operator: Operator) -> &'static str {
    operator.key().trim_start_matches('@')
}

/// A name for a new entry that is not taken: `base`, else `base-2`, `base-3` …
#[must_use]
pub fn free_name(taken: &[Arc<str>], base: &str) -> String {
    let free = |name: &String| !taken.iter().any(|t| t.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|n| format!("{base}-{n}"));
    std::iter::once(base.to_owned()).chain(numbered).find(free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use policy::vocabulary;

    use super::*;

    const RULE: &str = "plans/p/rules/r";

    fn reading(rule: &str, key: &str) -> Reading {
        let text = format!(r#"{{"plans":{{"p":{{"rules":{{"r":{rule}}}}}}}}}"#);
        let path = Path::from(format!("{RULE}/{key}").as_str());
        read(&Document::parse(&text).unwrap(), &path, vocabulary::lookup(&path).unwrap())
    }

    #[test]
    fn a_number_is_read_as_it_is_spelled() {
        let rule = r#"{"lifecycle":{"delete_after_days":{"@@assign":35.0}}}"#;
        assert_eq!(reading(rule, "lifecycle/delete_after_days"), Reading::Single("35.0".into()));
    }

    #[test]
    fn what_the_form_would_change_by_showing_it_is_json_only() {
        let vault = "target_backup_vault_name";
        for json_only in [
            r#"{"target_backup_vault_name":"Default"}"#,
            r#"{"target_backup_vault_name":{"@@assign":["Default"]}}"#,
            r#"{"target_backup_vault_name":{"@@append":["Default"]}}"#,
            r#"{"target_backup_vault_name":{"@@assign":"Default","note":"mine"}}"#,
        ] {
            assert_eq!(reading(json_only, vault), Reading::JsonOnly, "{json_only}");
        }
        assert_eq!(reading(r#"{"lifecycle":7}"#, "lifecycle/delete_after_days"), Reading::JsonOnly);
        assert_eq!(reading("{}", "lifecycle/delete_after_days"), Reading::Absent);
    }

    #[test]
    fn a_list_shows_every_operator_in_the_order_written() {
        let text = r#"{"plans":{"p":{"regions":{"@@append":["eu-west-1"],"@@operators_allowed_for_child_policies":["@@append"],"@@remove":["us-east-1",2]}}}}"#;
        let (document, path) = (Document::parse(text).unwrap(), Path::from("plans/p/regions"));
        let row = vocabulary::lookup(&path).unwrap();
        let lists = vec![
            (Operator::Append, vec!["eu-west-1".into()]),
            (Operator::Remove, vec!["us-east-1".into(), "2".into()]),
        ];
        assert_eq!(read(&document, &path, row), Reading::Lists(lists));
        assert_eq!(control_in_words(&document, &path).unwrap(), "lower levels may append");
    }

    #[test]
    fn controls_and_broken_entries_are_no_entries() {
        let text = r#"{"plans":{"@@operators_allowed_for_child_policies":["@@none"],"b":{},"a":{},"c":4}}"#;
        let document = Document::parse(text).unwrap();
        assert_eq!(entry_names(&document, &Path::from("plans")), ["b".into(), "a".into()] as [Arc<str>; 2]);
        assert_eq!(control_in_words(&document, &Path::from("plans")).unwrap(), "locked for lower levels");
        assert_eq!(control_in_words(&document, &Path::from("plans/a")), None);
    }

    #[test]
    fn a_free_name_differs_from_the_taken_ones_by_more_than_case() {
        let taken: Vec<Arc<str>> = vec!["Rule".into(), "rule-2".into()];
        assert_eq!(free_name(&taken, "rule"), "rule-3");
        assert_eq!(free_name(&[], "rule"), "rule");
    }
}
