//! What new policies and new entries begin with.

use policy::{
    Document, Path,
    document::{Member, Node, Value},
};

/// A choice for a new policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Template {
    /// As in the address.
    pub key: &'static str,
    /// What the choice is called.
    pub title: &'static str,
    /// What one gets, in a sentence.
    pub help: &'static str,
    /// The document.
    pub content: &'static str,
}

/// The choices; the first is the usual one.
pub const TEMPLATES: [Template; 3] = [
    Template {
        key: "daily",
        title: "Daily, kept 35 days",
        help: "One plan: every night, for resources whose tag backup is daily.",
        content: include_str!("templates/daily.json"),
    },
    Template {
        key: "tiered",
        title: "Daily, and monthly for a year",
        help: "One plan with two rules: nightly for 35 days, and on the first of each month in cold storage.",
        content: include_str!("templates/tiered.json"),
    },
    Template { key: "empty", title: "Empty", help: "No plan yet.", content: "{\n  \"plans\": {}\n}" },
];

/// The choice that an address names; the first for anything else.
#[must_use]
pub fn template(key: &str) -> Template {
    let [usual, ..] = TEMPLATES;
    TEMPLATES.into_iter().find(|template| template.key == key).unwrap_or(usual)
}

/// What entries of a group begin with: the group's place in the table, the usual name, the entry. `NAME` stands for the
/// entry's name, `ROLE` and `VAULT` for what the document already uses.
const ENTRIES: [(&str, &str, &str); 9] = [
    (
        "plans",
        "daily",
        r#"{"regions":{"@@assign":["us-east-1"]},"rules":{"nightly":{"schedule_expression":{"@@assign":"cron(0 5 ? * * *)"},"target_backup_vault_name":{"@@assign":"VAULT"},"lifecycle":{"delete_after_days":{"@@assign":"35"}}}},"selections":{"tags":{"by-tag":{"iam_role_arn":{"@@assign":"ROLE"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["daily"]}}}}}"#,
    ),
    (
        "plans/*/rules",
        "rule",
        r#"{"schedule_expression":{"@@assign":"cron(0 5 ? * * *)"},"target_backup_vault_name":{"@@assign":"VAULT"},"lifecycle":{"delete_after_days":{"@@assign":"35"}}}"#,
    ),
    (
        "plans/*/selections/tags",
        "by-tag",
        r#"{"iam_role_arn":{"@@assign":"ROLE"},"tag_key":{"@@assign":"backup"},"tag_value":{"@@assign":["daily"]}}"#,
    ),
    (
        "plans/*/selections/resources",
        "by-type",
        r#"{"iam_role_arn":{"@@assign":"ROLE"},"resource_types":{"@@assign":["*"]}}"#,
    ),
    ("plans/*/rules/*/copy_actions", "", r#"{"target_backup_vault_arn":{"@@assign":"NAME"}}"#),
    (
        "plans/*/rules/*/recovery_point_tags",
        "",
        r#"{"tag_key":{"@@assign":"NAME"},"tag_value":{"@@assign":""}}"#,
    ),
    ("plans/*/backup_plan_tags", "", r#"{"tag_key":{"@@assign":"NAME"},"tag_value":{"@@assign":""}}"#),
    (CONDITIONS_OF_TAGS, "condition", CONDITION),
    (CONDITIONS_OF_RESOURCES, "condition", CONDITION),
];

const CONDITIONS_OF_TAGS: &str = "plans/*/selections/tags/*/conditions/*";
const CONDITIONS_OF_RESOURCES: &str = "plans/*/selections/resources/*/conditions/*";
const CONDITION: &str =
    r#"{"condition_key":{"@@assign":"aws:ResourceTag/backup"},"condition_value":{"@@assign":"daily"}}"#;

/// The name that new entries of a group have if it is free; empty where only the author can choose one.
#[must_use]
pub fn default_name(group: &Path) -> &'static str {
    usual(group).map_or("", |(_, name, _)| *name)
}

/// A new entry for the group at `group`, called `name`.
#[must_use]
pub fn new_entry(document: &Document, group: &Path, name: &str) -> Node {
    let text = usual(group).map_or("{}", |(.., text)| *text);
    let Ok(parsed) = Document::parse(text) else { return Node::object::<&str>([]) };
    let role = used(document.root(), "iam_role_arn").unwrap_or(ROLE);
    let vault = used(document.root(), "target_backup_vault_name").unwrap_or("Default");
    filled(parsed.root(), &[("NAME", name), ("ROLE", role), ("VAULT", vault)])
}

/// The role that AWS Backup itself makes in every account where somebody used its console.
const ROLE: &str = "arn:aws:iam::$account:role/service-role/AWSBackupDefaultServiceRole";

fn usual(group: &Path) -> Option<&'static (&'static str, &'static str, &'static str)> {
    ENTRIES.iter().find(|(place, ..)| is_at(group, place))
}

