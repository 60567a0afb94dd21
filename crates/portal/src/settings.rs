//! The organization's switches: always asked live, changed with the consequence spelled out.

use std::future::Future;

use aws::{Aws, AwsError, AwsErrorKind};
use model::{
    audit::AuditAction,
    failure::count,
    role::Action,
    settings::{Setting, SettingState, SettingStatus, Settings},
};

use crate::{
    Caller, Portal, PortalError,
    audit::{Change, Done},
    authorize,
    directory::Directory,
    error::{aws_code, aws_words},
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

    /// Turns a switch on or off.
    ///
    /// # Errors
    /// `Invalid` for an unknown switch or a missing confirmation; else where the caller may not, or AWS refuses.
    pub async fn change_setting(
        &self,
        caller: &Caller,
        setting: &str,
        turn: &str,
        confirmation: &str,
    ) -> Result<Settings, PortalError> {
        authorize(caller, Action::ChangeSettings)?;
        let unknown = || PortalError::field("setting", "There is no such switch.");
        let text = Setting::from_name(setting).ok_or_else(unknown)?.text();
        let on = match turn {
            "on" => true,
            "off" => false,
            _ => return Err(PortalError::field("turn", "Say on or off.")),
        };
        if !text.switchable {
            return Err(PortalError::field("setting", "This cannot be switched from here."));
        }
        if !on && text.typed_confirmation && !confirmation.trim().eq_ignore_ascii_case(CONFIRMATION) {
            return Err(PortalError::field("confirmation", format!("Type {CONFIRMATION} to turn this off.")));
        }
        let action = if on { AuditAction::SettingTurnedOn } else { AuditAction::SettingTurnedOff };
        let change = Change { action, target: text.name, target_name: text.title };
        self.audited(caller, change, async |aws| self.switch(&aws, text.setting, on).await).await?;
        self.read_settings().await
    }

    async fn switch(&self, aws: &Aws, setting: Setting, on: bool) -> Result<Done<()>, PortalError> {
        let directory = self.directory().await?;
        let written = match (setting, on) {
            (Setting::TrustedAccess, true) => aws.enable_trusted_access().await,
            (Setting::TrustedAccess, false) => aws.disable_trusted_access().await,
            (Setting::CrossAccountBackup, on) => aws.set_cross_account_backup(on).await,
            (Setting::PolicyType, on) => {
                let root = directory.places.first().map(|p| p.node.id.clone());
                let Some(root) = root else {
                    return Err(PortalError::Conflict(
                        "The organization has not been read yet. Wait for the first sync.".into(),
                    ));
                };
                if on { aws.enable_policy_type(&root).await } else { aws.disable_policy_type(&root).await }
            }
            (Setting::AllFeatures, _) => {
                return Err(PortalError::field("setting", "This cannot be switched from here."));
            }
        };
        let request_id = match written {
            Ok(written) => written.request_id,
            // It is as wanted already: somebody else was faster.
            Err(e) if matches!(e.kind, AwsErrorKind::AlreadyDone) => e.request_id,
            Err(e) if matches!(e.kind, AwsErrorKind::Constraint { .. }) => {
                return Err(PortalError::Conflict(aws_words(&e)));
            }
            Err(e) => return Err(e.into()),
        };
        let detail = self.after_switch(setting, on, &directory).await?;
        Ok(Done { value: (), request_id, detail })
    }

    /// Brings the store in line with what AWS does of itself; tells what was lost, so that it can be put back.
    async fn after_switch(
        &self,
        setting: Setting,
        on: bool,
        directory: &Directory,
    ) -> Result<String, PortalError> {
        if setting != Setting::PolicyType {
            self.store().turn_switch(setting.text().name, on, self.now()).await?;
            return Ok(String::new());
        }
        self.store().set_policy_type(on).await?;
        if on {
            return Ok(String::new());
        }
        let lost: Vec<String> = attachments(directory)
            .iter()
            .map(|(node, policy)| format!("{} at {}", policy.id, node.id))
            .collect();
        self.store().clear_attachments().await?;
        Ok(format!("detached {}: {}", count(lost.len(), "attachment"), lost.join(", ")))
    }

    async fn read_settings(&self) -> Result<Settings, PortalError> {
        let directory = self.directory().await?;
        let aws = self.aws();
        let (features, access, types, global) = tokio::join!(
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
            state(aws.cross_account_backup(), on_off),
        );
        let attachments = attachments(&directory);
        let used = format!(
            "{}, {}",
            count(directory.policies.len(), "policy"),
            count(attachments.len(), "attachment")
        );
        let row = |setting, state, detail| SettingStatus { setting, state, detail };
        Ok(Settings {
            rows: vec![
                row(Setting::AllFeatures, features, String::new()),
                row(Setting::TrustedAccess, access, String::new()),
                row(Setting::PolicyType, types, used),
                row(Setting::CrossAccountBackup, global, String::new()),
            ],
            checked_at: self.now(),
            account: directory.facts.as_ref().map(|f| f.management_account.to_string()),
            attachments,
        })
    }
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
        Err(error) if matches!(error.kind, AwsErrorKind::NotAvailable) => SettingState::NotAvailable,
        Err(error) => SettingState::Unknown { reason: model::Failure::from(aws_code(&error)).explain().text },
    }
}
