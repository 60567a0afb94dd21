//! One-time links: an invitation, or a way back in for somebody who has lost theirs.

use argon2::password_hash::SaltString;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use model::{
    access::{Action, Grant, Resource},
    audit::{AuditAction, AuditDetail},
    change::Named,
    failure::{Busy, FieldProblem},
    paths,
    session::JoinLink,
    team::{GivenGrant, GrantSource, LinkPurpose, NewLink},
    text,
};
use sha2::{Digest, Sha256};
use store::{Actor, NewAudit, NewSignInLink, NewUser, User, UserId};
use time::Duration;

use super::{
    SignInRefusal, Visitor,
    limits::Try,
    password::{hash, password_problem},
    team::{about, no_such_person},
};
use crate::{Caller, Origin, Portal, PortalError, error::checked};

/// How long a link is good, in hours.
pub const LINK_HOURS: i64 = 24;

/// Whom an administrator invites.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub email: String,
    pub name: String,
    pub grant: Grant,
}

/// What somebody types who follows a link.
#[derive(Clone)]
pub struct Joining {
    /// From the link.
    pub token: String,
    pub name: String,
    pub password: String,
}

impl Portal {
    /// Invites somebody. The link is shown this once, and sent by whoever asked for it.
    ///
    /// # Errors
    /// `Invalid` for an address that is none or is taken.
    pub async fn invite_person(
        &self,
        caller: &Caller,
        invitation: Invitation,
    ) -> Result<NewLink, PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let Invitation { email, name, grant } = invitation;
        let email = email.trim().to_lowercase();
        checked([email_problem(&email), text::PERSON.check("name", &name)])?;
        self.known_places(&grant.scope).await?;
        let given = vec![GivenGrant { grant, source: GrantSource::Invitation { by: caller.email().into() } }];
        let event = NewAudit {
            subject: Named::new(&email, &name),
            detail: AuditDetail::Rights { before: Vec::new(), after: given.clone() },
            ..NewAudit::done(caller.actor(), AuditAction::PersonInvited)
        };
        let user = NewUser { email: email.clone(), name, password_hash: None, given };
        let (link, row) = self.new_link(caller, email, LinkPurpose::Invitation);
        match self.store().invite_user(&user, &row, &event, self.now()).await {
            Err(error) if error.constraint() == Some("users_email_key") => {
                Err(PortalError::field("email", "Somebody with this address is in the team already."))
            }
            made => made.map(|_| link).map_err(PortalError::from),
        }
    }

    /// Makes a link by which somebody sets a new password, or takes an invitation whose link is lost or has ended.
    ///
    /// # Errors
    /// `NotFound` where there is nobody of this id; `Conflict` for one who is disabled.
    pub async fn start_reset(&self, caller: &Caller, id: UserId) -> Result<NewLink, PortalError> {
        self.may(caller, Action::ManageTeam, &Resource::Organization).await?;
        let member = self.store().member(id, self.now()).await?.ok_or_else(no_such_person)?;
        if member.disabled {
            return Err(PortalError::Conflict("Who is disabled cannot sign in. Enable them first.".into()));
        }
        if member.service {
            let reason = "Nothing lets a service account in but tokens. Make one of those.";
            return Err(PortalError::Conflict(reason.into()));
        }
        let invited = !member.means.any() && member.last_sign_in_at.is_none();
        let purpose = if invited { LinkPurpose::Invitation } else { LinkPurpose::Reset };
        let event = about(caller, AuditAction::ResetStarted, &member);
        let (link, row) = self.new_link(caller, member.email, purpose);
        self.store().put_sign_in_link(id, &row, &event, self.now()).await?;
        Ok(link)
    }

    fn new_link(&self, caller: &Caller, email: String, purpose: LinkPurpose) -> (NewLink, NewSignInLink) {
        let token = BASE64_URL_SAFE_NO_PAD.encode(self.random_bytes::<24>());
        let expires_at = self.now() + Duration::hours(LINK_HOURS);
        let row = NewSignInLink {
            token_hash: token_hash(&token),
            purpose,
            made_by: caller.email().to_owned(),
            expires_at,
        };
        (NewLink { email, purpose, path: paths::join(&token), expires_at }, row)
    }

    /// Whom a link is for, and what. `None` where it is not good.
    ///
    /// # Errors
    /// `Busy` after too many attempts from one address; where the database fails.
    pub async fn join_link(&self, token: &str, address: &str) -> Result<Option<JoinLink>, PortalError> {
        let Some(attempt) = self.attempt(&Try::Welcome, Visitor::from(address)).await? else {
            return Err(PortalError::Busy(Busy::Attempts));
        };
        let found = self.store().sign_in_link(&token_hash(token), self.now()).await?;
        if found.is_some() {
            self.give_back(attempt).await;
        }
        let Some((user, purpose)) = found else { return Ok(None) };
        let local = !self.store().sign_in_rules().await?.keeps_out(user.id);
        Ok(Some(JoinLink { email: user.email, name: user.name, purpose, local }))
    }

    /// Lets somebody in by a link, with the password that they choose. Nothing costly is done before the link is found to be
    /// good.
    ///
    /// # Errors
    /// `Invalid` for a field that is wrong, `Conflict` for a link that is not good any more, too many attempts.
    pub async fn join<'a>(
        &self,
        joining: Joining,
        from: impl Into<Visitor<'a>>,
    ) -> Result<Caller, SignInRefusal> {
        let from = from.into();
        let Some(attempt) = self.attempt(&Try::Welcome, from).await? else {
            return Err(SignInRefusal::Limited);
        };
        let joined = self.join_now(joining, from).await;
        // Whoever has the link may mistype the rest of the form.
        if !matches!(joined, Err(PortalError::Conflict(_))) {
            self.give_back(attempt).await;
        }
        Ok(joined?)
    }

    async fn join_now(&self, joining: Joining, from: Visitor<'_>) -> Result<Caller, PortalError> {
        let Joining { token, name, password } = joining;
        let token = token_hash(&token);
        let (user, purpose) = self.store().sign_in_link(&token, self.now()).await?.ok_or_else(link_used)?;
        self.may_join_locally(&user, "password").await?;
        let weak = password_problem(&password, &user.email);
        let weak = weak.map(|message| FieldProblem { field: "password".into(), message: message.into() });
        checked([text::PERSON.check("name", &name), weak])?;
        let password_hash = self.new_hash(password).await?;
        let (event, now) = (joined(&user, purpose, from), self.now());
        if !self.store().use_sign_in_link(&token, &name, &password_hash, &event, now).await? {
            return Err(link_used());
        }
        self.has_joined(user.id).await
    }

    /// Refuses a password or passkey, at its field, where local sign-in is off: it would let nobody in.
    pub(super) async fn may_join_locally(&self, user: &User, field: &'static str) -> Result<(), PortalError> {
        if self.store().sign_in_rules().await?.keeps_out(user.id) {
            return Err(PortalError::field(field, "Local sign-in is off here: choose an identity provider."));
        }
        Ok(())
    }

    /// Somebody who has just taken their link.
    pub(super) async fn has_joined(&self, id: UserId) -> Result<Caller, PortalError> {
        let (user, now) = (self.store().user_by_id(id).await?.ok_or_else(link_used)?, self.now());
        self.store().mark_signed_in(id, now).await?;
        Ok(Caller::new(&user, Origin::default(), Some(now), now))
    }

    /// The hash of a password that somebody chose.
    pub(super) async fn new_hash(&self, password: String) -> Result<String, PortalError> {
        let salt = SaltString::encode_b64(&self.random_bytes::<16>())
            .map_err(|e| PortalError::Internal(format!("making a salt: {e}")))?;
        self.0.hashing.run(false, move || hash(&password, &salt)).await?
    }
}

/// That somebody takes a link.
pub(super) fn joined(user: &User, purpose: LinkPurpose, from: Visitor<'_>) -> NewAudit {
    let action = match purpose {
        LinkPurpose::Invitation => AuditAction::PersonJoined,
        LinkPurpose::Reset => AuditAction::PasswordReset,
    };
    let (person, address) = (user.email.clone(), from.address.to_owned());
    NewAudit::done(Actor { person, session: String::new(), address }, action)
}

pub(super) fn link_used() -> PortalError {
    PortalError::Conflict("This link has been used or is too old. Ask an administrator for a new one.".into())
}

/// What is wrong with an address to sign in with.
pub(super) fn email_problem(email: &str) -> Option<FieldProblem> {
    let shaped = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    let right = shaped && text::SIGN_IN_NAME.takes(email) && !email.chars().any(char::is_whitespace);
    let message = "Enter an e-mail address, as name@example.com.";
    (!right).then(|| FieldProblem { field: "email".into(), message: message.into() })
}

pub(super) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}
