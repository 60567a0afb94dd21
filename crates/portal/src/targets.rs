//! The organization as a flat list, for programs.

use model::{
    access::{Action, Resource},
    organization::{MOST_TARGETS, TargetQuery, TargetRow},
    page::{Page, Total},
};

use crate::{Caller, Portal, PortalError};

impl Portal {
    /// A page of targets in the tree's order: each before what is below it.
    ///
    /// # Errors
    /// `Invalid` for a size that no page has, or a page that begins after a target that is not there any more; where the
    /// caller may not read, or the database fails.
    pub async fn targets(
        &self,
        caller: &Caller,
        query: &TargetQuery,
    ) -> Result<Page<TargetRow>, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        if !(1..=MOST_TARGETS).contains(&query.size) {
            return Err(PortalError::field("limit", format!("Choose 1 to {MOST_TARGETS} rows a page.")));
        }
        let sight = self.sight(caller).await?;
        let after = match &query.after {
            None => None,
            Some(id) => Some(sight.position(id).ok_or_else(|| {
                PortalError::field("cursor", "The list has changed since. Begin at its first page.")
            })?),
        };
        let wanted = |position: &usize| {
            let kind = sight.at(*position).map(|place| place.node.id.kind());
            query.kind.is_none_or(|wanted| kind == Some(wanted))
        };
        let total = sight.positions().filter(wanted).count();
        let mut rest =
            sight.positions().filter(wanted).skip_while(|at| after.is_some_and(|after| *at <= after));
        let rows: Vec<TargetRow> = rest
            .by_ref()
            .take(query.size)
            .filter_map(|position| sight.at(position))
            .map(|place| TargetRow {
                node: place.node.clone(),
                policies: place.policies.iter().map(|id| sight.policy_ref(id)).collect(),
            })
            .collect();
        let more = rest.next().is_some();
        let next = rows.last().filter(|_| more).map(|row| row.node.id.to_string());
        Ok(Page { rows, total: Total::exactly(total as u64), next, previous: None })
    }
}
