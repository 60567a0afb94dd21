//! From AWS's job shapes to [`Job`].

use aws_sdk_backup::{
    operation::{
        describe_backup_job::DescribeBackupJobOutput, describe_restore_job::DescribeRestoreJobOutput,
    },
    types::{BackupJob, CopyJob, RecoveryPointCreator, RestoreJobsListMember},
};
use aws_smithy_types::DateTime;
use model::{
    AccountId, JobKind, JobState,
    job::{Job, creator::is_policy_made},
};
use time::OffsetDateTime;

use super::odd::OddMember;
use crate::convert::{instant, text};

/// Reads a backup job; the list's rows and the single answer have the same members under the same names.
macro_rules! backup {
    ($region:expr, $row:expr) => {{
        let row = $row;
        let creator = creator(row.created_by);
        let message_category = text(row.message_category);
        Ok(Job {
            kind: JobKind::Backup,
            id: need("BackupJobId", text(row.backup_job_id))?,
            account: account(row.account_id.as_deref(), [row.backup_vault_arn.as_deref()])?,
            region: $region.to_owned(),
            state: state(row.state.as_ref().map(|s| s.as_str()), message_category.as_deref()),
            message: text(row.status_message),
            message_category,
            resource_type: text(row.resource_type),
            resource_arn: text(row.resource_arn),
            resource_name: text(row.resource_name),
            vault: text(row.backup_vault_name).or_else(|| vault_name(row.backup_vault_arn.as_deref())),
            vault_arn: text(row.backup_vault_arn),
            source_vault_arn: None,
            recovery_point_arn: text(row.recovery_point_arn),
            created_resource_arn: None,
            role_arn: text(row.iam_role_arn),
            plan_id: creator.plan_id,
            plan_name: creator.plan_name,
            rule_id: creator.rule_id,
            rule_name: creator.rule_name,
            policy_made: creator.policy_made,
            planned: Some(creator.planned),
            restore_testing_plan: None,
            created_by_job_id: None,
            parent_job_id: text(row.parent_job_id),
            is_parent: row.is_parent,
            size: row.backup_size_in_bytes.filter(|bytes| *bytes >= 0),
            percent: row.percent_done.as_deref().and_then(percent),
            created_at: created(row.creation_date.as_ref())?,
            completed_at: row.completion_date.as_ref().and_then(instant),
            start_by: row.start_by.as_ref().and_then(instant),
        })
    }};
}

/// Reads a restore job, in the same way.
macro_rules! restore {
    ($region:expr, $row:expr) => {{
        let row = $row;
        let tested = row.created_by.and_then(|by| by.restore_testing_plan_arn);
        let account = account(
            row.account_id.as_deref(),
            [row.created_resource_arn.as_deref(), row.iam_role_arn.as_deref()],
        )?;
        Ok(Job {
            kind: JobKind::Restore,
            id: need("RestoreJobId", text(row.restore_job_id))?,
            account,
            region: $region.to_owned(),
            state: state(row.status.as_ref().map(|s| s.as_str()), None),
            message: text(row.status_message),
            message_category: None,
            resource_type: text(row.resource_type),
            resource_arn: text(row.source_resource_arn),
            resource_name: None,
            vault: vault_name(row.backup_vault_arn.as_deref()),
            vault_arn: text(row.backup_vault_arn),
            source_vault_arn: None,
            recovery_point_arn: text(row.recovery_point_arn),
            created_resource_arn: text(row.created_resource_arn),
            role_arn: text(row.iam_role_arn),
            plan_id: None,
            plan_name: None,
            rule_id: None,
            rule_name: None,
            policy_made: false,
            planned: Some(tested.is_some()),
            restore_testing_plan: text(tested),
            created_by_job_id: None,
            parent_job_id: text(row.parent_job_id),
            is_parent: row.is_parent,
            size: row.backup_size_in_bytes.filter(|bytes| *bytes >= 0),
            percent: row.percent_done.as_deref().and_then(percent),
            created_at: created(row.creation_date.as_ref())?,
            completed_at: row.completion_date.as_ref().and_then(instant),
            start_by: None,
        })
    }};
}

pub(super) fn backup_row(region: &str, row: BackupJob) -> Result<Job, OddMember> {
    backup!(region, row)
}

pub(super) fn backup(region: &str, row: DescribeBackupJobOutput) -> Result<Job, OddMember> {
    backup!(region, row)
}

pub(super) fn restore_row(region: &str, row: RestoreJobsListMember) -> Result<Job, OddMember> {
    restore!(region, row)
}

pub(super) fn restore(region: &str, row: DescribeRestoreJobOutput) -> Result<Job, OddMember> {
    restore!(region, row)
}

