//! Who did what, when, and what came of it.

mod action;
mod forward;
mod head;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    AccountId, Failure, FieldProblem,
    access::{Action, TokenLimits},
    change::{ChangeId, Named},
    failure::count,
    job_filter::Instant,
    organization::PolicyRecord,
    policies::fingerprint,
    team::GivenGrant,
};

pub use action::AuditAction;
pub use forward::{AuditEvent, AuditListProof, AuditRecord, ForwardProblem, Forwarding};
pub use head::SignedHead;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// Begun and not yet ended.
    Begun,
    /// Done.
    Succeeded,
    /// Refused or failed, and not done.
    Failed,
    /// AWS was asked, and it is not known what came of it; a later event settles it.
    Unknown,
}

impl AuditOutcome {
    const TABLE: [(Self, &'static str); 4] = [
        (Self::Begun, "begun"),
        (Self::Succeeded, "succeeded"),
        (Self::Failed, "failed"),
        (Self::Unknown, "unknown"),
    ];

    /// As stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(o, _)| *o == self).map_or("", |(_, name)| name)
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, n)| *n == name).map(|(o, _)| *o)
    }
}

/// A policy at one moment, as far as the audit list keeps it: AWS keeps no versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyStamp {
    pub name: String,
    pub description: String,
    /// Characters of the text.
    pub characters: u64,
    /// Fingerprint of the text alone.
    pub text: String,
}

impl From<&PolicyRecord> for PolicyStamp {
    fn from(record: &PolicyRecord) -> Self {
        Self {
            name: record.name.clone(),
            description: record.description.clone(),
            characters: record.content.chars().count() as u64,
            text: fingerprint("", "", &record.content),
        }
    }
}

/// What exactly was done, or why it was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AuditDetail {
    /// The action says it all.
    #[default]
    Nothing,
    /// In words: also what earlier versions wrote.
    Text { text: String },
    /// AWS had it so already.
    AlreadySo,
    /// A policy before and after; `None` where there was none.
    Policy { before: Option<PolicyStamp>, after: Option<PolicyStamp> },
    /// An attachment of an export was put back.
    PutBack { export: i64 },
    /// Attachments that were lost, and the export that has them.
    Detached { attachments: u64, export: Option<i64> },
    /// The resource policy was put, or deleted; our statements name these accounts.
    ResourcePolicy { deleted: bool, accounts: Vec<AccountId> },
    /// A request for all features.
    Request { id: String },
    /// Why it was not done.
    Refused { failure: Box<Failure> },
    /// Why it is not known whether it was done.
    Unknown { reason: String },
    /// What somebody had been given, and what they have been given now.
    Rights { before: Vec<GivenGrant>, after: Vec<GivenGrant> },
    /// Sign-ins that were refused to the same address in the same hour, beside this one.
    RefusedSignIns { more: u64 },
    /// What somebody may not do, or not without a fresh password or factor, and how often they were refused it in the same
    /// hour, beside this time.
    AccessRefused { action: Action, unconfirmed: bool, more: u64 },
    /// The filter of an export of this list, as the query of its page; empty for all of it. `format` is the file's ending.
    Exported { format: String, filter: String },
    /// A token, by its name and how it begins, and what it was made for. `asked_from` is the network address of the program
    /// that asked for it.
    Token {
        name: String,
        hint: String,
        limits: TokenLimits,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_from: Option<String>,
    },
}

impl AuditDetail {
    /// In words for a person; empty where there is nothing to say.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text { text } => text.clone(),
            Self::AlreadySo => "It was so already.".into(),
            Self::Policy { before, after } => policy_words(before.as_ref(), after.as_ref()),
            Self::PutBack { export } => format!("Put back from export {export}."),
            Self::Detached { attachments: 0, .. } => "Nothing was attached.".into(),
            Self::Detached { attachments, export } => {
                let lost = count(usize::try_from(*attachments).unwrap_or(usize::MAX), "attachment");
                let kept = export.map(|id| format!(" (export {id})")).unwrap_or_default();
                format!("Detached {lost}{kept}.")
            }
            Self::ResourcePolicy { deleted: true, .. } => "Deleted.".into(),
            Self::ResourcePolicy { accounts, .. } if accounts.is_empty() => {
                "Our statements name nobody.".into()
            }
            Self::ResourcePolicy { accounts, .. } => {
                let names: Vec<&str> = accounts.iter().map(AccountId::as_str).collect();
                format!("Our statements name {}.", names.join(", "))
            }
            Self::Request { id } => format!("Request {id}."),
            Self::Refused { failure } => failure.explain().text,
            Self::Unknown { reason } => reason.clone(),
            Self::Rights { before, after } => {
                let (before, after) = (given_words(before), given_words(after));
                if before == after { after } else { format!("{after}; before: {before}") }
            }
            Self::RefusedSignIns { more: 0 } => String::new(),
            Self::RefusedSignIns { more } => more_words(*more),
            Self::AccessRefused { action, unconfirmed, more } => {
                let why = if *unconfirmed { "Without a fresh password or factor, may" } else { "May" };
                let more = if *more > 0 { format!(" {}", more_words(*more)) } else { String::new() };
                format!("{why} not {}.{more}", action.words())
            }
            Self::Exported { format, filter } if filter.is_empty() => format!("All entries, as {format}."),
            Self::Exported { format, filter } => format!("Entries of {filter}, as {format}."),
            Self::Token { name, hint, limits, asked_from } => {
                let actions: Vec<&str> = limits.actions.iter().map(|action| action.as_str()).collect();
                let hint = if hint.is_empty() { String::new() } else { format!(" ({hint}…)") };
                let from = asked_from.as_ref().map(|from| format!("; a program asked for it from {from}"));
                let from = from.unwrap_or_default();
                format!("“{name}”{hint}: {} {}{from}", actions.join(", "), limits.scope.words())
            }
        }
    }
}

