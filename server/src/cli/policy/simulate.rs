//! `holdfast policy simulate`.

use std::fmt::Write;
use std::sync::Arc;

use clap::Args;
use policy::document::{Node, Value};
use policy::fragment::Fragment;
use policy::simulate::{self, Action, Group, NodeKind, Organization};
use serde_json::json;

use super::changes::{FailOn, lines};
use super::common::{CommandError, Common, Format, Input, Verdict, name, print, print_json, read_document};

/// How many account ids of a group are shown as text.
const SHOWN_ACCOUNTS: usize = 8;

/// Arguments of `simulate`. docs/policy-cli.md describes the input.
#[derive(Debug, Args)]
pub struct SimulateArgs {
    #[command(flatten)]
    input: Input,
    /// End with exit status 1 on such changes, as on effective policies that become invalid
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(args: &SimulateArgs) -> Result<Verdict, CommandError> {
    let input = |message| CommandError::Input { name: name(&args.input.file), message };
    let document = read_document(&args.input.file)?;
    let organization = organization(document.root()).map_err(input)?;
    let actions = actions(document.root()).map_err(input)?;
    let groups = simulate::simulate(&organization, &actions, args.common.now())
        .map_err(|error| input(error.to_string()))?;
    match args.common.format {
        Format::Text => print(&report(&groups)),
        Format::Json => print_json(&json!({
            "accounts_changed": groups.iter().map(|group| group.accounts.len()).sum::<usize>(),
            "groups": groups,
        })),
    }
    let changes = groups.iter().flat_map(|group| &group.changes);
    Ok(if groups.iter().any(becomes_invalid) { Verdict::Bad } else { FailOn::verdict(args.fail_on, changes) })
}

fn becomes_invalid(group: &Group) -> bool {
    group.errors_before.is_empty() && !group.errors_after.is_empty()
}

fn organization(root: &Node) -> Result<Organization, String> {
    let nodes = list(root, "organization")?.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let policies = object(root, "policies")?.get("policies").map(Node::members).unwrap_or_default();
    let policies =
        policies.iter().map(|member| (member.key.clone(), Arc::new(Fragment::of_node(&member.node))));
    let attachments = object(root, "attachments")?.get("attachments").map(Node::members).unwrap_or_default();
    let attachments = attachments.iter().map(|member| {
        let policies = member.node.elements().iter().filter_map(Node::scalar).collect();
        match member.node.value {
            Value::Array(_) => Ok((member.key.clone(), policies)),
            _ => Err(at(&member.node, "a list of policy ids was expected")),
        }
    });
    let attachments = attachments.collect::<Result<Vec<_>, _>>()?;
    Organization::new(nodes, policies, attachments).map_err(|error| error.to_string())
}

fn place(node: &Node) -> Result<simulate::Node, String> {
    let kind = match &*text(node, "kind")? {
        "root" => NodeKind::Root,
        "ou" => NodeKind::Ou,
        "account" => NodeKind::Account,
        _ => return Err(at(node, "kind is root, ou or account")),
    };
    let parent = node.get("parent").filter(|parent| parent.value != Value::Null);
    Ok(simulate::Node { id: text(node, "id")?, parent: parent.and_then(Node::scalar), kind })
}

/// The change, or the changes one after the other.
fn actions(root: &Node) -> Result<Vec<Action>, String> {
    match root.get("change") {
        Some(Node { value: Value::Array(changes), .. }) => changes.iter().map(action).collect(),
        Some(change) => Ok(vec![action(change)?]),
        None => Err(at(root, "a \"change\" was expected in this object")),
    }
}

fn action(node: &Node) -> Result<Action, String> {
    let policy = || text(node, "policy");
    match &*text(node, "action")? {
        "attach" => Ok(Action::Attach { policy: policy()?, target: text(node, "target")? }),
        "detach" => Ok(Action::Detach { policy: policy()?, target: text(node, "target")? }),
        "edit" => {
            let document =
                node.get("document").ok_or_else(|| at(node, "a \"document\" was expected in this object"))?;
            Ok(Action::Edit { policy: policy()?, content: Arc::new(Fragment::of_node(document)) })
        }
        "delete" => Ok(Action::Delete { policy: policy()? }),
        "move" => Ok(Action::Move { node: text(node, "node")?, parent: text(node, "parent")? }),
        other => Err(at(node, &format!("{other} is no action; use attach, detach, edit, delete or move"))),
    }
}

fn text(node: &Node, key: &str) -> Result<Arc<str>, String> {
    node.get(key)
        .and_then(Node::scalar)
        .ok_or_else(|| at(node, &format!("a text \"{key}\" was expected in this object")))
}

fn list<'a>(node: &'a Node, key: &str) -> Result<&'a [Node], String> {
    match node.get(key).map(|node| &node.value) {
        Some(Value::Array(elements)) => Ok(elements),
        _ => Err(at(node, &format!("a list \"{key}\" was expected in this object"))),
    }
}

