//! What AWS needs before backup policies and cross-account monitoring work.

pub mod delegation;
pub mod export;
pub mod features;
pub mod identity;
pub mod opt_in;
mod setting;
mod table;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use setting::Setting;
pub use table::SettingText;

/// The organization's own ids, as commands name them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnIds {
    /// The root, as `r-ab12`; empty before the first sync.
    pub root: String,
    /// The Region where AWS Backup's settings of the organization are asked.
    pub region: String,
}

impl OwnIds {
    /// A command of the table for this organization.
    #[must_use]
    pub fn fill(&self, command: &str) -> String {
        let root = if self.root.is_empty() { "ROOT_ID" } else { &self.root };
        command.replace("{root}", root).replace("{region}", &self.region)
    }
}

/// How a setting stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettingState {
    On {
        /// Since when, where AWS says so.
        #[serde(with = "time::serde::rfc3339::option")]
        since: Option<OffsetDateTime>,
    },
    Off,
    /// AWS is changing it now.
    Changing,
    /// AWS answers, and leaves it out.
    NotTold,
    /// The endpoint does not offer the operation.
    NotAvailable,
    /// Asking failed; why, in words with a next step.
    Unknown {
        reason: String,
    },
}

/// A row of the settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingStatus {
    pub setting: Setting,
    pub state: SettingState,
    /// A fact that helps (“6 policies, 14 attachments”); empty where there is none.
    pub detail: String,
}

/// The settings page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub rows: Vec<SettingStatus>,
    /// When AWS was asked: settings are always live.
    #[serde(with = "time::serde::rfc3339")]
    pub checked_at: OffsetDateTime,
    /// Who Holdfast is at AWS.
    pub identity: identity::Identity,
    /// How far it is on the way to all features; `None` where it has them, or that is not known.
    pub features: Option<features::FeaturesWay>,
    pub ids: OwnIds,
    /// What turning off the policy type would detach, as last read: target by target from the root down.
    pub attachments: Vec<(crate::organization::NodeRef, crate::organization::PolicyRef)>,
    /// Accounts whose jobs only trusted access shows.
    pub other_accounts: u64,
    /// What was detached by turning the policy type off, newest first.
    pub exports: Vec<export::ExportHead>,
    /// Attachments of the newest export that are missing today.
    pub missing: u64,
    pub delegation: delegation::Delegation,
}

impl Settings {
    /// Why a setting cannot be turned now, whoever asks for it; `None` where AWS may allow it.
    #[must_use]
    pub fn cannot_turn(&self, setting: Setting) -> Option<String> {
        let too_early =
            self.features.is_some() && matches!(setting, Setting::TrustedAccess | Setting::PolicyType);
        let first = "The organization has only consolidated billing. Enable all features first.";
        self.identity.cannot_turn(setting).or_else(|| too_early.then(|| first.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_finds_its_own_row() {
        for row in Setting::table() {
            assert_eq!(row.setting.text().setting, row.setting);
            assert_eq!(Setting::from_name(row.name), Some(row.setting));
        }
    }

    #[test]
    fn what_can_be_switched_has_its_actions_commands_and_words() {
        let ids = OwnIds { root: "r-ab12".into(), region: "eu-central-1".into() };
        for row in Setting::table() {
            let commands = row.commands.map(|c| ids.fill(c));
            assert!(commands.iter().chain([&ids.fill(row.look)]).all(|c| !c.contains('{')), "{commands:?}");
            assert!(!row.console.is_empty() && commands[0].starts_with("aws "), "{}", row.name);
            for (action, command) in row.actions.iter().zip(&commands) {
                assert_eq!(action.is_empty(), command.is_empty(), "{}", row.name);
            }
            assert!([row.states, row.verbs].concat().iter().all(|word| !word.is_empty()), "{}", row.name);
        }
    }

    #[test]
    fn a_command_names_the_root_or_says_that_it_is_to_be_named() {
        let command = Setting::PolicyType.text().commands[0];
        let known = OwnIds { root: "r-ab12".into(), region: String::new() };
        assert!(known.fill(command).contains("--root-id r-ab12 "));
        assert!(OwnIds::default().fill(command).contains("--root-id ROOT_ID "));
    }
}