fn is_at(path: &Path, place: &str) -> bool {
    let places: Vec<&str> = place.split('/').collect();
    let keys = path.segments();
    places.len() == keys.len()
        && places.iter().zip(keys).all(|(place, key)| *place == "*" || **key == **place)
}

/// The first value that the document assigns to this key anywhere.
fn used<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.members().iter().find_map(|member| {
        let assigned = (&*member.key == key).then(|| member.node.get("@@assign")).flatten();
        match assigned.map(|node| &node.value) {
            Some(Value::String(text)) => Some(&**text),
            _ => used(&member.node, key),
        }
    })
}

fn filled(node: &Node, words: &[(&str, &str)]) -> Node {
    let value = match &node.value {
        Value::Object(members) => Value::Object(
            members.iter().map(|m| Member { node: filled(&m.node, words), ..m.clone() }).collect(),
        ),
        Value::Array(elements) => Value::Array(elements.iter().map(|e| filled(e, words)).collect()),
        Value::String(text) => {
            let word = words.iter().find(|(word, _)| **word == **text);
            Value::String(word.map_or_else(|| text.clone(), |(_, with)| (*with).into()))
        }
        other => other.clone(),
    };
    Node::new(value)
}

#[cfg(test)]
mod tests {
    use policy::{Problem, Severity, admission};
    use time::macros::datetime;

    use super::*;
    use crate::{
        check::check,
        edit::{FormEdit, apply},
    };

    fn problems(text: &str) -> Vec<Problem> {
        admission::check(&Document::parse(text).unwrap(), datetime!(2026-11-20 12:00 UTC))
    }

    #[test]
    fn aws_would_take_every_choice_as_it_stands_and_we_warn_of_nothing() {
        for template in TEMPLATES {
            let checked = check(template.content, datetime!(2026-11-20 12:00 UTC));
            // That vault and role must be there is worth a remark, and true of every policy.
            assert!(checked.problems.iter().all(|p| p.severity == Severity::Info), "{:?}", checked.problems);
        }
        assert_eq!(template("tiered").key, "tiered");
        assert_eq!(template("no such").key, TEMPLATES[0].key);
    }

    #[test]
    fn aws_would_take_every_new_entry_as_it_stands() {
        let mut text = TEMPLATES[2].content.to_owned();
        let vault = "arn:aws:backup:eu-west-1:$account:backup-vault:Copies";
        let rule = Path::from("plans/daily/rules/rule");
        for (group, name) in [
            (Path::from("plans"), "daily"),
            (Path::from("plans/daily/rules"), "rule"),
            (Path::from("plans/daily/selections/tags"), "more"),
            (Path::from("plans/daily/selections/resources"), "by-type"),
            (Path::from("plans/daily/selections/resources/by-type/conditions/string_like"), "condition"),
            (Path::from("plans/daily/selections/tags/more/conditions/string_equals"), "condition"),
            (Path::from("plans/daily/backup_plan_tags"), "cost"),
            (rule.join("recovery_point_tags"), "team/owner"),
            (rule.join("copy_actions"), vault),
        ] {
            assert!(usual(&group).is_some(), "{group}");
            text = apply(&text, &FormEdit::AddEntry { group: group.clone(), name: name.into() }).unwrap();
            assert_eq!(problems(&text), [], "{group}");
        }
    }

    #[test]
    fn a_new_entry_uses_the_role_and_the_vault_that_are_in_use() {
        let text = r#"{"plans":{"p":{"rules":{"r":{"target_backup_vault_name":{"@@assign":"Main"}}},"selections":{"tags":{"t":{"iam_role_arn":{"@@assign":"arn:aws-cn:iam::$account:role/Mine"}}}}}}}"#;
        let document = Document::parse(text).unwrap();
        let plan = Document::parse(
            &apply(text, &FormEdit::AddEntry { group: "plans".into(), name: "q".into() }).unwrap(),
        )
        .unwrap();
        let of = |path: &str| plan.get(&Path::from(path)).and_then(Node::scalar).unwrap();
        assert_eq!(&*of("plans/q/rules/nightly/target_backup_vault_name/@@assign"), "Main");
        assert_eq!(
            &*of("plans/q/selections/tags/by-tag/iam_role_arn/@@assign"),
            "arn:aws-cn:iam::$account:role/Mine"
        );
        assert_eq!(used(document.root(), "tag_key"), None);
    }
}
