//! `holdfast policy simulate`.

use std::fmt::Write;
use std::sync::Arc;

use clap::Args;
use policy::document::{Document, Node, Value};
use policy::simulate::{self, Action, Group, NodeKind, Organization};
use policy::source::NewKeys;
use serde_json::json;
use time::OffsetDateTime;

use super::changes::{FailOn, lines};
use super::common::{CommandError, Common, Format, Input, Verdict, name, print, print_json, read_document};
use super::input::{Reader, at, list, object, only, text};

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
    let groups = simulated(&document, args.common.now()).map_err(input)?;
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

fn simulated(document: &Document, now: OffsetDateTime) -> Result<Vec<Group>, String> {
    let (root, reader) = (document.root(), Reader { text: document.text(), new_keys: NewKeys::Refused, now });
    only(root, &["organization", "policies", "attachments", "change"])?;
    let organization = organization(&reader, root)?;
    let actions = actions(&reader, root)?;
    simulate::simulate(&organization, &actions, now).map_err(|error| error.to_string())
}

fn organization(reader: &Reader, root: &Node) -> Result<Organization, String> {
    let nodes = list(root, "organization")?.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    let policies = object(root, "policies")?.members().iter().map(|member| {
        Ok((member.key.clone(), reader.policy(&format!("policy {}", member.key), &member.node)?))
    });
    let policies = policies.collect::<Result<Vec<_>, String>>()?;
    let attachments = object(root, "attachments")?.members().iter();
    let attachments = attachments.map(|member| Ok((member.key.clone(), attached(&member.node)?)));
    let attachments = attachments.collect::<Result<Vec<_>, String>>()?;
    Organization::new(nodes, policies, attachments).map_err(|error| error.to_string())
}

/// The ids of the policies that are attached to one target.
fn attached(node: &Node) -> Result<Vec<Arc<str>>, String> {
    let ids = || node.elements().iter().map(Node::scalar).collect::<Option<Vec<_>>>();
    let ids = if matches!(node.value, Value::Array(_)) { ids() } else { None };
    ids.ok_or_else(|| at(node, "a list of policy ids was expected"))
}

fn place(node: &Node) -> Result<simulate::Node, String> {
    only(node, &["id", "parent", "kind"])?;
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
fn actions(reader: &Reader, root: &Node) -> Result<Vec<Action>, String> {
    match root.get("change") {
        Some(Node { value: Value::Array(changes), .. }) => {
            changes.iter().map(|change| action(reader, change)).collect()
        }
        Some(change) => Ok(vec![action(reader, change)?]),
        None => Err(at(root, "a \"change\" was expected in this object")),
    }
}

fn action(reader: &Reader, node: &Node) -> Result<Action, String> {
    let keys = |further: &[&str]| only(node, &[&["action"], further].concat());
    let policy = || text(node, "policy");
    match &*text(node, "action")? {
        "attach" => {
            keys(&["policy", "target"])?;
            Ok(Action::Attach { policy: policy()?, target: text(node, "target")? })
        }
        "detach" => {
            keys(&["policy", "target"])?;
            Ok(Action::Detach { policy: policy()?, target: text(node, "target")? })
        }
        "edit" => {
            keys(&["policy", "document"])?;
            let document =
                node.get("document").ok_or_else(|| at(node, "a \"document\" was expected in this object"))?;
            let policy = policy()?;
            let content = reader.policy(&format!("the document of {policy}"), document)?;
            Ok(Action::Edit { policy, content })
        }
        "delete" => {
            keys(&["policy"])?;
            Ok(Action::Delete { policy: policy()? })
        }
        "move" => {
            keys(&["node", "parent"])?;
            Ok(Action::Move { node: text(node, "node")?, parent: text(node, "parent")? })
        }
        other => Err(at(node, &format!("{other} is no action; use attach, detach, edit, delete or move"))),
    }
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
        super::simulated(&document, datetime!(2026-11-20 12:00 UTC)).map(|groups| report(&groups))
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
