//! Names of the plans and rules that jobs come with by id alone, as other jobs of the same plan tell them.

use model::{
    AccountId,
    job::{Job, JobRow},
};
use store::{PlanKey, Store};

use crate::PortalError;

/// What a job tells of its plan, with room for the names.
pub(super) struct Unnamed<'a> {
    account: &'a AccountId,
    region: &'a str,
    plan_id: Option<&'a str>,
    rule_id: Option<&'a str>,
    plan_name: &'a mut Option<String>,
    rule_name: &'a mut Option<String>,
}

macro_rules! unnamed {
    ($job:expr) => {
        Unnamed {
            account: &$job.account,
            region: &$job.region,
            plan_id: $job.plan_id.as_deref(),
            rule_id: $job.rule_id.as_deref(),
            plan_name: &mut $job.plan_name,
            rule_name: &mut $job.rule_name,
        }
    };
}

pub(super) fn of_row(row: &mut JobRow) -> Unnamed<'_> {
    unnamed!(row)
}

pub(super) fn of_job(job: &mut Job) -> Unnamed<'_> {
    unnamed!(job)
}

impl Unnamed<'_> {
    /// The plan, or a rule of it; `None` where AWS tells no id.
    fn key(&self, rule_id: Option<&str>) -> Option<PlanKey> {
        Some(PlanKey {
            account: self.account.clone(),
            region: self.region.to_owned(),
            plan_id: self.plan_id?.to_owned(),
            rule_id: rule_id?.to_owned(),
        })
    }

    fn plan(&self) -> Option<PlanKey> {
        self.plan_name.is_none().then(|| self.key(Some("")))?
    }

    fn rule(&self) -> Option<PlanKey> {
        self.rule_name.is_none().then(|| self.key(self.rule_id))?
    }
}

/// Fills in the names that are known from other jobs, with one question for all; how many.
pub(super) async fn name<'a>(
    store: &Store,
    jobs: impl IntoIterator<Item = Unnamed<'a>>,
) -> Result<usize, PortalError> {
    let jobs: Vec<Unnamed<'a>> = jobs.into_iter().collect();
    let mut keys: Vec<PlanKey> = jobs.iter().flat_map(|job| [job.plan(), job.rule()]).flatten().collect();
    keys.sort_unstable();
    keys.dedup();
    let names = store.plan_names(&keys).await?;
    let mut filled = 0;
    for job in jobs {
        let known = |key: Option<PlanKey>| names.get(&key?).cloned();
        let (plan, rule) = (known(job.plan()), known(job.rule()));
        filled += usize::from(plan.is_some()) + usize::from(rule.is_some());
        *job.plan_name = job.plan_name.take().or(plan);
        *job.rule_name = job.rule_name.take().or(rule);
    }
    Ok(filled)
}
