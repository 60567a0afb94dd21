//! One's own passkeys.

use model::{
    access::{Action, Resource},
    audit::{AuditAction, AuditDetail},
    text,
};
use store::{NewAudit, PasskeyRemoval};

use super::{
    ceremony, ceremony::PendingPasskey, known_already, not_made, party::RelyingParty, purpose::Purpose,
};
use crate::{
    Caller, Portal, PortalError,
    error::checked,
    people::{SignInRefusal, Visitor, account::right, limits::Try, team::no_such_person},
};

/// Passkeys of one person.
const MOST: i64 = 20;

impl Portal {
    /// Begins to add a passkey.
    ///
    /// # Errors
    /// `Conflict` for somebody who signs in at an identity provider.
    pub async fn begin_passkey(
        &self,
        caller: &Caller,
        party: &RelyingParty,
    ) -> Result<(PendingPasskey, String), PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        let (id, now) = (caller.user_id(), self.now());
        let member = self.store().member(id, now).await?.ok_or_else(no_such_person)?;
        if !member.means.local() {
            let reason = "You sign in at an identity provider: passkeys are kept and changed there.";
            return Err(PortalError::Conflict(reason.into()));
        }
        let had = self.store().passkey_credentials(id).await?;
        let handle = self.passkey_handle(id).await?;
        ceremony::make(party, Purpose::Add { user: id }, (&member.email, &member.name), handle, had, now)
    }

    /// Adds the passkey that an authenticator made. `pending` was taken out of the caller's session.
    ///
    /// # Errors
    /// `Invalid` for a name that is none, and for an answer that is not one to what was asked.
    pub async fn add_passkey(
        &self,
        caller: &Caller,
        party: &RelyingParty,
        pending: Option<PendingPasskey>,
        name: &str,
        answer: &str,
    ) -> Result<(), PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        checked([text::PASSKEY.check("name", name)])?;
        let (id, now) = (caller.user_id(), self.now());
        let pending = pending.filter(|pending| *pending.purpose() == Purpose::Add { user: id });
        let passkey = ceremony::made(party, pending, answer, name, now).ok_or_else(not_made)?;
        let event = named(caller, AuditAction::PasskeyAdded, name);
        if self.store().add_passkey(id, &passkey, MOST, &event, now).await.map_err(known_already)? {
            return Ok(());
        }
        Err(PortalError::Conflict(format!("You have {MOST} passkeys. Remove one that you do not use first.")))
    }

    /// Calls one of one's own passkeys otherwise.
    ///
    /// # Errors
    /// `NotFound` where there is none of this id; `Invalid` for a name that is none.
    pub async fn rename_passkey(&self, caller: &Caller, id: i64, name: &str) -> Result<(), PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        checked([text::PASSKEY.check("name", name)])?;
        let renamed = self.store().rename_passkey(caller.user_id(), id, name).await?;
        if renamed { Ok(()) } else { Err(NO_PASSKEY) }
    }

    /// Removes one of one's own passkeys.
    ///
    /// # Errors
    /// `NotFound` where there is none of this id; `Conflict` where it is the last way to sign in.
    pub async fn remove_passkey(&self, caller: &Caller, id: i64) -> Result<(), PortalError> {
        self.may(caller, Action::OwnSignIn, &Resource::Visible).await?;
        let own = self.store().passkeys_of(caller.user_id()).await?;
        let passkey = own.into_iter().find(|passkey| passkey.id == id).ok_or(NO_PASSKEY)?;
        let event = named(caller, AuditAction::PasskeyRemoved, &passkey.name);
        match self.store().remove_passkey(caller.user_id(), id, &event, self.now()).await? {
            PasskeyRemoval::Removed => Ok(()),
            PasskeyRemoval::NotThere => Err(NO_PASSKEY),
            PasskeyRemoval::LastWayIn => Err(PortalError::Conflict(model::team::LAST_WAY_IN.into())),
        }
    }

    /// Begins to show, by a passkey, that whoever has the session is its owner.
    ///
    /// # Errors
    /// Where the options cannot be made.
    pub async fn begin_passkey_confirmation(
        &self,
        caller: &Caller,
        party: &RelyingParty,
    ) -> Result<(PendingPasskey, String), PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        ceremony::ask(party, Purpose::Confirm { user: caller.user_id() }, self.now())
    }

    /// Shows it. False where it is not right, or somebody else's.
    ///
    /// # Errors
    /// `Busy` after too many attempts; where the database fails.
    pub async fn confirm_with_passkey(
        &self,
        caller: &Caller,
        party: &RelyingParty,
        pending: Option<PendingPasskey>,
        answer: &str,
    ) -> Result<bool, PortalError> {
        self.may(caller, Action::OwnAccount, &Resource::Visible).await?;
        right(self.is_own_passkey(caller, party, pending, answer).await)
    }

    async fn is_own_passkey(
        &self,
        caller: &Caller,
        party: &RelyingParty,
        pending: Option<PendingPasskey>,
        answer: &str,
    ) -> Result<bool, SignInRefusal> {
        let id = caller.user_id();
        let Some(attempt) = self.attempt(&Try::Own(id), Visitor::from(caller.address())).await? else {
            return Err(SignInRefusal::Limited);
        };
        let pending = pending.filter(|pending| *pending.purpose() == Purpose::Confirm { user: id });
        let shown = self.shown_passkey(party, pending, answer).await?;
        let own = shown.is_some_and(|(user, right)| right && user.id == id);
        if own {
            self.give_back(attempt).await;
        }
        Ok(own)
    }
}

const NO_PASSKEY: PortalError = PortalError::NotFound { what: "passkey" };

fn named(caller: &Caller, action: AuditAction, name: &str) -> NewAudit {
    let detail = AuditDetail::Text { text: format!("“{}”.", name.trim()) };
    NewAudit { detail, ..NewAudit::done(caller.actor(), action) }
}
