//! The handshakes on the way from consolidated billing to all features: the management account's request, and what each
//! invited account has to approve.

use aws_sdk_organizations::types::{
    ActionType, Handshake as Sent, HandshakeFilter, HandshakePartyType, HandshakeState as State,
};
use model::AccountId;
use time::OffsetDateTime;

use super::client::{Organizations, PAGE};
use crate::{
    answer::{Page, Written},
    connect::Aws,
    convert::{instant, need, page},
    error::AwsError,
    operation::Op,
};

/// Where a handshake stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandshakeState {
    /// Sent to several, and not all have answered.
    Requested,
    /// All have answered: whoever began it can complete it. Of a single recipient: it has not answered yet.
    Open,
    Canceled,
    Accepted,
    Declined,
    Expired,
    /// One that AWS has added since.
    Other,
}

/// A request for all features, or an account's part in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    /// `h-…`
    pub id: String,
    pub state: HandshakeState,
    pub requested_at: Option<OffsetDateTime>,
    pub expires_at: Option<OffsetDateTime>,
    /// The account that it was sent to, where AWS names one.
    pub account: Option<AccountId>,
}

impl Aws {
    /// Requests for all features: those that are open, and those that ended in the last 30 days.
    pub async fn all_features_requests(&self) -> Result<Vec<Handshake>, AwsError> {
        let filter = HandshakeFilter::builder().action_type(ActionType::EnableAllFeatures).build();
        Page::all(|token| self.handshakes_page(&filter, token)).await
    }

    /// What the invited accounts were asked to approve by a request for all features.
    pub async fn all_features_approvals(&self, request: &str) -> Result<Vec<Handshake>, AwsError> {
        let filter = HandshakeFilter::builder().parent_handshake_id(request).build();
        Page::all(|token| self.handshakes_page(&filter, token)).await
    }

    async fn handshakes_page(
        &self,
        filter: &HandshakeFilter,
        token: Option<String>,
    ) -> Result<Page<Handshake>, AwsError> {
        const OP: Op = Op::ListHandshakesForOrganization;
        let answer = self
            .call(Organizations, OP, |c| {
                let request = c.list_handshakes_for_organization().filter(filter.clone());
                request.max_results(PAGE).set_next_token(token.clone()).send()
            })
            .await?;
        answer.value(|a| page(OP, a.handshakes, a.next_token)?.map(|row| read(OP, row)))
    }

    /// Asks every invited account to approve all features.
    ///
    /// # Errors
    /// `Constraint` with AWS's reason where a request is open or not needed.
    pub async fn enable_all_features(&self) -> Result<Written<Handshake>, AwsError> {
        const OP: Op = Op::EnableAllFeatures;
        let answer = self.call(Organizations, OP, |c| c.enable_all_features().send()).await?;
        answer.read(|a| read(OP, need(OP, "Handshake", a.handshake)?))
    }

    /// Completes a request for all features that all accounts have approved.
    ///
    /// # Errors
    /// `Conflict` while accounts have not approved, `AlreadyDone` where it was.
    pub async fn accept_handshake(&self, request: &str) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::AcceptHandshake, |c| c.accept_handshake().handshake_id(request).send())
            .await?;
        Ok(answer.done())
    }

    /// Withdraws a request for all features.
    ///
    /// # Errors
    /// `Conflict` where it has ended.
    pub async fn cancel_handshake(&self, request: &str) -> Result<Written<()>, AwsError> {
        let answer = self
            .call(Organizations, Op::CancelHandshake, |c| c.cancel_handshake().handshake_id(request).send())
            .await?;
        Ok(answer.done())
    }
}

fn read(op: Op, handshake: Sent) -> Result<Handshake, AwsError> {
    let to = |party: &aws_sdk_organizations::types::HandshakeParty| {
        (party.r#type == HandshakePartyType::Account).then(|| party.id.parse().ok()).flatten()
    };
    Ok(Handshake {
        account: handshake.parties().iter().find_map(to),
        id: need(op, "Id", handshake.id)?,
        state: match handshake.state {
            Some(State::Requested) => HandshakeState::Requested,
            Some(State::Open) => HandshakeState::Open,
            Some(State::Canceled) => HandshakeState::Canceled,
            Some(State::Accepted) => HandshakeState::Accepted,
            Some(State::Declined) => HandshakeState::Declined,
            Some(State::Expired) => HandshakeState::Expired,
            _ => HandshakeState::Other,
        },
        requested_at: handshake.requested_timestamp.as_ref().and_then(instant),
        expires_at: handshake.expiration_timestamp.as_ref().and_then(instant),
    })
}
