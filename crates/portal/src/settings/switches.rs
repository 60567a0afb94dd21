//! What AWS calls a setting.

use aws::GlobalSetting;
use model::settings::Setting;

/// AWS Backup's key for the settings that are its own.
pub(crate) const fn global_of(setting: Setting) -> Option<GlobalSetting> {
    match setting {
        Setting::CrossAccountBackup => Some(GlobalSetting::CrossAccountBackup),
        Setting::DelegatedAdministration => Some(GlobalSetting::DelegatedAdministrator),
        Setting::MultiPartyApproval => Some(GlobalSetting::MultiPartyApproval),
        _ => None,
    }
}
