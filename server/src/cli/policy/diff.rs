//! `holdfast policy diff`.

use std::path::{Path, PathBuf};

use clap::Args;
use policy::diff::{Change, Effect, diff_documents, diff_effective};
use policy::document::{Document, Node};
use serde_json::json;
use time::OffsetDateTime;

use super::changes::{FailOn, count, lines, summary};
use super::common::{CommandError, Common, Format, Verdict, name, print, print_json, read_document};

/// Arguments of `diff`. Files without any operator are read as effective policies, others as policy documents.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The policy as it was, or - for standard input
    before: PathBuf,
    /// The policy as it is to be, or - for standard input
    after: PathBuf,
    /// End with exit status 1 on such changes
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(args: &DiffArgs) -> Result<Verdict, CommandError> {
    if args.before == Path::new("-") && args.after == Path::new("-") {
        let message = "only one of the two policies can come from it".to_owned();
        return Err(CommandError::Input { name: name(&args.before), message });
    }
    let (before, after) = (read_document(&args.before)?, read_document(&args.after)?);
    let changes = changes(&before, &after, args.common.now());
    match args.common.format {
        Format::Text => print(&report(&changes)),
        Format::Json => print_json(&json!({
            "changes": changes,
            "weakens": count(&changes, Effect::Weakens),
            "neutral": count(&changes, Effect::Neutral),
            "strengthens": count(&changes, Effect::Strengthens),
        })),
    }
    Ok(FailOn::verdict(args.fail_on, changes.iter()))
}

fn changes(before: &Document, after: &Document, now: OffsetDateTime) -> Vec<Change> {
    if has_operators(before.root()) || has_operators(after.root()) {
        return diff_documents(before, after, now);
    }
    let json = |document: &Document| serde_json::from_str(document.text()).unwrap_or_default();
    diff_effective(&json(before), &json(after), now)
}

pub(super) fn has_operators(node: &Node) -> bool {
    node.members().iter().any(|member| member.key.starts_with("@@") || has_operators(&member.node))
}

fn report(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "no changes\n".to_owned();
    }
    format!("{}{}\n", lines(changes, ""), summary(changes))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn changed(before: &str, after: &str) -> Vec<Change> {
        let document = |text| Document::parse(text).unwrap();
        changes(&document(before), &document(after), datetime!(2026-11-20 12:00 UTC))
    }

    #[test]
    fn documents_and_effective_policies_are_told_apart_by_their_operators() {
        let effective =
            changed(r#"{"plans":{"a":{"regions":["x"]}}}"#, r#"{"plans":{"a":{"regions":["x","y"]}}}"#);
        let document = changed(
            r#"{"plans":{"a":{"regions":{"@@assign":["x"]}}}}"#,
            r#"{"plans":{"a":{"regions":{"@@assign":["x","y"]}}}}"#,
        );
        assert_eq!(effective, document);
        assert_eq!(effective.len(), 1);
    }

    #[test]
    fn an_emptied_document_loses_its_plans() {
        let found = changed(r#"{"plans":{"a":{"regions":{"@@assign":["x"]}}}}"#, r#"{"plans":{}}"#);
        assert_eq!(
            report(&found),
            "weakens     Plan “a” is lost.\n            at plans/a\n1 change: 1 weakens, 0 neutral, 0 strengthens\n"
        );
        assert_eq!(FailOn::verdict(Some(FailOn::Weakens), found.iter()), Verdict::Bad);
        assert_eq!(FailOn::verdict(None, found.iter()), Verdict::Good);
    }

    #[test]
    fn what_strengthens_fails_only_where_every_change_does() {
        let found = changed(r#"{"plans":{}}"#, r#"{"plans":{"a":{"regions":{"@@assign":["x"]}}}}"#);
        assert_eq!(FailOn::verdict(Some(FailOn::Weakens), found.iter()), Verdict::Good);
        assert_eq!(FailOn::verdict(Some(FailOn::Changes), found.iter()), Verdict::Bad);
    }

    #[test]
    fn equal_policies_are_said_to_be_equal() {
        assert_eq!(report(&changed(r#"{"plans":{}}"#, r#"{ "plans": {} }"#)), "no changes\n");
    }
}
