//! The way to all features: the management account asks, every invited account approves, the management account finalizes.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What is done to the request, by the management account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Asks every invited account.
    Begin,
    /// Completes what all have approved. It cannot be undone.
    Finalize,
    /// Withdraws the request.
    Cancel,
}

impl Step {
    pub const ALL: [Self; 3] = [Self::Begin, Self::Finalize, Self::Cancel];

    /// As sent.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Finalize => "finalize",
            Self::Cancel => "cancel",
        }
    }

    /// From its sent name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// What its button says.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Begin => "Ask the accounts",
            Self::Finalize => "Finalize",
            Self::Cancel => "Cancel request",
        }
    }

    /// What it changes.
    #[must_use]
    pub const fn consequence(self) -> &'static str {
        match self {
            Self::Begin => {
                "AWS sends a request to every account that was invited into the organization, by email and in its console. Accounts that were created in the organization are not asked. The request is open for 90 days and can be cancelled until then. Nothing else changes yet."
            }
            Self::Finalize => {
                "The organization has all features from then on: policies of the organization can restrict every account, also those that were invited. It cannot be undone. No policy and no trusted access is turned on by it."
            }
            Self::Cancel => {
                "The approvals that were given are lost: a new request asks every invited account again."
            }
        }
    }

    /// Whether a word is to be typed first.
    #[must_use]
    pub const fn typed_confirmation(self) -> bool {
        matches!(self, Self::Finalize)
    }

    /// The AWS CLI's command.
    #[must_use]
    pub fn command(self, request: &str) -> String {
        match self {
            Self::Begin => "aws organizations enable-all-features".to_owned(),
            Self::Finalize => format!("aws organizations accept-handshake --handshake-id {request}"),
            Self::Cancel => format!("aws organizations cancel-handshake --handshake-id {request}"),
        }
    }
}

/// Where a request stands, or where an account stands with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// Waits for answers.
    Waiting,
    /// Of a request: all have answered, it can be finalized.
    Ready,
    /// Of an account: it has approved. Of a request: it was finalized.
    Accepted,
    Declined,
    Canceled,
    Expired,
    /// AWS says something that Holdfast does not know.
    Unknown,
}

impl Progress {
    /// In a word or two.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Waiting => "Not answered yet",
            Self::Ready => "All have answered",
            Self::Accepted => "Approved",
            Self::Declined => "Declined",
            Self::Canceled => "Cancelled",
            Self::Expired => "Expired",
            Self::Unknown => "Not known",
        }
    }

    /// Of a request: whether something can still be done with it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Ready)
    }
}

/// An account that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAccount {
    /// Twelve digits; empty where AWS names none.
    pub account: String,
    /// Empty where the account is not known.
    pub name: String,
    pub progress: Progress,
}

/// The last request for all features.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeaturesRequest {
    /// `h-…`
    pub id: String,
    pub progress: Progress,
    #[serde(with = "time::serde::rfc3339::option")]
    pub requested_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    pub expires_at: Option<OffsetDateTime>,
    /// Those that have not approved come first.
    pub accounts: Vec<AskedAccount>,
    /// Why the accounts could not be read.
    pub problem: Option<String>,
}

impl FeaturesRequest {
    /// How many accounts stand so.
    #[must_use]
    pub fn count(&self, progress: Progress) -> u64 {
        self.accounts.iter().filter(|one| one.progress == progress).count() as u64
    }
}

/// How far an organization that has only consolidated billing is on the way to all features.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeaturesWay {
    /// The last request of the past 30 days, where there is one.
    Known { request: Option<FeaturesRequest> },
    /// Why the requests could not be read.
    Unknown { reason: String },
}

impl FeaturesWay {
    /// The request that is open.
    #[must_use]
    pub fn open(&self) -> Option<&FeaturesRequest> {
        match self {
            Self::Known { request: Some(request) } if request.progress.is_open() => Some(request),
            _ => None,
        }
    }

    /// Why a step cannot be taken now; `None` where it can, as far as it is known.
    #[must_use]
    pub fn why_not(&self, step: Step) -> Option<String> {
        let why = match (step, self, self.open().map(|request| request.progress)) {
            (_, Self::Unknown { .. }, _) | (Step::Begin, _, None) | (Step::Cancel, _, Some(_)) => {
                return None;
            }
            (Step::Finalize, _, Some(Progress::Ready)) => return None,
            (Step::Begin, ..) => "A request is open already.",
            (Step::Finalize, _, Some(_)) => "Not all accounts have approved yet.",
            (Step::Finalize | Step::Cancel, _, None) => "No request is open.",
        };
        Some(why.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_is_possible_where_the_request_stands_for_it() {
        let way = |progress: Option<Progress>| FeaturesWay::Known {
            request: progress.map(|progress| FeaturesRequest {
                id: "h-12345678".into(),
                progress,
                requested_at: None,
                expires_at: None,
                accounts: Vec::new(),
                problem: None,
            }),
        };
        for (progress, possible) in [
            (None, [true, false, false]),
            (Some(Progress::Waiting), [false, false, true]),
            (Some(Progress::Ready), [false, true, true]),
            (Some(Progress::Expired), [true, false, false]),
        ] {
            let found = Step::ALL.map(|step| way(progress).why_not(step).is_none());
            assert_eq!(found, possible, "{progress:?}");
        }
    }

    #[test]
    fn each_step_has_its_name_and_command() {
        for step in Step::ALL {
            assert_eq!(Step::from_name(step.name()), Some(step));
            assert!(step.command("h-12345678").starts_with("aws organizations "));
        }
    }
}
