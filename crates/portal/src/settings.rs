//! The organization's switches: always asked live, changed with the consequence spelled out.

mod attachments;
mod delegation;
mod features;
mod identity;
mod opt_in;
mod read;

use aws::{Aws, AwsError, AwsErrorKind, GlobalSetting, Written};
use model::{
    access::Action,
    audit::AuditAction,
    failure::count,
    settings::{Setting, Settings},
};
use read::{attachments, unread};

use crate::{
    Caller, Portal, PortalError,
    audit::{Change, Done},
    authorize,
    seen::{self, Area},
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
        self.read_settings(caller).await
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
        if !text.turns(on) {
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
                (Setting::ServiceLinkedRole, true, _) => aws.create_service_linked_role().await,
                _ => return Err(not_from_here()),
            };
            let request_id = settled(written)?;
            if let Some(area) = Area::of(text.setting) {
                self.own_change(area, text.name, Some(seen::on_or_off(on))).await?;
            }
            Ok(Done { value: (), request_id, detail: String::new() })
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
        let directory = self.unscoped_directory().await?;
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
        // In this order: a process that dies between the two leaves the sync to find the type off and nothing attached.
        self.store().clear_attachments().await?;
        self.store().set_policy_type(false).await?;
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
}

/// AWS Backup's key for the settings that are its own.
pub(crate) const fn global_of(setting: Setting) -> Option<GlobalSetting> {
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
