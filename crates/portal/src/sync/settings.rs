//! The settings that do not stand in the organization itself: kept to see when somebody changes them elsewhere.

use std::collections::BTreeMap;

use aws::AwsError;
use futures::future::join_all;
use model::{change::RESOURCE_POLICY, settings::Setting};
use store::SeenSettings;

use super::{Sync, error::SyncError};
use crate::{
    seen::{Area, Values, on_or_off, region_values},
    settings::global_of,
};

impl Sync {
    /// Asks how the settings stand. What cannot be read is left for the next time: the settings page tells why.
    pub(super) async fn read_settings(&self) -> Result<(), SyncError> {
        let known = self.store.seen_settings().await?;
        let aws = &self.aws;
        let (access, globals, administrators, policy) = tokio::join!(
            aws.trusted_access(),
            aws.global_settings(),
            aws.delegated_administrators(),
            aws.resource_policy(),
        );
        let trusted_access = |since: Option<_>| {
            Values::from([(
                Setting::TrustedAccess.text().name.to_owned(),
                on_or_off(since.is_some()).to_owned(),
            )])
        };
        self.see(Area::TrustedAccess, access.map(trusted_access), &known).await?;
        self.see(Area::Global, globals.map(|globals| switches(&globals)), &known).await?;
        let named = |list: Vec<aws::DelegatedAdministrator>| {
            list.into_iter().map(|one| (one.account.to_string(), one.name)).collect()
        };
        self.see(Area::Administrators, administrators.map(named), &known).await?;
        let document =
            |text: Option<String>| text.map(|text| (RESOURCE_POLICY.to_owned(), text)).into_iter().collect();
        self.see(Area::ResourcePolicy, policy.map(document), &known).await?;
        let regions = self.regions();
        let asked = regions.iter().map(|region| async move { (region, aws.region_settings(region).await) });
        for (region, types) in join_all(asked).await {
            self.see(Area::Region(region), types.map(|types| region_values(region, &types)), &known).await?;
        }
        Ok(())
    }

    async fn see(
        &self,
        area: Area<'_>,
        found: Result<Values, AwsError>,
        known: &BTreeMap<String, SeenSettings>,
    ) -> Result<(), SyncError> {
        let values = match found {
            Ok(values) => values,
            Err(error) => {
                tracing::debug!(%error, ?area, "settings cannot be read");
                return Ok(());
            }
        };
        let name = area.name();
        let known = known.get(&name);
        let changes = known.map(|known| area.changes(&known.settings, &values)).unwrap_or_default();
        Ok(self.store.see_settings(&name, &values, known, &changes, (self.clock)()).await?)
    }
}

/// What AWS tells of: a key that it leaves out is not known.
fn switches(globals: &BTreeMap<String, bool>) -> Values {
    let value = |text: &model::settings::SettingText| {
        let on = globals.get(global_of(text.setting)?.key())?;
        Some((text.name.to_owned(), on_or_off(*on).to_owned()))
    };
    Setting::table().iter().filter_map(value).collect()
}
