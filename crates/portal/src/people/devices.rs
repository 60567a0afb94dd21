//! Programs that ask for a token of a person (RFC 8628): they show a code, which the person types where they are signed in, and
//! who asks is said there before anything is approved.

mod code;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{
    access::{Action, Resource, Scope, TokenLimits},
    audit::{AuditAction, AuditDetail},
    failure::Busy,
    team::{DeviceRequest, MOST_TOKENS, Token},
    text,
};
use sha2::{Digest, Sha256};
use store::{DeviceAnswer, DeviceApproval, NewAudit, NewDeviceRequest};
use time::{Duration, OffsetDateTime};

use super::{
    Visitor,
    limits::Try,
    tokens::{TokenWish, secret},
};
use crate::{Caller, Portal, PortalError, error::checked};

/// How long a program waits for its person.
const WAITS: Duration = Duration::minutes(10);
/// Seconds between two looks of a program, at first.
const INTERVAL: i64 = 5;
/// Bytes of randomness in what a program asks with.
const RANDOM: usize = 32;

/// What a program shows, and what it keeps to itself.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceCodes {
    /// What it asks with.
    pub device_code: String,
    /// What its person types, as `BCDF-GHJK`.
    pub user_code: String,
    pub expires_at: OffsetDateTime,
    /// Seconds until both end.
    pub expires_in: i64,
    /// Seconds between two looks.
    pub interval: i64,
}

/// What came of a program's wish.
pub enum TokenAnswer {
    /// Nobody has decided yet.
    Pending,
    /// It asks more often than it may: each time it must wait five seconds more.
    TooOften,
    Refused,
    /// Its time is over, or it was answered before.
    Over,
    /// The token, this once.
    Approved {
        secret: String,
        token: Box<Token>,
        /// Whose it is.
        owner: String,
    },
}

impl Portal {
    /// Begins to ask for a token, which is in nobody's name yet. For everybody.
    ///
    /// # Errors
    /// `Invalid` for a field that is wrong; `Busy` after too many from one network.
    pub async fn begin_device(&self, wish: TokenWish, address: &str) -> Result<DeviceCodes, PortalError> {
        let TokenWish { name, limits, days } = wish.checked()?;
        if matches!(&limits.scope, Scope::Below(tops) if tops.is_empty()) {
            return Err(PortalError::field("places", "Name at least one place, or leave it out."));
        }
        if self.attempt(&Try::DeviceRequest, Visitor::from(address)).await?.is_none() {
            return Err(PortalError::Busy(Busy::Attempts));
        }
        let device_code = BASE64_URL_SAFE_NO_PAD.encode(self.random_bytes::<RANDOM>());
        let user_code = code::make(u64::from_le_bytes(self.random_bytes()));
        let token = token_of(&device_code);
        let expires_at = self.now() + WAITS;
        let wish = NewDeviceRequest {
            device_hash: hash(&device_code),
            user_code_hash: hash(&user_code),
            name,
            limits,
            days,
            token_hash: token.hash,
            token_hint: token.hint,
            address: address.to_owned(),
            expires_at,
            interval: INTERVAL,
        };
        self.store().put_device_request(&wish, self.now()).await?;
        let user_code = code::shown(&user_code);
        let expires_in = WAITS.whole_seconds();
        Ok(DeviceCodes { device_code, user_code, expires_at, expires_in, interval: INTERVAL })
    }

