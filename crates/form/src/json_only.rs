//! What stands in a document that the form does not show: it is listed, and can be edited as JSON only.

use policy::{
    Document, Path,
    document::{Member, Node, Value},
    operator::{CONTROL, Operator},
    vocabulary::{Key, TABLE},
};

use crate::reading::{self, Reading};

/// A part of the document that the form does not show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonOnlyPart {
    /// Where it stands, its own key included; as people read it.
    pub path: String,
    /// Line of its key, counted from 1.
    pub line: u32,
    /// Column of its key, counted from 1.
    pub column: u32,
    /// What it is.
    pub what: String,
    /// Its value without white space, cut where it is long.
    pub value: String,
}

/// Characters of a value that are shown.
const SHOWN: usize = 80;

/// Everything that the form does not show, from top to bottom.
#[must_use]
pub fn json_only_parts(document: &Document) -> Vec<JsonOnlyPart> {
    let mut walk = Walk { document, found: Vec::new() };
    walk.object(&TABLE, document.root(), &Path::root());
    walk.found.sort_by_key(|part| (part.line, part.column));
    walk.found
}

struct Walk<'a> {
    document: &'a Document,
    found: Vec<JsonOnlyPart>,
}

impl Walk<'_> {
    fn object(&mut self, row: &'static Key, node: &Node, path: &Path) {
        for member in node.members() {
            let at = path.join(member.key.clone());
            if member.key.starts_with("@@") {
                self.note(member, &at, self.operator(member, path));
                continue;
            }
            match row.row(&member.key) {
                None => self.note(member, &at, "A key that this version does not know".into()),
                Some(below) if below.is_setting() => self.setting(below, member, &at),
                Some(below) if matches!(member.node.value, Value::Object(_)) => {
                    self.object(below, &member.node, &at)
                }
                Some(below) => self.note(member, &at, format!("{} in a form that is not shown", below.title)),
            }
        }
    }

    fn setting(&mut self, row: &'static Key, member: &Member, at: &Path) {
        if reading::read(self.document, at, row) == Reading::JsonOnly {
            return self.note(
                member,
                at,
                format!("{}, written in a way that the form does not show", row.title),
            );
        }
        if let Some(control) = member.node.member(CONTROL) {
            let below = at.join(CONTROL);
            self.note(control, &below, self.operator(control, at));
        }
    }

    fn operator(&self, member: &Member, holder: &Path) -> String {
        match reading::control_in_words(self.document, holder) {
            Some(words) if &*member.key == CONTROL => format!("A control: {words}"),
            _ if Operator::of_key(&member.key).is_some() => "An operator that has no effect here".into(),
            _ => "An operator that this version does not know".into(),
        }
    }

    fn note(&mut self, member: &Member, at: &Path, what: String) {
        let Some(found) = self.document.member(at) else { return };
        let span = found.key_span;
        let value = cut(&printed(&member.node));
        self.found.push(JsonOnlyPart {
            path: at.to_string(),
            line: span.line,
            column: span.column,
            what,
            value,
        });
    }
}

fn printed(node: &Node) -> String {
    match &node.value {
        Value::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|m| format!("{:?}: {}", &*m.key, printed(&m.node))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(printed).collect::<Vec<_>>().join(", "))
        }
        Value::String(text) => format!("{:?}", &**text),
        _ => node.scalar().map(|text| text.to_string()).unwrap_or_default(),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> Vec<(String, u32, String)> {
        let found = json_only_parts(&Document::parse(text).unwrap());
        found.into_iter().map(|a| (a.path, a.line, a.what)).collect()
    }

    #[test]
    fn what_the_form_shows_is_not_listed() {
        for template in crate::templates::TEMPLATES {
            assert_eq!(listed(template.content), [], "{}", template.key);
        }
    }

    #[test]
    fn controls_unknown_keys_and_odd_settings_are_listed_with_their_lines() {
        let text = r#"{
  "@@assign": "stray",
  "plans": {
    "@@operators_allowed_for_child_policies": ["@@none"],
    "p": {
      "new_key": 1,
      "regions": {"@@assign": ["eu-west-1"],
        "@@operators_allowed_for_child_policies": ["@@append", "@@remove"]},
      "rules": {"r": {"target_backup_vault_name": "Main"}}
    }
  }
}"#;
        let found = listed(text);
        let paths: Vec<(&str, u32)> = found.iter().map(|(path, line, _)| (path.as_str(), *line)).collect();
        assert_eq!(
            paths,
            [
                ("@@assign", 2),
                ("plans/@@operators_allowed_for_child_policies", 4),
                ("plans/p/new_key", 6),
                ("plans/p/regions/@@operators_allowed_for_child_policies", 8),
                ("plans/p/rules/r/target_backup_vault_name", 9),
            ]
        );
        assert_eq!(found[1].2, "A control: locked for lower levels");
        assert_eq!(found[3].2, "A control: lower levels may append and remove");
    }

    #[test]
    fn a_long_value_is_cut() {
        let text = format!(r#"{{"plans":{{}},"note":"{}"}}"#, "é".repeat(200));
        let found = json_only_parts(&Document::parse(&text).unwrap());
        assert!(found[0].value.ends_with('…'));
        assert_eq!(found[0].value.chars().count(), SHOWN + 1);
    }
}
