//! The only shape in which an error leaves the server: a closed set of codes with safe, typed details.

mod aws;
mod slow;

use serde::{Deserialize, Serialize};

use aws::quoted;
pub use aws::{CredentialsProblem, DeniedBy, Missing, PolicySort};
pub use slow::Slow;

use crate::{change::ChangeId, policies::PolicyDetail};

/// A field of a form, and what is wrong with what was typed there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// Name of the form field.
    pub field: String,
    /// What is wrong and what to do, one or two sentences.
    pub message: String,
}

/// What kind of failure it is, with the details that this kind has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// The caller's role does not allow it; `needs` says what does.
    Denied { needs: String },
    /// The caller may, once they have shown a password or factor again.
    Unconfirmed { needs: String },
    /// The caller must set up a second factor before anything else.
    NoSecondFactor { needs: String },
    /// It does not exist, or the caller may not know that it does.
    NotFound { what: String },
    /// What was sent cannot be accepted as it is.
    Invalid { fields: Vec<FieldProblem> },
    /// The policy document is refused; positions are in the text that was sent.
    InvalidDocument { problems: Vec<policy::Problem> },
    /// Somebody else changed the policy since it was opened: here is what it is now.
    Stale { current: Box<PolicyDetail> },
    /// What was shown is not what is in AWS now: both texts.
    Outdated { shown: String, current: String },
    /// The present state of things does not allow it, for the reason given.
    Conflict { reason: String },
    /// AWS denied it: the IAM action, what denies it, and AWS's own sentence (empty where it gave none).
    AwsDenied {
        action: String,
        #[serde(default)]
        by: DeniedBy,
        #[serde(default)]
        said: String,
        request_id: Option<String>,
    },
    /// Something on the way to AWS answered in its place, with this HTTP status.
    AwsBlocked { operation: String, status: u16 },
    /// There are no credentials, or they do not do. `said` is AWS's own sentence, if it gave one.
    AwsCredentials { problem: CredentialsProblem, said: String },
    /// AWS does not find it.
    AwsNotFound { operation: String, what: Missing },
    /// AWS asks to slow down.
    AwsThrottled { operation: String },
    /// AWS refused with a reason of its own.
    AwsRefused { operation: String, reason: String, request_id: Option<String> },
    /// AWS refused for a reason that passes.
    AwsNotReady { operation: String, reason: String },
    /// AWS answered with an error of its own: status and name (as “HTTP 500 ServiceException”), and what it says.
    AwsFailed { operation: String, answer: String, said: String, request_id: Option<String> },
    /// AWS did not answer in time.
    AwsTimeout { operation: String },
    /// There is no connection to AWS, or it broke off.
    AwsUnavailable { operation: String },
    /// This endpoint does not implement the operation.
    NotAvailable { operation: String },
    /// AWS was asked, and it is not known what came of it: it is settled by looking.
    Unsettled { change: ChangeId, operation: String, request_id: Option<String> },
    /// AWS was asked, did not say whether it was done, and has not done it.
    NotCarriedOut,
    /// The database is away, so that nothing was sent to AWS.
    NotBegun,
    /// The database is away.
    DatabaseUnavailable,
    /// It took longer than it may.
    TooSlow { what: Slow },
    /// So much of it is under way that no more was begun.
    Busy { what: Busy },
    /// What was sent cannot be read as what is asked for here; `what` is how far it could be read.
    Unreadable { what: String },
    /// What was sent is larger than the portal takes.
    TooLarge,
    /// Our mistake; the log has more under the incident id.
    Internal,
    /// The browser could not reach the server, or did not understand its answer.
    Transport,
}

/// What there is too much of at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Busy {
    /// All connections to the database are in use.
    Connections,
    /// Somebody else keeps it locked.
    Lock,
    /// Passwords are judged, as many as memory is kept for.
    Passwords,
    /// Large requests are received.
    Requests,
    /// This person asks AWS for much.
    Readings,
    /// This person has exports under way.
    Exports,
    /// Too much was tried from one network.
    Attempts,
    /// This person's programs ask for much.
    Api,
}

