//! Signing in with a local account, and out.

use super::{
    limits::limit_keys,
    password::{NOBODY, verify},
};
use crate::{Caller, Origin, Portal, PortalError, off_reactor};
use model::audit::AuditAction;
use store::Actor;

/// Who is refused where no account has the name that was typed.
const UNKNOWN_ACCOUNT: &str = "(no such account)";

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
        if !self.within_limits(&email, from).await? {
            return Err(SignInRefusal::Limited);
        }
        let user = self.store().user_by_email(&email).await?;
        let hash = user.as_ref().map_or(NOBODY, |u| u.password_hash.as_str()).to_owned();
        let password = password.to_owned();
        let right = off_reactor(move || verify(&hash, &password)).await?;
        // What was typed into the field of an unknown name may be a password.
        let person = user.as_ref().map_or_else(|| UNKNOWN_ACCOUNT.to_owned(), |user| user.email.clone());
        match user.filter(|u| right && !u.disabled) {
            Some(user) => {
                self.store().clear_sign_in_failures(&limit_keys(&email, from)[0]).await?;
                self.note_sign_in(&email, AuditAction::SignIn, from).await?;
                Ok(Caller::new(&user, Origin::default()))
            }
            None => {
                for key in limit_keys(&email, from) {
                    self.store().record_sign_in_failure(&key, self.now()).await?;
                }
                let actor = Actor { person, session: String::new(), address: from.to_owned() };
                self.store().refuse_sign_in(actor, self.now()).await?;
                Err(SignInRefusal::Credentials)
            }
        }
    }

    /// Notes that somebody signed out.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn signed_out(&self, caller: &Caller, from: &str) -> Result<(), PortalError> {
        self.note_sign_in(caller.email(), AuditAction::SignOut, from).await
    }
}
