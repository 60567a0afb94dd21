//! `holdfast policy effective`.

use std::fmt::Write;

use clap::Args;
use policy::document::{Document, Node};
use policy::merge::{Attached, Level, Merged, merge};
use policy::provenance::{Act, Fate, Trace, Who, traces};
use policy::source::NewKeys;
use policy::validate::{EffectiveError, validate};
use serde_json::json;
use time::OffsetDateTime;

use super::common::{CommandError, Common, Format, Input, Verdict, name, print, print_json, read};
use super::input::{Reader, list, only};

/// Arguments of `effective`. The input is `{"levels": [{"target": ..., "policies": [document, ...]}, ...]}`, root
/// first, policies in the order they were attached, oldest first.
#[derive(Debug, Args)]
pub struct EffectiveArgs {
    #[command(flatten)]
    input: Input,
    /// With JSON, also print where each value is from
    #[arg(long)]
    provenance: bool,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(args: &EffectiveArgs) -> Result<Verdict, CommandError> {
    let text = read(&args.input.file)?;
    let levels = levels(&text, args.common.now())
        .map_err(|message| CommandError::Input { name: name(&args.input.file), message })?;
    let merged = merge(&levels);
    let errors = validate(&merged, args.common.now());
    match args.common.format {
        Format::Text => print(&report(&merged, &errors)),
        Format::Json => print_json(&as_json(&merged, &errors, args.provenance)),
    }
    Ok(if errors.is_empty() { Verdict::Good } else { Verdict::Bad })
}

pub(super) fn as_json(merged: &Merged, errors: &[EffectiveError], provenance: bool) -> serde_json::Value {
    let policy = merged.to_json();
    let effective = if errors.is_empty() { policy.clone() } else { serde_json::Value::Null };
    let mut out = json!({ "merged": policy, "effective": effective, "errors": errors });
    if provenance && let Some(object) = out.as_object_mut() {
        object.insert("provenance".into(), json!(traces(merged)));
    }
    out
}

pub(super) fn levels(text: &str, now: OffsetDateTime) -> Result<Vec<Level>, String> {
    let document = Document::parse(text).map_err(|problems| {
        let first = problems.first().map(|p| format!("line {}, column {}: {}", p.line, p.column, p.message));
        first.unwrap_or_default()
    })?;
    only(document.root(), &["levels"])?;
    let levels = list(document.root(), "levels")?;
    // The result shows them: nothing is lost.
    let reader = Reader { text, new_keys: NewKeys::Kept, now };
    levels.iter().enumerate().map(|(at, node)| level(&reader, at, node)).collect()
}

fn level(reader: &Reader, at: usize, node: &Node) -> Result<Level, String> {
    only(node, &["target", "target_id", "policies"])?;
    let target =
        node.get("target").and_then(Node::scalar).unwrap_or_else(|| format!("level {}", at + 1).into());
    let attached = |(number, policy): (usize, &Node)| {
        let id = format!("policy {} of {target}", number + 1);
        Ok(Attached { fragment: reader.policy(&id, policy)?, id: id.into() })
    };
    let policies = list(node, "policies")?.iter().enumerate().map(attached).collect::<Result<_, String>>()?;
    Ok(Level { target, policies })
}

/// Every setting with its values and where they are from, then the verdict.
pub(super) fn report(merged: &Merged, errors: &[EffectiveError]) -> String {
    let mut out = String::new();
    for trace in traces(merged) {
        setting(&trace, &mut out);
    }
    for error in errors {
        let _ = writeln!(out, "error[{}]: {} at {}", error.code.code(), error.message, error.path);
    }
    out.push_str(match (errors.is_empty(), merged.is_empty()) {
        (false, _) => "invalid: AWS keeps the last valid effective policy\n",
        (true, true) => "valid: no backup plan applies\n",
        (true, false) => "valid\n",
    });
    out
}

fn setting(trace: &Trace, out: &mut String) {
    let _ = writeln!(out, "{}", trace.path);
    for value in &trace.values {
        let _ = writeln!(out, "    {}  ({} {})", value.value, value.operator, who(&value.who));
    }
    if trace.list && trace.values.is_empty() {
        out.push_str("    (empty list)\n");
    }
    for act in &trace.steps {
        if let Some(fate) = fate(act) {
            let _ = writeln!(
                out,
                "    - {} {} by {}: {fate}",
                act.operator,
                act.values.join(", "),
                who(&act.who)
            );
        }
    }
    for refused in &trace.refused {
        let (key, by) = (&refused.key, who(&refused.by));
        let _ = writeln!(out, "    - {key} of {}: not added, {by} forbids it", who(&refused.who));
    }
}

/// What to say of a step that left no trace in the value.
fn fate(act: &Act) -> Option<String> {
    let by = act.by.as_ref().map(who).unwrap_or_default();
    match act.fate {
        Fate::Stands => None,
        Fate::Overridden => Some("overridden further down".into()),
        Fate::NoChange => Some("nothing to do".into()),
        Fate::Outranked => Some(format!("ignored, {by} was attached earlier")),
        Fate::Forbidden => Some(format!("skipped, {by} forbids it")),
    }
}

/// The policy's name says its target already.
fn who(who: &Who) -> &str {
    &who.policy
}