impl Busy {
    const fn words(self) -> &'static str {
        match self {
            Self::Connections => {
                "All connections to the database are in use. It is there; try again in a moment."
            }
            Self::Lock => "Somebody else is changing the same thing. Try again in a moment.",
            Self::Passwords => "Many people sign in at this moment. Try again in a few seconds.",
            Self::Requests => "Many large requests arrive at this moment. Try again in a few seconds.",
            Self::Attempts => {
                "Too many tries came from this network. Wait a quarter of an hour, then try again."
            }
            Self::Api => "Your tokens ask for more than the API answers. Wait as long as Retry-After says.",
            Self::Readings => {
                "You have asked AWS for much at once. Wait until it has answered, then try again."
            }
            Self::Exports => "Two exports of yours are under way. Wait until one is done, then try again.",
        }
    }
}

/// An error as the caller sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind, with details.
    pub code: FailureCode,
    /// Names the log line of a failure that is not the caller's doing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

/// What a page says about a failure: what happened, and what to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// A short heading.
    pub title: String,
    /// What happened, on what, and the next step.
    pub text: String,
}

impl From<FailureCode> for Failure {
    fn from(code: FailureCode) -> Self {
        Self { code, incident: None }
    }
}

impl Failure {
    /// A refusal of one field.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        let fields = vec![FieldProblem { field: field.to_owned(), message: message.into() }];
        FailureCode::Invalid { fields }.into()
    }

    /// The HTTP status of an answer that carries this failure.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self.code {
            FailureCode::SignedOut => 401,
            FailureCode::Denied { .. }
            | FailureCode::Unconfirmed { .. }
            | FailureCode::NoSecondFactor { .. } => 403,
            FailureCode::NotFound { .. } | FailureCode::AwsNotFound { .. } => 404,
            FailureCode::Stale { .. } | FailureCode::Outdated { .. } | FailureCode::Conflict { .. } => 409,
            FailureCode::Invalid { .. } | FailureCode::InvalidDocument { .. } => 422,
            FailureCode::Unreadable { .. } => 400,
            FailureCode::TooLarge => 413,
            FailureCode::AwsThrottled { .. }
            | FailureCode::Busy { what: Busy::Readings | Busy::Attempts | Busy::Exports | Busy::Api } => 429,
            FailureCode::NotAvailable { .. } => 501,
            FailureCode::AwsDenied { .. }
            | FailureCode::AwsBlocked { .. }
            | FailureCode::AwsCredentials { .. }
            | FailureCode::AwsFailed { .. }
            | FailureCode::AwsRefused { .. } => 502,
            FailureCode::AwsTimeout { .. } => 504,
            FailureCode::AwsUnavailable { .. }
            | FailureCode::AwsNotReady { .. }
            | FailureCode::DatabaseUnavailable
            | FailureCode::NotBegun
            | FailureCode::NotCarriedOut
            | FailureCode::Unsettled { .. }
            | FailureCode::TooSlow { .. }
            | FailureCode::Busy { .. } => 503,
            FailureCode::Internal | FailureCode::Transport => 500,
        }
    }

    /// Whether the same request may succeed later, unchanged.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(
            self.code,
            FailureCode::AwsThrottled { .. }
                | FailureCode::AwsNotReady { .. }
                | FailureCode::AwsFailed { .. }
                | FailureCode::AwsTimeout { .. }
                | FailureCode::AwsUnavailable { .. }
                | FailureCode::DatabaseUnavailable
                | FailureCode::NotBegun
                | FailureCode::NotCarriedOut
                | FailureCode::TooSlow { what: Slow::Database | Slow::Reading | Slow::Sending }
                | FailureCode::Busy { .. }
                | FailureCode::Transport
        )
    }

    /// What the field problems say about one field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let FailureCode::Invalid { fields } = &self.code else { return None };
        fields.iter().find(|f| f.field == name).map(|f| f.message.as_str())
    }

    /// In words for the page. Everything in it is ours, typed, or marked as what AWS says: nothing from below is passed on
    /// unread.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        let (title, text) = self.words();
        let text = match &self.incident {
            Some(id) => format!("{text} Incident {id}."),
            None => text,
        };
        Explanation { title: title.to_owned(), text }
    }

    fn words(&self) -> (&'static str, String) {
        match &self.code {
            FailureCode::SignedOut => ("You are signed out", "Sign in again; what you typed is kept on this page.".into()),
            FailureCode::Denied { needs } => ("Your role does not allow this", needs.clone()),
            FailureCode::Unconfirmed { needs } => ("Show that it is you", needs.clone()),
            FailureCode::NoSecondFactor { needs } => ("Set up a second factor first", needs.clone()),
            FailureCode::NotFound { what } => {
                ("Not found", format!("There is no {what} here. It may have been removed, or the address is wrong."))
            }
            FailureCode::Invalid { fields } => ("Some fields need another look", join(fields.iter().map(|f| &f.message))),
            FailureCode::InvalidDocument { problems } => (
                "The policy document is refused",
                format!("{} to mend; each is listed with its line.", count(problems.len(), "problem")),
            ),
            FailureCode::Stale { .. } => (
                "Somebody changed this policy while you edited",
                "Nothing was overwritten. Compare both versions, then save yours over the newer one or take it over.".into(),
            ),
            FailureCode::Outdated { .. } => (
                "Somebody changed this meanwhile",
                "Nothing was overwritten. Look at what is in AWS now, then decide again.".into(),
            ),
            FailureCode::Conflict { reason } => ("This cannot be done now", reason.clone()),
            _ => self.words_of_aws().unwrap_or_else(|| self.words_of_dependencies()),
        }
    }

    fn words_of_aws(&self) -> Option<(&'static str, String)> {
        let words = match &self.code {
            FailureCode::AwsDenied { action, by, said, .. } => (
                "AWS denied the request",
                format!("{} {}{}", sentence(&by.cause(action)), by.next_step(action), quoted(said)),
            ),
            FailureCode::AwsBlocked { operation, status } => (
                "Blocked on the way to AWS",
                format!(
                    "{operation} was answered with HTTP {status}, and not in AWS's words: a proxy, a firewall or a gateway on the way refuses it. Let Holdfast through to AWS there, then try again."
                ),
            ),
            FailureCode::AwsCredentials { problem, said } => (
                "The AWS credentials do not do",
                format!("{} {}{}", sentence(&problem.cause()), problem.next_step(), quoted(said)),
            ),
            FailureCode::AwsNotFound { what, .. } => ("AWS does not find it", what.words().to_owned()),
            FailureCode::AwsThrottled { operation } => (
                "AWS asks to slow down",
                format!("{operation} was throttled after several tries. Wait a minute, then try again."),
            ),
            FailureCode::AwsRefused { operation, reason, .. } => {
                ("AWS refused the request", format!("{operation}: {reason}"))
            }
            FailureCode::AwsNotReady { operation, reason } => {
                ("AWS is not ready for this", format!("{operation}: {reason}. It passes: try again later."))
            }
            FailureCode::AwsFailed { operation, answer, said, .. } => (
                "AWS failed",
                format!(
                    "{operation} was answered with an error of AWS's own ({answer}). Try again; if it goes on, look at AWS's health page.{}",
                    quoted(said)
                ),
            ),
            FailureCode::AwsTimeout { operation } => (
                "AWS did not answer in time",
                format!("{operation} got no answer in time. Try again; if it goes on, check the way to AWS."),
            ),
            FailureCode::AwsUnavailable { operation } => (
                "AWS cannot be reached",
                format!(
                    "{operation} found no connection to AWS, or it broke off. Try again; if it goes on, check name resolution, the proxy and the network."
                ),
            ),
            _ => return None,
        };
        Some(words)
    }

    fn words_of_dependencies(&self) -> (&'static str, String) {
        match &self.code {
            FailureCode::NotAvailable { operation } => (
                "Not available from this endpoint",
                format!("The AWS endpoint in use does not offer {operation}."),
            ),
            FailureCode::Unsettled { change, operation, .. } => (
                "It is not known yet whether this was done",
                format!(
                    "{operation} was sent to AWS, and no answer says whether it was done. Holdfast looks in AWS until it knows; change {change} shows what came of it. Do not repeat it before."
                ),
            ),
            FailureCode::NotCarriedOut => (
                "AWS has not done this",
                "No answer of AWS said whether it was done. Holdfast has looked in AWS since, and nothing of it is there. Try again.".into(),
            ),
            FailureCode::NotBegun => (
                "Nothing was sent to AWS",
                "The database does not take the note that goes before, and Holdfast changes nothing that it cannot write down. Try again in a moment; if it goes on, check that Postgres runs.".into(),
            ),
            FailureCode::DatabaseUnavailable => (
                "The database does not answer",
                "Try again in a moment; if it goes on, check that Postgres runs.".into(),
            ),
            FailureCode::TooSlow { what } => ("This took too long", what.words().into()),
            FailureCode::Busy { what } => ("Holdfast is busy", what.words().into()),
            FailureCode::Unreadable { what } => (
                "This request cannot be read",
                format!("Nothing was done. {what}"),
            ),
            FailureCode::TooLarge => (
                "This is too large",
                "Nothing was done: what was sent has more than 1 MiB, the most that is taken at once. Shorten its longest text; a policy document may have 10,000 characters.".into(),
            ),
            FailureCode::Transport => (
                "The server could not be reached",
                "Check the connection, then try again; what you typed is still here.".into(),
            ),
            _ => (
                "Something went wrong on our side",
                "Nothing is lost on this page. Try again; the log has more.".into(),
            ),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Explanation { title, text } = self.explain();
        write!(f, "{title}: {text}")
    }
}

