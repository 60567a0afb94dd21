//! `holdfast policy diff`.

use std::path::{Path, PathBuf};

use clap::Args;
use policy::diff::{Change, Effect, diff_documents, diff_effective};
use policy::source::{Kind, Source};
use serde_json::json;
use time::OffsetDateTime;

use super::changes::{FailOn, count, lines, summary};
use super::common::{CommandError, Common, Format, Verdict, name, print, print_json, read_policy};

/// Arguments of `diff`: two policy documents, two effective policies, or what AWS answers with them.
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
    let now = args.common.now();
    let (before, after) = (read_policy(&args.before, now)?, read_policy(&args.after, now)?);
    let changes = changes(&before, &after, now)
        .map_err(|message| CommandError::Input { name: name(&args.after), message })?;
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

fn changes(before: &Source, after: &Source, now: OffsetDateTime) -> Result<Vec<Change>, String> {
    if !before.kind.fits(after.kind) {
        let (before, after) = (kind(before), kind(after));
        return Err(format!("this is {after} and the policy before is {before}; the two cannot be compared"));
    }
    if before.kind == Kind::Document || after.kind == Kind::Document {
        return Ok(diff_documents(&before.document, &after.document, now));
    }
    let json = |source: &Source| {
        serde_json::from_str(source.document.text()).map_err(|error| format!("it cannot be read: {error}"))
    };
    Ok(diff_effective(&json(before)?, &json(after)?, now))
}

fn kind(source: &Source) -> &'static str {
    if source.kind == Kind::Effective { "an effective policy" } else { "a policy document" }
}

fn report(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "no changes\n".to_owned();
    }
    format!("{}{}\n", lines(changes, ""), summary(changes))
}

#[cfg(test)]
mod tests {
    use policy::Document;
    use time::macros::datetime;

    use super::*;

    fn compared(before: &str, after: &str) -> Result<Vec<Change>, String> {
        let source = |text| policy::source::read(&Document::parse(text).unwrap()).unwrap();
        changes(&source(before), &source(after), datetime!(2026-11-20 12:00 UTC))
    }

    fn changed(before: &str, after: &str) -> Vec<Change> {
        compared(before, after).unwrap()
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

    #[test]
    fn a_document_and_an_effective_policy_are_not_compared() {
        let document = r#"{"plans":{"a":{"regions":{"@@assign":["x"]}}}}"#;
        let effective = r#"{"plans":{"a":{"regions":["x"]}}}"#;
        assert_eq!(
            compared(document, effective).unwrap_err(),
            "this is an effective policy and the policy before is a policy document; the two cannot be compared"
        );
        assert!(compared(effective, document).is_err());
        assert!(compared(document, "{}").is_err());
        assert_eq!(changed(effective, "{}").len(), 1);
    }
}
