//! AWS Backup's settings of each Region.

use std::collections::BTreeMap;

use futures::future::join_all;
use model::{
    access::{Action, Resource},
    change::{StepKind, TurnRegionSetting},
    settings::{
        SettingState,
        opt_in::{AllRegionSettings, RegionSettings, RegionState, RegionSwitch},
    },
};

use super::unread;
use crate::{Caller, Portal, PortalError, directory::PolicyEntry, live::Freshness};

impl Portal {
    /// The settings of the Regions that are configured or that policies name, asked from AWS now. A Region that cannot
    /// be read says so.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn region_settings(&self, caller: &Caller) -> Result<AllRegionSettings, PortalError> {
        self.may(caller, Action::Read, &Resource::Visible).await?;
        let sight = self.sight(caller).await?;
        let asker = self.asker(Some(caller));
        let asked = self.regions_in_use(sight.policies()).into_iter().map(|(region, policies)| async move {
            let ask = async || self.ask_region_settings(&region).await;
            let state = self.0.readings.regions.get(region.clone(), asker, Freshness::LIVE, ask).await;
            let state = state
                .unwrap_or_else(|error| RegionState::Unknown { reason: error.into_failure().explain().text });
            RegionSettings { region, state, policies }
        });
        Ok(AllRegionSettings { regions: join_all(asked).await, checked_at: self.now() })
    }

    async fn ask_region_settings(&self, region: &str) -> RegionState {
        match self.aws().region_settings(region).await {
            Ok(types) => RegionState::Known { types },
            Err(error) => match unread(&error) {
                SettingState::Unknown { reason } => RegionState::Unknown { reason },
                _ => RegionState::NotAvailable,
            },
        }
    }

    /// Turns one switch of one resource type in one Region.
    ///
    /// # Errors
    /// `Invalid` for an unknown Region or type; else where the caller may not, or AWS refuses.
    pub async fn change_region_setting(
        &self,
        caller: &Caller,
        region: &str,
        kind: &str,
        switch: RegionSwitch,
        on: bool,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ChangeSettings, &Resource::Visible).await?;
        let directory = self.unscoped_directory().await?;
        // A Region becomes part of a host's name: only those that are known are asked.
        if !self.regions_in_use(directory.policies.values()).contains_key(region) {
            return Err(PortalError::field("region", "This Region is not in use here."));
        }
        if kind.is_empty()
            || kind.len() > 50
            || !kind.chars().all(|c| c.is_ascii_alphanumeric() || " -_.".contains(c))
        {
            return Err(PortalError::field("kind", "There is no such resource type."));
        }
        let title = format!("Turn {} {}", if on { "on" } else { "off" }, switch.setting_title(region, kind));
        let (region, resource_type) = (region.to_owned(), kind.to_owned());
        let turn = TurnRegionSetting { region, resource_type, switch, on };
        let step = self.plan(caller, StepKind::TurnRegionSetting(turn), &directory).await?;
        self.change_one(title, step).await.map(drop)
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