pub(super) fn copy(region: &str, row: CopyJob) -> Result<Job, OddMember> {
    let creator = creator(row.created_by);
    let message_category = text(row.message_category);
    Ok(Job {
        kind: JobKind::Copy,
        id: need("CopyJobId", text(row.copy_job_id))?,
        account: account(row.account_id.as_deref(), [row.source_backup_vault_arn.as_deref()])?,
        region: region.to_owned(),
        state: state(row.state.as_ref().map(|s| s.as_str()), message_category.as_deref()),
        message: text(row.status_message),
        message_category,
        resource_type: text(row.resource_type),
        resource_arn: text(row.resource_arn),
        resource_name: text(row.resource_name),
        vault: vault_name(row.destination_backup_vault_arn.as_deref()),
        vault_arn: text(row.destination_backup_vault_arn),
        source_vault_arn: text(row.source_backup_vault_arn),
        recovery_point_arn: text(row.destination_recovery_point_arn)
            .or_else(|| text(row.source_recovery_point_arn)),
        created_resource_arn: None,
        role_arn: text(row.iam_role_arn),
        plan_id: creator.plan_id,
        plan_name: creator.plan_name,
        rule_id: creator.rule_id,
        rule_name: creator.rule_name,
        policy_made: creator.policy_made,
        planned: Some(creator.planned),
        restore_testing_plan: None,
        created_by_job_id: text(row.created_by_backup_job_id),
        parent_job_id: text(row.parent_job_id),
        is_parent: row.is_parent,
        size: row.backup_size_in_bytes.filter(|bytes| *bytes >= 0),
        percent: None,
        created_at: created(row.creation_date.as_ref())?,
        completed_at: row.completion_date.as_ref().and_then(instant),
        start_by: None,
    })
}

#[derive(Default)]
struct Creator {
    plan_id: Option<String>,
    plan_name: Option<String>,
    rule_id: Option<String>,
    rule_name: Option<String>,
    policy_made: bool,
    planned: bool,
}

fn creator(by: Option<RecoveryPointCreator>) -> Creator {
    let Some(by) = by else { return Creator::default() };
    let of_arn = by.backup_plan_arn.as_deref().and_then(|arn| arn.splitn(7, ':').nth(6)).map(str::to_owned);
    let plan_id = text(by.backup_plan_id).or_else(|| text(of_arn));
    Creator {
        policy_made: plan_id.as_deref().is_some_and(is_policy_made),
        plan_id,
        plan_name: text(by.backup_plan_name),
        rule_id: text(by.backup_rule_id),
        rule_name: text(by.backup_rule_name),
        planned: true,
    }
}

fn state(aws: Option<&str>, category: Option<&str>) -> JobState {
    aws.map_or(JobState::Unknown, |state| JobState::from_aws(state, category))
}

/// “12.5%”, “12.5” and “12” are 12.
fn percent(text: &str) -> Option<u8> {
    let whole = text.trim().trim_end_matches('%').split('.').next()?;
    whole.trim().parse::<u8>().ok().filter(|p| *p <= 100)
}

/// A member that every job has.
fn need<T>(member: &'static str, value: Option<T>) -> Result<T, OddMember> {
    value.ok_or_else(|| OddMember { member, why: "is missing".to_owned() })
}

fn created(said: Option<&DateTime>) -> Result<OffsetDateTime, OddMember> {
    let said = need("CreationDate", said)?;
    let why = || format!("is {} seconds after 1970, a time that cannot be written", said.secs());
    instant(said).ok_or_else(|| OddMember { member: "CreationDate", why: why() })
}

/// The account that a job ran in. Where AWS leaves it out, as in rows of 2020, it is that of the first of some ARNs that
/// has one: the vault that a backup or copy began at, what a restore made, or the role that it took on.
fn account<const N: usize>(said: Option<&str>, arns: [Option<&str>; N]) -> Result<AccountId, OddMember> {
    let odd = |why: String| OddMember { member: "AccountId", why };
    if let Some(said) = said.filter(|said| !said.is_empty()) {
        return said.parse().map_err(|error: model::IdError| odd(format!("is odd: {error}")));
    }
    let of_arn = |arn: &str| arn.split(':').nth(4)?.parse().ok();
    arns.into_iter().flatten().find_map(of_arn).ok_or_else(|| odd("is missing".to_owned()))
}

/// The name in `arn:aws:backup:<Region>:<account>:backup-vault:<name>`.
fn vault_name(arn: Option<&str>) -> Option<String> {
    let name = arn?.splitn(7, ':').nth(6)?;
    text(Some(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_read_as_aws_writes_it() {
        for (text, read) in
            [("100.0%", Some(100)), ("12.5%", Some(12)), ("7", Some(7)), ("", None), ("250%", None)]
        {
            assert_eq!(percent(text), read, "{text}");
        }
    }

    #[test]
    fn where_the_account_is_left_out_the_arns_name_it() {
        let vault = "arn:aws:backup:eu-west-1:123456789012:backup-vault:Default";
        let bucket = "arn:aws:s3:::restored";
        let read = |said, arns: [Option<&str>; 2]| account(said, arns).map(|a| a.to_string());
        assert_eq!(read(Some("210987654321"), [Some(vault), None]).unwrap(), "210987654321");
        assert_eq!(read(None, [Some(vault), None]).unwrap(), "123456789012");
        assert_eq!(
            read(None, [Some(bucket), Some("arn:aws:iam::123456789012:role/R")]).unwrap(),
            "123456789012"
        );
        assert_eq!(read(None, [Some(bucket), None]).unwrap_err().why, "is missing");
        assert_eq!(read(Some("12"), [Some(vault), None]).unwrap_err().member, "AccountId");
    }

    #[test]
    fn a_vaults_name_is_the_last_part_of_its_arn() {
        let arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:Default";
        assert_eq!(vault_name(Some(arn)).as_deref(), Some("Default"));
        assert_eq!(vault_name(Some("nonsense")), None);
    }
}
