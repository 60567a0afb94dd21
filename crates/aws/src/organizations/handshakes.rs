//! The handshakes on the way from consolidated billing to all features: the management account's request, and what each
//! invited account has to approve.

use aws_sdk_organizations::types::{
    ActionType, Handshake as Sent, HandshakeFilter, HandshakePartyType, HandshakeState as State,
};
use model::AccountId;
use time::OffsetDateTime;

use crate::{
    Aws, AwsError, Written,
    convert::{instant, need, page},
    operation::Op,
    organizations::accounts::PAGE,
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
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn all_features_requests(&self) -> Result<Vec<Handshake>, AwsError> {
        let filter = HandshakeFilter::builder().action_type(ActionType::EnableAllFeatures).build();
        self.handshakes(filter).await
    }

    /// What the invited accounts were asked to approve by a request for all features.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says.
    pub async fn all_features_approvals(&self, request: &str) -> Result<Vec<Handshake>, AwsError> {
        self.handshakes(HandshakeFilter::builder().parent_handshake_id(request).build()).await
    }

    async fn handshakes(&self, filter: HandshakeFilter) -> Result<Vec<Handshake>, AwsError> {
        const OP: Op = Op::ListHandshakesForOrganization;
        let mut found = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let answer = self
                .organizations_call(OP, |c| {
                    let request = c.list_handshakes_for_organization().filter(filter.clone());
                    let request = request.max_results(PAGE).set_next_token(token.clone());
                    async move { request.send().await }
                })
                .await?;
            let listed = page(OP, answer.value.handshakes, answer.value.next_token)?;
            for handshake in listed.rows {
                found.push(read(OP, handshake)?);
            }
            match listed.next {
                Some(next) => token = Some(next),
                None => return Ok(found),
            }
        }
    }

    /// Asks every invited account to approve all features.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `Constraint` with AWS's reason where a request is open or not needed.
    pub async fn enable_all_features(&self) -> Result<Written<Handshake>, AwsError> {
        const OP: Op = Op::EnableAllFeatures;
        let answer =
            self.organizations_call(OP, |c| async move { c.enable_all_features().send().await }).await?;
        answer.read(|enabled| read(OP, need(OP, "Handshake", enabled.handshake)?))
    }

    /// Completes a request for all features that all accounts have approved.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `Conflict` while accounts have not approved, `AlreadyDone` where it was.
    pub async fn accept_handshake(&self, request: &str) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::AcceptHandshake, |c| {
                let request = c.accept_handshake().handshake_id(request);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
    }

    /// Withdraws a request for all features.
    ///
    /// # Errors
    /// As [`AwsErrorKind`](crate::AwsErrorKind) says; `Conflict` where it has ended.
    pub async fn cancel_handshake(&self, request: &str) -> Result<Written<()>, AwsError> {
        let answer = self
            .organizations_call(Op::CancelHandshake, |c| {
                let request = c.cancel_handshake().handshake_id(request);
                async move { request.send().await }
            })
            .await?;
        Ok(Written { value: (), request_id: answer.request_id })
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
