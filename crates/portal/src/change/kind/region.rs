//! AWS Backup's settings of one Region.

use async_trait::async_trait;
use aws::{Aws, AwsError};
use model::{
    change::{Effect, TurnRegionSetting},
    event::EventKind,
    settings::opt_in::RegionSwitch,
};
use store::{Actor, Subject};

use super::{Accepted, Check, Kind, Look, accepted, look};
use crate::{
    Portal, PortalError,
    seen::{Area, on_or_off},
};

#[async_trait]
impl Kind for TurnRegionSetting {
    fn subjects(&self) -> Vec<Subject> {
        // All of a Region: AWS takes them as one map.
        vec![Subject::alone(format!("region settings:{}", self.region))]
    }

    fn effects(&self) -> Vec<Effect> {
        vec![Effect::of(EventKind::RegionSettingTurned, self.setting_name()).becoming(on_or_off(self.on))]
    }

    async fn check(&mut self, _: &Portal, _: &Actor) -> Result<Check, PortalError> {
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        accepted(aws.set_region_setting(&self.region, &self.resource_type, self.switch, self.on).await)
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        let types = portal.aws().region_settings(&self.region).await?;
        let found = types.into_iter().find(|one| one.kind == self.resource_type);
        let is_on = found.is_some_and(|one| match self.switch {
            RegionSwitch::OptIn => one.opted_in,
            RegionSwitch::FullManagement => one.full_management.unwrap_or(false),
        });
        Ok(look(is_on == self.on))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        portal.own_change(Area::Region(&self.region), &self.setting_name(), Some(on_or_off(self.on))).await
    }
}
