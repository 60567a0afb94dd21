//! Backup, copy and restore jobs.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub mod creator;
mod kind;
pub mod lists;

use crate::{
    id::AccountId,
    page::{Page, Total},
};
pub use kind::JobKind;
use lists::Cover;

/// A job's state, one word for all kinds. `CompletedWithIssues` is what AWS's console shows for COMPLETED with a
/// message category other than SUCCESS; AWS's API has no such state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Created,
    Pending,
    Running,
    Aborting,
    Aborted,
    Completed,
    CompletedWithIssues,
    Partial,
    Failed,
    Expired,
    /// A value that this version does not know; or AWS no longer tells of a job that was open when it last did.
    Unknown,
}

impl JobState {
    /// Each state with its stored name, AWS's name and the words people read.
    pub const TABLE: [(Self, &'static str, &'static str, &'static str); 11] = [
        (Self::Created, "created", "CREATED", "Created"),
        (Self::Pending, "pending", "PENDING", "Pending"),
        (Self::Running, "running", "RUNNING", "Running"),
        (Self::Aborting, "aborting", "ABORTING", "Aborting"),
        (Self::Aborted, "aborted", "ABORTED", "Aborted"),
        (Self::Completed, "completed", "COMPLETED", "Completed"),
        (Self::CompletedWithIssues, "completed_with_issues", "", "Completed with issues"),
        (Self::Partial, "partial", "PARTIAL", "Partial"),
        (Self::Failed, "failed", "FAILED", "Failed"),
        (Self::Expired, "expired", "EXPIRED", "Expired"),
        (Self::Unknown, "unknown", "", "Unknown"),
    ];

    /// As stored and in URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::TABLE.iter().find(|(s, ..)| *s == self).map_or("unknown", |(_, name, ..)| name)
    }

    /// As people read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::TABLE.iter().find(|(s, ..)| *s == self).map_or("Unknown", |(.., word)| word)
    }

    /// From its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::TABLE.iter().find(|(_, n, ..)| *n == name).map(|(s, ..)| *s)
    }

    /// From AWS's state and message category (any case of SUCCESS counts; none counts as success).
    #[must_use]
    pub fn from_aws(state: &str, message_category: Option<&str>) -> Self {
        if state == "COMPLETED" && message_category.is_some_and(|c| !c.eq_ignore_ascii_case("SUCCESS")) {
            return Self::CompletedWithIssues;
        }
        Self::TABLE
            .iter()
            .find(|(_, _, aws, _)| !aws.is_empty() && *aws == state)
            .map_or(Self::Unknown, |(s, ..)| *s)
    }

    /// Whether AWS will change it no more. SQL: not in `open_job_states()`.
    #[must_use]
    pub const fn is_final(self) -> bool {
        !matches!(self, Self::Created | Self::Pending | Self::Running | Self::Aborting | Self::Unknown)
    }

    /// Whether it ended and nothing is protected. SQL: `failed_job_states()`.
    #[must_use]
    pub const fn is_failed(self) -> bool {
        matches!(self, Self::Failed | Self::Expired | Self::Aborted)
    }

    /// Whether it ended well, but not wholly. SQL: `job_states_with_issues()`.
    #[must_use]
    pub const fn has_issues(self) -> bool {
        matches!(self, Self::CompletedWithIssues | Self::Partial)
    }
}

/// A job in full: what the sync brings, the store keeps and the job's page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub kind: JobKind,
    pub id: String,
    pub account: AccountId,
    pub region: String,
    pub state: JobState,
    /// AWS's own words on the state.
    pub message: Option<String>,
    /// Free text of AWS (`SUCCESS`, `AccessDenied`, …), never an enumeration.
    pub message_category: Option<String>,
    pub resource_type: Option<String>,
    pub resource_arn: Option<String>,
    pub resource_name: Option<String>,
    /// The vault backed up to, copied to, or restored from; its name.
    pub vault: Option<String>,
    /// ARN of that vault.
    pub vault_arn: Option<String>,
    /// Copies: ARN of the vault copied from.
    pub source_vault_arn: Option<String>,
    pub recovery_point_arn: Option<String>,
    /// Restores: what was made.
    pub created_resource_arn: Option<String>,
    pub role_arn: Option<String>,
    pub plan_id: Option<String>,
    pub plan_name: Option<String>,
    pub rule_id: Option<String>,
    pub rule_name: Option<String>,
    /// Made by a plan of an organization's backup policy (plan id begins with `orgs/`).
    pub policy_made: bool,
    /// Whether AWS names a creator (`CreatedBy`), if only by ids; `None` where that was not read, as in
    /// versions that did not keep it.
    pub planned: Option<bool>,
    /// Restores: ARN of the restore testing plan that made it.
    pub restore_testing_plan: Option<String>,
    /// Copies: the backup job that made it.
    pub created_by_job_id: Option<String>,
    pub parent_job_id: Option<String>,
    pub is_parent: bool,
    /// Bytes.
    pub size: Option<i64>,
    /// 0 to 100, as AWS writes it (“12.5%” becomes 12).
    pub percent: Option<u8>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub completed_at: Option<OffsetDateTime>,
    /// Backups: the start window closes then.
    #[serde(with = "time::serde::rfc3339::option")]
    pub start_by: Option<OffsetDateTime>,
}

