//! The first page: is the organization protected right now.

use std::collections::HashSet;

use model::{access::Action, overview::Overview};
use time::Duration;

use crate::{Caller, Portal, PortalError, authorize, coverage::Survey, directory::Directory, off_reactor};

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
        let (last_day, days, mut causes) = if jobs_known {
            (
                Some(store.jobs_since(now - Duration::DAY).await?),
                store.days_of_jobs(today - Duration::days(DAYS - 1), today).await?,
                store.causes(now - Duration::days(CAUSE_DAYS), CAUSES).await?,
            )
        } else {
            (None, Vec::new(), Vec::new())
        };
        for cause in &mut causes {
            cause.category = crate::jobs::cause(&cause.category).to_owned();
        }
        let figures = off_reactor({
            let directory = directory.clone();
            move || figures(&directory, now)
        })
        .await?;
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
            causes_since: (now - Duration::days(CAUSE_DAYS)).date(),
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

/// Counts over all active accounts.
fn figures(directory: &Directory, now: time::OffsetDateTime) -> Figures {
    let mut figures = Figures::default();
    let mut survey = Survey::new(now);
    let mut distinct: HashSet<String> = HashSet::new();
    for place in directory.active_accounts() {
        figures.active += 1;
        let (findings, first) = survey.look(place);
        if first {
            distinct.insert(place.merged.to_json().to_string());
        }
        figures.without_plan += u64::from(findings.without_plan);
        if findings.outdated {
            figures.invalid.push(place.reference());
        }
    }
    figures.distinct = distinct.len() as u64;
    figures
}
