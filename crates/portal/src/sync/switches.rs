//! The switches that do not stand in the organization itself: kept to see when somebody turns them elsewhere.

use model::settings::Setting;

use super::{Sync, SyncError};

impl Sync {
    /// Asks how the switches stand. One that cannot be read is left for the next time: the settings page tells why.
    pub(super) async fn read_switches(&self) -> Result<(), SyncError> {
        let known = self.store.seen_switches().await?;
        let (access, copies) = tokio::join!(self.aws.trusted_access(), self.aws.cross_account_backup());
        let now = (self.clock)();
        for (setting, answer) in [
            (Setting::TrustedAccess, access.map(|since| since.is_some())),
            (Setting::CrossAccountBackup, copies),
        ] {
            let name = setting.text().name;
            match answer {
                Ok(is_on) => self.store.see_switch(name, is_on, known.get(name).copied(), now).await?,
                Err(error) => tracing::debug!(%error, name, "a switch cannot be read"),
            }
        }
        Ok(())
    }
}