/// A row of the jobs table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobRow {
    pub kind: JobKind,
    pub id: String,
    pub account: AccountId,
    /// Empty where the account is not (or no longer) in the organization.
    pub account_name: String,
    pub region: String,
    pub state: JobState,
    pub message: Option<String>,
    pub resource_type: Option<String>,
    /// Name, or the last part of the ARN.
    pub resource: String,
    pub vault: Option<String>,
    pub plan_id: Option<String>,
    pub plan_name: Option<String>,
    pub rule_id: Option<String>,
    pub rule_name: Option<String>,
    pub policy_made: bool,
    pub planned: Option<bool>,
    pub restore_testing_plan: Option<String>,
    pub created_by_job_id: Option<String>,
    /// Bytes.
    pub size: Option<i64>,
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    pub completed_at: Option<OffsetDateTime>,
}

/// What the filter can be set to, from what is in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobChoices {
    pub regions: Vec<String>,
    pub resource_types: Vec<String>,
    /// At most 200, most used first.
    pub vaults: Vec<String>,
    /// AWS's message categories of jobs that did not simply complete.
    pub causes: Vec<String>,
    /// OUs with their full place (“Root / Production / Payments”).
    pub ous: Vec<(String, String)>,
    /// At most 10,000 accounts would be too many: those are typed by id or name.
    pub accounts: u64,
}

/// The jobs page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobList {
    pub page: Page<JobRow>,
    /// Jobs per state under the same filter without its state part; counted up to a bound.
    pub by_state: Vec<(JobState, Total)>,
    /// What of the lists under this filter was read.
    pub cover: Cover,
    pub choices: JobChoices,
    /// Names of accounts and OUs that the filter names by id, so that tokens can be read.
    pub names: Vec<(String, String)>,
}

/// A job's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobDetail {
    pub job: Job,
    pub account_name: String,
    /// OUs above the account, root first.
    pub ancestors: Vec<crate::organization::NodeRef>,
    /// Parent and children of a composite job, or the copies of a backup.
    pub related: Vec<JobRow>,
    /// Whether the name of the plan or rule comes from other jobs of the same plan, since AWS tells none with this one.
    pub named_elsewhere: bool,
    #[serde(with = "time::serde::rfc3339")]
    pub seen_at: OffsetDateTime,
}

/// Dates as `2026-11-20`.
pub mod day {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};
    use time::{Date, macros::format_description};

    const FORM: &[time::format_description::BorrowedFormatItem<'_>] =
        format_description!("[year]-[month]-[day]");

    /// Writes a date.
    ///
    /// # Errors
    /// Where the serializer does.
    pub fn serialize<S: Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&date.format(FORM).map_err(serde::ser::Error::custom)?)
    }

    /// Reads a date.
    ///
    /// # Errors
    /// Where the text is no date.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        Date::parse(&String::deserialize(from)?, FORM).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completed_with_another_category_than_success_is_with_issues() {
        assert_eq!(JobState::from_aws("COMPLETED", Some("SUCCESS")), JobState::Completed);
        assert_eq!(JobState::from_aws("COMPLETED", None), JobState::Completed);
        assert_eq!(JobState::from_aws("COMPLETED", Some("AccessDenied")), JobState::CompletedWithIssues);
        assert_eq!(JobState::from_aws("FAILED", Some("AccessDenied")), JobState::Failed);
        assert_eq!(JobState::from_aws("SOMETHING_NEW", None), JobState::Unknown);
    }

    #[test]
    fn every_state_is_open_complete_with_issues_or_failed() {
        for (state, name, ..) in JobState::TABLE {
            let readings =
                [!state.is_final(), state == JobState::Completed, state.has_issues(), state.is_failed()];
            assert_eq!(readings.iter().filter(|holds| **holds).count(), 1, "{name}");
        }
    }

    #[test]
    fn every_state_finds_itself_by_name() {
        for (state, name, ..) in JobState::TABLE {
            assert_eq!(JobState::from_name(name), Some(state));
        }
    }
}
