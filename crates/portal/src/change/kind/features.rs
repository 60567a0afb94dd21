//! The way from consolidated billing to all features.

use async_trait::async_trait;
use aws::{Aws, AwsError};
use model::{
    audit::AuditDetail,
    change::{Effect, TakeFeaturesStep},
    event::EventKind,
    settings::{Setting, features::Step},
};
use store::{Actor, Subject};

use super::{Accepted, Check, Kind, Look, accepted, look};
use crate::{Portal, PortalError, seen::on_or_off, settings::features::is_open};

#[async_trait]
impl Kind for TakeFeaturesStep {
    fn subjects(&self) -> Vec<Subject> {
        vec![Subject::alone(format!("setting:{}", Setting::AllFeatures.text().name))]
    }

    fn effects(&self) -> Vec<Effect> {
        let turned =
            Effect::of(EventKind::SwitchTurned, Setting::AllFeatures.text().name).becoming(on_or_off(true));
        (self.step == Step::Finalize).then_some(turned).into_iter().collect()
    }

    async fn check(&mut self, portal: &Portal, _: &Actor) -> Result<Check, PortalError> {
        let requests = portal.aws().all_features_requests().await?;
        match self.step {
            Step::Begin => self.known = requests.into_iter().map(|request| request.id).collect(),
            // Only requests for all features are ended from here: the same call of AWS ends any other handshake.
            Step::Finalize | Step::Cancel => {
                if !requests.iter().any(|one| one.id == self.request && is_open(one)) {
                    return Err(PortalError::Conflict(
                        "This request for all features is not open any more. Look at how it stands now."
                            .into(),
                    ));
                }
            }
        }
        Ok(Check::Send)
    }

    async fn send(&mut self, aws: &Aws) -> Result<Accepted, AwsError> {
        match self.step {
            Step::Begin => {
                let begun = aws.enable_all_features().await?;
                self.request = begun.value.id;
                Ok(Accepted { request_id: begun.request_id, already: false })
            }
            Step::Finalize => accepted(aws.accept_handshake(&self.request).await),
            Step::Cancel => accepted(aws.cancel_handshake(&self.request).await),
        }
    }

    async fn look(&mut self, portal: &Portal) -> Result<Look, PortalError> {
        if self.step == Step::Finalize && portal.aws().describe_organization().await?.all_features {
            return Ok(Look::Done);
        }
        let requests = portal.aws().all_features_requests().await?;
        if self.step == Step::Begin {
            let begun = requests.into_iter().find(|one| !self.known.contains(&one.id));
            self.request = begun.as_ref().map(|one| one.id.clone()).unwrap_or_default();
            return Ok(look(begun.is_some()));
        }
        let ended = match self.step {
            Step::Cancel => aws::HandshakeState::Canceled,
            Step::Begin | Step::Finalize => aws::HandshakeState::Accepted,
        };
        Ok(look(requests.iter().any(|one| one.id == self.request && one.state == ended)))
    }

    async fn refresh(&mut self, portal: &Portal) -> Result<(), PortalError> {
        // AWS says itself whether that was all: it may take its time.
        if self.step == Step::Finalize && portal.aws().describe_organization().await?.all_features {
            portal.store().set_all_features().await?;
        }
        Ok(())
    }

    fn detail(&self) -> AuditDetail {
        AuditDetail::Request { id: self.request.clone() }
    }
}
