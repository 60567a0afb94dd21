//! The first administrator, by a link that is good once.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{
    access::Grant,
    audit::AuditAction,
    failure::FieldProblem,
    team::{GivenGrant, GrantSource},
    text,
};
use sha2::{Digest, Sha256};
use store::NewUser;
use time::Duration;

use super::{SignInRefusal, Visitor, limits::Try, links::email_problem, password::password_problem};
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
        let password_hash = self.new_hash(new.password.clone()).await?;
        let user = NewUser {
            email: new.email.trim().to_lowercase(),
            name: new.name.trim().to_owned(),
            password_hash: Some(password_hash),
            given: vec![GivenGrant {
                grant: Grant::WHOLE,
                source: GrantSource::ByHand { by: String::new() },
            }],
        };
        let made = self.store().create_first_administrator(user, &token, self.now()).await?;
        let user = made.ok_or_else(used)?;
        self.note_sign_in(&user.email, AuditAction::FirstAdministratorCreated, "").await?;
        self.store().mark_signed_in(user.id, self.now()).await?;
        Ok(Caller::new(&user, Origin::default(), Some(self.now()), self.now()))
    }
}

impl NewAdministrator {
    fn problems(&self) -> Vec<FieldProblem> {
        let email = self.email.trim();
        let mut problems: Vec<FieldProblem> = email_problem(email).into_iter().collect();
        let mut wrong = |field: &str, message: &str| {
            problems.push(FieldProblem { field: field.to_owned(), message: message.to_owned() });
        };
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