/// The node itself, if what is at `key` is an object.
fn object<'a>(node: &'a Node, key: &str) -> Result<&'a Node, String> {
    match node.get(key).map(|node| &node.value) {
        Some(Value::Object(_)) => Ok(node),
        _ => Err(at(node, &format!("an object \"{key}\" was expected in this object"))),
    }
}

fn at(node: &Node, message: &str) -> String {
    format!("line {}: {message}", node.span.line)
}

fn report(groups: &[Group]) -> String {
    if groups.is_empty() {
        return "no account's effective policy changes\n".to_owned();
    }
    let mut out = String::new();
    for group in groups {
        let shown =
            group.accounts.iter().take(SHOWN_ACCOUNTS).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = match group.accounts.len().saturating_sub(SHOWN_ACCOUNTS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let plural = if group.accounts.len() == 1 { "" } else { "s" };
        let _ = writeln!(out, "{} account{plural}: {shown}{more}", group.accounts.len());
        out.push_str(&lines(&group.changes, "    "));
        for error in &group.errors_after {
            let _ = writeln!(out, "    error[{}]: {} at {}", error.code.code(), error.message, error.path);
        }
        out.push_str(match (group.errors_before.is_empty(), group.errors_after.is_empty()) {
            (true, false) => "    becomes invalid: AWS keeps the last valid effective policy\n",
            (false, false) => "    stays invalid: AWS keeps the last valid effective policy\n",
            (false, true) => "    becomes valid\n",
            (true, true) => "",
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use policy::Document;
    use time::macros::datetime;

    use super::*;

    fn simulated(change: &serde_json::Value) -> Result<String, String> {
        let input = json!({
            "organization": [
                {"id": "r-1", "kind": "root"},
                {"id": "ou-1", "parent": "r-1", "kind": "ou"},
                {"id": "111122223333", "parent": "ou-1", "kind": "account"},
            ],
            "policies": {
                "p-base": {"plans": {"daily": {"regions": {"@@assign": ["eu-west-1"]}}}},
                "p-more": {"plans": {"daily": {"regions": {"@@append": ["us-east-1"]}}}},
            },
            "attachments": {"r-1": ["p-base"]},
            "change": change,
        });
        let document = Document::parse(&input.to_string()).unwrap();
        let actions = actions(document.root())?;
        let groups =
            simulate::simulate(&organization(document.root())?, &actions, datetime!(2026-11-20 12:00 UTC));
        groups.map(|groups| report(&groups)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_change_is_told_by_the_accounts_it_reaches() {
        let told = simulated(&json!({"action": "attach", "policy": "p-more", "target": "ou-1"})).unwrap();
        assert!(
            told.starts_with(
                "1 account: 111122223333\n    strengthens Plan “daily” also runs in Region us-east-1.\n"
            ),
            "{told}"
        );
        assert!(told.ends_with("    stays invalid: AWS keeps the last valid effective policy\n"), "{told}");
    }

    #[test]
    fn several_changes_are_made_one_after_the_other() {
        let edit = json!({"action": "edit", "policy": "p-more", "document": {"plans": {}}});
        let attach = json!({"action": "attach", "policy": "p-more", "target": "ou-1"});
        assert_eq!(simulated(&json!([edit, attach])).unwrap(), "no account's effective policy changes\n");
    }

    #[test]
    fn every_action_is_read() {
        for change in [
            json!({"action": "detach", "policy": "p-base", "target": "r-1"}),
            json!({"action": "delete", "policy": "p-base"}),
            json!({"action": "move", "node": "111122223333", "parent": "r-1"}),
        ] {
            simulated(&change).unwrap();
        }
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let unknown = json!({"action": "attach", "policy": "p-no", "target": "ou-1"});
        assert_eq!(simulated(&unknown).unwrap_err(), "there is no policy p-no");
        let nonsense = json!({"action": "explode"});
        assert_eq!(
            simulated(&nonsense).unwrap_err(),
            "line 1: explode is no action; use attach, detach, edit, delete or move"
        );
        let halved = json!({"action": "attach", "policy": "p-more"});
        assert_eq!(simulated(&halved).unwrap_err(), "line 1: a text \"target\" was expected in this object");
    }
}
