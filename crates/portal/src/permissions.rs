//! What AWS allows the portal itself: asked at the start, and again when somebody looks.

use std::sync::PoisonError;

use aws::{PermissionCheck, PermissionOutcome};
use model::{
    access::{Action, Resource},
    failure::DeniedBy,
    permissions::{Feature, FeaturePermission, MissingAction, PermissionState, Permissions},
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
    let is_known = |check: &PermissionCheck| !matches!(check.outcome, PermissionOutcome::NotChecked { .. });
    if checks.iter().any(is_known) {
        return None;
    }
    checks.iter().find_map(reason)
}

fn reason(check: &PermissionCheck) -> Option<String> {
    match &check.outcome {
        PermissionOutcome::NotChecked { reason } => Some(reason.clone()),
        _ => None,
    }
}

/// One denial denies the feature; one that is not known leaves it unknown.
fn feature(feature: Feature, checks: &[PermissionCheck]) -> FeaturePermission {
    let ours = || checks.iter().filter(|check| check.feature == feature);
    let missing: Vec<MissingAction> = ours().filter_map(denied).collect();
    let unknown = ours().find_map(reason);
    let state = match unknown {
        _ if !missing.is_empty() => PermissionState::Denied,
        Some(reason) => PermissionState::NotChecked { reason },
        None if ours().next().is_none() => {
            PermissionState::NotChecked { reason: "Only AWS itself uses it.".to_owned() }
        }
        None => PermissionState::Allowed,
    };
    FeaturePermission { feature, state, missing }
}

fn denied(check: &PermissionCheck) -> Option<MissingAction> {
    let PermissionOutcome::Denied { by, said } = &check.outcome else { return None };
    let (action, region) = (check.action.to_owned(), check.region.clone());
    Some(MissingAction { action, region, by: *by, said: said.clone() })
}
