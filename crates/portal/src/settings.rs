//! The organization's switches: always asked live, changed with the consequence spelled out.

mod attachments;
mod delegation;
mod opt_in;

use std::future::Future;

use aws::{Aws, AwsError, AwsErrorKind, GlobalSetting, Written};
use model::{
    audit::AuditAction,
    failure::count,
    role::Action,
    settings::{OwnIds, Setting, SettingState, SettingStatus, Settings, export::Standing},
};

use crate::{
    Caller, Portal, PortalError,
    audit::{Change, Done},
    authorize,
    directory::Directory,
    error::aws_code,
};

/// What must be typed to turn off what other things depend on. Any case will do.
const CONFIRMATION: &str = "confirm";

impl Portal {
    /// How every switch stands, asked from AWS now. A switch that cannot be read says so in its row.
    ///
    /// # Errors
    /// Where the caller may not read, or the database fails.
    pub async fn settings(&self, caller: &Caller) -> Result<Settings, PortalError> {
        authorize(caller, Action::Read)?;
        self.read_settings().await
    }

    /// Turns a switch on or off. What turning it off destroys is exported before: `shown` names the list of attachments
    /// that the confirmation was given for.
    ///
    /// # Errors
    /// `Invalid` for an unknown switch or a missing confirmation; else where the caller may not, or AWS refuses.
    pub async fn change_setting(
        &self,
        caller: &Caller,
        setting: &str,
        turn: &str,
        confirmation: &str,
        shown: &str,
    ) -> Result<(), PortalError> {
        authorize(caller, Action::ChangeSettings)?;
        let unknown = || PortalError::field("setting", "There is no such switch.");
        let text = Setting::from_name(setting).ok_or_else(unknown)?.text();
        let on = on_or_off(turn)?;
        if !text.switchable {
            return Err(not_from_here());
        }
        if !on && text.typed_confirmation && !confirmation.trim().eq_ignore_ascii_case(CONFIRMATION) {
            return Err(PortalError::field("confirmation", format!("Type {CONFIRMATION} to turn this off.")));
        }
        let action = if on { AuditAction::SettingTurnedOn } else { AuditAction::SettingTurnedOff };
        let change = Change { action, target: text.name, target_name: text.title };
        self.audited(caller, change, async |aws| {
            if text.setting == Setting::PolicyType {
                return self.switch_policy_type(&aws, caller, on, shown).await;
            }
            let written = match (text.setting, on, global_of(text.setting)) {
                (_, on, Some(global)) => aws.set_global_setting(global, on).await,
                (Setting::TrustedAccess, true, _) => aws.enable_trusted_access().await,
                (Setting::TrustedAccess, false, _) => aws.disable_trusted_access().await,
                _ => return Err(not_from_here()),
            };
            Ok(Done { value: (), request_id: settled(written)?, detail: String::new() })
        })
        .await
    }

    /// Turns the policy type, and brings the store in line with what AWS does of itself.
    async fn switch_policy_type(
        &self,
        aws: &Aws,
        caller: &Caller,
        on: bool,
        shown: &str,
    ) -> Result<Done<()>, PortalError> {
        let directory = self.directory().await?;
        let unread = || {
            PortalError::Conflict("The organization has not been read yet. Wait for the first sync.".into())
        };
        let root = directory.places.first().map(|p| p.node.id.clone()).ok_or_else(unread)?;
        if on {
            let request_id = settled(aws.enable_policy_type(&root).await)?;
            self.store().set_policy_type(true).await?;
            return Ok(Done { value: (), request_id, detail: String::new() });
        }
        // Kept before AWS is asked: whatever happens from here on, nothing is lost.
        let export = self.export_attachments(caller, &directory, shown).await?;
        let request_id = settled(aws.disable_policy_type(&root).await)?;
        self.store().set_policy_type(false).await?;
        self.store().clear_attachments().await?;
        let Some((id, lost)) = export else {
            return Ok(Done { value: (), request_id, detail: "nothing was attached".into() });
        };
        let named: Vec<String> = lost.iter().map(|a| format!("{} at {}", a.policy.id, a.target.id)).collect();
        let lost = count(lost.len(), "attachment");
        Ok(Done {
            value: (),
            request_id,
            detail: format!("detached {lost} (export {id}): {}", named.join(", ")),
        })
    }

    fn own_ids(&self, directory: &Directory) -> OwnIds {
        let root = directory.places.first().map_or_else(String::new, |p| p.node.id.to_string());
        OwnIds { root, region: self.aws().home_region().to_owned() }
    }

