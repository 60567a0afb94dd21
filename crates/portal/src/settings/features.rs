//! From consolidated billing to all features: the request, the accounts that approve it, and its end.

use aws::{Aws, Handshake, HandshakeState};
use model::{
    access::Action,
    audit::AuditAction,
    settings::{
        Setting,
        features::{AskedAccount, FeaturesRequest, FeaturesWay, Progress, Step},
    },
};

use super::{CONFIRMATION, read::reason, settled};
use crate::{
    Caller, Portal, PortalError,
    audit::{Change, Done},
    authorize,
    sight::Sight,
};

impl Portal {
    /// Takes a step on the way to all features: begins, finalizes or cancels the request of this id.
    ///
    /// # Errors
    /// `Invalid` for an unknown step or a missing confirmation, `Conflict` where the request does not stand for it; else
    /// where the caller may not, or AWS refuses.
    pub async fn enable_all_features(
        &self,
        caller: &Caller,
        step: &str,
        request: &str,
        confirmation: &str,
    ) -> Result<(), PortalError> {
        authorize(caller, Action::ChangeSettings)?;
        let unknown = || PortalError::field("step", "There is no such step.");
        let step = Step::from_name(step).ok_or_else(unknown)?;
        if step.typed_confirmation() && !confirmation.trim().eq_ignore_ascii_case(CONFIRMATION) {
            return Err(PortalError::field(
                "confirmation",
                format!("Type {CONFIRMATION}: it cannot be undone."),
            ));
        }
        let action = match step {
            Step::Begin => AuditAction::AllFeaturesRequested,
            Step::Finalize => AuditAction::AllFeaturesFinalized,
            Step::Cancel => AuditAction::AllFeaturesCanceled,
        };
        let text = Setting::AllFeatures.text();
        let change = Change { action, target: text.name, target_name: text.title };
        self.audited(caller, change, async |aws| match step {
            Step::Begin => {
                let begun = aws.enable_all_features().await?;
                Ok(Done {
                    value: (),
                    request_id: begun.request_id,
                    detail: format!("request {}", begun.value.id),
                })
            }
            Step::Finalize => self.finalize(&aws, request).await,
            Step::Cancel => self.cancel(&aws, request).await,
        })
        .await
    }

    async fn finalize(&self, aws: &Aws, request: &str) -> Result<Done<()>, PortalError> {
        must_be_ours(aws, request).await?;
        let request_id = settled(aws.accept_handshake(request).await)?;
        // AWS says itself whether that was all: it may take its time.
        if aws.describe_organization().await.is_ok_and(|organization| organization.all_features) {
            self.store().set_all_features().await?;
        }
        Ok(Done { value: (), request_id, detail: format!("request {request}") })
    }

    async fn cancel(&self, aws: &Aws, request: &str) -> Result<Done<()>, PortalError> {
        must_be_ours(aws, request).await?;
        let request_id = settled(aws.cancel_handshake(request).await)?;
        Ok(Done { value: (), request_id, detail: format!("request {request}") })
    }

    /// How far the organization is, asked from AWS now.
    pub(super) async fn way_to_all_features(&self, sight: &Sight) -> FeaturesWay {
        let requests = match self.aws().all_features_requests().await {
            Ok(requests) => requests,
            Err(error) => return FeaturesWay::Unknown { reason: reason(&error) },
        };
        let Some(last) =
            requests.into_iter().max_by_key(|one| (progress(one, true).is_open(), one.requested_at))
        else {
            return FeaturesWay::Known { request: None };
        };
        let (asked, problem) = match self.aws().all_features_approvals(&last.id).await {
            Ok(asked) => (asked, None),
            Err(error) => (Vec::new(), Some(reason(&error))),
        };
        let mut accounts: Vec<AskedAccount> = asked.into_iter().map(|one| account(&one, sight)).collect();
        accounts.sort_by(|a, b| {
            let key = |one: &AskedAccount| (one.progress == Progress::Accepted, one.name.clone());
            key(a).cmp(&key(b))
        });
        let request = FeaturesRequest {
            progress: progress(&last, true),
            id: last.id,
            requested_at: last.requested_at,
            expires_at: last.expires_at,
            accounts,
            problem,
        };
        FeaturesWay::Known { request: Some(request) }
    }
}

/// Only requests for all features are ended from here: the same call of AWS ends any other handshake.
async fn must_be_ours(aws: &Aws, request: &str) -> Result<(), PortalError> {
    let open = aws.all_features_requests().await?;
    let found = open.iter().any(|one| one.id == request && progress(one, true).is_open());
    if found {
        Ok(())
    } else {
        Err(PortalError::Conflict(
            "This request for all features is not open any more. Look at how it stands now.".into(),
        ))
    }
}

fn account(asked: &Handshake, sight: &Sight) -> AskedAccount {
    AskedAccount {
        account: asked.account.as_ref().map(ToString::to_string).unwrap_or_default(),
        name: asked.account.as_ref().map(|account| sight.account_name(account)).unwrap_or_default(),
        progress: progress(asked, false),
    }
}

/// AWS calls a request open once all have answered, and an account's part in it open until it answers.
fn progress(handshake: &Handshake, is_request: bool) -> Progress {
    match handshake.state {
        HandshakeState::Open if is_request => Progress::Ready,
        HandshakeState::Open | HandshakeState::Requested => Progress::Waiting,
        HandshakeState::Accepted => Progress::Accepted,
        HandshakeState::Declined => Progress::Declined,
        HandshakeState::Canceled => Progress::Canceled,
        HandshakeState::Expired => Progress::Expired,
        HandshakeState::Other => Progress::Unknown,
    }
}
