//! Backup, copy and restore jobs of all accounts, one Region at a time.

mod odd;
mod page;
mod read;

use model::{AccountId, JobKind, job::Job};
use time::OffsetDateTime;

use self::odd::MendRows;
pub use self::page::JobPage;
use super::client::Backup;
use crate::{
    connect::Aws,
    convert::{date_time, need, page},
    error::AwsError,
    operation::Op,
};

/// The most rows of one page of AWS Backup.
const PAGE: i32 = 1000;
/// AWS Backup's word for all accounts of the organization.
const ALL_ACCOUNTS: &str = "*";

/// Whose jobs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum JobsOf {
    /// All accounts of the organization; AWS documents it for backups, and may refuse it for copies and restores.
    #[default]
    All,
    Account(AccountId),
    /// The account that asks.
    Caller,
}

impl JobsOf {
    fn account_id(&self) -> Option<String> {
        match self {
            Self::All => Some(ALL_ACCOUNTS.to_owned()),
            Self::Account(account) => Some(account.to_string()),
            Self::Caller => None,
        }
    }
}

/// Which jobs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobsAfter {
    /// Only jobs created after this instant.
    pub created_after: Option<OffsetDateTime>,
    /// Only jobs created before this instant.
    pub created_before: Option<OffsetDateTime>,
    /// Only jobs that ended after this instant.
    pub completed_after: Option<OffsetDateTime>,
    pub of: JobsOf,
}

/// Sets the filters and the page that the three list requests have in common.
macro_rules! filtered {
    ($request:expr, $filter:expr, $token:expr) => {
        $request
            .max_results(PAGE)
            .set_next_token($token.map(str::to_owned))
            .set_by_account_id($filter.of.account_id())
            .set_by_created_after($filter.created_after.map(date_time))
            .set_by_created_before($filter.created_before.map(date_time))
            .set_by_complete_after($filter.completed_after.map(date_time))
    };
}

impl Aws {
    /// A page of jobs.
    pub async fn job_page(
        &self,
        region: &str,
        kind: JobKind,
        filter: &JobsAfter,
        token: Option<&str>,
    ) -> Result<JobPage, AwsError> {
        match kind {
            JobKind::Backup => self.backup_jobs(region, filter, token).await,
            JobKind::Copy => self.copy_jobs(region, filter, token).await,
            JobKind::Restore => self.restore_jobs(region, filter, token).await,
        }
    }

    async fn backup_jobs(
        &self,
        region: &str,
        filter: &JobsAfter,
        token: Option<&str>,
    ) -> Result<JobPage, AwsError> {
        const OP: Op = Op::ListBackupJobs;
        let mend = MendRows::new("BackupJobs", "BackupJobId");
        let answer = self
            .call(Backup(region), OP, |c| {
                let request = filtered!(c.list_backup_jobs(), filter, token);
                request.customize().interceptor(mend.clone()).send()
            })
            .await?;
        answer.value(|a| {
            let rows = page(OP, a.backup_jobs, a.next_token)?;
            Ok(mend.job_page(rows, |row| row.backup_job_id.clone(), |row| read::backup_row(region, row)))
        })
    }

    async fn copy_jobs(
        &self,
        region: &str,
        filter: &JobsAfter,
        token: Option<&str>,
    ) -> Result<JobPage, AwsError> {
        const OP: Op = Op::ListCopyJobs;
        let mend = MendRows::new("CopyJobs", "CopyJobId");
        let answer = self
            .call(Backup(region), OP, |c| {
                let request = filtered!(c.list_copy_jobs(), filter, token);
                request.customize().interceptor(mend.clone()).send()
            })
            .await?;
        answer.value(|a| {
            let rows = page(OP, a.copy_jobs, a.next_token)?;
            Ok(mend.job_page(rows, |row| row.copy_job_id.clone(), |row| read::copy(region, row)))
        })
    }

    async fn restore_jobs(
        &self,
        region: &str,
        filter: &JobsAfter,
        token: Option<&str>,
    ) -> Result<JobPage, AwsError> {
        const OP: Op = Op::ListRestoreJobs;
        let mend = MendRows::new("RestoreJobs", "RestoreJobId");
        let answer = self
            .call(Backup(region), OP, |c| {
                let request = filtered!(c.list_restore_jobs(), filter, token);
                request.customize().interceptor(mend.clone()).send()
            })
            .await?;
        answer.value(|a| {
            let rows = page(OP, a.restore_jobs, a.next_token)?;
            Ok(mend.job_page(rows, |row| row.restore_job_id.clone(), |row| read::restore_row(region, row)))
        })
    }

    /// One job. AWS does not say whether jobs of other accounts can be asked for so.
    ///
    /// # Errors
    /// `NotFound` where there is none for the caller.
    pub async fn describe_job(&self, region: &str, kind: JobKind, id: &str) -> Result<Job, AwsError> {
        let backup = Backup(region);
        match kind {
            JobKind::Backup => {
                const OP: Op = Op::DescribeBackupJob;
                let answer =
                    self.call(backup, OP, |c| c.describe_backup_job().backup_job_id(id).send()).await?;
                answer.value(|job| read::backup(region, job).map_err(|odd| odd.in_answer(OP)))
            }
            JobKind::Copy => {
                const OP: Op = Op::DescribeCopyJob;
                let answer = self.call(backup, OP, |c| c.describe_copy_job().copy_job_id(id).send()).await?;
                answer.value(|a| {
                    let job = need(OP, "CopyJob", a.copy_job)?;
                    read::copy(region, job).map_err(|odd| odd.in_answer(OP))
                })
            }
            JobKind::Restore => {
                const OP: Op = Op::DescribeRestoreJob;
                let answer =
                    self.call(backup, OP, |c| c.describe_restore_job().restore_job_id(id).send()).await?;
                answer.value(|job| read::restore(region, job).map_err(|odd| odd.in_answer(OP)))
            }
        }
    }
}
