//! The organization's switches.

use async_trait::async_trait;
use aws::{Aws, AwsError, AwsErrorKind, GlobalSetting, PolicyTypeStatus, Written};
use model::{
    TargetId,
    audit::AuditDetail,
    change::{Effect, TurnSetting},
    event::EventKind,
    settings::Setting,
};
use store::{Actor, Subject};

use super::{ATTACHMENTS, Accepted, Check, Kind, Look, accepted, look};
use crate::{
    Portal, PortalError,
    directory::Directory,
    seen::{Area, on_or_off},
    settings::global_of,
};

/// The root, which the policy type is switched at.
fn root(directory: &Directory) -> Result<TargetId, PortalError> {
    let unread =
        || PortalError::Conflict("The organization has not been read yet. Wait for the first sync.".into());
    directory.places.first().map(|place| place.node.id.clone()).ok_or_else(unread)
}

async fn turn_global(aws: &Aws, global: GlobalSetting, on: bool) -> Result<Written<()>, AwsError> {
    aws.set_global_setting(global, on).await
}

#[async_trait]
impl Kind for TurnSetting {
    fn subjects(&self) -> Vec<Subject> {
        let mut subjects = vec![Subject::alone(format!("setting:{}", self.setting.text().name))];
        if self.turns_policy_type_off() {
            subjects.push(Subject::alone(ATTACHMENTS));
        }
        subjects
    }

    fn effects(&self) -> Vec<Effect> {
        let turned =
            Effect::of(EventKind::SwitchTurned, self.setting.text().name).becoming(on_or_off(self.on));
        let detached = self.turns_policy_type_off().then(|| Effect::any(EventKind::PolicyDetached));
        std::iter::once(turned).chain(detached).collect()
    }

    async fn check(&mut self, portal: &Portal, actor: &Actor) -> Result<Check, PortalError> {
        if self.setting == Setting::PolicyType {
            let directory = portal.unscoped_directory().await?;
            self.root = Some(root(&directory)?);
            if !self.on {
                // Kept before AWS is asked: whatever happens from here on, nothing is lost.
                let export = portal.export_attachments(&actor.person, &directory, &self.shown).await?;
                (self.export, self.lost) =
                    export.map_or((None, 0), |(id, lost)| (Some(id), lost.len() as u64));
            }
        }
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        accepted(match (self.setting, self.on, &self.root) {
            (Setting::PolicyType, true, Some(root)) => aws.enable_policy_type(root).await,
            (Setting::PolicyType, false, Some(root)) => aws.disable_policy_type(root).await,
            (Setting::TrustedAccess, true, _) => aws.enable_trusted_access().await,
            (Setting::TrustedAccess, false, _) => aws.disable_trusted_access().await,
            (Setting::CrossAccountBackup, on, _) => {
                turn_global(aws, GlobalSetting::CrossAccountBackup, on).await
            }
            (Setting::DelegatedAdministration, on, _) => {
                turn_global(aws, GlobalSetting::DelegatedAdministrator, on).await
            }
            (Setting::MultiPartyApproval, on, _) => {
                turn_global(aws, GlobalSetting::MultiPartyApproval, on).await
            }
            (Setting::ServiceLinkedRole, ..) => aws.create_service_linked_role().await,
            (Setting::AllFeatures | Setting::PolicyType, ..) => {
                Err(AwsError::not_sent("SwitchSetting", AwsErrorKind::NotAvailable))
            }
        })
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        let aws = portal.aws();
        let is_on = match self.setting {
            Setting::PolicyType => match aws.policy_type().await? {
                PolicyTypeStatus::Enabled => true,
                PolicyTypeStatus::Disabled => false,
                // It is on its way to where it was not.
                PolicyTypeStatus::Changing => self.on,
            },
            Setting::TrustedAccess => aws.trusted_access().await?.is_some(),
            Setting::ServiceLinkedRole => aws.service_linked_role().await?.is_some(),
            Setting::AllFeatures => aws.describe_organization().await?.all_features,
            Setting::CrossAccountBackup | Setting::DelegatedAdministration | Setting::MultiPartyApproval => {
                let key = global_of(self.setting).map_or("", GlobalSetting::key);
                aws.global_settings().await?.get(key).copied().unwrap_or(false)
            }
        };
        Ok(look(is_on == self.on))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        if self.setting == Setting::PolicyType {
            if !self.on {
                // In this order: a process that dies between the two leaves the sync to find the type off and nothing attached.
                portal.store().clear_attachments().await?;
            }
            portal.store().set_policy_type(self.on).await?;
        }
        match Area::of(self.setting) {
            Some(area) => portal.own_change(area, self.setting.text().name, Some(on_or_off(self.on))).await,
            None => Ok(()),
        }
    }

    fn detail(&self) -> AuditDetail {
        match self.turns_policy_type_off() {
            true => AuditDetail::Detached { attachments: self.lost, export: self.export },
            false => AuditDetail::Nothing,
        }
    }
}
