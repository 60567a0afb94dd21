//! The page docs/policy-advice.md, written from the table.

use std::fmt::Write;

use super::LINTS;
use crate::problem::Severity;

const HEAD: &str = "# Advice on backup policies

What AWS accepts and people regret. `holdfast policy lint`, the editor and the account pages give this advice beside what AWS
would refuse; it never keeps a policy from being saved. Each piece has a code that does not change:
`holdfast policy lint --suppress HF011` leaves it out, `--explain HF011` tells this page's words on it.

This page is written from the table in `crates/policy/src/lint/table.rs`; after a change there, renew it by
`UPDATE_DOCS=1 cargo test -p policy --test reference_page`.
";

/// The page as it should stand in docs/.
#[must_use]
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    for lint in &LINTS {
        let severity = if lint.severity == Severity::Warning { "warning" } else { "note" };
        let _ = write!(
            page,
            "\n## {}: {}\n\n*{severity}.* {}\n\n**What to do:** {}.\n",
            lint.code, lint.title, lint.explanation, lint.fix
        );
    }
    page
}
