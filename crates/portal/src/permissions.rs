//! What AWS allows the portal itself: asked at the start, and again when somebody looks.

use aws::{PermissionCheck, PermissionOutcome};
use model::{
    access::{Action, Resource},
    permissions::{Feature, FeaturePermission, MissingAction, PermissionState, Permissions},
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
        caller.may(Action::Read, &Resource::Visible)?;
        self.known_permissions(Some(caller), if again { AT_MOST } else { KEPT }).await
    }

    /// Asks which permissions are missing, and logs each. For the start of the program; a simulator has none.
    pub async fn report_permissions(&self) {
        if self.0.simulated {
            return;
        }
        let Ok(found) = self.known_permissions(None, KEPT).await else { return };
        for row in &found.rows {
            let feature = row.feature.text();
            for MissingAction { action, region } in &row.missing {
                let without = feature.without;
                tracing::warn!(feature = feature.title, action, region, without, "AWS denies an action");
            }
        }
        let denied = found.rows.iter().filter(|row| row.state == PermissionState::Denied).count();
        tracing::info!(denied, "permissions were checked, as far as reading tells");
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
        let denied =
            |wanted| rows.iter().any(|row| row.feature == wanted && row.state == PermissionState::Denied);
        let any = rows.iter().any(|row| row.state == PermissionState::Denied);
        let to_add = any.then(|| aws::iam_policy_for(denied));
        Permissions { rows, policy: aws::iam_policy(), to_add, checked_at: now }
    }
}

/// One denial denies the feature; one that is not known leaves it unknown.
fn feature(feature: Feature, checks: &[PermissionCheck]) -> FeaturePermission {
    let ours = || checks.iter().filter(|check| check.feature == feature);
    let missing: Vec<MissingAction> = ours()
        .filter(|check| check.outcome == PermissionOutcome::Denied)
        .map(|check| MissingAction { action: check.action.to_owned(), region: check.region.clone() })
        .collect();
    let unknown = ours().find_map(|check| match &check.outcome {
        PermissionOutcome::NotChecked { reason } => Some(reason.clone()),
        _ => None,
    });
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
