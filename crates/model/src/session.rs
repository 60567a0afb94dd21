//! Who is signed in, and what every page's frame shows.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    access::{Action, Resource, Rights},
    failure::FieldProblem,
    settings::Setting,
    team::LinkPurpose,
};

/// The signed-in person, as the interface sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Sign-in name.
    pub email: String,
    /// Name to show.
    pub name: String,
    /// What they may do, and where.
    pub rights: Rights,
    /// Whether a password or factor of theirs is fresh enough for what is dangerous.
    pub confirmed: bool,
}

impl Me {
    /// Why a control is disabled for this person; `None` where it is not.
    #[must_use]
    pub fn why_not(&self, action: Action, resource: &Resource) -> Option<String> {
        self.rights.why_not(action, resource)
    }
}

/// How far a sync has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncProgress {
    /// What is being read, in words (“accounts”, “backup jobs of eu-west-1”).
    pub step: String,
    /// Things read so far in this step.
    pub done: u64,
    /// Things to read in this step, where known.
    pub of: Option<u64>,
}

/// How old the data is, and whether newer data is on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freshness {
    /// When the organization and its policies were last read whole; `None` before the first import.
    #[serde(with = "time::serde::rfc3339::option")]
    pub organization_at: Option<OffsetDateTime>,
    /// When the lists of jobs were last read whole: that of the list that was read longest ago; `None` while one never was.
    #[serde(with = "time::serde::rfc3339::option")]
    pub jobs_at: Option<OffsetDateTime>,
    /// When any list of jobs was last read.
    #[serde(with = "time::serde::rfc3339::option")]
    pub newest_jobs_at: Option<OffsetDateTime>,
    /// Whether the endpoint offers no list of jobs at all.
    pub jobs_not_available: bool,
    /// The server's clock when it answered: ages are computed from it, not from the browser's clock.
    #[serde(with = "time::serde::rfc3339::option")]
    pub now: Option<OffsetDateTime>,
    /// The sync that runs now.
    pub running: Option<SyncProgress>,
    /// Why the last sync failed, in words with a next step; `None` if it did not.
    pub problem: Option<String>,
}

/// The organization, in the top bar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationHead {
    /// `o-…`
    pub id: String,
    /// The management account's name: organizations have none of their own.
    pub name: String,
    /// Twelve digits.
    pub management_account_id: String,
}

/// Holdfast runs with credentials of an account to which AWS tells nothing of the organization: neither the management
/// account nor a delegated administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outsider {
    /// Twelve digits.
    pub account: String,
    /// The management account's id, where AWS tells.
    pub management: Option<String>,
}

impl Outsider {
    /// What is wrong, in a few words.
    pub const TITLE: &'static str = "These AWS credentials may not read the organization";

    /// What that means, and the next step.
    #[must_use]
    pub fn words(&self) -> String {
        let management = match &self.management {
            Some(management) => format!("the management account, {management},"),
            None => "the management account".to_owned(),
        };
        format!(
            "Holdfast speaks to AWS as account {}, which is neither the management account nor a delegated administrator, and AWS tells nobody else of accounts, OUs and policies. Give Holdfast a role in {management} or register {} there as a delegated administrator. No IAM policy helps.",
            self.account, self.account
        )
    }
}

/// What the frame around every page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The signed-in person; `None` on the sign-in page.
    pub me: Option<Me>,
    /// `None` before the first import, and for nobody.
    pub organization: Option<OrganizationHead>,
    /// Names of the OUs and accounts at the top of what the person may read; `None` where that is everything.
    pub part: Option<Vec<String>>,
    /// How old the data is.
    pub freshness: Freshness,
    /// Needed settings that were off when they were last read, in the order of the settings page. One that could not be read
    /// is not among them: the settings page says why.
    pub not_ready: Vec<Setting>,
    /// Set where AWS tells nothing to the account of the credentials.
    pub outsider: Option<Outsider>,
    /// True where the AWS endpoint is the simulator: every page must say so.
    pub simulated: bool,
}

/// What a refused sign-in form (or that of the first administrator) leaves for the page that is shown next: what was typed,
/// secrets aside, and what was wrong with it. The server keeps it for one page view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    /// As typed.
    pub email: String,
    /// As typed; empty on the sign-in form, which does not ask for it.
    pub name: String,
    /// What is wrong, field by field; empty where the page's `problem` parameter says all there is to say.
    pub problems: Vec<FieldProblem>,
}

/// Whether local accounts sign in, for the sign-in page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalSignIn(pub bool);

/// An identity provider that people can sign in at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderLink {
    /// As addresses name it.
    pub name: String,
    /// As people read it.
    pub title: String,
}

/// Whom a one-time link is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinLink {
    pub email: String,
    pub name: String,
    pub purpose: LinkPurpose,
    /// Whether they may choose a password or passkey: local sign-in can be off.
    pub local: bool,
}

/// A form that was posted without scripts and refused: what was typed, secrets aside, and why. The server keeps it for one
/// page view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedPost {
    /// Path of the server function.
    pub function: String,
    /// Its error, as server functions write errors into addresses.
    pub error: String,
    /// The form's fields in order; a name can come more than once.
    pub fields: Vec<(String, String)>,
}

impl RefusedPost {
    /// The first value of a field; empty where there is none.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}