    /// Finds a program by the code that it shows, and takes it for the caller: the code is good once, and nobody else can decide.
    ///
    /// # Errors
    /// `Invalid` for what is no code; `NotFound` for one that is not good; `Busy` after too many wrong ones.
    pub async fn find_device(&self, caller: &Caller, typed: &str) -> Result<i64, PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        let code = code::read(typed)
            .ok_or_else(|| PortalError::field("code", "Type the eight letters, as BCDF-GHJK."))?;
        let tried = self.attempt(&Try::UserCode(caller.user_id()), Visitor::from(caller.address())).await?;
        let Some(attempt) = tried else { return Err(PortalError::Busy(Busy::Attempts)) };
        let found = self.store().claim_device_request(&hash(&code), caller.user_id(), self.now()).await?;
        let message = "No program waits under this code. It is good once, for ten minutes: begin anew there.";
        let id = found.ok_or_else(|| PortalError::field("code", message))?;
        self.give_back(attempt).await;
        Ok(id)
    }

    /// What a program asks for that the caller has found.
    ///
    /// # Errors
    /// `NotFound` where it is over, decided, or somebody else's.
    pub async fn device_request(&self, caller: &Caller, id: i64) -> Result<DeviceRequest, PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        self.store().device_request(id, caller.user_id(), self.now()).await?.ok_or(OVER)
    }

    /// Makes the token that a program asks for, with what the caller has of it and no more. The program gets it.
    ///
    /// # Errors
    /// `NotFound` where it is over, decided, or somebody else's; `Conflict` where the caller may nothing of it, or has too many
    /// tokens.
    pub async fn approve_device(&self, caller: &Caller, id: i64) -> Result<(), PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        let request = self.device_request(caller, id).await?;
        let (actions, _) = request.split(caller.rights());
        if actions.is_empty() {
            let reason = "Your role allows nothing of what it asks for. Refuse it.";
            return Err(PortalError::Conflict(reason.into()));
        }
        self.known_places(&request.limits.scope).await?;
        let limits = TokenLimits { actions, scope: request.limits.scope.clone() };
        let event = |hint: &str| {
            let detail = AuditDetail::Token {
                name: request.name.clone(),
                hint: hint.to_owned(),
                limits: limits.clone(),
                asked_from: Some(request.address.clone()),
            };
            NewAudit { detail, ..NewAudit::done(caller.actor(), AuditAction::TokenMade) }
        };
        let (of, user) = ((&limits, caller.email()), caller.user_id());
        match self.store().approve_device_request(id, user, of, MOST_TOKENS, event, self.now()).await? {
            DeviceApproval::Approved => Ok(()),
            DeviceApproval::Over => Err(OVER),
            DeviceApproval::TooMany => {
                Err(PortalError::Conflict(format!("There are {MOST_TOKENS} tokens already. End one first.")))
            }
        }
    }

    /// Refuses a program its token.
    ///
    /// # Errors
    /// `NotFound` where it is over, decided, or somebody else's.
    pub async fn refuse_device(&self, caller: &Caller, id: i64) -> Result<(), PortalError> {
        let request = self.device_request(caller, id).await?;
        let detail = AuditDetail::Token {
            name: request.name,
            hint: String::new(),
            limits: request.limits,
            asked_from: Some(request.address),
        };
        let event = NewAudit { detail, ..NewAudit::done(caller.actor(), AuditAction::TokenRefused) };
        let refused = self.store().refuse_device_request(id, caller.user_id(), &event, self.now()).await?;
        if refused { Ok(()) } else { Err(OVER) }
    }

    /// What came of a program's wish. For everybody: whoever has the code may know.
    ///
    /// # Errors
    /// `Busy` after too many wrong codes from one network.
    pub async fn ask_device(&self, device_code: &str, address: &str) -> Result<TokenAnswer, PortalError> {
        checked([text::TOKEN.check("device_code", device_code)])?;
        Ok(match self.store().ask_device_request(&hash(device_code), self.now()).await? {
            DeviceAnswer::Pending => TokenAnswer::Pending,
            DeviceAnswer::TooOften => TokenAnswer::TooOften,
            DeviceAnswer::Refused => TokenAnswer::Refused,
            DeviceAnswer::Approved { token, owner } => {
                TokenAnswer::Approved { secret: token_of(device_code).token, token, owner }
            }
            // What is wrong and what is over look alike here: it counts with the requests of its network, and keeps nobody from
            // signing in.
            DeviceAnswer::Over => match self.attempt(&Try::DeviceRequest, Visitor::from(address)).await? {
                Some(_) => TokenAnswer::Over,
                None => return Err(PortalError::Busy(Busy::Attempts)),
            },
        })
    }
}

const OVER: PortalError = PortalError::NotFound { what: "program that waits" };

fn hash(code: &str) -> Vec<u8> {
    Sha256::digest(code).to_vec()
}

/// The token that a program's code stands for. Nobody else can make it, and it is nowhere until it is asked for.
fn token_of(device_code: &str) -> secret::Made {
    let digest: [u8; 32] = Sha256::digest(format!("holdfast device token\0{device_code}")).into();
    let mut random = [0; 24];
    random.copy_from_slice(&digest[..24]);
    secret::make(&random)
}
