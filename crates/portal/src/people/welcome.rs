//! The first administrator, by a link that is good once.

use argon2::password_hash::SaltString;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{access::Role, audit::AuditAction, failure::FieldProblem, text};
use sha2::{Digest, Sha256};
use store::NewUser;
use time::Duration;

use super::{
    SignInRefusal, Visitor,
    limits::Try,
    password::{hash, password_problem},
};
use crate::{Caller, Origin, Portal, PortalError};

/// How long the link for the first administrator is good, in hours.
pub const WELCOME_HOURS: i64 = 24;

/// What the first administrator types.
#[derive(Clone, Debug)]
pub struct NewAdministrator {
    /// From the one-time link.
    pub token: String,
    pub email: String,
    pub name: String,
    pub password: String,
}

impl Portal {
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

    /// Creates the first administrator for somebody who followed the link: as [`Self::create_first_administrator`], within
    /// the limits on attempts from one address.
    ///
    /// # Errors
    /// Too many attempts, and what that says.
    pub async fn welcome<'a>(
        &self,
        new: NewAdministrator,
        from: impl Into<Visitor<'a>>,
    ) -> Result<Caller, SignInRefusal> {
        let from = from.into();
        let Some(attempt) = self.attempt(&Try::Welcome, from).await? else {
            return Err(SignInRefusal::Limited);
        };
        let made = self.create_first_administrator(new).await;
        // Whoever has the link may mistype the rest of the form.
        if !matches!(made, Err(PortalError::Conflict(_))) {
            self.give_back(attempt).await;
        }
        Ok(made?)
    }

    /// Creates the first administrator with the one-time token. Nothing costly is done before that is found to be good.
    ///
    /// # Errors
    /// Where a field is wrong, the token is used up, or somebody was faster.
    pub async fn create_first_administrator(&self, new: NewAdministrator) -> Result<Caller, PortalError> {
        let used = || {
            let reason = "This link has been used or is too old. Sign in, or start the server again to get a new link.";
            PortalError::Conflict(reason.to_owned())
        };
        let token = token_hash(&new.token);
        if !self.store().is_welcome(&token, self.now()).await? {
            return Err(used());
        }
        let problems = new.problems();
        if !problems.is_empty() {
            return Err(PortalError::Invalid(problems));
        }
        let salt = SaltString::encode_b64(&self.random_bytes::<16>())
            .map_err(|e| PortalError::Internal(format!("making a salt: {e}")))?;
        let password = new.password.clone();
        let password_hash = self.0.hashing.run(false, move || hash(&password, &salt)).await??;
        let user = NewUser {
            email: new.email.trim().to_lowercase(),
            name: new.name.trim().to_owned(),
            password_hash,
            role: Role::Administrator,
        };
        let made = self.store().create_first_administrator(user, &token, self.now()).await?;
        let user = made.ok_or_else(used)?;
        self.note_sign_in(&user.email, AuditAction::FirstAdministratorCreated, "").await?;
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
        if !shaped || !text::SIGN_IN_NAME.takes(email) || email.chars().any(char::is_whitespace) {
            wrong("email", "Enter an e-mail address, as name@example.com.");
        }
        if let Some(message) = text::PERSON.problem(&self.name) {
            wrong("name", &message);
        }
        if let Some(message) = password_problem(&self.password, email) {
            wrong("password", message);
        }
        problems
    }
}

fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}
