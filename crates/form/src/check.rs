//! What is wrong with the text, as it stands now; the server checks the same when it is saved.

use policy::{Document, Problem, Severity, admission, lint::lint};
use time::OffsetDateTime;

/// The text, read and checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// `None` where it cannot be read.
    pub document: Option<Document>,
    /// From top to bottom.
    pub problems: Vec<Problem>,
}

/// Equal if the text is: a document in another layout says the same, but at other places.
impl PartialEq for Checked {
    fn eq(&self, other: &Self) -> bool {
        let text = |checked: &Self| checked.document.as_ref().map(|d| d.text().to_owned());
        text(self) == text(other) && self.problems == other.problems
    }
}

/// Reads a text: what AWS would refuse at `now`, and what it accepts and people regret.
#[must_use]
pub fn check(text: &str, now: OffsetDateTime) -> Checked {
    match Document::parse(text) {
        Ok(document) => {
            let problems = merge_problems(admission::check(&document, now), &lint(&document, now, &[]));
            Checked { document: Some(document), problems }
        }
        Err(problems) => Checked { document: None, problems },
    }
}

/// The problems of a list with those of another that it lacks: what the browser found, and what only the server did.
#[must_use]
pub fn merge_problems(mut first: Vec<Problem>, second: &[Problem]) -> Vec<Problem> {
    for problem in second {
        if !first.iter().any(|p| p.code == problem.code && p.line == problem.line && p.path == problem.path) {
            first.push(problem.clone());
        }
    }
    first.sort_by_key(|problem| (problem.line, problem.column));
    first
}

/// What is wrong with the setting or entry at a path itself.
#[must_use]
pub fn problems_at<'a>(problems: &'a [Problem], path: &str) -> Vec<&'a Problem> {
    problems.iter().filter(|problem| problem.path == path).collect()
}

/// The worst finding on a line, and its message.
#[must_use]
pub fn worst_on_line(problems: &[Problem], line: u32) -> Option<&Problem> {
    problems.iter().filter(|problem| problem.line == line).min_by_key(|problem| problem.severity)
}

/// How many of a severity.
#[must_use]
pub fn count(problems: &[Problem], severity: Severity) -> usize {
    problems.iter().filter(|problem| problem.severity == severity).count()
}

/// A message as a sentence: begins with a capital, ends with a full stop.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return String::new() };
    let begun: String = if first.is_lowercase() && !text.starts_with("arn:") {
        first.to_uppercase().chain(characters).collect()
    } else {
        text.to_owned()
    };
    if begun.ends_with(['.', '?', '!', '…']) { begun } else { format!("{begun}.") }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 12:00 UTC);

    #[test]
    fn text_that_cannot_be_read_has_a_problem_with_its_line() {
        let checked = check("{\n  \"plans\": {,}\n}", NOW);
        assert!(checked.document.is_none());
        assert_eq!(checked.problems.first().map(|p| p.line), Some(2));
    }

    #[test]
    fn a_problem_is_found_by_its_path_and_by_its_line() {
        let text = "{\"plans\": {\"p\": {\n\"regions\": {\"@@assign\": [\"mars-1\"]}}}}";
        let problems = check(text, NOW).problems;
        assert_eq!(problems_at(&problems, "plans/p/regions").len(), 1);
        assert_eq!(problems_at(&problems, "plans/p").len(), 0);
        assert!(worst_on_line(&problems, 2).is_some_and(Problem::is_error));
        assert_eq!(count(&problems, Severity::Error), 1);
    }

    #[test]
    fn what_only_the_server_found_is_added_once() {
        let ours = check("{\n  \"plans\": 4\n}", NOW).problems;
        let mut theirs = ours.clone();
        let mut other = ours[0].clone();
        other.code = "only-the-server".into();
        other.line = 1;
        theirs.push(other);
        let all = merge_problems(ours.clone(), &theirs);
        assert_eq!(all.len(), ours.len() + 1);
        assert_eq!(all[0].code, "only-the-server");
    }

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(sentence("write digits only"), "Write digits only.");
        assert_eq!(sentence("did you mean \"rules\"?"), "Did you mean \"rules\"?");
        assert_eq!(sentence(""), "");
    }
}
