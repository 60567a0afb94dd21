//! The switches that do not stand in the organization itself: kept to see when somebody turns them elsewhere.

use model::settings::Setting;

use super::{Sync, SyncError};
use crate::settings::global_of;

impl Sync {
    /// Asks how the switches stand. One that cannot be read is left for the next time: the settings page tells why.
    pub(super) async fn read_switches(&self) -> Result<(), SyncError> {
        let known = self.store.seen_switches().await?;
        let (access, globals) = tokio::join!(self.aws.trusted_access(), self.aws.global_settings());
        let now = (self.clock)();
        let mut seen = Vec::new();
        match access {
            Ok(since) => seen.push((Setting::TrustedAccess, since.is_some())),
            Err(error) => tracing::debug!(%error, "trusted access cannot be read"),
        }
        match globals {
            // A key that AWS does not send has never been turned on.
            Ok(globals) => seen.extend(Setting::table().iter().filter_map(|text| {
                let key = global_of(text.setting)?.key();
                Some((text.setting, globals.get(key).copied().unwrap_or(false)))
            })),
            Err(error) => tracing::debug!(%error, "the settings of AWS Backup cannot be read"),
        }
        for (setting, is_on) in seen {
            let name = setting.text().name;
            self.store.see_switch(name, is_on, known.get(name).copied(), now).await?;
        }
        Ok(())
    }
}
