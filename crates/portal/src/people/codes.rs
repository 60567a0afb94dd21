//! One-time codes by an authenticator app, and the recovery codes that stand in for it.

use model::{
    access::{Action, Resource},
    audit::AuditAction,
    team::NewCodes,
};
use qrcode::{Color, EcLevel, QrCode};
use sha2::{Digest, Sha256};
use store::{NewAudit, UserId};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::{SignInRefusal, Visitor, limits::Try};
use crate::{Caller, Portal, PortalError};

/// Bytes of a secret, as RFC 4226 wants them.
const SECRET: usize = 20;
/// Recovery codes at a time.
const RECOVERY_CODES: usize = 10;
/// Bytes of randomness in a recovery code: 120 bits, so that a plain hash keeps it.
const RECOVERY_BYTES: usize = 15;
/// What apps show beside the account.
const ISSUER: &str = "Holdfast";
/// Letters and digits that nobody mistakes for others.
const ALPHABET: [u8; 32] = *b"abcdefghjkmnpqrstuvwxyz023456789";

impl Portal {
    /// Begins to set up an authenticator app. It counts once a code of it was typed.
    ///
    /// # Errors
    /// `Conflict` where one counts already.
    pub async fn begin_codes(&self, caller: &Caller) -> Result<NewCodes, PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        let secret = self.random_bytes::<SECRET>();
        let sealed = self.seal(&sealed_name(caller.user_id()), &secret).await?;
        if !self.store().put_code_secret(caller.user_id(), &sealed).await? {
            let reason = "An authenticator app is set up already. Remove it first.";
            return Err(PortalError::Conflict(reason.into()));
        }
        let uri = totp(&secret, caller.email())?
            .to_url()
            .map_err(|error| PortalError::Internal(format!("the address of a secret: {error}")))?;
        let picture = picture(&uri)?;
        Ok(NewCodes { secret: Secret::from(secret.to_vec()).to_base32(), uri, picture })
    }

    /// Makes an authenticator app count by the first code of it; answers recovery codes, which are shown this once.
    ///
    /// # Errors
    /// `Invalid` for a wrong code.
    pub async fn finish_codes(&self, caller: &Caller, code: &str) -> Result<Vec<String>, PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        let user = caller.user_id();
        let Some(step) = self.step_of(user, code).await? else { return Err(wrong_code()) };
        let (codes, hashes) = self.recovery_codes();
        let event = NewAudit::done(caller.actor(), AuditAction::CodesSetUp);
        if !self.store().confirm_codes(user, step, &hashes, &event, self.now()).await? {
            return Err(PortalError::Conflict("An authenticator app is set up already.".into()));
        }
        Ok(codes)
    }

    /// Ends an authenticator app and its recovery codes.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn remove_codes(&self, caller: &Caller) -> Result<(), PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        let event = NewAudit::done(caller.actor(), AuditAction::CodesRemoved);
        Ok(self.store().delete_codes(caller.user_id(), &event, self.now()).await?)
    }

    /// Makes new recovery codes, which are shown this once, in the place of those before.
    ///
    /// # Errors
    /// `Conflict` where there is no authenticator app that they could stand in for.
    pub async fn make_recovery_codes(&self, caller: &Caller) -> Result<Vec<String>, PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        if !self.asks_for_codes(caller.user_id()).await? {
            let reason = "Recovery codes stand in for an authenticator app. Set one up first.";
            return Err(PortalError::Conflict(reason.into()));
        }
        let (codes, hashes) = self.recovery_codes();
        let event = NewAudit::done(caller.actor(), AuditAction::RecoveryCodesMade);
        self.store().put_recovery_codes(caller.user_id(), &hashes, &event, self.now()).await?;
        Ok(codes)
    }

    /// Whether somebody must type a code beside their password.
    pub(super) async fn asks_for_codes(&self, user: UserId) -> Result<bool, PortalError> {
        let secret = self.store().code_secret(user).await?;
        Ok(secret.is_some_and(|secret| secret.confirmed_at.is_some()))
    }

    /// Judges a one-time or recovery code within the limits, and uses it up where it is right.
    pub(super) async fn judge_code(
        &self,
        user: UserId,
        code: &str,
        from: Visitor<'_>,
    ) -> Result<CodeKind, SignInRefusal> {
        let Some(attempt) = self.attempt(&Try::Code(user), from).await? else {
            return Err(SignInRefusal::Limited);
        };
        let kind = if let Some(step) = self.step_of(user, code).await? {
            self.store().take_code(user, step).await?.then_some(CodeKind::App)
        } else {
            let hash = recovery_hash(code);
            self.store().take_recovery_code(user, &hash).await?.then_some(CodeKind::Recovery)
        };
        let Some(kind) = kind else { return Err(SignInRefusal::Credentials) };
        self.give_back(attempt).await;
        Ok(kind)
    }

    /// The time step of a code of somebody's app; `None` where it is none of now, or half a minute before or after.
    async fn step_of(&self, user: UserId, code: &str) -> Result<Option<i64>, PortalError> {
        let Some(secret) = self.store().code_secret(user).await? else { return Ok(None) };
        let secret = self.unseal(&sealed_name(user), &secret.secret).await?;
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        let now = u64::try_from(self.now().unix_timestamp()).unwrap_or_default();
        let step = totp(&secret, "")?.check(&code, now);
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn recovery_codes(&self) -> (Vec<String>, Vec<Vec<u8>>) {
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(self.random_bytes())).collect();
        let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
        (codes, hashes)
    }
}

