//! Backup, copy and restore jobs of all accounts and Regions, from the store.

use std::collections::{BTreeSet, HashSet};

use model::{
    AccountId, JobFilter, JobKind, TargetKind,
    access::Action,
    job::{JobChoices, JobDetail, JobList, JobRow, RegionFreshness},
    job_filter::NO_CATEGORY,
    organization::Jump,
    paths,
};
use store::JobQuery;

use crate::{Caller, Portal, PortalError, authorize, directory::Directory};

impl Portal {
    /// A page of jobs under the filter that the query string is.
    ///
    /// # Errors
    /// `Invalid` where a condition has a wrong value; else where the caller may not read or the database fails.
    pub async fn jobs(&self, caller: &Caller, query: &str) -> Result<JobList, PortalError> {
        authorize(caller, Action::Read)?;
        let (filter, problems) = JobFilter::from_query(query);
        if !problems.is_empty() {
            return Err(PortalError::Invalid(problems));
        }
        let directory = self.directory().await?;
        let query = self.resolve(&filter, &directory);
        let mut page = self.store().jobs(&query).await.map_err(PortalError::filtered)?;
        name_accounts(&mut page.rows, &directory);
        let by_state = self.store().count_by_state(&JobQuery { states: Vec::new(), ..query }).await?;
        Ok(JobList {
            page,
            by_state,
            freshness: self.job_freshness().await?,
            choices: self.choices(&directory).await?,
            names: names(&filter, &directory),
        })
    }

    /// One job in full.
    ///
    /// # Errors
    /// Where there is no such job, the caller may not read, or the database fails.
    pub async fn job(&self, caller: &Caller, kind: &str, id: &str) -> Result<JobDetail, PortalError> {
        authorize(caller, Action::Read)?;
        let not_found = || PortalError::NotFound { what: "job" };
        let kind = JobKind::from_name(kind).ok_or_else(not_found)?;
        let (job, seen_at) = self.store().job(kind, id).await?.ok_or_else(not_found)?;
        let directory = self.directory().await?;
        let mut related = self.store().related_jobs(&job).await?;
        name_accounts(&mut related, &directory);
        let place = directory.place(&job.account.clone().into());
        let ancestors = place.map_or_else(Vec::new, |p| directory.ancestors(p));
        Ok(JobDetail {
            account_name: directory.account_name(&job.account),
            ancestors: ancestors.iter().map(|a| a.reference()).collect(),
            related,
            job,
            seen_at,
        })
    }

    /// Jobs whose id begins with the text, for the jump search.
    pub(crate) async fn jobs_by_id(&self, text: &str) -> Result<Vec<Jump>, PortalError> {
        let Ok(filter) = JobFilter::default().with("id", text) else { return Ok(Vec::new()) };
        let directory = self.directory().await?;
        let page = self.store().jobs(&self.resolve(&filter, &directory)).await?;
        let found = page.rows.into_iter().take(10).map(|row| Jump {
            kind: "Job".into(),
            title: row.id.clone(),
            hint: format!("{} · {} · {}", row.kind.word(), row.resource, row.region),
            href: paths::job(row.kind, &row.id),
        });
        Ok(found.collect())
    }

    /// The filter in the store's terms: OUs become the accounts below them, ages become instants.
    fn resolve(&self, filter: &JobFilter, directory: &Directory) -> JobQuery {
        let now = self.now();
        JobQuery {
            kinds: filter.kinds.iter().copied().collect(),
            states: filter.states.iter().copied().collect(),
            accounts: accounts(filter, directory),
            resource_types: filter.resource_types.iter().cloned().collect(),
            regions: filter.regions.iter().cloned().collect(),
            vaults: filter.vaults.iter().cloned().collect(),
            categories: filter.causes.iter().map(|cause| category(cause).to_owned()).collect(),
            policy_made: filter.policy_made,
            from: filter.from.map(|i| i.resolve(now)),
            until: filter.until.map(|i| i.resolve(now)),
            job_ids: filter.job_ids.iter().cloned().collect(),
            text: filter.text.clone(),
            cursor: filter.cursor.clone(),
            size: filter.size.rows(),
        }
    }

    /// How new the jobs of each Region and kind are.
    pub(crate) async fn job_freshness(&self) -> Result<Vec<RegionFreshness>, PortalError> {
        let marks = self.store().watermarks().await?;
        let rows = marks.into_iter().map(|mark| RegionFreshness {
            region: mark.region,
            kind: mark.kind,
            read_at: mark.read_at,
            problem: mark.problem,
        });
        Ok(rows.collect())
    }

    async fn choices(&self, directory: &Directory) -> Result<JobChoices, PortalError> {
        let known = self.store().job_choices().await?;
        let regions: BTreeSet<String> =
            known.regions.into_iter().chain(self.0.regions.iter().cloned()).collect();
        let ous = directory.places.iter().filter(|p| p.node.id.kind() == TargetKind::Ou).map(|place| {
            let above = directory.ancestors(place);
            let names = above.iter().skip(1).map(|a| a.node.name.as_str()).chain([place.node.name.as_str()]);
            (place.node.id.to_string(), names.collect::<Vec<_>>().join(" / "))
        });
        Ok(JobChoices {
            regions: regions.into_iter().collect(),
            resource_types: known.resource_types,
            vaults: known.vaults,
            causes: known.categories.iter().map(|category| cause(category).to_owned()).collect(),
            ous: ous.collect(),
            accounts: directory.accounts().count() as u64,
        })
    }
}

/// What people see and addresses hold in the place of a message category.
pub(crate) fn cause(category: &str) -> &str {
    if category.is_empty() { NO_CATEGORY } else { category }
}

fn category(cause: &str) -> &str {
    if cause == NO_CATEGORY { "" } else { cause }
}

/// The accounts that the filter's account and OU conditions leave; `None` where it has neither. Both given: both hold.
fn accounts(filter: &JobFilter, directory: &Directory) -> Option<Vec<String>> {
    if filter.accounts.is_empty() && filter.ous.is_empty() {
        return None;
    }
    let named: HashSet<&str> = filter.accounts.iter().map(AccountId::as_str).collect();
    if filter.ous.is_empty() {
        return Some(named.into_iter().map(str::to_owned).collect());
    }
    let positions = filter.ous.iter().filter_map(|ou| directory.position(ou));
    let below: BTreeSet<&str> = positions
        .flat_map(|position| directory.subtree(position))
        .filter(|p| p.node.id.kind() == TargetKind::Account)
        .map(|p| p.node.id.as_str())
        .filter(|id| named.is_empty() || named.contains(id))
        .collect();
    Some(below.into_iter().map(str::to_owned).collect())
}

fn name_accounts(rows: &mut [JobRow], directory: &Directory) {
    for row in rows {
        row.account_name = directory.account_name(&row.account);
    }
}

/// Names of the accounts and OUs that a filter names by id.
fn names(filter: &JobFilter, directory: &Directory) -> Vec<(String, String)> {
    let accounts = filter.accounts.iter().map(|id| (id.to_string(), directory.account_name(id)));
    let ous = filter.ous.iter().map(|id| (id.to_string(), directory.name(id)));
    accounts.chain(ous).filter(|(_, name)| !name.is_empty()).collect()
}
