//! `holdfast policy lint`.

use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use clap::Args;
use policy::document::{Document, Span};
use policy::lint::{LINTS, Lint, lint_of};
use policy::path::Path;
use policy::problem::{Problem, Severity};
use policy::source::{self, Kind};
use serde_json::json;

use super::common::{CommandError, Common, Format, Verdict, name, print, print_json, read};

/// A line of more bytes is not shown, only where in it the problem is: no policy that AWS takes has one much longer, and
/// showing it for each of its problems would take minutes.
const LONGEST_LINE_SHOWN: usize = 20_000;

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Policy documents, or - for standard input
    #[arg(required_unless_present = "explain")]
    files: Vec<PathBuf>,
    /// Leave out advice with this code, such as HF011; may be given several times
    #[arg(long, visible_alias = "allow", value_name = "CODE", value_parser = advice)]
    suppress: Vec<&'static Lint>,
    /// Explain advice by its code and do nothing else
    #[arg(long, value_name = "CODE", value_parser = advice, conflicts_with = "files")]
    explain: Option<&'static Lint>,
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(args: &LintArgs) -> Result<Verdict, CommandError> {
    if let Some(lint) = args.explain {
        print(&explanation(lint));
        return Ok(Verdict::Good);
    }
    let suppressed: Vec<&str> = args.suppress.iter().map(|lint| lint.code).collect();
    let mut verdict = Verdict::Good;
    for file in &args.files {
        let Linted { within, text, problems } = linted(read(file)?, &suppressed, &args.common);
        if problems.iter().any(Problem::is_error) {
            verdict = Verdict::Bad;
        }
        let place = within.as_ref().map_or_else(|| name(file), |within| format!("{} ({within})", name(file)));
        match args.common.format {
            Format::Text => print(&report(&place, &text, &problems)),
            Format::Json => print_json(&json!({
                "file": name(file),
                "within": within,
                "accepted": !problems.iter().any(Problem::is_error),
                "problems": problems,
            })),
        }
    }
    Ok(verdict)
}

/// What was found in a file.
pub(super) struct Linted {
    /// Where in the file the policy was, if the file holds an answer of AWS.
    pub within: Option<String>,
    /// The text in which the problems stand: that of the policy.
    pub text: String,
    pub problems: Vec<Problem>,
}

/// What keeps AWS from accepting the policy that is or stands in the text, and what is likely to be regretted in it, in
/// its order.
pub(super) fn linted(text: String, suppressed: &[&str], common: &Common) -> Linted {
    let document = match Document::parse(&text) {
        Ok(document) => document,
        Err(problems) => return Linted { within: None, text, problems },
    };
    let source = match source::read(&document) {
        Ok(source) => source,
        Err(error) => {
            let problem = refusal("not-a-policy", error.span, error.message, error.help);
            return Linted { within: None, text, problems: vec![problem] };
        }
    };
    let within = Some(source.within).filter(|within| !within.is_empty());
    let problems = if source.kind == Kind::Effective && within.is_some() {
        let message = "this is an effective policy, which AWS computes and nobody saves".to_owned();
        let help = "lint the policies that it is made of".to_owned();
        vec![refusal("effective-policy", source.document.root().span, message, help)]
    } else {
        problems(&source.document, suppressed, common)
    };
    Linted { within, text: source.document.text().to_owned(), problems }
}

fn refusal(code: &'static str, span: Span, message: String, help: String) -> Problem {
    Problem::new(Severity::Error, code, &Path::root(), span, message, help)
}

fn problems(document: &Document, suppressed: &[&str], common: &Common) -> Vec<Problem> {
    let mut problems = policy::admission::check(document, common.now());
    problems.extend(policy::lint::lint(document, common.now(), suppressed));
    problems.sort_by_key(|problem| (problem.line, problem.column));
    problems
}

fn advice(code: &str) -> Result<&'static Lint, String> {
    let first_and_last = LINTS.first().zip(LINTS.last()).map(|(first, last)| (first.code, last.code));
    let (first, last) = first_and_last.unwrap_or_default();
    lint_of(code).ok_or_else(|| format!("there is no such advice; codes go from {first} to {last}"))
}

fn explanation(lint: &Lint) -> String {
    format!("{}: {}\n\n{}\n\nWhat to do: {}.\n", lint.code, lint.title, lint.explanation, lint.fix)
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
    let count = |severity: Severity, word: &str| {
        let count = problems.iter().filter(|problem| problem.severity == severity).count();
        format!("{count} {word}{}", if count == 1 { "" } else { "s" })
    };
    let verdict = if problems.iter().any(Problem::is_error) { "refused" } else { "accepted" };
    let (errors, warnings) = (count(Severity::Error, "error"), count(Severity::Warning, "warning"));
    out + &format!("{file}: {verdict}, {errors}, {warnings}, {}\n", count(Severity::Info, "note"))
}

fn group<'a>(file: &'a str, text: &'a str, starts: &[usize], problem: &'a Problem) -> Group<'a> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let title = level.primary_title(problem.message.as_str()).id(problem.code.as_ref());
    let line = line(text, starts, problem.line);
    let group = if line.len() > LONGEST_LINE_SHOWN {
        let place = Origin::path(file).line(problem.line as usize);
        title.element(place.char_column(problem.column as usize))
    } else {
        let (start, end) = bytes(line, problem);
        let mark = AnnotationKind::Primary.span(start..end);
        title.element(Snippet::source(line).line_start(problem.line as usize).path(file).annotation(mark))
    };
    let group = if problem.path.is_empty() {
        group
    } else {
        group.element(Level::NOTE.message(format!("at {}", problem.path)))
    };
    group.element(Level::HELP.message(problem.help.as_str()))
}

/// The line with this number, counted from 1, without its end.
fn line<'a>(text: &'a str, starts: &[usize], number: u32) -> &'a str {
    let start = starts.get(number.saturating_sub(1) as usize).copied().unwrap_or(0);
    let rest = text.get(start..).unwrap_or_default();
    rest.split('\n').next().unwrap_or_default().trim_end_matches('\r')
}

/// The byte range of its line that a problem marks.
fn bytes(line: &str, problem: &Problem) -> (usize, usize) {
    let after = |from: usize, characters: u32| {
        let rest = line.get(from..).unwrap_or_default();
        let skipped = rest.char_indices().nth(characters as usize);
        from + skipped.map_or(rest.len(), |(at, _)| at)
    };
    let start = after(0, problem.column.saturating_sub(1));
    (start, after(start, problem.length))
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}