    async fn read_settings(&self) -> Result<Settings, PortalError> {
        let directory = self.directory().await?;
        let aws = self.aws();
        let (features, access, types, globals, delegation) = tokio::join!(
            state(aws.describe_organization(), |o| on_off(o.all_features)),
            state(aws.trusted_access(), |since| match since {
                Some(since) => SettingState::On { since },
                None => SettingState::Off,
            }),
            state(aws.policy_type(), |status| match status {
                aws::PolicyTypeStatus::Enabled => on_off(true),
                aws::PolicyTypeStatus::Disabled => SettingState::Off,
                aws::PolicyTypeStatus::Changing => SettingState::Changing,
            }),
            aws.global_settings(),
            self.delegation(&directory),
        );
        let exports = self.store().attachment_exports().await?;
        let newest = match exports.first() {
            Some(newest) => self.store().attachment_export(newest.id).await?,
            None => None,
        };
        let missing = newest.iter().flat_map(|e| &e.attachments);
        let missing = missing.filter(|a| attachments::standing(a, &directory) == Standing::Missing).count();
        let global = |setting: GlobalSetting| match &globals {
            // A key that AWS does not send has never been turned on.
            Ok(settings) => on_off(settings.get(setting.key()).copied().unwrap_or(false)),
            Err(error) => unread(error),
        };
        let attached = attachments(&directory);
        let used =
            format!("{}, {}", count(directory.policies.len(), "policy"), count(attached.len(), "attachment"));
        let rows = Setting::table().iter().map(|text| {
            let state = match text.setting {
                Setting::AllFeatures => features.clone(),
                Setting::TrustedAccess => access.clone(),
                Setting::PolicyType => types.clone(),
                Setting::CrossAccountBackup
                | Setting::DelegatedAdministration
                | Setting::MultiPartyApproval => {
                    global_of(text.setting).map_or(SettingState::NotAsked, global)
                }
                Setting::ServiceLinkedRole => SettingState::NotAsked,
            };
            let detail = if text.setting == Setting::PolicyType { used.clone() } else { String::new() };
            SettingStatus { setting: text.setting, state, detail }
        });
        Ok(Settings {
            rows: rows.collect(),
            checked_at: self.now(),
            account: directory.facts.as_ref().map(|f| f.management_account.to_string()),
            ids: self.own_ids(&directory),
            attachments: attached,
            other_accounts: (directory.accounts().count() as u64).saturating_sub(1),
            exports,
            missing: missing as u64,
            delegation,
        })
    }
}

/// AWS Backup's key for the settings that are its own.
const fn global_of(setting: Setting) -> Option<GlobalSetting> {
    match setting {
        Setting::CrossAccountBackup => Some(GlobalSetting::CrossAccountBackup),
        Setting::DelegatedAdministration => Some(GlobalSetting::DelegatedAdministrator),
        Setting::MultiPartyApproval => Some(GlobalSetting::MultiPartyApproval),
        _ => None,
    }
}

/// The request id; also where it is as wanted already, for somebody else was faster.
fn settled(written: Result<Written<()>, AwsError>) -> Result<Option<String>, PortalError> {
    match written {
        Ok(written) => Ok(written.request_id),
        Err(e) if matches!(e.kind, AwsErrorKind::AlreadyDone) => Ok(e.request_id),
        Err(e) => Err(e.into()),
    }
}

fn on_or_off(turn: &str) -> Result<bool, PortalError> {
    match turn {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(PortalError::field("turn", "Say on or off.")),
    }
}

fn not_from_here() -> PortalError {
    PortalError::field("setting", "This cannot be switched from here.")
}

fn attachments(directory: &Directory) -> Vec<(model::organization::NodeRef, model::organization::PolicyRef)> {
    let at = |place: &crate::directory::Place| {
        let node = place.reference();
        place.policies.iter().map(|id| (node.clone(), directory.policy_ref(id))).collect::<Vec<_>>()
    };
    directory.places.iter().flat_map(at).collect()
}

const fn on_off(on: bool) -> SettingState {
    if on { SettingState::On { since: None } } else { SettingState::Off }
}

/// The state that an answer shows, or why there is none.
async fn state<T>(
    ask: impl Future<Output = Result<T, AwsError>>,
    read: impl FnOnce(T) -> SettingState,
) -> SettingState {
    match ask.await {
        Ok(answer) => read(answer),
        Err(error) => unread(&error),
    }
}

fn unread(error: &AwsError) -> SettingState {
    match error.kind {
        AwsErrorKind::NotAvailable => SettingState::NotAvailable,
        _ => SettingState::Unknown { reason: model::Failure::from(aws_code(error)).explain().text },
    }
}
