//! Signing in with a local account, and the first administrator.

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier, password_hash::SaltString};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{
    access::Role,
    audit::{AuditAction, AuditOutcome},
    failure::FieldProblem,
};
use sha2::{Digest, Sha256};
use store::{Actor, NewAudit, NewUser};
use time::Duration;

use crate::{Caller, Origin, Portal, PortalError, off_reactor};

/// How long the link for the first administrator is good, in hours.
pub const WELCOME_HOURS: i64 = 24;

/// Failures from one address before it has to wait.
const FAILURES_PER_ADDRESS: i64 = 20;
/// Failures for one account before it has to wait: high, so that nobody can lock somebody else out for long.
const FAILURES_PER_ACCOUNT: i64 = 50;
/// The time over which failures count.
const WINDOW: Duration = Duration::minutes(15);
/// Shortest and longest password, in characters.
const PASSWORD: std::ops::RangeInclusive<usize> = 12..=128;
/// A hash that no password has: verifying against it takes the time that a real one takes.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$Jqv4mIU0oGfWzyDCdVEdAnYYMDMfeyUhM0eXYmQ0ZQY";

/// Why a sign-in was refused. Never which part was wrong.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefusal {
    /// The address and password do not belong together, or the account is disabled.
    #[error("wrong e-mail address or password")]
    Credentials,
    /// Too many failures from this address or for this account.
    #[error("too many failed sign-ins; wait 15 minutes")]
    Limited,
    /// Something else failed.
    #[error(transparent)]
    Portal(#[from] PortalError),
}

/// What the first administrator types.
#[derive(Clone, Debug)]
pub struct NewAdministrator {
    /// From the one-time link.
    pub token: String,
    pub email: String,
    pub name: String,
    pub password: String,
}

impl From<store::StoreError> for SignInRefusal {
    fn from(error: store::StoreError) -> Self {
        Self::Portal(error.into())
    }
}

impl Portal {
    /// Checks an address and a password. `from` is the network address of the caller.
    ///
    /// # Errors
    /// The refusal; unknown users get the same answer after the same work.
    pub async fn sign_in(&self, email: &str, password: &str, from: &str) -> Result<Caller, SignInRefusal> {
        let email = email.trim().to_lowercase();
        self.within_limits(&email, from).await?;
        let user = self.store().user_by_email(&email).await?;
        let hash = user.as_ref().map_or(NOBODY, |u| u.password_hash.as_str()).to_owned();
        let password = password.to_owned();
        let right = off_reactor(move || verify(&hash, &password)).await?;
        match user.filter(|u| right && !u.disabled) {
            Some(user) => {
                self.store().clear_sign_in_failures(&limit_keys(&email, from)[0]).await?;
                self.note_sign_in(&email, AuditAction::SignIn, AuditOutcome::Succeeded, from).await?;
                Ok(Caller::new(&user, Origin::default()))
            }
            None => {
                for key in limit_keys(&email, from) {
                    self.store().record_sign_in_failure(&key, self.now()).await?;
                }
                self.note_sign_in(&email, AuditAction::SignInRefused, AuditOutcome::Failed, from).await?;
                Err(SignInRefusal::Credentials)
            }
        }
    }

