//! Advice on what AWS accepts and people regret (the traps of spec 7 that can be seen in a policy).
//!
//! Every piece of advice has a code that does not change, so that it can be looked up and suppressed. All of them
//! stand in one table, [`LINTS`].

mod copies;
mod findings;
mod fragment;
pub mod page;
mod rules;
mod schedules;
mod selections;
mod spelling;
mod table;

use std::sync::Arc;

use time::OffsetDateTime;

use crate::document::{Document, Member, Node, Span};
use crate::fragment::Fragment;
use crate::merge::{Attached, Level, Merged, merge};
use crate::path::Path;
use crate::problem::Problem;
use crate::vocabulary::TABLE;
use findings::Findings;

pub use findings::Finding;
pub use table::{LINTS, Lint, lint_of};

/// A document longer than this, ten times what AWS stores, gets no advice: nobody can save it, and whoever sends one
/// must not keep a server or a browser busy.
pub const MOST_CHARACTERS: usize = 10 * crate::admission::MAX_CHARACTERS;

/// Advice on a document, in the order of its text, without what is `suppressed` by code.
///
/// A document may leave settings to other policies, so what is missing in it is no subject here; see
/// [`lint_merged`]. Nothing is said of a document longer than [`MOST_CHARACTERS`].
#[must_use]
pub fn lint(document: &Document, now: OffsetDateTime, suppressed: &[&str]) -> Vec<Problem> {
    if document.characters() > MOST_CHARACTERS {
        return Vec::new();
    }
    let alone = Attached { id: "".into(), fragment: Fragment::of(document).into() };
    let merged = merge(&[Level { target: "".into(), policies: vec![alone] }]);
    let mut findings = Findings::new(now, false);
    fragment::check(document, &mut findings);
    spelling::check(&TABLE, document.root(), &mut Path::root(), &mut findings);
    settings(&merged, &mut findings);
    let found = findings.without(suppressed).into_iter().map(|finding| {
        let span = place(document, &finding.keys);
        Problem::new(finding.severity, finding.code, &finding.keys, span, finding.message, finding.help)
    });
    let mut problems: Vec<Problem> = found.collect();
    problems.sort_by(|a, b| (a.line, a.column, &a.code).cmp(&(b.line, b.column, &b.code)));
    problems
}

/// Advice on what applies to an account, by path, without what is `suppressed` by code.
#[must_use]
pub fn lint_merged(merged: &Merged, now: OffsetDateTime, suppressed: &[&str]) -> Vec<Finding> {
    let mut findings = Findings::new(now, true);
    settings(merged, &mut findings);
    let mut found = findings.without(suppressed);
    found.sort_by(|a, b| (&a.path, &a.code).cmp(&(&b.path, &b.code)));
    found
}

/// What can be told from the settings, whether one policy made them or many.
fn settings(merged: &Merged, findings: &mut Findings) {
    let Some(plans) = merged.root().child("plans") else { return };
    let path = Path::of(["plans"]);
    findings.names(&path, plans);
    for (name, plan) in plans.remaining() {
        let path = path.join(name.clone());
        rules::check(&path, plan, findings);
        schedules::check(&path, plan, findings);
        copies::check(&path, plan, findings);
        selections::check(&path, plan, findings);
    }
}

/// Where to point: at the value where it is assigned, else at the key.
fn place(document: &Document, path: &Path) -> Span {
    let Some(member) = member_at(document.root(), path.segments()) else { return document.root().span };
    let assigned = member.node.spelled("@@assign").map(|assign| &assign.node);
    assigned.filter(|value| value.scalar().is_some()).map_or(member.key_span, |value| value.span)
}

/// The member at a path of the merged policy, whose keys are spelled as usual.
fn member_at<'a>(node: &'a Node, path: &[Arc<str>]) -> Option<&'a Member> {
    let (key, below) = path.split_first()?;
    let member = node.spelled(key)?;
    if below.is_empty() { Some(member) } else { member_at(&member.node, below) }
}

#[cfg(test)]
mod tests;
