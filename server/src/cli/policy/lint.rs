//! `holdfast policy lint`.

use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use clap::Args;
use policy::document::Document;
use policy::problem::{Problem, Severity};
use serde_json::json;

use super::{CommandError, Common, Format, Verdict, name, print, print_json, read};

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Policy documents, or - for standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(args: &LintArgs) -> Result<Verdict, CommandError> {
    let mut verdict = Verdict::Good;
    for file in &args.files {
        let text = read(file)?;
        let problems = problems(&text, &args.common);
        if problems.iter().any(Problem::is_error) {
            verdict = Verdict::Bad;
        }
        match args.common.format {
            Format::Text => print(&report(&name(file), &text, &problems)),
            Format::Json => print_json(&json!({
                "file": name(file),
                "accepted": !problems.iter().any(Problem::is_error),
                "problems": problems,
            })),
        }
    }
    Ok(verdict)
}

pub(super) fn problems(text: &str, common: &Common) -> Vec<Problem> {
    match Document::parse(text) {
        Ok(document) => policy::admission::check(&document, common.now()),
        Err(problems) => problems,
    }
}

/// Every problem with its line and a marker, as compilers do, then the verdict.
pub(super) fn report(file: &str, text: &str, problems: &[Problem]) -> String {
    let starts = line_starts(text);
    let renderer = Renderer::plain();
    let mut out = String::new();
    for problem in problems {
        out.push_str(&renderer.render(&[group(file, text, &starts, problem)]));
        out.push_str("\n\n");
    }
    let errors = problems.iter().filter(|problem| problem.is_error()).count();
    let warnings = problems.len() - errors;
    let verdict = if errors == 0 { "accepted" } else { "refused" };
    let count = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
    out + &format!("{file}: {verdict}, {}, {}\n", count(errors, "error"), count(warnings, "warning"))
}

fn group<'a>(file: &'a str, text: &'a str, starts: &[usize], problem: &'a Problem) -> Group<'a> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let (start, end) = bytes(text, starts, problem);
    let mark = AnnotationKind::Primary.span(start..end);
    let group = level
        .primary_title(problem.message.as_str())
        .id(problem.code.as_ref())
        .element(Snippet::source(text).path(file).annotation(mark));
    let group = if problem.path.is_empty() {
        group
    } else {
        group.element(Level::NOTE.message(format!("at {}", problem.path)))
    };
    group.element(Level::HELP.message(problem.help.as_str()))
}

/// The byte range a problem marks.
fn bytes(text: &str, starts: &[usize], problem: &Problem) -> (usize, usize) {
    let line = starts.get(problem.line.saturating_sub(1) as usize).copied().unwrap_or(0);
    let after = |from: usize, characters: u32| {
        let rest = text.get(from..).unwrap_or_default();
        let skipped = rest.char_indices().nth(characters as usize);
        from + skipped.map_or(rest.len(), |(at, _)| at)
    };
    let start = after(line, problem.column.saturating_sub(1));
    (start, after(start, problem.length))
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}
