//! Passkeys (WebAuthn): begun with a challenge that the browser's session keeps, and finished with what an authenticator
//! signed. Each lets in by itself: authenticators are told to make sure of their owner.

mod ceremony;
mod own;
mod party;
mod purpose;

use model::{
    audit::AuditDetail,
    failure::{Busy, FieldProblem},
    text,
};
use store::{Actor, NewAudit, StoredPasskey, User, UserId};

use super::{
    SignInRefusal, Visitor,
    limits::Try,
    links::{joined, link_used, token_hash},
    sign_in::{UNKNOWN_ACCOUNT, sign_in_event},
};
use crate::{Caller, Portal, PortalError, error::checked};
use ceremony::{HANDLE, Shown};
use purpose::Purpose;

pub use ceremony::PendingPasskey;
pub use party::RelyingParty;

/// What somebody sends who takes a one-time link with a passkey.
#[derive(Clone)]
pub struct PasskeyJoining {
    /// From the link.
    pub token: String,
    pub name: String,
    /// As the authenticator answered.
    pub answer: String,
}

/// What a passkey is called that comes with a one-time link; its owner calls it otherwise later.
const FIRST: &str = "My first passkey";

impl Portal {
    /// Begins a sign-in: what to keep with the browser's session, and the options for the browser (WebAuthn's JSON).
    ///
    /// # Errors
    /// Where the options cannot be made.
    pub fn begin_passkey_sign_in(
        &self,
        party: &RelyingParty,
    ) -> Result<(PendingPasskey, String), PortalError> {
        ceremony::ask(party, Purpose::SignIn, self.now())
    }

    /// Lets somebody in by a passkey alone. `pending` was taken out of their browser's session.
    ///
    /// # Errors
    /// The refusal: the same for a passkey that is not known, one whose owner may not sign in, and an answer that is not right.
    pub async fn sign_in_with_passkey(
        &self,
        party: &RelyingParty,
        pending: Option<PendingPasskey>,
        answer: &str,
        from: Visitor<'_>,
    ) -> Result<Caller, SignInRefusal> {
        let Some(attempt) = self.attempt(&Try::Passkey, from).await? else {
            return Err(SignInRefusal::Limited);
        };
        let pending = pending.filter(|pending| *pending.purpose() == Purpose::SignIn);
        let shown = self.shown_passkey(party, pending, answer).await?;
        let (known, right) = match shown {
            Some((user, right)) => (Some(user), right),
            None => (None, false),
        };
        let rules = self.store().sign_in_rules().await?;
        let user = known.as_ref().filter(|user| right && !user.disabled && !rules.keeps_out(user.id));
        let Some(user) = user else {
            let person = known.map_or_else(|| UNKNOWN_ACCOUNT.to_owned(), |user| user.email);
            self.store().refuse_sign_in(actor(person, from), self.now()).await?;
            return Err(SignInRefusal::Credentials);
        };
        self.give_back(attempt).await;
        let detail = AuditDetail::Text { text: "By a passkey.".into() };
        let event = NewAudit { detail, ..sign_in_event(user, from.address) };
        Ok(self.signed_in(user, &rules, &event, from.address).await?)
    }

    /// Begins to take a one-time link with a passkey.
    ///
    /// # Errors
    /// `Conflict` for a link that is not good any more, `Busy` after too many attempts from one address.
    pub async fn begin_passkey_join(
        &self,
        party: &RelyingParty,
        token: &str,
        from: Visitor<'_>,
    ) -> Result<(PendingPasskey, String), PortalError> {
        let Some(attempt) = self.attempt(&Try::Welcome, from).await? else {
            return Err(PortalError::Busy(Busy::Attempts));
        };
        let found = self.store().sign_in_link(&token_hash(token), self.now()).await?;
        let (user, _) = found.ok_or_else(link_used)?;
        self.give_back(attempt).await;
        self.may_join_locally(&user, ANSWER).await?;
        // All that they had ends with the link, so no passkey is one that they have already.
        let handle = self.passkey_handle(user.id).await?;
        let purpose = Purpose::Join { token: token.to_owned() };
        ceremony::make(party, purpose, (&user.email, &user.name), handle, Vec::new(), self.now())
    }

