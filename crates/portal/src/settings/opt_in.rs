//! AWS Backup's settings of each Region.

use std::collections::BTreeMap;

use futures::future::join_all;
use model::{
    access::Action,
    audit::AuditAction,
    settings::{
        SettingState,
        opt_in::{AllRegionSettings, RegionSettings, RegionState, RegionSwitch},
    },
};

use super::{settled, unread};
use crate::{
    Caller, Portal, PortalError,
    audit::{Change, Done},
    authorize,
    directory::PolicyEntry,
    seen::{Area, on_or_off, region_setting, region_words},
};

impl Portal {
    /// The settings of the Regions that are configured or that policies name, asked from AWS now. A Region that cannot
    /// be read says so.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn region_settings(&self, caller: &Caller) -> Result<AllRegionSettings, PortalError> {
        authorize(caller, Action::Read)?;
        let sight = self.sight(caller).await?;
        let asked = self.regions_in_use(sight.policies()).into_iter().map(|(region, policies)| async move {
            let state = match self.aws().region_settings(&region).await {
                Ok(types) => RegionState::Known { types },
                Err(error) => match unread(&error) {
                    SettingState::Unknown { reason } => RegionState::Unknown { reason },
                    _ => RegionState::NotAvailable,
                },
            };
            RegionSettings { region, state, policies }
        });
        Ok(AllRegionSettings { regions: join_all(asked).await, checked_at: self.now() })
    }

    /// Turns one switch of one resource type in one Region.
    ///
    /// # Errors
    /// `Invalid` for an unknown switch, Region or type; else where the caller may not, or AWS refuses.
    pub async fn change_region_setting(
        &self,
        caller: &Caller,
        region: &str,
        kind: &str,
        switch: &str,
        turn: &str,
    ) -> Result<(), PortalError> {
        authorize(caller, Action::ChangeSettings)?;
        let unknown = || PortalError::field("switch", "There is no such switch.");
        let switch = RegionSwitch::from_name(switch).ok_or_else(unknown)?;
        let on = super::on_or_off(turn)?;
        // A Region becomes part of a host's name: only those that are known are asked.
        let directory = self.unscoped_directory().await?;
        if !self.regions_in_use(directory.policies.values()).contains_key(region) {
            return Err(PortalError::field("region", "This Region is not in use here."));
        }
        if kind.is_empty()
            || kind.len() > 50
            || !kind.chars().all(|c| c.is_ascii_alphanumeric() || " -_.".contains(c))
        {
            return Err(PortalError::field("kind", "There is no such resource type."));
        }
        let action = if on { AuditAction::SettingTurnedOn } else { AuditAction::SettingTurnedOff };
        let target = region_setting(switch, region, kind);
        let name = region_words(switch, region, kind);
        self.audited(caller, Change { action, target: &target, target_name: &name }, async |aws| {
            let request_id = settled(aws.set_region_setting(region, kind, switch, on).await)?;
            self.own_change(Area::Region(region), &target, Some(on_or_off(on))).await?;
            Ok(Done { value: (), request_id, detail: String::new() })
        })
        .await
    }

    /// The Regions with the number of policies that name each.
    fn regions_in_use<'a>(&self, policies: impl Iterator<Item = &'a PolicyEntry>) -> BTreeMap<String, u64> {
        let mut regions: BTreeMap<String, u64> = self.0.regions.iter().map(|r| (r.clone(), 0)).collect();
        for policy in policies {
            for region in &policy.regions {
                *regions.entry(region.to_string()).or_default() += 1;
            }
        }
        regions
    }
}
