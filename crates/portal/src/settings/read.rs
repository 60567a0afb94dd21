//! How every switch stands, asked from AWS now.

use std::{future::Future, sync::Arc};

use aws::{AwsError, AwsErrorKind, GlobalSetting};
use model::{
    failure::count,
    settings::{OwnIds, Setting, SettingState, SettingStatus, Settings, export::Standing},
};

use super::{
    answers::{Answers, Delegated, Requests, States},
    attachments::standing_in,
    switches::global_of,
};
use crate::{Caller, Portal, PortalError, error::aws_code, live::Freshness, sight::Sight};

impl Portal {
    async fn ask_settings(&self) -> Answers {
        let aws = self.aws();
        let (organization, caller, access, policy_type, role, globals, delegated) = tokio::join!(
            aws.describe_organization(),
            aws.caller_identity(),
            state(aws.trusted_access(), on_since),
            state(aws.policy_type(), |status| match status {
                aws::PolicyTypeStatus::Enabled => on_off(true),
                aws::PolicyTypeStatus::Disabled => SettingState::Off,
                aws::PolicyTypeStatus::Changing => SettingState::Changing,
            }),
            state(aws.service_linked_role(), |role| on_since(role.map(|role| role.since))),
            aws.global_settings(),
            Delegated::ask(aws),
        );
        let features = read(&organization, |o| on_off(o.all_features));
        let requests = match features {
            SettingState::Off => Some(Requests::ask(aws).await),
            _ => None,
        };
        let states = States { features, access, policy_type, role, globals };
        Answers { at: self.now(), organization, caller, states, requests, delegated }
    }

    pub(super) async fn read_settings(&self, person: &Caller) -> Result<Settings, PortalError> {
        let sight = self.sight(person).await?;
        let (asker, ask) = (self.asker(Some(person)), async || Arc::new(self.ask_settings().await));
        let answers = self.0.readings.settings.get((), asker, Freshness::LIVE, ask).await?;
        let Answers { at, organization, caller, states, requests, delegated } = &*answers;
        let delegation = delegated.delegation(&sight);
        let identity = self.identity(&sight, caller, organization, &delegation);
        let exports = self.store().attachment_exports().await?;
        let newest = match exports.first() {
            Some(newest) => self.store().attachment_export(newest.id).await?,
            None => None,
        };
        let missing = newest.iter().flat_map(|e| &e.attachments);
        let missing = missing.filter(|a| standing_in(a, &sight) == Some(Standing::Missing)).count();
        let attached = sight.attachments();
        let used =
            format!("{}, {}", count(sight.policies().count(), "policy"), count(attached.len(), "attachment"));
        let rows = Setting::table().iter().map(|text| {
            let told = text.setting == Setting::PolicyType && sight.facts().is_some();
            let detail = if told { used.clone() } else { String::new() };
            SettingStatus { setting: text.setting, state: states.of(text.setting), detail }
        });
        Ok(Settings {
            rows: rows.collect(),
            checked_at: *at,
            identity,
            features: requests.as_ref().map(|requests| requests.way(&sight)),
            ids: self.own_ids(&sight),
            attachments: attached,
            other_accounts: other_accounts(&sight),
            exports,
            missing: missing as u64,
            delegation,
        })
    }

    fn own_ids(&self, sight: &Sight) -> OwnIds {
        let root = sight.root().and_then(|root| sight.at(root));
        let root = root.map_or_else(String::new, |root| root.node.id.to_string());
        OwnIds { root, region: self.aws().home_region().to_owned() }
    }
}

impl States {
    fn of(&self, setting: Setting) -> SettingState {
        match setting {
            Setting::AllFeatures => self.features.clone(),
            Setting::TrustedAccess => self.access.clone(),
            Setting::PolicyType => self.policy_type.clone(),
            Setting::ServiceLinkedRole => self.role.clone(),
            Setting::CrossAccountBackup | Setting::DelegatedAdministration | Setting::MultiPartyApproval => {
                let key = global_of(setting).map_or("", GlobalSetting::key);
                read(&self.globals, |settings| {
                    settings.get(key).map_or(SettingState::NotTold, |on| on_off(*on))
                })
            }
        }
    }
}

/// Accounts beside the management account.
fn other_accounts(sight: &Sight) -> u64 {
    let management = sight.facts().map(|facts| &facts.management_account);
    sight.accounts().filter(|place| place.node.id.account().as_ref() != management).count() as u64
}

const fn on_off(on: bool) -> SettingState {
    if on { SettingState::On { since: None } } else { SettingState::Off }
}

/// What is there, is on.
const fn on_since(since: Option<Option<time::OffsetDateTime>>) -> SettingState {
    match since {
        Some(since) => SettingState::On { since },
        None => SettingState::Off,
    }
}

/// The state that an answer shows, or why there is none.
async fn state<T>(
    ask: impl Future<Output = Result<T, AwsError>>,
    show: impl FnOnce(T) -> SettingState,
) -> SettingState {
    match ask.await {
        Ok(answer) => show(answer),
        Err(error) => unread(&error),
    }
}

fn read<T>(answer: &Result<T, AwsError>, show: impl FnOnce(&T) -> SettingState) -> SettingState {
    match answer {
        Ok(answer) => show(answer),
        Err(error) => unread(error),
    }
}

pub(super) fn unread(error: &AwsError) -> SettingState {
    match error.kind {
        AwsErrorKind::NotAvailable => SettingState::NotAvailable,
        _ => SettingState::Unknown { reason: reason(error) },
    }
}

/// Why something could not be read, with a next step.
pub(super) fn reason(error: &AwsError) -> String {
    model::Failure::from(aws_code(error)).explain().text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_switch_that_aws_leaves_out_is_not_called_off() {
        let key = GlobalSetting::CrossAccountBackup.key().to_owned();
        let state = |globals: BTreeMap<String, bool>| {
            let on = || on_off(true);
            let states =
                States { features: on(), access: on(), policy_type: on(), role: on(), globals: Ok(globals) };
            states.of(Setting::CrossAccountBackup)
        };
        assert_eq!(state(BTreeMap::new()), SettingState::NotTold);
        assert_eq!(state(BTreeMap::from([(key.clone(), false)])), SettingState::Off);
        assert_eq!(state(BTreeMap::from([(key, true)])), SettingState::On { since: None });
    }
}
