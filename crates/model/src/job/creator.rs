//! What made a job, in the words of everything that shows jobs: only what AWS tells.

use super::{Job, JobKind, JobRow};

/// Plans made by policies of the organization have ids that begin so.
const POLICY_MADE: &str = "orgs/";
/// The plan that AWS keeps for file systems with automatic backups has an id that begins so.
const EFS: &str = "aws/efs/";

/// What made a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Creator<'a> {
    /// A backup plan; `by_policy` where an organization's backup policy made the plan.
    Plan { name: &'a str, by_policy: bool },
    /// A plan of an organization's backup policy that AWS does not name.
    Policy { id: Option<&'a str> },
    /// The automatic backups of Amazon EFS.
    Efs,
    /// A plan of the account that AWS does not name.
    PlanId(&'a str),
    /// AWS names a creator, but no plan.
    UnnamedPlan,
    /// A backup job for which AWS names no creator at all.
    OnDemand,
    /// A restore testing plan, by its ARN.
    RestoreTesting(&'a str),
    /// A copy: the backup job that made it.
    BackupJob(&'a str),
    /// AWS does not tell.
    Untold,
    /// It was read before what makes jobs was kept, or AWS told it in a form of its own.
    Unread,
}

impl<'a> Creator<'a> {
    fn new(kind: JobKind, told: Told<'a>) -> Self {
        let Told { plan_name, plan_id, policy_made, planned, restore_testing_plan, created_by_job_id } = told;
        match (plan_name, plan_id) {
            (Some(name), _) => return Self::Plan { name, by_policy: policy_made },
            (None, Some(id)) if id.starts_with(EFS) => return Self::Efs,
            (None, id) if policy_made || id.is_some_and(is_policy_made) => return Self::Policy { id },
            (None, Some(id)) => return Self::PlanId(id),
            (None, None) if planned == Some(true) && kind != JobKind::Restore => return Self::UnnamedPlan,
            (None, None) => {}
        }
        match (kind, created_by_job_id, restore_testing_plan) {
            (JobKind::Copy, Some(job), _) => Self::BackupJob(job),
            (JobKind::Restore, _, Some(plan)) => Self::RestoreTesting(plan),
            _ if planned.is_none() => Self::Unread,
            (JobKind::Backup, ..) => Self::OnDemand,
            (JobKind::Copy | JobKind::Restore, ..) => Self::Untold,
        }
    }

    /// In a few words, for a table.
    #[must_use]
    pub fn short(self) -> String {
        match self {
            Self::Plan { name, .. } => name.to_owned(),
            Self::Policy { .. } => "a backup policy of the organization".to_owned(),
            Self::Efs => "EFS automatic backup".to_owned(),
            Self::PlanId(id) => format!("plan {id}"),
            Self::UnnamedPlan => "a plan that AWS does not name".to_owned(),
            Self::OnDemand => "on demand".to_owned(),
            Self::RestoreTesting(arn) => format!("restore testing plan {}", plan_name(arn)),
            Self::BackupJob(id) => format!("backup job {}", id.get(..8).unwrap_or(id)),
            Self::Untold => "AWS does not tell".to_owned(),
            Self::Unread => "not known".to_owned(),
        }
    }

    /// In full, for the job's own page.
    #[must_use]
    pub fn full(self) -> String {
        match self {
            Self::Plan { name, by_policy: true } => format!("{name} (backup policy of the organization)"),
            Self::Plan { name, by_policy: false } => format!("{name} (plan of the account)"),
            Self::Policy { id: Some(id) } => format!("A backup policy of the organization (plan {id})"),
            Self::Policy { id: None } => "A backup policy of the organization".to_owned(),
            Self::Efs => "EFS automatic backup (a plan that AWS keeps)".to_owned(),
            Self::PlanId(id) => format!("{id} (plan of the account; AWS tells no name)"),
            Self::OnDemand => "None: started on demand".to_owned(),
            Self::BackupJob(id) => format!("Made by backup job {id}"),
            Self::Unread => "Not known: it could not be read, or was not kept when the job was".to_owned(),
            Self::RestoreTesting(_) | Self::UnnamedPlan | Self::Untold => capital(&self.short()),
        }
    }

    /// Whether it names what made the job.
    #[must_use]
    pub const fn is_told(self) -> bool {
        !matches!(self, Self::Untold | Self::Unread | Self::OnDemand | Self::UnnamedPlan)
    }
}

/// What AWS tells of a job's creator.
struct Told<'a> {
    plan_name: Option<&'a str>,
    plan_id: Option<&'a str>,
    policy_made: bool,
    planned: Option<bool>,
    restore_testing_plan: Option<&'a str>,
    created_by_job_id: Option<&'a str>,
}

macro_rules! creator {
    ($job:expr) => {
        Creator::new(
            $job.kind,
            Told {
                plan_name: $job.plan_name.as_deref(),
                plan_id: $job.plan_id.as_deref(),
                policy_made: $job.policy_made,
                planned: $job.planned,
                restore_testing_plan: $job.restore_testing_plan.as_deref(),
                created_by_job_id: $job.created_by_job_id.as_deref(),
            },
        )
    };
}

impl Job {
    /// What made it, as far as AWS tells.
    #[must_use]
    pub fn creator(&self) -> Creator<'_> {
        creator!(self)
    }
}

impl JobRow {
    /// What made it, as far as AWS tells.
    #[must_use]
    pub fn creator(&self) -> Creator<'_> {
        creator!(self)
    }
}

/// Whether a plan of this id was made by a policy of an organization.
#[must_use]
pub fn is_policy_made(plan_id: &str) -> bool {
    plan_id.starts_with(POLICY_MADE)
}

/// The name in `arn:aws:backup:<Region>:<account>:restore-testing-plan:<name>-<uuid>`, as AWS writes it.
fn plan_name(arn: &str) -> &str {
    arn.splitn(7, ':').nth(6).unwrap_or(arn)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: Told<'_> = Told {
        plan_name: None,
        plan_id: None,
        policy_made: false,
        planned: Some(false),
        restore_testing_plan: None,
        created_by_job_id: None,
    };

    fn by_id(id: &'static str) -> String {
        let told =
            Told { plan_id: Some(id), planned: Some(true), policy_made: is_policy_made(id), ..NOTHING };
        Creator::new(JobKind::Backup, told).short()
    }

    #[test]
    fn only_a_backup_without_any_creator_was_started_on_demand() {
        assert_eq!(Creator::new(JobKind::Backup, NOTHING), Creator::OnDemand);
        for kind in [JobKind::Copy, JobKind::Restore] {
            assert_eq!(Creator::new(kind, NOTHING), Creator::Untold);
        }
        let planned = Creator::new(JobKind::Backup, Told { planned: Some(true), ..NOTHING });
        assert_eq!(planned.short(), "a plan that AWS does not name");
    }

    #[test]
    fn of_a_job_whose_creator_was_not_read_nothing_is_claimed() {
        for kind in JobKind::ALL {
            let told = Told { planned: None, ..NOTHING };
            assert_eq!(Creator::new(kind, told), Creator::Unread);
        }
        let named = Told { planned: None, plan_id: Some("orgs/4232272a"), policy_made: true, ..NOTHING };
        assert_eq!(Creator::new(JobKind::Backup, named), Creator::Policy { id: Some("orgs/4232272a") });
    }

    #[test]
    fn a_plan_without_a_name_is_told_by_its_id() {
        assert_eq!(by_id("orgs/4232272a-ed54"), "a backup policy of the organization");
        assert_eq!(by_id("aws/efs/73d922fb-9312"), "EFS automatic backup");
        assert_eq!(by_id("a4f2c6b1-0000"), "plan a4f2c6b1-0000");
    }

    #[test]
    fn restores_and_copies_tell_what_made_them() {
        let arn = "arn:aws:backup:eu-west-1:111122223333:restore-testing-plan:monthly-1234";
        let tested = Creator::new(JobKind::Restore, Told { restore_testing_plan: Some(arn), ..NOTHING });
        assert_eq!(tested.full(), "Restore testing plan monthly-1234");
        let copied =
            Creator::new(JobKind::Copy, Told { created_by_job_id: Some("job-77-abcdef"), ..NOTHING });
        assert_eq!(
            (copied.short(), copied.full()),
            ("backup job job-77-a".into(), "Made by backup job job-77-abcdef".into())
        );
    }
}
