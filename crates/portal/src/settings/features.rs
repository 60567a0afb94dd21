//! From consolidated billing to all features: the request, the accounts that approve it, and its end.

use aws::{Aws, Handshake, HandshakeState};
use model::{
    access::{Action, Resource},
    change::{StepKind, TakeFeaturesStep},
    settings::features::{AskedAccount, FeaturesRequest, FeaturesWay, Progress, Step},
    text,
};

use super::{
    CONFIRMATION,
    answers::{Request, Requests},
    read::reason,
};
use crate::{Caller, Portal, PortalError, error::checked, sight::Sight};

impl Portal {
    /// Takes a step on the way to all features: begins, finalizes or cancels the request of this id.
    ///
    /// # Errors
    /// `Invalid` for a missing confirmation, `Conflict` where the request does not stand for it; else
    /// where the caller may not, or AWS refuses.
    pub async fn enable_all_features(
        &self,
        caller: &Caller,
        step: Step,
        request: &str,
        confirmation: &str,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::ChangeSettings, &Resource::Visible).await?;
        checked([text::TOKEN.check("request", request)])?;
        if step.typed_confirmation() && !confirmation.trim().eq_ignore_ascii_case(CONFIRMATION) {
            return Err(PortalError::field(
                "confirmation",
                format!("Type {CONFIRMATION}: it cannot be undone."),
            ));
        }
        let title = format!("All features: {}", step.verb().to_lowercase());
        let request = request.to_owned();
        let kind = StepKind::TakeFeaturesStep(TakeFeaturesStep { step, request, known: Vec::new() });
        let planned = self.plan(caller, kind, &*self.unscoped_directory().await?).await?;
        self.change_one(title, planned).await.map(drop)
    }
}

impl Requests {
    pub async fn ask(aws: &Aws) -> Self {
        let requests = match aws.all_features_requests().await {
            Ok(requests) => requests,
            Err(error) => return Self(Err(error)),
        };
        let last = requests.into_iter().max_by_key(|one| (progress(one, true).is_open(), one.requested_at));
        let Some(last) = last else { return Self(Ok(None)) };
        let asked = aws.all_features_approvals(&last.id).await;
        Self(Ok(Some(Request { last, asked })))
    }

    /// How far the organization is, with the names that a person may see.
    pub fn way(&self, sight: &Sight) -> FeaturesWay {
        let Request { last, asked } = match &self.0 {
            Ok(Some(request)) => request,
            Ok(None) => return FeaturesWay::Known { request: None },
            Err(error) => return FeaturesWay::Unknown { reason: reason(error) },
        };
        let problem = asked.as_ref().err().map(reason);
        let asked = asked.iter().flatten();
        let mut accounts: Vec<AskedAccount> = asked.map(|one| account(one, sight)).collect();
        accounts.sort_by(|a, b| {
            let key = |one: &AskedAccount| (one.progress == Progress::Accepted, one.name.clone());
            key(a).cmp(&key(b))
        });
        let request = FeaturesRequest {
            progress: progress(last, true),
            id: last.id.clone(),
            requested_at: last.requested_at,
            expires_at: last.expires_at,
            accounts,
            problem,
        };
        FeaturesWay::Known { request: Some(request) }
    }
}

/// Whether a request for all features can still be ended.
pub(crate) fn is_open(request: &Handshake) -> bool {
    progress(request, true).is_open()
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