fn more_words(more: u64) -> String {
    format!("And {more} more in the same hour.")
}

fn given_words(given: &[GivenGrant]) -> String {
    if given.is_empty() {
        return "nothing".to_owned();
    }
    let one = |given: &GivenGrant| format!("{}, {}", given.grant.words(), given.source.words());
    given.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn policy_words(before: Option<&PolicyStamp>, after: Option<&PolicyStamp>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => {
            let mut parts = Vec::new();
            if before.name != after.name {
                parts.push(format!("renamed from “{}”", before.name));
            }
            if before.description != after.description {
                parts.push("description".to_owned());
            }
            if before.text != after.text {
                parts.push(format!("document, {} to {} characters", before.characters, after.characters));
            }
            if parts.is_empty() { "nothing differs".into() } else { parts.join(", ") }
        }
        (None, Some(after)) => format!("{} characters", after.characters),
        (Some(before), None) => format!("fingerprint of its text {}", before.text),
        (None, None) => String::new(),
    }
}

/// One entry of the audit list: what somebody did, and the newest that is known of what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Number of the event that began it: grows with time, and has no gaps.
    pub id: i64,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Sign-in name of who did it.
    pub actor: String,
    /// The first characters of the hash of their session, or `token:` and the number of a token; empty where there was neither.
    pub session: String,
    /// Network address that they did it from; empty where it is not known.
    pub address: String,
    pub action: AuditAction,
    /// What it was done to, and its name when it was done; empty where there is none.
    pub subject: Named,
    /// Where a policy was attached or detached.
    pub target: Option<Named>,
    /// The change set that it is a step of.
    pub change: Option<ChangeId>,
    pub outcome: AuditOutcome,
    /// AWS's ids of the decisive calls.
    pub request_ids: Vec<String>,
    /// What exactly was done, or why not.
    pub detail: AuditDetail,
}

/// The audit list's filter; its fields are the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditFilter {
    /// Part of the actor's sign-in name.
    pub actor: String,
    /// Stored name of an action, or empty for all.
    pub action: String,
    /// Part of the id or name of what it was done to, or of where a policy was attached or detached. A whole id of a
    /// policy, root, OU or account finds just that one.
    pub target: String,
    /// Entries from this moment on, as the filter of jobs reads times: `24h`, `7d`, a date, or a date and time (UTC).
    pub from: String,
    /// Entries before this moment.
    pub until: String,
    /// Opaque page name.
    pub cursor: String,
}

/// The time between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// Not before; `None` for whenever it began.
    pub from: Option<OffsetDateTime>,
    /// Before; `None` for whenever it ends.
    pub until: Option<OffsetDateTime>,
}

impl AuditFilter {
    /// The time that it leaves, for a page asked for at `now`.
    ///
    /// # Errors
    /// Each field that is no time, and `until` where it is not after `from`.
    pub fn period(&self, now: OffsetDateTime) -> Result<Period, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut read = |field: &str, text: &str| {
            let text = text.trim();
            let instant = Instant::parse(text);
            if instant.is_none() && !text.is_empty() {
                let message = "Expected a time, as 7d, 24h, 2026-11-20 or 2026-11-20T08:00.".to_owned();
                problems.push(FieldProblem { field: field.to_owned(), message });
            }
            instant.map(|instant| instant.resolve(now))
        };
        let (from, until) = (read("from", &self.from), read("until", &self.until));
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            let message = "Choose a time after “from”: entries before this moment are shown.".to_owned();
            problems.push(FieldProblem { field: "until".to_owned(), message });
        }
        if problems.is_empty() { Ok(Period { from, until }) } else { Err(problems) }
    }

    /// Its fields that say something, with their names, the page's excepted.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let Self { actor, action, target, from, until, cursor: _ } = self;
        let all =
            [("actor", actor), ("action", action), ("target", target), ("from", from), ("until", until)];
        all.into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.as_str()))
            .collect()
    }
}

#[cfg(test)]
mod tests;
