//! What AWS allows the portal itself: asked at the start, and again when somebody looks.

use std::sync::PoisonError;

use aws::{PermissionCheck, PermissionOutcome};
use model::{
    access::{Action, Resource},
    failure::DeniedBy,
    permissions::{Feature, FeaturePermission, MissingAction, PermissionState, Permissions, RegionalAnswers},
    session::Outsider,
};
use time::Duration;

use crate::{Caller, Portal, PortalError, live::Freshness};

/// Permissions change rarely, and asking takes some forty calls.
const KEPT: Duration = Duration::minutes(10);
/// Nobody makes the portal ask more often than this.
const AT_MOST: Duration = Duration::seconds(30);

impl Portal {
    /// Which features AWS allows, as far as that can be known without changing anything, and the IAM policy that
    /// allows all. Asked anew where `again` is set, and where what is known is ten minutes old.
    ///
    /// # Errors
    /// Where the caller may not read.
    pub async fn permissions(&self, caller: &Caller, again: bool) -> Result<Permissions, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        self.known_permissions(Some(caller), if again { AT_MOST } else { KEPT }).await
    }

    /// Asks which permissions are missing, and logs each. For the start of the program; a simulator has none.
    pub async fn report_permissions(&self) {
        if self.0.simulated {
            return;
        }
        let Ok(found) = self.known_permissions(None, KEPT).await else { return };
        if let Some(reason) = found.problem {
            tracing::warn!(reason, "permissions were not checked");
            return;
        }
        let outsider = self.outsider();
        if let Some(outsider) = &outsider {
            tracing::warn!(reason = outsider.words(), "AWS tells nothing of the organization");
        }
        for row in &found.rows {
            let feature = row.feature.text();
            for MissingAction { action, region, by, said } in &row.missing {
                // That was said, once.
                if outsider.is_some() && *by == DeniedBy::Outsider {
                    continue;
                }
                let (without, cause) = (feature.without, by.cause(action));
                tracing::warn!(
                    feature = feature.title,
                    action,
                    region,
                    cause,
                    said,
                    without,
                    "AWS denies an action"
                );
            }
        }
        for row in &found.rows {
            for answers in &row.by_region {
                let (feature, actions) = (row.feature.text().title, answers.actions.join(", "));
                tracing::warn!(feature, actions, answers = answers.words(), "Regions answer differently");
            }
        }
        let denied = found.rows.iter().filter(|row| row.state == PermissionState::Denied).count();
        tracing::info!(denied, "permissions were checked, as far as reading tells");
    }

    /// The account that we speak as, where AWS told it nothing when permissions were checked last.
    pub(crate) fn outsider(&self) -> Option<Outsider> {
        self.0.outsider.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who we are, where AWS denies us what it tells the management account and delegated administrators.
    async fn find_outsider(&self, checks: &[PermissionCheck]) -> Option<Outsider> {
        let denied = |check: &PermissionCheck| {
            matches!(check.outcome, PermissionOutcome::Denied { by: DeniedBy::Outsider, .. })
        };
        checks.iter().find(|check| check.action == "organizations:ListRoots" && denied(check))?;
        let (caller, organization) =
            tokio::join!(self.aws().caller_identity(), self.aws().describe_organization());
        let management = organization.ok().map(|facts| facts.management_account.to_string());
        Some(Outsider { account: caller.ok()?.account.to_string(), management })
    }

    async fn known_permissions(
        &self,
        caller: Option<&Caller>,
        kept: Duration,
    ) -> Result<Permissions, PortalError> {
        let (asker, fresh) = (self.asker(caller), Freshness::within(kept));
        self.0.readings.permissions.get((), asker, fresh, async || self.check_permissions().await).await
    }

    async fn check_permissions(&self) -> Permissions {
        let now = self.now();
        let checks = self.aws().check_permissions(&self.0.regions, now).await;
        let rows: Vec<_> = Feature::TABLE.iter().map(|row| feature(row.feature, &checks)).collect();
        let lacks = |row: &FeaturePermission| row.missing.iter().any(|missing| missing.by.lacks_allow());
        let wanted = |feature| rows.iter().any(|row| row.feature == feature && lacks(row));
        let to_add = rows.iter().any(lacks).then(|| aws::iam_policy_for(wanted));
        let problem = unchecked(&checks);
        let outsider = self.find_outsider(&checks).await;
        *self.0.outsider.lock().unwrap_or_else(PoisonError::into_inner) = outsider;
        Permissions { rows, policy: aws::iam_policy(), to_add, problem, checked_at: now }
    }
}

