//! The first page: is the organization protected right now.

use std::collections::HashSet;

use model::{overview::Overview, role::Action};
use policy::merge::Merged;
use std::sync::Arc;
use time::Duration;

use crate::{Caller, Portal, PortalError, authorize, directory::Directory};

/// Days of the chart.
const DAYS: i64 = 14;
/// Days over which causes are counted.
const CAUSE_DAYS: i64 = 7;
/// Causes shown.
const CAUSES: i64 = 5;

impl Portal {
    /// The figures of the first page. What is not known is absent, never zero.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn overview(&self, caller: &Caller) -> Result<Overview, PortalError> {
        authorize(caller, Action::Read)?;
        let directory = self.directory().await?;
        let now = self.now();
        let today = now.date();
        let jobs_known = self.store().watermarks().await?.iter().any(|m| m.read_at.is_some());
        let store = self.store();
        let (last_day, days, causes) = if jobs_known {
            (
                Some(store.jobs_since(now - Duration::DAY).await?),
                store.days_of_jobs(today - Duration::days(DAYS - 1), today).await?,
                store.causes(now - Duration::days(CAUSE_DAYS), CAUSES).await?,
            )
        } else {
            (None, Vec::new(), Vec::new())
        };
        let figures = tokio::task::spawn_blocking({
            let directory = directory.clone();
            move || figures(&directory, now)
        });
        let figures = figures.await.map_err(|e| PortalError::Internal(format!("counting: {e}")))?;
        let root = directory.places.first();
        Ok(Overview {
            organization_read: directory.facts.is_some(),
            active_accounts: figures.active,
            other_accounts: directory.accounts().count() as u64 - figures.active,
            ous: root.map_or(0, |r| r.ous_below),
            policies: directory.policies.len() as u64,
            accounts_without_plan: figures.without_plan,
            invalid_accounts: figures.invalid,
            distinct_policies: figures.distinct,
            last_day,
            days,
            causes,
            regions: self.0.regions.clone(),
        })
    }
}

#[derive(Default)]
struct Figures {
    active: u64,
    without_plan: u64,
    invalid: Vec<model::organization::NodeRef>,
    distinct: u64,
}

/// Counts over all active accounts; a merge result that accounts share is looked at once.
fn figures(directory: &Directory, now: time::OffsetDateTime) -> Figures {
    let mut figures = Figures::default();
    let mut seen: std::collections::HashMap<*const Merged, (bool, bool)> = std::collections::HashMap::new();
    let mut distinct: HashSet<String> = HashSet::new();
    for place in directory.active_accounts() {
        figures.active += 1;
        let (empty, invalid) = *seen.entry(Arc::as_ptr(&place.merged)).or_insert_with(|| {
            distinct.insert(place.merged.to_json().to_string());
            (place.merged.is_empty(), !policy::validate::validate(&place.merged, now).is_empty())
        });
        figures.without_plan += u64::from(empty);
        if invalid {
            figures.invalid.push(place.reference());
        }
    }
    figures.distinct = distinct.len() as u64;
    figures
}
