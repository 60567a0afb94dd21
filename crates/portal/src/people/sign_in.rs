//! Signing in with a local account, and out.

use super::{
    SignInRefusal, Visitor,
    codes::CodeKind,
    limits::{Try, account_key},
    password::{NOBODY, verify},
};
use crate::{Caller, Origin, Portal, PortalError};
use model::{audit::AuditAction, sign_in::SignInRules, text};
use store::{Actor, Attempt, NewAudit, User, UserId};

/// Who is refused where no account has the name that was typed.
pub(super) const UNKNOWN_ACCOUNT: &str = "(no such account)";

/// How far a sign-in has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Signed in.
    In(Caller),
    /// The password is right, and a one-time code is asked for beside it.
    Code(UserId),
    /// The password is right, and a passkey is asked for beside it.
    Passkey,
}

impl Portal {
    /// Checks an address and a password. The attempt is counted before it is judged, and given back where it is right.
    ///
    /// # Errors
    /// The refusal; unknown users get the same answer after the same work.
    pub async fn sign_in<'a>(
        &self,
        email: &str,
        password: &str,
        from: impl Into<Visitor<'a>>,
    ) -> Result<Entry, SignInRefusal> {
        let from = from.into();
        let email = email.trim().to_lowercase();
        let user =
            if text::SIGN_IN_NAME.takes(&email) { self.store().user_by_email(&email).await? } else { None };
        let browser = self.browser_of(user.as_ref(), from).await?;
        let what = browser.as_deref().map_or(Try::Account(&email), Try::Browser);
        let Some(attempt) = self.attempt(&what, from).await? else { return Err(SignInRefusal::Limited) };
        let rules = self.store().sign_in_rules().await?;
        let hash = user.as_ref().map_or(NOBODY, |u| u.password_hash.as_deref().unwrap_or(NOBODY)).to_owned();
        let password = password.to_owned();
        let right = match self.0.hashing.run(browser.is_some(), move || verify(&hash, &password)).await {
            Ok(right) => right,
            Err(error) => {
                self.give_back(attempt).await;
                return Err(error.into());
            }
        };
        // What was typed into the field of an unknown name may be a password.
        let person = user.as_ref().map_or_else(|| UNKNOWN_ACCOUNT.to_owned(), |user| user.email.clone());
        match user.filter(|u| right && !u.disabled && !rules.keeps_out(u.id)) {
            Some(user) => self.let_in(&user, attempt, &rules, from.address).await,
            None => {
                let actor = Actor { person, session: String::new(), address: from.address.to_owned() };
                self.store().refuse_sign_in(actor, self.now()).await?;
                Err(SignInRefusal::Credentials)
            }
        }
    }

    async fn let_in(
        &self,
        user: &User,
        attempt: Attempt,
        rules: &SignInRules,
        from: &str,
    ) -> Result<Entry, SignInRefusal> {
        self.give_back(attempt).await;
        self.store().forget_attempts_of(&account_key(&user.email)).await?;
        if self.asks_for_codes(user.id).await? {
            return Ok(Entry::Code(user.id));
        }
        if !self.store().passkey_credentials(user.id).await?.is_empty() {
            return Ok(Entry::Passkey);
        }
        let event = sign_in_event(user, from);
        Ok(Entry::In(self.signed_in(user, rules, &event, from).await?))
    }

    /// The second half of a sign-in: a one-time or recovery code of somebody whose password was right.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in_with_code<'a>(
        &self,
        user: UserId,
        code: &str,
        from: impl Into<Visitor<'a>>,
    ) -> Result<Caller, SignInRefusal> {
        let from = from.into();
        let rules = self.store().sign_in_rules().await?;
        let user = self.store().user_by_id(user).await?;
        let user = user.filter(|user| !user.disabled && !rules.keeps_out(user.id));
        let user = user.ok_or(SignInRefusal::Credentials)?;
        match self.judge_code(user.id, code, from).await {
            Ok(kind) => {
                if kind == CodeKind::Recovery {
                    self.note_sign_in(&user.email, AuditAction::RecoveryCodeUsed, from.address).await?;
                }
                let event = sign_in_event(&user, from.address);
                Ok(self.signed_in(&user, &rules, &event, from.address).await?)
            }
            Err(refusal) => {
                if matches!(refusal, SignInRefusal::Credentials) {
                    let address = from.address.to_owned();
                    let actor = Actor { person: user.email, session: String::new(), address };
                    self.store().refuse_sign_in(actor, self.now()).await?;
                }
                Err(refusal)
            }
        }
    }

    /// Writes down that somebody is in.
    pub(super) async fn signed_in(
        &self,
        user: &User,
        rules: &SignInRules,
        event: &NewAudit,
        from: &str,
    ) -> Result<Caller, PortalError> {
        self.note_break_glass(rules, user, from).await?;
        let now = self.now();
        self.store().append_audit(event, now).await?;
        self.store().mark_signed_in(user.id, now).await?;
        Ok(Caller::new(user, Origin::default(), Some(now), now))
    }

    /// Notes that somebody signed out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn signed_out(&self, caller: &Caller, from: &str) -> Result<(), PortalError> {
        self.note_sign_in(caller.email(), AuditAction::SignOut, from).await
    }
}

/// That somebody signs in.
pub(super) fn sign_in_event(user: &User, from: &str) -> NewAudit {
    let actor = Actor { person: user.email.clone(), session: String::new(), address: from.to_owned() };
    NewAudit::done(actor, AuditAction::SignIn)
}
