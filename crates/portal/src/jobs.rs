//! Backup, copy and restore jobs of all accounts and Regions, from the store.

mod plans;

use std::collections::BTreeSet;

use model::{
    JobFilter, JobKind,
    access::{Action, Resource},
    job::{
        JobChoices, JobDetail, JobList, JobRow,
        lists::{Cover, JobListState},
    },
    job_filter::NO_CATEGORY,
    organization::Jump,
    paths,
};
use store::JobQuery;

use crate::{Caller, Portal, PortalError, sight::Sight};

impl Portal {
    /// A page of jobs under a filter.
    ///
    /// # Errors
    /// Where the caller may not read or the database fails.
    pub async fn jobs(&self, caller: &Caller, filter: &JobFilter) -> Result<JobList, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let sight = self.sight(caller).await?;
        let query = self.resolve(filter, &sight);
        let of_any_state = JobQuery { states: Vec::new(), ..query.clone() };
        let store = self.store();
        let (mut page, by_state, cover, choices) = tokio::try_join!(
            async { store.jobs(&query).await.map_err(PortalError::filtered) },
            async { Ok(store.count_by_state(&of_any_state).await?) },
            self.cover(),
            self.choices(&sight),
        )?;
        name_accounts(&mut page.rows, &sight);
        plans::name(store, page.rows.iter_mut().map(plans::of_row)).await?;
        let cover = cover.narrowed(|region, kind| {
            (filter.regions.is_empty() || filter.regions.contains(region))
                && (filter.kinds.is_empty() || filter.kinds.contains(&kind))
        });
        Ok(JobList { page, by_state, cover, choices, names: names(filter, &sight) })
    }

    /// One job in full.
    ///
    /// # Errors
    /// Where there is no such job, the caller may not read, or the database fails.
    pub async fn job(&self, caller: &Caller, kind: JobKind, id: &str) -> Result<JobDetail, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let not_found = || PortalError::NotFound { what: "job" };
        let (mut job, seen_at) = self.store().job(kind, id).await?.ok_or_else(not_found)?;
        let sight = self.sight(caller).await?;
        if !sight.covers_account(&job.account) {
            return Err(not_found());
        }
        let mut related = self.store().related_jobs(&job).await?;
        related.retain(|row| sight.covers_account(&row.account));
        name_accounts(&mut related, &sight);
        plans::name(self.store(), related.iter_mut().map(plans::of_row)).await?;
        let named_elsewhere = plans::name(self.store(), [plans::of_job(&mut job)]).await? > 0;
        let place = sight.place(&job.account.clone().into());
        let ancestors = place.map_or_else(Vec::new, |p| sight.ancestors(p));
        Ok(JobDetail {
            account_name: sight.account_name(&job.account),
            ancestors: ancestors.iter().map(|a| a.reference()).collect(),
            related,
            named_elsewhere,
            job,
            seen_at,
        })
    }

    /// Jobs whose id begins with the text, in any case of letters, for the jump search.
    pub(crate) async fn jobs_by_id(&self, sight: &Sight, text: &str) -> Result<Vec<Jump>, PortalError> {
        let Ok(filter) = JobFilter::default().with("id", text) else { return Ok(Vec::new()) };
        let page = self.store().jobs(&self.resolve(&filter, sight)).await?;
        let found = page.rows.into_iter().take(10).map(|row| Jump {
            kind: "Job".into(),
            title: row.id.clone(),
            hint: format!("{} · {} · {}", row.kind.word(), row.resource, row.region),
            href: paths::job(row.kind, &row.id),
        });
        Ok(found.collect())
    }

    /// The filter in the store's terms, of what the caller may see: ages become instants.
    fn resolve(&self, filter: &JobFilter, sight: &Sight) -> JobQuery {
        let now = self.now();
        JobQuery {
            kinds: filter.kinds.iter().copied().collect(),
            states: filter.states.iter().copied().collect(),
            accounts: filter.accounts.iter().cloned().collect(),
            extent: sight.extent(&filter.ous),
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

    /// What of the lists of jobs was read: of every Region that is to be read, also before the first reading of it.
    pub(crate) async fn cover(&self) -> Result<Cover, PortalError> {
        let mut lists = self.store().job_lists().await?;
        for region in &self.0.regions {
            for kind in JobKind::ALL {
                if !lists.iter().any(|list| list.region == *region && list.kind == kind) {
                    lists.push(JobListState::untried(region, kind));
                }
            }
        }
        lists.sort_by(|a, b| (&a.region, a.kind).cmp(&(&b.region, b.kind)));
        Ok(Cover { lists, now: self.now() })
    }

    async fn choices(&self, sight: &Sight) -> Result<JobChoices, PortalError> {
        let known = self.store().job_choices(&sight.extent([])).await?;
        let regions: BTreeSet<String> =
            known.regions.into_iter().chain(self.0.regions.iter().cloned()).collect();
        let ous = sight.places().filter(|place| place.is_ou()).map(|place| {
            let above = sight.ancestors(place);
            let names = above.iter().skip(1).map(|a| a.node.name.as_str()).chain([place.node.name.as_str()]);
            (place.node.id.to_string(), names.collect::<Vec<_>>().join(" / "))
        });
        Ok(JobChoices {
            regions: regions.into_iter().collect(),
            resource_types: known.resource_types,
            vaults: known.vaults,
            causes: known.categories.iter().map(|category| cause(category).to_owned()).collect(),
            ous: ous.collect(),
            accounts: sight.counts().0,
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

fn name_accounts(rows: &mut [JobRow], sight: &Sight) {
    for row in rows {
        row.account_name = sight.account_name(&row.account);
    }
}

/// Names of the accounts and OUs that a filter names by id.
fn names(filter: &JobFilter, sight: &Sight) -> Vec<(String, String)> {
    let accounts = filter.accounts.iter().map(|id| (id.to_string(), sight.account_name(id)));
    let ous = filter.ous.iter().map(|id| (id.to_string(), sight.name(id)));
    accounts.chain(ous).filter(|(_, name)| !name.is_empty()).collect()
}
