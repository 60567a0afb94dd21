//! The first page: is the organization protected right now.

use model::{
    access::{Action, Resource},
    overview::Overview,
};
use time::Duration;

use crate::{Caller, Portal, PortalError};

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
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let sight = self.sight(caller).await?;
        let extent = sight.extent([]);
        let now = self.now();
        let (day_begins, last_day_ends) = Overview::last_day_at(now);
        let today = now.date();
        let cover = self.cover().await?;
        let store = self.store();
        let (last_day, days, mut causes) = if cover.has_any() {
            let (last_day, days, causes) = tokio::try_join!(
                store.jobs_between(&extent, day_begins, last_day_ends),
                store.days_of_jobs(&extent, today - Duration::days(DAYS - 1), today),
                store.causes(&extent, now - Duration::days(CAUSE_DAYS), CAUSES),
            )?;
            (cover.has_recent().then_some(last_day), days, causes)
        } else {
            (None, Vec::new(), Vec::new())
        };
        for cause in &mut causes {
            cause.category = crate::jobs::cause(&cause.category).to_owned();
        }
        let figures = sight.figures();
        Ok(Overview {
            organization_read: sight.facts().is_some(),
            active_accounts: figures.active,
            other_accounts: figures.other,
            ous: figures.ous,
            policies: sight.policies().count() as u64,
            accounts_without_plan: figures.without_plan,
            accounts_not_known: figures.unknown,
            unread: sight.unread().to_vec(),
            invalid_accounts: figures.invalid,
            invalid_is_known: sight.invalid_is_known(),
            distinct_policies: figures.distinct,
            last_day,
            last_day_ends,
            days,
            causes_since: (now - Duration::days(CAUSE_DAYS)).date(),
            causes,
            cover,
        })
    }
}
