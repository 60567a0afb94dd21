//! From AWS's job shapes to [`Job`].

use aws_sdk_backup::{
    operation::{
        describe_backup_job::DescribeBackupJobOutput, describe_restore_job::DescribeRestoreJobOutput,
    },
    types::{BackupJob, CopyJob, RecoveryPointCreator, RestoreJobsListMember},
};
use model::{AccountId, JobKind, JobState, job::Job};

use crate::{
    convert::{id, instant, need, text},
    error::AwsError,
    operation::Op,
};

/// Plans made by policies of the organization have ids that begin so.
const POLICY_MADE: &str = "orgs/";

/// Reads a backup job; the list's rows and the single answer have the same members under the same names.
macro_rules! backup {
    ($op:expr, $region:expr, $row:expr) => {{
        let (op, row) = ($op, $row);
        let creator = creator(row.created_by);
        let message_category = text(row.message_category);
        Ok(Job {
            kind: JobKind::Backup,
            id: need(op, "BackupJobId", text(row.backup_job_id))?,
            account: account(op, row.account_id.as_deref(), row.backup_vault_arn.as_deref())?,
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
            rule_name: creator.rule_name,
            policy_made: creator.policy_made,
            parent_job_id: text(row.parent_job_id),
            is_parent: row.is_parent,
            size: row.backup_size_in_bytes,
            percent: row.percent_done.as_deref().and_then(percent),
            created_at: need(op, "CreationDate", row.creation_date.as_ref().and_then(instant))?,
            completed_at: row.completion_date.as_ref().and_then(instant),
            start_by: row.start_by.as_ref().and_then(instant),
        })
    }};
}

/// Reads a restore job, in the same way.
macro_rules! restore {
    ($op:expr, $region:expr, $row:expr) => {{
        let (op, row) = ($op, $row);
        Ok(Job {
            kind: JobKind::Restore,
            id: need(op, "RestoreJobId", text(row.restore_job_id))?,
            account: id(op, "AccountId", row.account_id.as_deref())?,
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
            rule_name: None,
            policy_made: false,
            parent_job_id: text(row.parent_job_id),
            is_parent: row.is_parent,
            size: row.backup_size_in_bytes,
            percent: row.percent_done.as_deref().and_then(percent),
            created_at: need(op, "CreationDate", row.creation_date.as_ref().and_then(instant))?,
            completed_at: row.completion_date.as_ref().and_then(instant),
            start_by: None,
        })
    }};
}

pub(super) fn backup_row(op: Op, region: &str, row: BackupJob) -> Result<Job, AwsError> {
    backup!(op, region, row)
}

pub(super) fn backup(op: Op, region: &str, row: DescribeBackupJobOutput) -> Result<Job, AwsError> {
    backup!(op, region, row)
}

pub(super) fn restore_row(op: Op, region: &str, row: RestoreJobsListMember) -> Result<Job, AwsError> {
    restore!(op, region, row)
}

pub(super) fn restore(op: Op, region: &str, row: DescribeRestoreJobOutput) -> Result<Job, AwsError> {
    restore!(op, region, row)
}

pub(super) fn copy(op: Op, region: &str, row: CopyJob) -> Result<Job, AwsError> {
    let creator = creator(row.created_by);
    let message_category = text(row.message_category);
    Ok(Job {
        kind: JobKind::Copy,
        id: need(op, "CopyJobId", text(row.copy_job_id))?,
        account: account(op, row.account_id.as_deref(), row.source_backup_vault_arn.as_deref())?,
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
        rule_name: creator.rule_name,
        policy_made: creator.policy_made,
        parent_job_id: text(row.parent_job_id),
        is_parent: row.is_parent,
        size: row.backup_size_in_bytes,
        percent: None,
        created_at: need(op, "CreationDate", row.creation_date.as_ref().and_then(instant))?,
        completed_at: row.completion_date.as_ref().and_then(instant),
        start_by: None,
    })
}

struct Creator {
    plan_id: Option<String>,
    plan_name: Option<String>,
    rule_name: Option<String>,
    policy_made: bool,
}

fn creator(by: Option<RecoveryPointCreator>) -> Creator {
    let (plan, name, rule) =
        by.map_or((None, None, None), |by| (by.backup_plan_id, by.backup_plan_name, by.backup_rule_name));
    Creator {
        policy_made: plan.as_deref().is_some_and(|id| id.starts_with(POLICY_MADE)),
        plan_id: text(plan),
        plan_name: text(name),
        rule_name: text(rule),
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

/// The account that a job ran in: the one that the vault it began at belongs to, where an endpoint leaves it out (AWS does not).
fn account(op: Op, said: Option<&str>, vault_arn: Option<&str>) -> Result<AccountId, AwsError> {
    let of_vault = || vault_arn?.split(':').nth(4);
    id(op, "AccountId", said.or_else(of_vault))
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
    fn where_the_account_is_left_out_the_vault_names_it() {
        let arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:Default";
        let read = |said, arn| account(Op::ListBackupJobs, said, arn).map(|a| a.to_string()).ok();
        assert_eq!(read(Some("210987654321"), Some(arn)).as_deref(), Some("210987654321"));
        assert_eq!(read(None, Some(arn)).as_deref(), Some("123456789012"));
        assert_eq!(read(None, None), None);
    }

    #[test]
    fn a_vaults_name_is_the_last_part_of_its_arn() {
        let arn = "arn:aws:backup:eu-west-1:123456789012:backup-vault:Default";
        assert_eq!(vault_name(Some(arn)).as_deref(), Some("Default"));
        assert_eq!(vault_name(Some("nonsense")), None);
    }
}