/// What a right code was of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeKind {
    App,
    Recovery,
}

pub(super) fn wrong_code() -> PortalError {
    PortalError::field("code", "This code is not right, or was used already. Type the one that is shown now.")
}

fn sealed_name(user: UserId) -> String {
    format!("one-time codes of {user}")
}

fn totp(secret: &[u8], account: &str) -> Result<Totp, PortalError> {
    // Apps know nothing but SHA-1, six digits and half minutes for sure.
    let builder =
        Builder::new().with_algorithm(Algorithm::SHA1).with_digits(6).with_skew(1).with_step_duration(30);
    let builder = builder.with_secret(Secret::from(secret.to_vec())).with_issuer(Some(ISSUER));
    let account: String = account.chars().filter(|c| *c != ':').collect();
    builder
        .with_account_name(account)
        .build()
        .map_err(|error| PortalError::Internal(format!("one-time codes: {error}")))
}

fn picture(uri: &str) -> Result<Vec<String>, PortalError> {
    let code = QrCode::with_error_correction_level(uri, EcLevel::M)
        .map_err(|error| PortalError::Internal(format!("a QR code: {error}")))?;
    let dark = |color: &Color| if *color == Color::Dark { '#' } else { ' ' };
    Ok(code.to_colors().chunks(code.width()).map(|row| row.iter().map(dark).collect()).collect())
}

/// Sixteen letters and digits in fours.
fn recovery_code(random: [u8; RECOVERY_BYTES]) -> String {
    let mut bits = random.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
    let mut code = String::new();
    for n in 0..RECOVERY_BYTES * 8 / 5 {
        if n > 0 && n % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(ALPHABET[(bits & 31) as usize]));
        bits >>= 5;
    }
    code
}

/// However it was typed: with or without hyphens, in any case.
fn recovery_hash(code: &str) -> Vec<u8> {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(letters.to_ascii_lowercase()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_code_is_the_same_however_it_is_typed() {
        let code = recovery_code([0x5a; RECOVERY_BYTES]);
        assert_eq!((code.len(), code.matches('-').count()), (29, 5));
        let typed = code.replace('-', " ").to_uppercase();
        assert_eq!(recovery_hash(&typed), recovery_hash(&code));
        assert_ne!(recovery_hash(&recovery_code([0x5b; RECOVERY_BYTES])), recovery_hash(&code));
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Of its appendix B: SHA-1, the last six of eight digits.
        let totp = totp(b"12345678901234567890", "ada@example.com").unwrap();
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp.check(code, time), Some(time / 30));
            assert_eq!(totp.check(code, time + 120), None);
        }
        let uri = totp.to_url().unwrap();
        assert!(uri.starts_with("otpauth://totp/Holdfast:ada%40example.com?secret="), "{uri}");
    }
}
