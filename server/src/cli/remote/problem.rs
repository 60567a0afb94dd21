//! The API's problems in the API's words.

use std::fmt;

use serde_json::Value;

use super::plain::plain;
use crate::api::answer::Problem;

/// What the API answered in the place of what was asked for.
#[derive(Debug)]
pub struct Refusal {
    pub code: String,
    title: String,
    detail: String,
    /// What is wrong at which field, or where in a document.
    more: Vec<String>,
    incident: Option<String>,
    /// What to do at the command line.
    then: Option<&'static str>,
}

impl Refusal {
    /// Reads an answer; `None` where it is no problem of ours.
    pub fn read(body: &Value) -> Option<Self> {
        let problem: Problem = serde_json::from_value(body.clone()).ok()?;
        let then = match problem.code.as_str() {
            "signed_out" => {
                Some("The token has ended, was revoked, or is of another server: run `holdfast login`.")
            }
            "stale" => {
                Some("Read it again with `holdfast policy show`, which says its ETag, and save with that.")
            }
            _ => None,
        };
        Some(Self {
            more: fields(body).or_else(|| places(body)).unwrap_or_default(),
            code: problem.code,
            title: problem.title,
            detail: problem.detail,
            incident: problem.incident,
            then,
        })
    }
}

/// Each field with what is wrong with it.
fn fields(body: &Value) -> Option<Vec<String>> {
    let fields = body.get("fields")?.as_array()?;
    let words = |field: &Value| format!("{}: {}", text(&field["field"]), text(&field["message"]));
    Some(fields.iter().map(words).collect())
}

/// Each problem of a document, with its place.
fn places(body: &Value) -> Option<Vec<String>> {
    let problems = body.get("problems")?.as_array()?;
    let words = |one: &Value| {
        let (line, column) = (&one["line"], &one["column"]);
        format!("line {line}, column {column}: {} {}", text(&one["message"]), text(&one["help"]))
    };
    Some(problems.iter().map(words).collect())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", plain(&self.title), plain(&self.detail))?;
        for line in &self.more {
            write!(f, "\n  {}", plain(line).trim_end())?;
        }
        if let Some(incident) = self.incident.as_ref().filter(|incident| !self.detail.contains(*incident)) {
            write!(f, "\nIncident {}.", plain(incident))?;
        }
        self.then.map_or(Ok(()), |then| write!(f, "\n{then}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(more: Value) -> String {
        let mut body =
            json!({"type": "about:blank", "title": "No", "status": 500, "detail": "It is so.", "code": "x"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Refusal::read(&body).unwrap().to_string()
    }

    #[test]
    fn a_problem_is_told_in_its_own_words_with_its_incident_once() {
        assert_eq!(shown(json!({})), "No: It is so.");
        assert_eq!(shown(json!({"incident": "a-1"})), "No: It is so.\nIncident a-1.");
        let told = json!({"detail": "It is so. Incident a-1.", "incident": "a-1"});
        assert_eq!(shown(told), "No: It is so. Incident a-1.");
        assert_eq!(shown(json!({"detail": "a\u{1b}[2Jb"})), "No: a\u{fffd}[2Jb");
        assert!(Refusal::read(&json!({"error": "x"})).is_none());
    }

    #[test]
    fn fields_and_places_are_named_line_by_line() {
        let fields = json!({"fields": [{"field": "name", "message": "Too long."}, {"field": "days", "message": "Too many."}]});
        assert_eq!(shown(fields), "No: It is so.\n  name: Too long.\n  days: Too many.");
        let problems =
            json!({"problems": [{"line": 3, "column": 7, "message": "No such key.", "help": "Remove it."}]});
        assert_eq!(shown(problems), "No: It is so.\n  line 3, column 7: No such key. Remove it.");
        assert!(shown(json!({"code": "stale"})).ends_with("save with that."));
    }
}