/// Why nothing could be checked; `None` where anything was.
fn unchecked(checks: &[PermissionCheck]) -> Option<String> {
    let states: Vec<PermissionState> = checks.iter().map(state).collect();
    if states.iter().any(|state| state.reason().is_none()) {
        return None;
    }
    states.first().and_then(PermissionState::reason).map(str::to_owned)
}

fn state(check: &PermissionCheck) -> PermissionState {
    match &check.outcome {
        PermissionOutcome::Allowed => PermissionState::Allowed,
        PermissionOutcome::Denied { .. } => PermissionState::Denied,
        PermissionOutcome::NotAvailable { reason } => {
            PermissionState::NotAvailable { reason: reason.clone() }
        }
        PermissionOutcome::Failed { reason } => PermissionState::Failed { reason: reason.clone() },
        PermissionOutcome::NotChecked { reason } => PermissionState::NotChecked { reason: reason.clone() },
    }
}

/// One denial denies the feature; one answer that does not tell leaves it unknown.
fn feature(feature: Feature, checks: &[PermissionCheck]) -> FeaturePermission {
    let ours: Vec<&PermissionCheck> = checks.iter().filter(|check| check.feature == feature).collect();
    let missing: Vec<MissingAction> = ours.iter().filter_map(|check| denied(check)).collect();
    let by_region = by_region(&ours);
    let state = match ours.into_iter().map(state).min_by_key(weight) {
        Some(state) => state,
        None => PermissionState::NotChecked { reason: "Only AWS itself uses it.".to_owned() },
    };
    FeaturePermission { feature, state, missing, by_region }
}

/// Which of several answers stands for a feature: the least comes first.
const fn weight(state: &PermissionState) -> u8 {
    match state {
        PermissionState::Denied => 0,
        PermissionState::Failed { .. } => 1,
        PermissionState::NotAvailable { .. } => 2,
        PermissionState::NotChecked { .. } => 3,
        PermissionState::Allowed => 4,
    }
}

/// Actions for which the Regions do not all answer the same, together where they are answered alike.
fn by_region(checks: &[&PermissionCheck]) -> Vec<RegionalAnswers> {
    let mut found: Vec<RegionalAnswers> = Vec::new();
    for of_action in checks.chunk_by(|a, b| a.action == b.action) {
        let mut answers: Vec<(PermissionState, Vec<String>)> = Vec::new();
        for check in of_action {
            let (Some(region), state) = (check.region.clone(), state(check)) else { continue };
            match answers.iter_mut().find(|(known, _)| *known == state) {
                Some((_, regions)) => regions.push(region),
                None => answers.push((state, vec![region])),
            }
        }
        let Some(action) = of_action.first().map(|check| check.action.to_owned()) else { continue };
        match found.iter_mut().find(|known| known.answers == answers) {
            _ if answers.len() < 2 => (),
            Some(known) => known.actions.push(action),
            None => found.push(RegionalAnswers { actions: vec![action], answers }),
        }
    }
    found
}

fn denied(check: &PermissionCheck) -> Option<MissingAction> {
    let PermissionOutcome::Denied { by, said } = &check.outcome else { return None };
    let (action, region) = (check.action.to_owned(), check.region.clone());
    Some(MissingAction { action, region, by: *by, said: said.clone() })
}
