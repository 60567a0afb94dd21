//! What browsers are asked, and what authenticators answer. The library draws each challenge from the operating system and lets
//! nobody choose it; when one ends is said by our clock.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use store::{NewPasskey, StoredPasskey};
use time::{Duration, OffsetDateTime};
use webauthn_rp::{
    AuthenticatedCredential, DiscoverableAuthentication64, DiscoverableAuthenticationServerState,
    DiscoverableCredentialRequestOptions, PublicKeyCredentialCreationOptions, Registration,
    RegistrationServerState,
    bin::{Decode, Encode},
    request::{
        PublicKeyCredentialDescriptor,
        auth::AuthenticationVerificationOptions,
        register::{
            CredProtect, Nickname, PublicKeyCredentialUserEntity, RegistrationVerificationOptions,
            USER_HANDLE_MAX_LEN, UserHandle64, Username,
        },
    },
    response::{
        AuthTransports, CredentialId,
        auth::error::AuthCeremonyErr,
        register::{DynamicState, StaticState},
    },
};

use super::{party::RelyingParty, purpose::Purpose};
use crate::PortalError;

/// Bytes of what authenticators know a person by.
pub(super) const HANDLE: usize = USER_HANDLE_MAX_LEN;
/// How long a challenge is good.
const GOOD: Duration = Duration::minutes(5);
/// What somebody is called in a browser's list, where their own name cannot be shown there.
const SOMEBODY: &str = "holdfast";

/// What is under way with a passkey: kept with the browser's session, and taken out of it once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PendingPasskey {
    purpose: Purpose,
    /// The library's, in base 64: the challenge, and what was asked for.
    state: String,
    begun_at: i64,
}

impl PendingPasskey {
    pub(super) const fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// What the library kept, unless it is too long ago.
    fn state(&self, now: OffsetDateTime) -> Option<Vec<u8>> {
        let age = now.unix_timestamp().checked_sub(self.begun_at)?;
        (0..GOOD.whole_seconds()).contains(&age).then(|| BASE64_URL_SAFE_NO_PAD.decode(&self.state).ok())?
    }
}

fn pending(purpose: Purpose, state: &[u8], now: OffsetDateTime) -> PendingPasskey {
    PendingPasskey { purpose, state: BASE64_URL_SAFE_NO_PAD.encode(state), begun_at: now.unix_timestamp() }
}

/// Asks for a passkey that there is, whosever it is, from an authenticator that makes sure of its owner.
pub(super) fn ask(
    party: &RelyingParty,
    purpose: Purpose,
    now: OffsetDateTime,
) -> Result<(PendingPasskey, String), PortalError> {
    let options = DiscoverableCredentialRequestOptions::passkey(&party.id);
    let (server, client) = options.start_ceremony().map_err(|error| broken(&error))?;
    let state = server.encode().map_err(|error| broken(&error))?;
    Ok((pending(purpose, &state, now), options_of(&client)?))
}

/// Asks for a new passkey, for somebody of this address and name. Authenticators that have one of `had` make no other.
pub(super) fn make(
    party: &RelyingParty,
    purpose: Purpose,
    (email, name): (&str, &str),
    handle: Vec<u8>,
    had: Vec<Vec<u8>>,
    now: OffsetDateTime,
) -> Result<(PendingPasskey, String), PortalError> {
    let handle = user_handle(&handle)?;
    let username = Username::try_from(email).or_else(|_| Username::try_from(SOMEBODY));
    let entity = PublicKeyCredentialUserEntity {
        name: username.map_err(|error| broken(&error))?,
        id: &handle,
        display_name: Nickname::try_from(name).ok(),
    };
    // How each is reached is not kept: browsers try all ways.
    let transports = AuthTransports::decode(0).map_err(|error| broken(&error))?;
    let had = had.into_iter().map(|id| {
        CredentialId::<Vec<u8>>::decode(id).map(|id| PublicKeyCredentialDescriptor { id, transports })
    });
    let had = had.collect::<Result<Vec<_>, _>>().map_err(|error| broken(&error))?;
    let mut options = PublicKeyCredentialCreationOptions::passkey(&party.id, entity, had);
    // Many authenticators do not know it, and each use is verified in any case.
    options.extensions.cred_protect = CredProtect::None;
    let (server, client) = options.start_ceremony().map_err(|error| broken(&error))?;
    let state = server.encode().map_err(|error| broken(&error))?;
    Ok((pending(purpose, &state, now), options_of(&client)?))
}