impl std::error::Error for Failure {}

/// A part of a sentence as one of its own: with a capital letter and a full stop.
#[must_use]
pub fn sentence(part: &str) -> String {
    let mut letters = part.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str() + "."
}

fn join<'a>(parts: impl Iterator<Item = &'a String>) -> String {
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// “1 problem”, “3 problems”, “2 policies”.
#[must_use]
pub fn count(n: usize, noun: &str) -> String {
    match noun.strip_suffix('y') {
        _ if n == 1 => format!("1 {noun}"),
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{n} {stem}ies"),
        _ => format!("{n} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_trouble_with_aws_has_words_of_its_own() {
        let operation = || "ListBackupJobs".to_owned();
        let answer = "HTTP 500 InternalFailure".to_owned();
        let failures = [
            FailureCode::AwsThrottled { operation: operation() },
            FailureCode::AwsTimeout { operation: operation() },
            FailureCode::AwsUnavailable { operation: operation() },
            FailureCode::AwsBlocked { operation: operation(), status: 407 },
            FailureCode::NotAvailable { operation: operation() },
            FailureCode::AwsNotReady { operation: operation(), reason: "wait".into() },
            FailureCode::AwsRefused { operation: operation(), reason: "no".into(), request_id: None },
            FailureCode::AwsNotFound { operation: operation(), what: Missing::Job },
            FailureCode::AwsFailed { operation: operation(), answer, said: "Oh.".into(), request_id: None },
            FailureCode::AwsCredentials {
                problem: CredentialsProblem::Clock,
                said: "Signature expired".into(),
            },
        ];
        let said: Vec<Explanation> = failures.map(|code| Failure::from(code).explain()).into();
        let mut titles: Vec<&str> = said.iter().map(|explained| explained.title.as_str()).collect();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), said.len(), "{titles:?}");
        let silent = said.iter().filter(|explained| explained.text.contains("in time"));
        assert_eq!(silent.count(), 1, "only what was not answered is called so");
        for (at, words) in
            [(3, "HTTP 407"), (8, "HTTP 500 InternalFailure"), (8, "“Oh.”"), (9, "“Signature expired”")]
        {
            assert!(said[at].text.contains(words), "{:?}", said[at]);
        }
    }

    #[test]
    fn a_denial_that_an_earlier_version_kept_is_still_read() {
        let kept = r#"{"code":{"aws_denied":{"action":"organizations:AttachPolicy","request_id":"r"}}}"#;
        let failure: Failure = serde_json::from_str(kept).unwrap();
        let FailureCode::AwsDenied { by, said, .. } = &failure.code else { panic!("{failure:?}") };
        assert_eq!((*by, said.as_str()), (DeniedBy::Unsaid, ""));
        assert!(failure.explain().text.contains("organizations:AttachPolicy"));
    }
}
