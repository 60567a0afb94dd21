//! One's own account.

use model::{
    access::{Action, Resource},
    audit::AuditAction,
    failure::{Busy, FieldProblem},
    team::{Account, SignInMeans},
    text,
};
use store::NewAudit;

use super::{
    SignInRefusal, Visitor,
    limits::Try,
    password::{NOBODY, password_problem, verify},
    team::no_such_person,
};
use crate::{Caller, Portal, PortalError, error::checked};

impl Portal {
    /// One's own account.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn account(&self, caller: &Caller) -> Result<Account, PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        let (id, now) = (caller.user_id(), self.now());
        let user = self.store().user_by_id(id).await?.ok_or_else(no_such_person)?;
        let member = self.store().member(id, now).await?.ok_or_else(no_such_person)?;
        let tokens = self.store().tokens_of(id).await?;
        let given = member.given.iter().map(|given| &given.grant.scope);
        let places = self.places_of(given.chain(tokens.iter().map(|token| &token.limits.scope))).await?;
        Ok(Account {
            email: user.email,
            name: user.name,
            given: member.given,
            means: member.means,
            passkeys: self.store().passkeys_of(id).await?,
            must_set_up: caller.must_set_up(),
            password_changed_at: user.password_changed_at,
            sessions: self.store().sessions_of(id, caller.session(), now).await?,
            places,
            tokens,
            now,
        })
    }

    /// What one has to sign in with, and to show that it is oneself.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn own_means(&self, caller: &Caller) -> Result<SignInMeans, PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        let member = self.store().member(caller.user_id(), self.now()).await?;
        Ok(member.ok_or_else(no_such_person)?.means)
    }

    /// Changes what one is called.
    ///
    /// # Errors
    /// `Invalid` for a name that is none.
    pub async fn change_name(&self, caller: &Caller, name: &str) -> Result<(), PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        checked([text::PERSON.check("name", name)])?;
        Ok(self.store().change_name(caller.user_id(), name, self.now()).await?)
    }

    /// Changes one's password; every other session ends. The old one is asked for, within the limits of sign-ins.
    ///
    /// # Errors
    /// `Invalid` for a wrong or weak password; too many attempts.
    pub async fn change_password(&self, caller: &Caller, old: &str, new: &str) -> Result<(), PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        let weak = password_problem(new, caller.email());
        let weak = weak.map(|message| FieldProblem { field: "password".into(), message: message.into() });
        checked([weak])?;
        if !right(self.is_own_password(caller, old).await)? {
            return Err(PortalError::field("current_password", "This is not your password."));
        }
        let hash = self.new_hash(new.to_owned()).await?;
        let event = NewAudit::done(caller.actor(), AuditAction::PasswordChanged);
        let (id, keep) = (caller.user_id(), caller.session());
        Ok(self.store().change_password(id, &hash, keep, &event, self.now()).await?)
    }

    /// Shows that whoever has the session is its owner: by password, or by a one-time code where they have an app.
    ///
    /// False where it is not right.
    ///
    /// # Errors
    /// `Busy` after too many attempts; where the database fails.
    pub async fn confirm(&self, caller: &Caller, password: &str, code: &str) -> Result<bool, PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        if !code.trim().is_empty() && self.asks_for_codes(caller.user_id()).await? {
            let from = Visitor::from(caller.address());
            return right(self.judge_code(caller.user_id(), code, from).await.map(|_| true));
        }
        right(self.is_own_password(caller, password).await)
    }

    async fn is_own_password(&self, caller: &Caller, password: &str) -> Result<bool, SignInRefusal> {
        let from = Visitor::from(caller.address());
        let user = self.store().user_by_id(caller.user_id()).await?.ok_or_else(no_such_person)?;
        let Some(attempt) = self.attempt(&Try::Own(user.id), from).await? else {
            return Err(SignInRefusal::Limited);
        };
        let hash = user.password_hash.unwrap_or_else(|| NOBODY.to_owned());
        let password = password.to_owned();
        let right = self.0.hashing.run(true, move || verify(&hash, &password)).await;
        if right.as_ref().map_or(true, |right| *right) {
            self.give_back(attempt).await;
        }
        Ok(right?)
    }

    /// Ends one of one's own sessions, by its name.
    ///
    /// # Errors
    /// `NotFound` where there is none.
    pub async fn end_own_session(&self, caller: &Caller, name: &str) -> Result<(), PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        let event = NewAudit::done(caller.actor(), AuditAction::SessionsEnded);
        let ended = self.store().end_session(caller.user_id(), name, &event, self.now()).await?;
        if ended { Ok(()) } else { Err(PortalError::NotFound { what: "session" }) }
    }

    /// Ends all of one's own sessions but the one that asks; says how many.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_other_sessions(&self, caller: &Caller) -> Result<u64, PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        let event = NewAudit::done(caller.actor(), AuditAction::SessionsEnded);
        let keep = caller.session();
        Ok(self.store().end_other_sessions(caller.user_id(), keep, &event, self.now()).await?)
    }
}

/// Whether what somebody showed is right.
pub(super) fn right(judged: Result<bool, SignInRefusal>) -> Result<bool, PortalError> {
    match judged {
        Ok(right) => Ok(right),
        Err(SignInRefusal::Credentials) => Ok(false),
        Err(SignInRefusal::Limited) => Err(PortalError::Busy(Busy::Attempts)),
        Err(SignInRefusal::Portal(error)) => Err(error),
    }
}
