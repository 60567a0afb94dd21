//! Which needed settings are off, as the sync last read them: every page may say so without asking AWS.

use std::collections::BTreeMap;

use model::settings::Setting;
use store::SeenSettings;

use crate::{
    Portal, PortalError,
    seen::{Area, on_or_off},
    sight::Sight,
};

impl Portal {
    /// Needed settings that are known to be off.
    pub(crate) async fn not_ready(&self, sight: &Sight) -> Result<Vec<Setting>, PortalError> {
        let needed = || Setting::table().iter().filter(|text| !text.optional).map(|text| text.setting);
        let areas: Vec<String> = needed().filter_map(Area::of).map(Area::name).collect();
        let seen = self.store().seen_settings_of(&areas).await?;
        Ok(needed().filter(|setting| is_on(*setting, sight, &seen) == Some(false)).collect())
    }
}

/// `None` where it was never read, or AWS does not tell.
fn is_on(setting: Setting, sight: &Sight, seen: &BTreeMap<String, SeenSettings>) -> Option<bool> {
    match setting {
        Setting::AllFeatures => sight.facts().map(|facts| facts.all_features),
        Setting::PolicyType => sight.policy_type(),
        other => {
            let value = seen.get(&Area::of(other)?.name())?.settings.get(other.text().name)?;
            Some(value == on_or_off(true))
        }
    }
}