    /// Lets somebody in by a link, with the passkey that they have made: from then on it is their way in.
    ///
    /// # Errors
    /// `Invalid` for a field that is wrong, `Conflict` for a link that is not good any more, too many attempts.
    pub async fn join_with_passkey(
        &self,
        party: &RelyingParty,
        pending: Option<PendingPasskey>,
        joining: PasskeyJoining,
        from: Visitor<'_>,
    ) -> Result<Caller, SignInRefusal> {
        let Some(attempt) = self.attempt(&Try::Welcome, from).await? else {
            return Err(SignInRefusal::Limited);
        };
        let done = self.join_with_passkey_now(party, pending, joining, from).await;
        if !matches!(done, Err(PortalError::Conflict(_))) {
            self.give_back(attempt).await;
        }
        Ok(done?)
    }

    async fn join_with_passkey_now(
        &self,
        party: &RelyingParty,
        pending: Option<PendingPasskey>,
        PasskeyJoining { token, name, answer }: PasskeyJoining,
        from: Visitor<'_>,
    ) -> Result<Caller, PortalError> {
        let (hash, now) = (token_hash(&token), self.now());
        let (user, purpose) = self.store().sign_in_link(&hash, now).await?.ok_or_else(link_used)?;
        self.may_join_locally(&user, ANSWER).await?;
        checked([text::PERSON.check("name", &name)])?;
        let pending = pending.filter(|pending| *pending.purpose() == Purpose::Join { token });
        let passkey = ceremony::made(party, pending, &answer, FIRST, now).ok_or_else(not_made)?;
        let detail = AuditDetail::Text { text: "With a passkey.".into() };
        let event = NewAudit { detail, ..joined(&user, purpose, from) };
        let taken = self.store().use_sign_in_link_with_passkey(&hash, &name, &passkey, &event, now).await;
        if !taken.map_err(known_already)? {
            return Err(link_used());
        }
        self.has_joined(user.id).await
    }

    /// Whose passkey an authenticator shows, and whether its answer is right. `None` where it is nobody's, or nothing was begun.
    /// A right answer is noted, so that it is right once.
    async fn shown_passkey(
        &self,
        party: &RelyingParty,
        pending: Option<PendingPasskey>,
        answer: &str,
    ) -> Result<Option<(User, bool)>, PortalError> {
        let (Some(pending), Some(shown)) = (pending, Shown::read(answer)) else { return Ok(None) };
        let passkey = self.store().passkey(shown.credential_id(), shown.handle()).await?;
        let Some(passkey) = passkey else { return Ok(None) };
        let Some(user) = self.store().user_by_id(passkey.user).await? else { return Ok(None) };
        let right = self.judge_passkey(party, &pending, &shown, &passkey).await?;
        Ok(Some((user, right)))
    }

    async fn judge_passkey(
        &self,
        party: &RelyingParty,
        pending: &PendingPasskey,
        shown: &Shown,
        passkey: &StoredPasskey,
    ) -> Result<bool, PortalError> {
        let now = self.now();
        match shown.verify(party, pending, passkey, now) {
            Ok(after) => Ok(self.store().use_passkey(passkey, &after, now).await?),
            Err(why) => {
                tracing::warn!(passkey = passkey.id, %why, "a passkey's answer is not right");
                Ok(false)
            }
        }
    }

    async fn passkey_handle(&self, user: UserId) -> Result<Vec<u8>, PortalError> {
        Ok(self.store().passkey_handle(user, &self.random_bytes::<HANDLE>()).await?)
    }
}

fn actor(person: String, from: Visitor<'_>) -> Actor {
    Actor { person, session: String::new(), address: from.address.to_owned() }
}

/// The field that pages show it at.
const ANSWER: &str = "passkey";

fn not_made() -> PortalError {
    let message = "The passkey was not made, or it took longer than five minutes. Try again.";
    PortalError::Invalid(vec![FieldProblem { field: ANSWER.into(), message: message.into() }])
}

fn known_already(error: store::StoreError) -> PortalError {
    if error.constraint() == Some("passkeys_credential_id_key") {
        return PortalError::field(ANSWER, "This passkey is known here already.");
    }
    error.into()
}