/// The passkey that an authenticator made; `None` where the answer is not one to what was asked, or comes too late.
pub(super) fn made(
    party: &RelyingParty,
    pending: Option<PendingPasskey>,
    answer: &str,
    name: &str,
    now: OffsetDateTime,
) -> Option<NewPasskey> {
    let state = pending?.state(now)?;
    let state = RegistrationServerState::<HANDLE>::decode(&state).ok()?;
    let answer = Registration::from_json_relaxed(answer.as_bytes()).ok()?;
    let options = RegistrationVerificationOptions::<String, String> {
        allowed_origins: &party.origins,
        // What authenticators add of themselves is of no account.
        error_on_unsolicited_extensions: false,
        ..RegistrationVerificationOptions::default()
    };
    let credential = match state.verify(&party.id, &answer, &options) {
        Ok(credential) => credential,
        Err(why) => {
            tracing::warn!(%why, "a new passkey is not taken");
            return None;
        }
    };
    let Ok(static_state) = credential.static_state().encode();
    let Ok(dynamic_state) = credential.dynamic_state().encode();
    Some(NewPasskey {
        credential_id: credential.id().as_ref().to_vec(),
        name: name.to_owned(),
        static_state,
        dynamic_state: dynamic_state.to_vec(),
    })
}

/// What an authenticator shows.
pub(super) struct Shown(DiscoverableAuthentication64);

/// Why what it shows is not right.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotRight {
    #[error("it comes too late, or nothing was begun")]
    Late,
    #[error("what is kept of the passkey cannot be read")]
    Unreadable,
    #[error("{0}")]
    Answer(#[from] AuthCeremonyErr),
}

impl Shown {
    /// Reads a browser's answer; `None` where it is none.
    pub fn read(answer: &str) -> Option<Self> {
        DiscoverableAuthentication64::from_json_relaxed(answer.as_bytes()).ok().map(Self)
    }

    /// The authenticator's name of the passkey.
    pub fn credential_id(&self) -> &[u8] {
        let id: CredentialId<&[u8]> = self.0.raw_id();
        id.into_inner()
    }

    /// Whom the authenticator has it for.
    pub fn handle(&self) -> &[u8] {
        self.0.response().user_handle().as_ref()
    }

    /// Whether it is the answer to what was asked, by this passkey: challenge, origin, relying party, the owner's presence and
    /// verification, signature, and a counter that has grown. Answers what the passkey has become.
    pub fn verify(
        &self,
        party: &RelyingParty,
        pending: &PendingPasskey,
        passkey: &StoredPasskey,
        now: OffsetDateTime,
    ) -> Result<Vec<u8>, NotRight> {
        let state = pending.state(now).ok_or(NotRight::Late)?;
        let state =
            DiscoverableAuthenticationServerState::decode(&state).map_err(|_| NotRight::Unreadable)?;
        let kept = || {
            let dynamic_state = <[u8; 7]>::try_from(passkey.dynamic_state.as_slice()).ok()?;
            let dynamic_state = DynamicState::decode(dynamic_state).ok()?;
            let static_state = StaticState::decode(&passkey.static_state).ok()?;
            let handle = self.0.response().user_handle();
            AuthenticatedCredential::new(self.0.raw_id(), handle, static_state, dynamic_state).ok()
        };
        let mut credential = kept().ok_or(NotRight::Unreadable)?;
        let options = AuthenticationVerificationOptions::<String, String> {
            allowed_origins: &party.origins,
            error_on_unsolicited_extensions: false,
            ..AuthenticationVerificationOptions::default()
        };
        state.verify(&party.id, &self.0, &mut credential, &options)?;
        let Ok(after) = credential.dynamic_state().encode();
        Ok(after.to_vec())
    }
}

fn user_handle(handle: &[u8]) -> Result<UserHandle64, PortalError> {
    let bytes = <[u8; HANDLE]>::try_from(handle)
        .map_err(|_| PortalError::Internal("a passkey handle has another length".into()))?;
    let Ok(handle) = UserHandle64::decode(bytes);
    Ok(handle)
}

fn options_of(client: &impl Serialize) -> Result<String, PortalError> {
    serde_json::to_string(client).map_err(|error| broken(&error))
}

fn broken(error: &impl std::fmt::Display) -> PortalError {
    PortalError::Internal(format!("options for a passkey: {error}"))
}