    /// Notes that somebody signed out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn signed_out(&self, caller: &Caller, from: &str) -> Result<(), PortalError> {
        self.note_sign_in(caller.email(), AuditAction::SignOut, AuditOutcome::Succeeded, from).await
    }

    async fn within_limits(&self, email: &str, from: &str) -> Result<(), SignInRefusal> {
        let since = self.now() - WINDOW;
        let [account, address] = limit_keys(email, from);
        let for_account = self.store().sign_in_failures(&account, since).await?;
        let from_address = self.store().sign_in_failures(&address, since).await?;
        if for_account >= FAILURES_PER_ACCOUNT || from_address >= FAILURES_PER_ADDRESS {
            return Err(SignInRefusal::Limited);
        }
        Ok(())
    }

    async fn note_sign_in(
        &self,
        email: &str,
        action: AuditAction,
        outcome: AuditOutcome,
        from: &str,
    ) -> Result<(), PortalError> {
        let person = email.chars().take(254).collect();
        let actor = Actor { person, session: String::new(), address: from.to_owned() };
        let event = NewAudit { outcome, ..NewAudit::done(actor, action) };
        self.store().append_audit(&event, self.now()).await?;
        Ok(())
    }

    /// Makes the one-time token for the first administrator, unless somebody can sign in already.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn welcome_token(&self) -> Result<Option<String>, PortalError> {
        if self.store().count_users().await? > 0 {
            return Ok(None);
        }
        let token = BASE64_URL_SAFE_NO_PAD.encode(self.random_bytes::<24>());
        let until = self.now() + Duration::hours(WELCOME_HOURS);
        self.store().put_welcome_token(&token_hash(&token), until).await?;
        Ok(Some(token))
    }

    /// Creates the first administrator with the one-time token.
    ///
    /// # Errors
    /// Where a field is wrong, the token is used up, or somebody was faster.
    pub async fn create_first_administrator(&self, new: NewAdministrator) -> Result<Caller, PortalError> {
        let problems = new.problems();
        if !problems.is_empty() {
            return Err(PortalError::Invalid(problems));
        }
        let salt = SaltString::encode_b64(&self.random_bytes::<16>())
            .map_err(|e| PortalError::Internal(format!("making a salt: {e}")))?;
        let password = new.password.clone();
        let password_hash = off_reactor(move || hash(&password, &salt)).await??;
        let user = NewUser {
            email: new.email.trim().to_lowercase(),
            name: new.name.trim().to_owned(),
            password_hash,
            role: Role::Administrator,
        };
        let made = self.store().create_first_administrator(user, &token_hash(&new.token), self.now()).await?;
        let Some(user) = made else {
            let reason = "This link has been used or is too old. Sign in, or start the server again to get a new link.";
            return Err(PortalError::Conflict(reason.to_owned()));
        };
        self.note_sign_in(&user.email, AuditAction::FirstAdministratorCreated, AuditOutcome::Succeeded, "")
            .await?;
        Ok(Caller::new(&user, Origin::default()))
    }
}

impl NewAdministrator {
    fn problems(&self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            problems.push(FieldProblem { field: field.to_owned(), message: message.to_owned() });
        };
        let email = self.email.trim();
        let shaped = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if !shaped || email.chars().count() > 254 || email.chars().any(char::is_whitespace) {
            wrong("email", "Enter an e-mail address, as name@example.com.");
        }
        if self.name.trim().is_empty() || self.name.chars().count() > 100 {
            wrong("name", "Enter a name of 1 to 100 characters.");
        }
        if let Some(message) = password_problem(&self.password, email) {
            wrong("password", message);
        }
        problems
    }
}

/// What is wrong with a password. No rules of composition: length, and not one that everybody tries first.
fn password_problem(password: &str, email: &str) -> Option<&'static str> {
    let lower = password.to_lowercase();
    if !PASSWORD.contains(&password.chars().count()) {
        return Some("Use 12 to 128 characters. Spaces and any letters are fine.");
    }
    let own = email.split('@').next().unwrap_or("").to_lowercase();
    let repeated = lower.chars().collect::<std::collections::BTreeSet<_>>().len() < 4;
    let common = [
        "password",
        "passw0rd",
        "qwertyuiop",
        "1234567890",
        "letmein",
        "iloveyou",
        "administrator",
        "holdfast",
    ];
    let rest = common.iter().fold(lower.clone(), |text, word| text.replace(word, ""));
    if repeated
        || rest.chars().filter(|c| c.is_alphanumeric()).count() < 4
        || (!own.is_empty() && lower == own)
    {
        return Some(
            "This password is among the first that an attacker tries. Use a longer phrase of your own.",
        );
    }
    None
}

fn limit_keys(email: &str, from: &str) -> [String; 2] {
    [format!("account:{email}"), format!("address:{from}")]
}

fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

fn hash(password: &str, salt: &SaltString) -> Result<String, PortalError> {
    let hash = Argon2::default().hash_password(password.as_bytes(), salt);
    Ok(hash.map_err(|e| PortalError::Internal(format!("hashing a password: {e}")))?.to_string())
}

fn verify(hash: &str, password: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_is_a_real_hash_with_todays_cost() {
        let parsed = PasswordHash::new(NOBODY).unwrap();
        let salt = SaltString::encode_b64(b"0123456789abcdef").unwrap();
        let today = hash("a password of today", &salt).unwrap();
        assert_eq!(parsed.params, PasswordHash::new(&today).unwrap().params);
        assert!(!verify(NOBODY, ""));
    }

    #[test]
    fn long_phrases_are_taken_and_common_passwords_refused() {
        for good in ["correct horse battery", "Zürich im Regen 1987", &"ab1 ".repeat(32)] {
            assert_eq!(password_problem(good, "a@b.c"), None, "{good}");
        }
        for bad in ["short", "passwordpassword", "aaaaaaaaaaaaaaaa", "Password1234567890", &"x1y2".repeat(33)]
        {
            assert!(password_problem(bad, "a@b.c").is_some(), "{bad}");
        }
    }
}
